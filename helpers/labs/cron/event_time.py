"""Exercise event-time: the day of the report comes from when the run was due."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from helpers.checks import Diagnosis, Incorrect, Link, Probe, compare, first_of, require
from helpers.checks.code import require_deployed, submission
from helpers.checks.function import result_of
from helpers.labs.cron.shop import FUNCTION, ONE_DAY, Shop, event_at, require_nightly, some_day

FILE = "report.py"
NIGHTS = ((None, None), (3, 1), (1, 1))  # any, and two after which the month before ended

NOT_YET = "The function still waits for your `report.py`."
DONE = "Each night is reported on by the time it was due, also after the end of a month or a year."


class EventTime(Diagnosis):
    WALL_CLOCK = Link.EFFECT("""
        For the night of {due} your function reported on {found}: that comes from the clock on the
        wall, which shows when the function *runs*. When it was *due* is in `event["time"]`.""")
    DAY_OF_THE_RUN = Link.EFFECT("""
        For the night of {due} your function reported on {due} itself. That day had only just begun:
        the report is on the day *before*.""")
    OTHER_DAY = Link.EFFECT("""
        For the night of {due} there should be a report on {day}, and there is one on {found}. Mind
        that months and years end: take `timedelta(days=1)` from a date, not 1 from a number.""")
    NOT_A_DAY = Link.EFFECT("""
        For the night of {due} there should be a report on {day}, and there is one on "{found}".
        `write_report` needs the day alone, without a time, as `f"{{...:%Y-%m-%d}}"` formats it.""")
    NO_REPORT = Link.EFFECT("""
        For the night of {due} there should be a report on {day}, and none was written. Does every
        path through the handler call `write_report`?""")
    OTHER_REPORT = Link.EFFECT("""
        There is a report on {day}, but it is not what `write_report` makes of that day's orders.
        Call it with the day, and with what `orders_of` returns for the day.""")


def check(probe: Probe) -> str:
    require_deployed(probe, FUNCTION, FILE)
    require_nightly(probe)
    shop = Shop(probe)
    shop.set_aside(_by_the_wall())
    with submission(probe, FUNCTION, FILE, not_yet=NOT_YET):  # later on, the sheet gives the answer
        for month, day in NIGHTS:
            _require_report(probe, shop, some_day(month, day))
    return DONE


def _require_report(probe: Probe, shop: Shop, due: date) -> None:
    day, before = due - ONE_DAY, set(shop.written())
    shop.set_books(0, day - ONE_DAY)
    earned = shop.sell(day)
    shop.sell(due)
    result_of(probe, FUNCTION, event_at(due))
    report = shop.report(day)
    if report is None:
        found = [each for each in shop.written() if each not in before]
        raise _other_day(due, found)
    is_report = isinstance(report, dict) and report.get("cents") == earned
    evidence = compare(report=report, cents_earned=earned)
    require(is_report, EventTime.OTHER_REPORT, evidence, day=day)


def _other_day(due: date, found: Sequence[str]) -> Incorrect:
    """Return why these reports were written, and not the one that was due."""
    reason = first_of(
        (EventTime.NO_REPORT, not found),
        (EventTime.DAY_OF_THE_RUN, f"{due}" in found),
        (EventTime.WALL_CLOCK, set(found) & set(_by_the_wall())),
        (EventTime.NOT_A_DAY, not all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in found)),
    )
    words = {"due": due, "day": due - ONE_DAY, "found": ", ".join(found)}
    return (reason or EventTime.OTHER_DAY)(**words)


def _by_the_wall() -> Sequence[str]:
    """Return the days that a function takes from its machine's clock, whatever its time zone."""
    today = datetime.now(UTC).date()
    return [f"{today + days * ONE_DAY}" for days in (-2, -1, 0, 1)]
