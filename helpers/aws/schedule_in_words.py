"""An EventBridge schedule for people to read: in words, what is wrong with it, its next runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from aws_croniter import AwsCroniter
from aws_croniter.exceptions import (
    AwsCroniterExpressionDayOfMonthError,
    AwsCroniterExpressionDayOfWeekError,
    AwsCroniterExpressionHourError,
    AwsCroniterExpressionMinuteError,
    AwsCroniterExpressionMonthError,
    AwsCroniterExpressionYearError,
)
from cron_descriptor import Options, get_description

from helpers.aws.schedule import CRON, RATE, due_times
from helpers.errors import LabError

FIELDS = ("minutes", "hours", "day of month", "month", "day of week", "year")
FIELD_OF_ERROR = {
    AwsCroniterExpressionMinuteError: 0,
    AwsCroniterExpressionHourError: 1,
    AwsCroniterExpressionDayOfMonthError: 2,
    AwsCroniterExpressionMonthError: 3,
    AwsCroniterExpressionDayOfWeekError: 4,
    AwsCroniterExpressionYearError: 5,
}
FOREVER = timedelta(days=366 * 200)  # beyond the last year that an expression may name

NOT_A_SCHEDULE = """\
`{expression}` is not a schedule: write `cron(…)` with six fields, or `rate(…)` with a number and \
a unit, for example `cron(0 2 * * ? *)` or `rate(5 minutes)`."""
RATE_TOO_SMALL = "A rate needs a number of 1 or more: `rate(1 day)`, for example."
WRONG_PLURAL = "AWS requires `rate(1 {unit})` for one, and `rate(2 {unit}s)` for more than one."
SIX_FIELDS = """\
A cron expression of AWS has six fields, and this one has {count}. In their order: {fields}. \
(On Linux there are five: AWS adds the year, and requires `?` in one of the two fields for days.)"""
TWO_DAYS = """\
Day of month is `{month}` and day of week is `{week}`, but one of the two has to be `?`: AWS has \
to know which of them you mean."""
BAD_FIELD = "The field for the {field} can't be `{value}`. It takes {allowed}"
UNREADABLE = "This expression can't be read ({error})."
ALLOWED = {
    "minutes": "0 to 59, and `,` `-` `*` `/`.",
    "hours": "0 to 23, and `,` `-` `*` `/`.",
    "day of month": "1 to 31, and `,` `-` `*` `/` `?` `L` `W`.",
    "month": "1 to 12 or JAN to DEC, and `,` `-` `*` `/`.",
    "day of week": "1 to 7 or SUN to SAT (1 is Sunday), and `,` `-` `*` `/` `?` `L` `#`.",
    "year": "1970 to 2199, and `,` `-` `*` `/`.",
}


class InvalidSchedule(LabError):
    """AWS would not accept the expression; the message says why, and what to write."""


def describe_schedule(expression: str) -> str:
    """
    >>> describe_schedule("cron(0 2 ? * MON-FRI *)")
    'At 02:00, Monday through Friday, UTC'
    >>> describe_schedule("rate(5 minutes)")
    'Every 5 minutes, counted from when the rule is made or enabled'
    """
    require_schedule(expression)
    if rate := RATE.fullmatch(expression):
        every = f"{rate[1]} {rate[2]}s" if rate[1] != "1" else rate[2]
        return f"Every {every}, counted from when the rule is made or enabled"
    options = Options()
    options.locale_code = "en_US"
    options.use_24hour_time_format = True
    options.day_of_week_start_index_zero = False
    return f"{get_description(_fields(expression), options)}, UTC"


def next_runs(expression: str, after: datetime, count: int) -> Sequence[datetime]:
    """Return the next `count` times (UTC), or fewer if it ends before. Raises InvalidSchedule."""
    require_schedule(expression)
    times = due_times(expression, since=after, after=after, until=after + FOREVER)
    return list(islice(times, count))


def require_schedule(expression: str) -> None:
    """Raise InvalidSchedule for an expression that AWS would not accept."""
    if rate := RATE.fullmatch(expression):
        if int(rate[1]) < 1:
            raise InvalidSchedule(RATE_TOO_SMALL)
        if (int(rate[1]) == 1) == expression.rstrip(" )").endswith("s"):
            raise InvalidSchedule(WRONG_PLURAL.format(unit=rate[2]))
    elif CRON.fullmatch(expression):
        _require_cron(_fields(expression))
    else:
        raise InvalidSchedule(NOT_A_SCHEDULE.format(expression=expression))


def _require_cron(expression: str) -> None:
    fields = expression.split(" ")
    if len(fields) != len(FIELDS):
        raise InvalidSchedule(SIX_FIELDS.format(count=len(fields), fields=", ".join(FIELDS)))
    if (fields[2] == "?") == (fields[4] == "?"):
        raise InvalidSchedule(TWO_DAYS.format(month=fields[2], week=fields[4]))
    try:
        AwsCroniter(expression)
    except tuple(FIELD_OF_ERROR) as error:
        index = FIELD_OF_ERROR[type(error)]
        name = FIELDS[index]
        message = BAD_FIELD.format(field=name, value=fields[index], allowed=ALLOWED[name])
        raise InvalidSchedule(message) from None
    except ValueError as error:  # aws_croniter accepted a field, and then could not read it
        raise InvalidSchedule(UNREADABLE.format(error=error)) from None


def _fields(expression: str) -> str:
    cron = CRON.fullmatch(expression)
    assert cron
    return cron[1]
