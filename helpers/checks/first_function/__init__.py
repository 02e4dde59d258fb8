"""Lab 01: the life of a function, from the file on your disk to an alias."""

from helpers.checks.first_function.create import CREATE
from helpers.checks.first_function.environment import ENVIRONMENT
from helpers.checks.first_function.fix import FIX
from helpers.checks.first_function.handler import HANDLER
from helpers.checks.first_function.limits import MEMORY, TIME_OUT
from helpers.checks.first_function.rollback import ROLLBACK

EXERCISES = (HANDLER, CREATE, FIX, ENVIRONMENT, TIME_OUT, MEMORY, ROLLBACK)
