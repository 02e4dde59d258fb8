"""Exercise event-time: the day of the report comes from when the run was due."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from helpers.checks.function import result_of
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.cron import given
from helpers.labs.cron.rules import see_invited, see_rule, see_target
from helpers.labs.cron.shop import FUNCTION, ONE_DAY, Shop, event_at, see_code, some_day

FILE = "report.py"
RULE, VARIABLE = "nightly-report", "nightly"
NIGHTS = ((None, None), (3, 1), (1, 1))  # any, and two after which the month before ended

NOT_YET = "The function `report` still waits for your `report.py`."
WALL_CLOCK = """\
For the night of {due} your function reported on {found}: that comes from the clock on the wall, \
which shows when the function *runs*. When it was *due* is in `event["time"]`."""
DAY_OF_THE_RUN = """\
For the night of {due} your function reported on {due} itself. That day had only just begun: the \
report is on the day *before*."""
OTHER_DAY = """\
For the night of {due} there should be a report on {day}, and there is one on {found}. Mind that \
months and years end: take `timedelta(days=1)` from a date, not 1 from a number."""
NO_DAY = """\
For the night of {due} there should be a report on {day}, and there is one on "{found}". That is a \
day and a time of day: `write_report` wants the day alone, as `f"{{...:%Y-%m-%d}}"` writes it."""
NONE = """\
For the night of {due} there should be a report on {day}, and none was written. Is `write_report` \
called on every way through the handler?"""
OTHER_REPORT = """\
There is a report on {day}, but it is not what `write_report` makes of that day's orders: it says \
{found}."""
DONE = "Each night is reported on by the time it was due, also after the end of a month or a year."


def check(probe: Probe) -> str:
    see_code(probe, FILE, given.REPORT_BY_THE_WALL, given.REPORT_STUB, not_yet=NOT_YET)
    see_rule(probe, RULE, VARIABLE)
    see_target(probe, RULE, FUNCTION)
    see_invited(probe, RULE, FUNCTION)
    shop = Shop(probe)
    shop.set_aside(_by_the_wall())
    for month, day in NIGHTS:
        _see_night(probe, shop, some_day(month, day))
    return DONE


def _see_night(probe: Probe, shop: Shop, due: date) -> None:
    day, before = due - ONE_DAY, set(shop.written())
    shop.set_books(0, day - ONE_DAY)
    earned = shop.sell(day)
    shop.sell(due)
    result_of(probe, FUNCTION, event_at(due))
    report = shop.report(day)
    if report is None:
        raise Incorrect(_instead(shop, due, before), link="effect")
    if not isinstance(report, dict) or report.get("cents") != earned:
        words = OTHER_REPORT.format(day=day, found=report)
        raise Incorrect(words, link="effect", evidence=f"earned on {day}: {earned} cents")


def _instead(shop: Shop, due: date, before: set[str]) -> str:
    """What was written in the place of the report that is missing."""
    words = {"due": due, "day": due - ONE_DAY}
    found = [day for day in shop.written() if day not in before]
    if not found:
        return NONE.format(**words)
    if f"{due}" in found:
        return DAY_OF_THE_RUN.format(**words)
    if set(found) & set(_by_the_wall()):
        return WALL_CLOCK.format(**words, found=found[0])
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", found[0]):
        return NO_DAY.format(**words, found=found[0])
    return OTHER_DAY.format(**words, found=", ".join(found))


def _by_the_wall() -> Sequence[str]:
    """The days that a function takes from the clock of its machine, whatever its time zone."""
    today = datetime.now(UTC).date()
    return [f"{today + days * ONE_DAY}" for days in (-2, -1, 0, 1)]
