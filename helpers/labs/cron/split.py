"""Exercise split: a job that is longer than its time-out goes on in a new run."""

from datetime import date, timedelta

from helpers.checks.function import variables
from helpers.checks.logs import Runs, printed, timed_out
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.cron import given
from helpers.labs.cron.rules import let_fire, see_invited, see_rule, see_target
from helpers.labs.cron.shop import FUNCTION, ONE_DAY, Shop, at_one, see_code, some_day

FILE = "report.py"
RULE, VARIABLE = "nightly-report", "nightly"
TIME_OUT, SECONDS_A_DAY = 2, "0.2"
WAITING = 10  # days, more than one run can do

NOT_YET = "The function still waits for your `report.py`."
OTHER_TIME_OUT = """\
The time-out of `report` is {found} s. That puts the wall further off, and the shop still grows: \
leave it at 2 seconds (`lab.deploy("cron/report", timeout=2)`), and split the job."""
OTHER_PACE = """\
`SECONDS_A_DAY` has to stay at 0.2: the shop has as many orders as it has. Deploy with the \
environment of the cell above."""
CUT_OFF = """\
Cut off by the time-out, in the middle of a day's work: {count} of your runs. Look at \
`context.get_remaining_time_in_millis()` *before* each day, and stop where less than 1500 are \
left."""
WAITS = """\
Cut off by the time-out: {count} of your runs. An old run waits for the new one, until its own \
time is over. With `InvocationType="Event"` it does not wait."""
TOO_LATE = """\
Cut off by the time-out, although your function looks at the time that is left: {count} of your \
runs. It has to look *before* each day's work, to want at least 1500 milliseconds for it, and to \
`return` as soon as it has handed on the rest."""
LOOP = """\
Your function invoked itself again and again, until it was stopped as a loop. It must do so only \
where days are left, and time is not."""
FAILED = (
    "One of the runs stopped with the error below. The new run needs the same event as the old."
)
STOPPED = """\
{count} days were waiting, and after {done} of them nobody went on. Before a run returns early, it \
has to invoke the function again."""
NOT_IN_BOOKS = "All days are done, but the books have {found} cents instead of {wanted}."
DONE = "{days} days were done in several runs, and none of them was cut off."


def check(probe: Probe) -> str:
    code = see_code(probe, FILE, given.SPLIT_STUB, not_yet=NOT_YET)
    see_rule(probe, RULE, VARIABLE)
    see_target(probe, RULE, FUNCTION)
    see_invited(probe, RULE, FUNCTION)
    shop, last = Shop(probe), some_day()
    _see_settings(shop)
    days = [last + timedelta(days=n) for n in range(1, WAITING + 1)]
    shop.set_books(500, last)
    wanted = 500 + sum(shop.sell(day) for day in days)
    runs = Runs(probe, FUNCTION)
    let_fire(probe, RULE, at_one(days[-1] + ONE_DAY))
    _see_runs(runs, shop, days[-1], last, code)
    found, _ = shop.book()
    if found != wanted:
        raise Incorrect(NOT_IN_BOOKS.format(found=found, wanted=wanted), link="effect")
    return DONE.format(days=WAITING)


def _see_settings(shop: Shop) -> None:
    found = shop.settings["Timeout"]
    if found != TIME_OUT:
        raise Incorrect(OTHER_TIME_OUT.format(found=found), link="configuration")
    if variables(shop.settings).get("SECONDS_A_DAY") != SECONDS_A_DAY:
        raise Incorrect(OTHER_PACE, link="configuration")


def _see_runs(runs: Runs, shop: Shop, newest: date, last: date, code: str) -> None:
    """Raises Incorrect where a run broke off, or nobody went on."""
    new = runs.new()
    said, cut_off = printed(new), timed_out(new)
    if "RecursiveInvocationException" in said:
        raise Incorrect(LOOP, link="code", evidence=f"{len(new)} runs")
    if "[ERROR]" in said:
        raise Incorrect(FAILED, link="code", evidence=said[-500:])
    if cut_off:
        runs.rest(TIME_OUT + 0.5)  # what still runs would write into the next check's books
        words = _why_cut_off(code).format(count=cut_off)
        raise Incorrect(words, link="time-out", evidence=said[-300:])
    reached = date.fromisoformat(shop.book()[1])
    if reached < newest:
        words = STOPPED.format(count=WAITING, done=(reached - last).days)
        raise Incorrect(words, link="function", evidence=f"last_day {reached}")


def _why_cut_off(code: str) -> str:
    if "get_remaining_time_in_millis" not in code:
        return CUT_OFF
    asks_to_wait = "RequestResponse" in code or "InvocationType" not in code
    return WAITS if asks_to_wait else TOO_LATE
