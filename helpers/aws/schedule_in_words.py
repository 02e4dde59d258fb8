"""A schedule of EventBridge for people: in words, what is wrong with it, and when it runs next."""

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
FAULTY = {
    AwsCroniterExpressionMinuteError: 0,
    AwsCroniterExpressionHourError: 1,
    AwsCroniterExpressionDayOfMonthError: 2,
    AwsCroniterExpressionMonthError: 3,
    AwsCroniterExpressionDayOfWeekError: 4,
    AwsCroniterExpressionYearError: 5,
}
FAR = timedelta(days=366 * 200)  # beyond the last year that an expression may name

NEITHER = """\
`{expression}` is not a schedule expression: write `cron(…)` with six fields, or `rate(…)` with a \
number and a unit, for example `cron(0 2 * * ? *)` or `rate(5 minutes)`."""
NO_NUMBER = "A rate needs a number of 1 or more: `rate(1 day)`, for example."
PLURAL = "AWS requires `rate(1 {unit})` for one, and `rate(2 {unit}s)` for more than one."
SIX_FIELDS = """\
A cron expression of AWS has six fields, and this one has {count}. In their order: {fields}. \
(On Linux there are five: AWS adds the year, and requires `?` in one of the two fields for days.)"""
TWO_DAYS = """\
Day of month is `{month}` and day of week is `{week}`, but one of the two has to be `?`: AWS asks \
which of them you mean."""
BAD_FIELD = "The field for the {field} can't be `{value}`. It accepts {allowed}"
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
    """AWS would refuse the expression; the message says why, and what to write.

    `reason` is its text before `words` fill the gaps: one for each kind of mistake.
    """

    def __init__(self, reason: str, **words: object) -> None:
        super().__init__(reason.format(**words))
        self.reason = reason
        self.words = words


def describe_schedule(expression: str) -> str:
    """Return what the expression says, in English. Raises InvalidSchedule.

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
    return list(islice(due_times(expression, since=after, after=after, until=after + FAR), count))


def require_schedule(expression: str) -> None:
    """Raise InvalidSchedule for what AWS would refuse."""
    if rate := RATE.fullmatch(expression):
        _require_rate(int(rate[1]), rate[2], expression)
    elif CRON.fullmatch(expression):
        _require_cron(_fields(expression))
    else:
        raise InvalidSchedule(NEITHER, expression=expression)


def _require_rate(number: int, unit: str, expression: str) -> None:
    if number < 1:
        raise InvalidSchedule(NO_NUMBER)
    if (number == 1) == expression.rstrip(" )").endswith("s"):
        raise InvalidSchedule(PLURAL, unit=unit)


def _require_cron(expression: str) -> None:
    fields = expression.split(" ")
    if len(fields) != len(FIELDS):
        raise InvalidSchedule(SIX_FIELDS, count=len(fields), fields=", ".join(FIELDS))
    if (fields[2] == "?") == (fields[4] == "?"):
        raise InvalidSchedule(TWO_DAYS, month=fields[2], week=fields[4])
    try:
        AwsCroniter(expression)
    except tuple(FAULTY) as error:
        place = FAULTY[type(error)]
        name = FIELDS[place]
        words = {"field": name, "value": fields[place], "allowed": ALLOWED[name]}
        raise InvalidSchedule(BAD_FIELD, **words) from None
    except ValueError as error:  # what it accepted, and then could not read
        raise InvalidSchedule(UNREADABLE, error=error) from None


def _fields(expression: str) -> str:
    cron = CRON.fullmatch(expression)
    assert cron
    return cron[1]
