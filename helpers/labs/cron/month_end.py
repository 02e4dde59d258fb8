"""Exercise month-end: the last day of each month, and a constant for an input."""

import calendar
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from helpers.checks.logs import Runs, printed
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.cron.rules import Target, let_fire, runs, see_invited, see_rule, see_target

RULE, VARIABLE, FUNCTION = "month-end", "last_evening", "notice"
HOUR = 17
YEARS = range(2027, 2031)
TEXT = "Stock-taking tonight"

A_RATE = "A rate counts days, and months have 28 to 31. You need a cron expression."
SATURDAYS = """\
An `L` in the field for the day of the *week* is its last day, every Saturday. It belongs into the \
field for the day of the *month*, the third, and the `?` into the fifth."""
LEFT_OUT = """\
In {month:%B %Y} this rule does not fire: that month has {days} days. `L` is the last day, \
whatever its number."""
OFTEN = "In {month:%B %Y} this rule fires {count} times, and once is asked for."
OTHER_DAY = "In {month:%B %Y} this rule fires on day {day}, and the last day is {days}."
OTHER_TIME = "This rule fires at {time} UTC, and 17:00 UTC is asked for."
NO_INPUT = """\
The target has no constant `Input`: it would send the whole event, in which `notice` finds no \
`text`."""
OTHER_INPUT = """\
The constant `Input` of the target should be the JSON text of \
`{{"text": "Stock-taking tonight"}}`. It is below."""
NO_NOTICE = """\
The rule was fired, and `notice` has not printed the text. What its log says is below."""
DONE = "The notice comes on the last day of each month, whether it is the 28th or the 31st."


def check(probe: Probe) -> str:
    expression = see_rule(probe, RULE, VARIABLE)
    if expression.startswith("rate"):
        raise Incorrect(A_RATE, link="event source", evidence=expression)
    problem = _problem(expression)
    if problem:
        raise Incorrect(problem, link="event source", evidence=expression)
    _see_input(see_target(probe, RULE, FUNCTION))
    see_invited(probe, RULE, FUNCTION)
    _see_notice(probe)
    return DONE


def _problem(expression: str) -> str:
    fired = runs(
        expression, datetime(2027, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, 23, tzinfo=UTC)
    )
    if fired and "L" in expression.split()[4] and all(run.weekday() == 5 for run in fired):
        return SATURDAYS
    for year in YEARS:
        for month in range(1, 13):
            if problem := _problem_in(fired, datetime(year, month, 1, tzinfo=UTC)):
                return problem
    return ""


def _problem_in(fired: Sequence[datetime], month: datetime) -> str:
    """What is wrong in that month; nothing where the rule fires once, at the right time."""
    days = calendar.monthrange(month.year, month.month)[1]
    here = [run for run in fired if (run.year, run.month) == (month.year, month.month)]
    if not here:
        return LEFT_OUT.format(month=month, days=days)
    if len(here) > 1:
        return OFTEN.format(month=month, count=len(here))
    if here[0].day != days:
        return OTHER_DAY.format(month=month, day=here[0].day, days=days)
    if (here[0].hour, here[0].minute) != (HOUR, 0):
        return OTHER_TIME.format(time=f"{here[0]:%H:%M}")
    return ""


def _see_input(target: Target) -> None:
    if "Input" not in target:
        raise Incorrect(NO_INPUT, link="target", evidence=json.dumps(dict(target), indent=1))
    try:
        given = json.loads(target["Input"])
    except ValueError:
        given = None
    if given != {"text": TEXT}:
        raise Incorrect(OTHER_INPUT.format(), link="target", evidence=target["Input"])


def _see_notice(probe: Probe) -> None:
    notices = Runs(probe, FUNCTION)
    let_fire(probe, RULE, datetime(2028, 2, 29, HOUR, tzinfo=UTC))
    said = printed(notices.new())
    if TEXT not in said:
        raise Incorrect(NO_NOTICE, link="function", evidence=said)
