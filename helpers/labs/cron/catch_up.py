"""Exercise catch-up: the report goes on from the last day done, not from yesterday."""

from collections.abc import Sequence
from datetime import date

from helpers.checks import Diagnosis, Link, Probe, compare, first_of
from helpers.checks.code import submitted
from helpers.checks.function import result_of, variables
from helpers.labs.cron.shop import FUNCTION, ONE_DAY, Shop, event_at, some_day

FILE = "report.py"
MISSED = 8  # days, over the end of a month
CLOSED = 3  # the one of them for which there is no file
GO_ON = 8.0  # seconds for what runs on after the answer: the next exercise's way

NOT_YET = "The function still waits for your `report.py`."
DONE = "{count} missed nights, over the end of a month, were caught up with in one run, in order."


class CatchUp(Diagnosis):
    ONLY_YESTERDAY = Link.EFFECT("""
        The books were complete up to {last}, and the night of {due} came. Your function reported on
        yesterday alone. Begin with the day after `books.last_day()`, and go on day by day.""")
    GAPS = Link.EFFECT("""
        The books were complete up to {last}, and the night of {due} came. Of the {count} days
        between them these got no report: {missing}.""")
    TODAY_TOO = Link.EFFECT("""
        In the night of {due} your function reported on {due} itself, which had only just begun.
        Stop before `due`.""")
    AGAIN = Link.EFFECT("""
        All days got their report, and {last} got another one, though the books were complete up to
        it. Begin with the day *after* `books.last_day()`.""")
    NOT_IN_ORDER = Link.EFFECT("""
        All days got their report, but the books have {found} cents instead of {wanted}. They accept
        no day that is not later than `last_day`: begin with the oldest.""")
    NOT_IN_BOOKS = Link.EFFECT("""
        All days got their report, but the books have {found} cents instead of {wanted}. Each day
        has to be added to them, once: `books.add`.""")
    LAST_DAY = Link.EFFECT("""
        All days are reported and added, but `last_day` in the books is {last_day}, and should be
        {newest}.""")


def check(probe: Probe) -> str:
    submitted(probe, FUNCTION, FILE, not_yet=NOT_YET)
    shop, last = Shop(probe), some_day(month=2, day=24)
    days = [last + n * ONE_DAY for n in range(1, MISSED + 1)]
    due = days[-1] + ONE_DAY
    shop.set_books(500, last)
    shop.sell(last)
    shop.sell(due)
    wanted = 500 + sum(shop.sell(day) for n, day in enumerate(days) if n != CLOSED)
    result_of(probe, FUNCTION, event_at(due))
    if "SECONDS_A_DAY" in variables(shop.settings):
        # After the next exercise it may hand on the rest, and answer before that is done.
        newest = f"{days[-1]}"
        probe.wait_for(lambda: shop.book()[1] >= newest, timeout=GO_ON, what="The last day's entry")
    _require_reports(shop, days)
    _require_books(shop, days, wanted)
    return DONE.format(count=MISSED)


def _require_reports(shop: Shop, days: Sequence[date]) -> None:
    written, last, due = set(shop.written()), days[0] - ONE_DAY, days[-1] + ONE_DAY
    missing = [f"{day}" for day in days if f"{day}" not in written]
    reason = first_of(
        (CatchUp.ONLY_YESTERDAY, missing == [f"{day}" for day in days[:-1]]),
        (CatchUp.GAPS, missing),
        (CatchUp.TODAY_TOO, f"{due}" in written),
        (CatchUp.AGAIN, f"{last}" in written),
    )
    if reason:
        evidence = "reports written: " + (", ".join(sorted(written)) or "none")
        raise reason(evidence, last=last, due=due, count=len(days), missing=", ".join(missing))


def _require_books(shop: Shop, days: Sequence[date], wanted: int) -> None:
    cents, last_day = shop.book()
    newest = f"{days[-1]}"
    reason = first_of(
        (CatchUp.NOT_IN_ORDER, cents - 500 == shop.report(days[-1])["cents"]),
        (CatchUp.NOT_IN_BOOKS, cents != wanted),
        (CatchUp.LAST_DAY, last_day != newest),
    )
    if reason:
        evidence = compare(cents=cents, last_day=last_day)
        raise reason(evidence, found=cents, wanted=wanted, last_day=last_day, newest=newest)
