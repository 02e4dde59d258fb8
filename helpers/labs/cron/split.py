"""Exercise split: a job that is longer than its time-out goes on in a new run."""

from datetime import date

from helpers.checks import Diagnosis, Link, Probe, compare, require
from helpers.checks.code import submitted
from helpers.checks.function import variables
from helpers.checks.links.schedule import let_fire
from helpers.checks.logs import Runs, printed, timed_out
from helpers.labs.cron.shop import FUNCTION, ONE_DAY, RULE, Shop, at_one, require_nightly, some_day

FILE = "report.py"
TIME_OUT, SECONDS_A_DAY = 2, "0.2"
WAITING = 10  # days, more than one run can do

NOT_YET = "The function still waits for your `report.py`."
DONE = "{days} days were done in several runs, and none of them was cut off."


class Split(Diagnosis):
    OTHER_TIME_OUT = Link.CONFIGURATION("""
        The time-out of `report` is {found} s. That puts the wall further off, and the shop still
        grows: leave it at 2 seconds (`lab.deploy("cron/report", timeout=2)`), and split the
        job.""")
    OTHER_PACE = Link.CONFIGURATION("""
        `SECONDS_A_DAY` has to stay at 0.2: the shop has as many orders as it has. Deploy with the
        environment of the cell above.""")
    CUT_OFF = Link.CODE("""
        Cut off by the time-out, in the middle of a day's work: {count} of your runs. Look at
        `context.get_remaining_time_in_millis()` *before* each day, and stop where less than 1500
        are left.""")
    WAITS = Link.CODE("""
        Cut off by the time-out: {count} of your runs. An old run waits for the new one, until its
        own time is over. With `InvocationType="Event"` it does not wait.""")
    TOO_LATE = Link.CODE("""
        Cut off by the time-out, although your function looks at the time that is left: {count} of
        your runs. It has to look *before* each day's work, to want at least 1500 milliseconds for
        it, and to `return` as soon as it has handed on the rest.""")
    LOOP = Link.CODE("""
        Your function invoked itself again and again, until it was stopped as a loop. It must do so
        only where days are left, and time is not.""")
    FAILED = Link.CODE("""
        One of the runs stopped with the error below. The new run needs the same event as the
        old.""")
    STOPPED = Link.EFFECT("""
        {count} days were waiting, and after {done} of them nobody went on. Before a run returns
        early, it has to invoke the function again.""")
    NOT_IN_BOOKS = Link.EFFECT("""
        All days are done, but the books have {found} cents instead of {wanted}. Each day has to be
        added to them, once: `books.add`.""")


def check(probe: Probe) -> str:
    code = submitted(probe, FUNCTION, FILE, not_yet=NOT_YET)[FILE]
    require_nightly(probe)
    shop, last = Shop(probe), some_day()
    time_out, pace = shop.settings["Timeout"], variables(shop.settings).get("SECONDS_A_DAY")
    require(time_out == TIME_OUT, Split.OTHER_TIME_OUT, found=time_out)
    require(pace == SECONDS_A_DAY, Split.OTHER_PACE)
    days = [last + n * ONE_DAY for n in range(1, WAITING + 1)]
    shop.set_books(500, last)
    wanted = 500 + sum(shop.sell(day) for day in days)
    runs = Runs(probe, FUNCTION)
    let_fire(probe, RULE, at_one(days[-1] + ONE_DAY))
    _require_good_end(runs, code)
    cents, last_day = shop.book()
    evidence = compare(cents=cents, last_day=last_day)
    done = (date.fromisoformat(last_day) - last).days
    require(done >= WAITING, Split.STOPPED, evidence, count=WAITING, done=done)
    require(cents == wanted, Split.NOT_IN_BOOKS, evidence, found=cents, wanted=wanted)
    return DONE.format(days=WAITING)


def _require_good_end(runs: Runs, code: str) -> None:
    """Raise the reason if a run failed, or was cut off."""
    new = runs.new()
    said, cut_off = printed(new), timed_out(new)
    require("RecursiveInvocationException" not in said, Split.LOOP, f"{len(new)} runs")
    require("[ERROR]" not in said, Split.FAILED, said[-500:])
    if cut_off:
        runs.rest(TIME_OUT + 0.5)  # what still runs would write into the next check's books
        raise _why_cut_off(code)(said[-300:], count=cut_off)


def _why_cut_off(code: str) -> Split:
    if "get_remaining_time_in_millis" not in code:
        return Split.CUT_OFF
    asks_to_wait = "RequestResponse" in code or "InvocationType" not in code
    return Split.WAITS if asks_to_wait else Split.TOO_LATE
