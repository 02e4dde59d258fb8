"""Lab 01: the life of a function, from the file on your disk to an alias."""

from helpers.labs.first_function.create import CREATE
from helpers.labs.first_function.environment import ENVIRONMENT
from helpers.labs.first_function.fix import FIX
from helpers.labs.first_function.handler import HANDLER
from helpers.labs.first_function.limits import MEMORY, TIME_OUT
from helpers.labs.first_function.rollback import ROLLBACK

EXERCISES = (HANDLER, CREATE, FIX, ENVIRONMENT, TIME_OUT, MEMORY, ROLLBACK)
