"""Exercise catch-up: the report goes on from the last day done, not from yesterday."""

from collections.abc import Sequence
from datetime import date, timedelta

from helpers.checks.function import result_of, variables
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.cron import given
from helpers.labs.cron.shop import FUNCTION, ONE_DAY, Shop, event_at, see_code, some_day

FILE = "report.py"
MISSED = 8  # days, over the end of a month
CLOSED = 3  # the one of them for which there is no file
GO_ON = 8.0  # seconds for what runs on after the answer: the next exercise's way

NOT_YET = "The function still waits for your `report.py`."
ONLY_YESTERDAY = """\
The books were complete up to {last}, and the night of {due} came. Your function reported on \
yesterday alone. Begin with the day after `books.last_day()`, and go on day by day."""
GAPS = """\
The books were complete up to {last}, and the night of {due} came. Of the {count} days between \
them these got no report: {missing}."""
TODAY_TOO = """\
In the night of {due} your function reported on {due} itself, which had only just begun. Stop \
before `due`."""
AGAIN = """\
All days got their report, and {last} got another one, though the books were complete up to it. \
Begin with the day *after* `books.last_day()`."""
NOT_IN_BOOKS = """\
All days got their report, but the books have {found} cents instead of {wanted}. Each day has to \
be added to them, once: `books.add`."""
LAST_DAY = """\
All days are reported and added, but `last_day` in the books is {found}, and should be {wanted}."""
NOT_IN_ORDER = """\
All days got their report, but the books have {found} cents instead of {wanted}. They take no day \
that is not later than `last_day`: begin with the oldest."""
DONE = "{count} missed nights, over the end of a month, were caught up with in one run, in order."


def check(probe: Probe) -> str:
    see_code(probe, FILE, given.REPORT_OF_YESTERDAY, given.CATCH_UP_STUB, not_yet=NOT_YET)
    shop, last = Shop(probe), some_day(month=2, day=24)
    days = [last + timedelta(days=n) for n in range(1, MISSED + 1)]
    due = days[-1] + ONE_DAY
    shop.set_books(500, last)
    shop.sell(last)
    shop.sell(due)
    wanted = 500 + sum(shop.sell(day) for n, day in enumerate(days) if n != CLOSED)
    result_of(probe, FUNCTION, event_at(due))
    _let_go_on(probe, shop, due)
    _see_reports(shop, days, due, last)
    _see_books(shop, days, wanted)
    return DONE.format(count=MISSED)


def _let_go_on(probe: Probe, shop: Shop, due: date) -> None:
    """After the next exercise the function may hand on the rest, and answer before it is done."""
    if "SECONDS_A_DAY" in variables(shop.settings):
        done = f"{due - ONE_DAY}"
        probe.wait_for(lambda: shop.book()[1] >= done, timeout=GO_ON, what="The last day's entry")


def _see_reports(shop: Shop, days: Sequence[date], due: date, last: date) -> None:
    written = set(shop.written())
    missing = [f"{day}" for day in days if f"{day}" not in written]
    words = {"last": last, "due": due, "count": len(days), "missing": ", ".join(missing)}
    if missing == [f"{day}" for day in days[:-1]]:
        raise Incorrect(ONLY_YESTERDAY.format(**words), link="effect", evidence=_listed(written))
    if missing:
        raise Incorrect(GAPS.format(**words), link="effect", evidence=_listed(written))
    if f"{due}" in written:
        raise Incorrect(TODAY_TOO.format(**words), link="effect", evidence=_listed(written))
    if f"{last}" in written:
        raise Incorrect(AGAIN.format(**words), link="effect", evidence=_listed(written))


def _listed(written: set[str]) -> str:
    return "reports written: " + (", ".join(sorted(written)) or "none")


def _see_books(shop: Shop, days: Sequence[date], wanted: int) -> None:
    found, last_day = shop.book()
    newest = shop.report(days[-1])
    evidence = f"cents {found}, last_day {last_day}"
    if found - 500 == newest["cents"]:
        words = NOT_IN_ORDER.format(found=found, wanted=wanted)
        raise Incorrect(words, link="effect", evidence=evidence)
    if found != wanted:
        words = NOT_IN_BOOKS.format(found=found, wanted=wanted)
        raise Incorrect(words, link="effect", evidence=evidence)
    if last_day != f"{days[-1]}":
        words = LAST_DAY.format(found=last_day, wanted=days[-1])
        raise Incorrect(words, link="effect", evidence=evidence)
