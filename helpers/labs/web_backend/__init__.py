"""Lab 02: the shop's catalogue and carts behind a REST API."""

from helpers.labs.web_backend.conflict import CONFLICT
from helpers.labs.web_backend.connect import CONNECT
from helpers.labs.web_backend.cors import CORS
from helpers.labs.web_backend.decimals import DECIMAL
from helpers.labs.web_backend.pages import PAGES
from helpers.labs.web_backend.role import ROLE
from helpers.labs.web_backend.router import ROUTER
from helpers.labs.web_backend.validate import VALIDATE

EXERCISES = (ROLE, DECIMAL, CONNECT, ROUTER, VALIDATE, CORS, CONFLICT, PAGES)
