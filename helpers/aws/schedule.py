"""The times at which an EventBridge schedule is due: cron and rate expressions, in UTC."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from aws_croniter import AwsCroniter

UNITS = {"minute": 60, "hour": 3600, "day": 86400}  # seconds
RATE = re.compile(r"\s*rate\((\d+)\s+(minute|hour|day)s?\)\s*")
CRON = re.compile(r"\s*cron\((.*)\)\s*")


def due_times(
    expression: str, *, since: datetime, after: datetime, until: datetime
) -> Iterator[datetime]:
    """Return the times in (after, until] at which `expression` fires, in order; all are UTC.

    `since` is when the rule was created or enabled: a rate counts from then, a cron expression
    does not. Raises ValueError for an expression that is neither.
    """
    if rate := RATE.fullmatch(expression):
        times = _rate_times(int(rate[1]) * UNITS[rate[2]], since, after)
    elif cron := CRON.fullmatch(expression):
        times = _cron_times(cron[1], after)
    else:
        raise ValueError(
            f"{expression!r} is not a schedule. Write cron(minutes hours day-of-month month "
            "day-of-week year), for example cron(0 2 * * ? *), or rate(5 minutes)."
        )
    return takewhile(lambda time: time <= until, times)


def _rate_times(seconds: int, since: datetime, after: datetime) -> Iterator[datetime]:
    step = timedelta(seconds=seconds)
    count = max((after - since) // step + 1, 1)
    while True:
        yield since + count * step
        count += 1


def _cron_times(fields: str, after: datetime) -> Iterator[datetime]:
    *head, weekday, year = fields.split(" ")
    if weekday == "L":  # Saturday, but aws_croniter takes it for no day at all
        weekday = "7"
    cron = AwsCroniter(" ".join([*head, weekday, year]))
    while True:
        (following,) = cron.get_next(after, 1)
        if following is None:  # past the last year of the expression
            return
        yield following
        after = following
