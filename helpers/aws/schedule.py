"""When an EventBridge schedule falls due: cron and rate expressions, in UTC."""

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
    """The times in (after, until] at which `expression` fires, in order; all times are UTC.

    `since` is when the rule was made or enabled: a rate counts from there, a cron does not care.
    Raises ValueError for an expression that is neither.
    """
    times = _times(expression, since, after)
    return takewhile(lambda time: time <= until, times)


def _times(expression: str, since: datetime, after: datetime) -> Iterator[datetime]:
    if rate := RATE.fullmatch(expression):
        return _rate_times(int(rate[1]) * UNITS[rate[2]], since, after)
    if cron := CRON.fullmatch(expression):
        return _cron_times(cron[1], after)
    raise ValueError(
        f"{expression!r} is not a schedule. Write cron(minutes hours day-of-month month "
        "day-of-week year), for example cron(0 2 * * ? *), or rate(5 minutes)."
    )


def _rate_times(seconds: int, since: datetime, after: datetime) -> Iterator[datetime]:
    step = timedelta(seconds=seconds)
    count = max((after - since) // step + 1, 1)
    while True:
        yield since + count * step
        count += 1


def _cron_times(fields: str, after: datetime) -> Iterator[datetime]:
    cron = AwsCroniter(_with_saturday(fields))
    while True:
        (following,) = cron.get_next(after, 1)
        if following is None:  # its years are over
            return
        yield following
        after = following


def _with_saturday(fields: str) -> str:
    """`L` alone as the day of the week is its last day, which the library takes for no day."""
    *head, weekday, year = fields.split(" ")
    return " ".join([*head, "7" if weekday == "L" else weekday, year])
