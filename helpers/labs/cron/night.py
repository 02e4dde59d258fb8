"""Exercise night: a rule that fires once a night, between two and four by Berlin's clocks."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from helpers.checks import Diagnosis, Link, Probe, first_of, require
from helpers.checks.links.schedule import firings, require_rule
from helpers.labs.cron.shop import RULE, VARIABLE

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)

DONE = "At {winter} in Berlin's winter and {summer} in its summer, every night of two years."


class Night(Diagnosis):
    A_RATE = Link.EVENT_SOURCE("""
        A rate counts from the moment the rule is created, and that was about noon. For an hour of
        the night you need a cron expression.""")
    NEVER = Link.EVENT_SOURCE("This rule never fires: its years are over.")
    OFTEN = Link.EVENT_SOURCE("""
        This fires {count} times in one night. Minutes and hours that are `*` mean every one of
        them: give a number for each.""")
    LOCAL_TIME = Link.EVENT_SOURCE("""
        In Berlin this is {winter} in winter and {summer} in summer, but it has to be from 02:00 to
        before 04:00 all year. The hours of an expression are UTC: Berlin is one hour ahead in
        winter and two in summer.""")
    NOT_EVERY = Link.EVENT_SOURCE("""
        This leaves nights out, {day:%A, %d %B %Y} for one. It has to fire every night.""")


def check(probe: Probe) -> str:
    expression = require_rule(probe, RULE, VARIABLE)
    require(not expression.startswith("rate"), Night.A_RATE, expression)
    fired = [time.astimezone(BERLIN) for time in firings(expression, BEGIN, END)]
    nights, seasons = Counter(time.date() for time in fired), _seasons(fired)
    most, left_out = max(nights.values(), default=0), _left_out(nights)
    found = first_of(
        (Night.NEVER, not fired),
        (Night.OFTEN, most > 1),
        (Night.LOCAL_TIME, not all(2 <= time.hour < 4 for time in fired)),
        (Night.NOT_EVERY, left_out),
    )
    if found:
        shown = [f"fires {time:%a %d %b %Y, %H:%M} in Berlin" for time in fired[:3]]
        raise found("\n".join([expression, *shown]), count=most, day=left_out, **seasons)
    return DONE.format(**seasons)


def _left_out(nights: Counter[date]) -> date | None:
    """Return the first day between the first and the last of the two years without a firing."""
    days = range(BEGIN.toordinal() + 1, END.toordinal())
    return next((day for day in map(date.fromordinal, days) if day not in nights), None)


def _seasons(fired: Sequence[datetime]) -> dict[str, str]:
    """Return at what time it fires in winter, and in summer."""
    times = {"winter": "never", "summer": "never"}
    for time in fired:
        times["summer" if time.dst() else "winter"] = f"{time:%H:%M}"
    return times
