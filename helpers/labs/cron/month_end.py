"""Exercise month-end: the last day of each month, and a constant as the input."""

import calendar
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from helpers.checks import Diagnosis, Incorrect, Link, Probe, first_of, require
from helpers.checks.links.schedule import (
    Target,
    describe_target,
    firings,
    let_fire,
    require_invited,
    require_rule,
    require_target,
)
from helpers.checks.logs import Runs, printed

RULE, VARIABLE, FUNCTION = "month-end", "last_evening", "notice"
HOUR = 17
BEGIN, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, 23, tzinfo=UTC)
MONTHS = [datetime(year, month, 1) for year in range(2027, 2031) for month in range(1, 13)]
TEXT = "Stock-taking tonight"

DONE = "The notice comes on the last day of each month, whether it is the 28th or the 31st."


class MonthEnd(Diagnosis):
    A_RATE = Link.EVENT_SOURCE("""
        A rate counts days, and months have 28 to 31. You need a cron expression.""")
    SATURDAYS = Link.EVENT_SOURCE("""
        An `L` in the field for the day of the *week* is its last day, every Saturday. It belongs in
        the field for the day of the *month*, the third, and the `?` in the fifth.""")
    LEFT_OUT = Link.EVENT_SOURCE("""
        In {month:%B %Y} this rule does not fire: that month has {days} days. `L` is the last day,
        whatever its number.""")
    OFTEN = Link.EVENT_SOURCE("""
        In {month:%B %Y} this rule fires {count} times, but it has to fire once.""")
    OTHER_DAY = Link.EVENT_SOURCE("""
        In {month:%B %Y} this rule fires on day {fired:%-d}, but the last day is {days}.""")
    OTHER_TIME = Link.EVENT_SOURCE("""
        This rule fires at {fired:%H:%M} UTC, but it has to fire at 17:00 UTC.""")
    NO_INPUT = Link.EVENT_SOURCE("""
        The target has no constant `Input`: it would send the whole event, in which `notice` finds
        no `text`.""")
    OTHER_INPUT = Link.EVENT_SOURCE("""
        The constant `Input` of the target, below, should be a string with this JSON:
        `{{"text": "Stock-taking tonight"}}`.""")
    NO_NOTICE = Link.FUNCTION("""
        The rule was fired, but `notice` has not printed the text. Its log is below.""")


def check(probe: Probe) -> str:
    expression = require_rule(probe, RULE, VARIABLE)
    require(not expression.startswith("rate"), MonthEnd.A_RATE, expression)
    _require_month_ends(expression)
    _require_input(require_target(probe, RULE, FUNCTION))
    require_invited(probe, RULE, FUNCTION)
    notices = Runs(probe, FUNCTION)
    let_fire(probe, RULE, datetime(2028, 2, 29, HOUR, tzinfo=UTC))
    said = printed(notices.new())
    require(TEXT in said, MonthEnd.NO_NOTICE, said)
    return DONE


def _require_month_ends(expression: str) -> None:
    fired = firings(expression, BEGIN, END)
    is_saturdays = bool(fired) and all(time.weekday() == 5 for time in fired)
    is_by_week = is_saturdays and "L" in expression.split()[4]
    require(not is_by_week, MonthEnd.SATURDAYS, expression)
    for month in MONTHS:
        here = [time for time in fired if (time.year, time.month) == (month.year, month.month)]
        if problem := _problem_in(month, here, expression):
            raise problem


def _problem_in(month: datetime, fired: Sequence[datetime], expression: str) -> Incorrect | None:
    """Return what is wrong in that month, None if the rule fires once and at the right time."""
    days = calendar.monthrange(month.year, month.month)[1]
    time = fired[0] if fired else month
    reason = first_of(
        (MonthEnd.LEFT_OUT, not fired),
        (MonthEnd.OFTEN, len(fired) > 1),
        (MonthEnd.OTHER_DAY, time.day != days),
        (MonthEnd.OTHER_TIME, (time.hour, time.minute) != (HOUR, 0)),
    )
    words = {"month": month, "days": days, "count": len(fired), "fired": time}
    return reason(expression, **words) if reason else None


def _require_input(target: Target) -> None:
    require("Input" in target, MonthEnd.NO_INPUT, describe_target(target))
    try:
        given = json.loads(target["Input"])
    except ValueError:
        given = None
    require(given == {"text": TEXT}, MonthEnd.OTHER_INPUT, target["Input"])
