"""Exercise time-out."""

from helpers.labs.first_function.limits import check_time_out as check  # noqa: F401
