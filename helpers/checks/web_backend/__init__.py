"""Lab 02: the shop's catalogue and carts behind a REST API."""

from helpers.checks.web_backend.conflict import CONFLICT
from helpers.checks.web_backend.connect import CONNECT
from helpers.checks.web_backend.cors import CORS
from helpers.checks.web_backend.decimals import DECIMAL
from helpers.checks.web_backend.pages import PAGES
from helpers.checks.web_backend.role import ROLE
from helpers.checks.web_backend.router import ROUTER
from helpers.checks.web_backend.validate import VALIDATE

EXERCISES = (ROLE, DECIMAL, CONNECT, ROUTER, VALIDATE, CORS, CONFLICT, PAGES)
