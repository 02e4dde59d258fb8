"""Exercise night: a rule that fires once a night, between two and four by Berlin's clocks."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.cron.rules import runs, see_rule

NAME, VARIABLE = "nightly-report", "nightly"
BERLIN = ZoneInfo("Europe/Berlin")
BEGIN, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)

A_RATE = """\
A rate counts from the moment at which the rule is made, and that was about noon. For an hour of \
the night you need a cron expression."""
NEVER = "This rule never fires: its years are over."
LOCAL = """\
In Berlin this is {winter} in winter and {summer} in summer. The hours of an expression are UTC, \
not local time: Berlin is one hour ahead in winter and two in summer. Asked for is from 02:00 to \
before 04:00, all year."""
OFTEN = """\
This fires {count} times in one night. Minutes and hours that are `*` mean every one of them: \
give a number for each."""
NOT_EVERY = "This leaves nights out, {day:%A, %d %B %Y} for one. It has to fire every night."
DONE = "At {winter} in Berlin's winter and {summer} in its summer, every night of two years."


def check(probe: Probe) -> str:
    expression = see_rule(probe, NAME, VARIABLE)
    if expression.startswith("rate"):
        raise Incorrect(A_RATE, link="event source", evidence=expression)
    fired = [run.astimezone(BERLIN) for run in runs(expression, BEGIN, END)]
    problem = _problem(fired)
    if problem:
        raise Incorrect(problem, link="event source", evidence=f"{expression}\n{_shown(fired)}")
    return DONE.format(**_seasons(fired))


def _problem(fired: Sequence[datetime]) -> str:
    if not fired:
        return NEVER
    nights = Counter(run.date() for run in fired)
    if most := max(nights.values()) - 1:
        return OFTEN.format(count=most + 1)
    if not all(2 <= run.hour < 4 for run in fired):
        return LOCAL.format(**_seasons(fired))
    if left_out := _left_out(nights):
        return NOT_EVERY.format(day=left_out)
    return ""


def _left_out(nights: Counter[date]) -> date | None:
    """The first day between the first and the last of the two years without a run."""
    days = range(BEGIN.toordinal() + 1, END.toordinal())
    return next((day for day in map(date.fromordinal, days) if day not in nights), None)


def _seasons(fired: Sequence[datetime]) -> dict[str, str]:
    """At what time it fires in winter, and in summer."""
    times = {"winter": "never", "summer": "never"}
    for run in fired:
        times["summer" if run.dst() else "winter"] = f"{run:%H:%M}"
    return times


def _shown(fired: Sequence[datetime]) -> str:
    return "\n".join(f"fires {run:%a %d %b %Y, %H:%M} in Berlin" for run in fired[:3])
