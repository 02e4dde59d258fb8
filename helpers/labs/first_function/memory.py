"""Exercise memory."""

from helpers.labs.first_function.limits import check_memory as check  # noqa: F401
