"""Exercise once: a night that comes twice is in the books once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from helpers.checks.denied import denied_action
from helpers.checks.function import ask, failure
from helpers.checks.package import package_files
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.cron import given
from helpers.labs.cron.shop import FUNCTION, ONE_DAY, Shop, event_at, see_code, some_day

FILE = "books.py"
AT_ONCE = 4  # runs of one night at the same moment
NEEDED = ("dynamodb:GetItem", "dynamodb:UpdateItem", "s3:GetObject", "s3:PutObject")
ASKS_THE_TABLE = ("ConditionExpression", "WHERE")  # the second is PartiQL's

NOT_YET = "The function still waits for your `add` in `books.py`."
NOT_ADDED = """\
After an ordinary night the books should say {wanted} cents, and they say {found}. Is the \
condition one that holds for a new day?"""
TWICE = """\
The same night came twice, and the books have counted it twice: {found} cents instead of \
{wanted}. The update needs a `ConditionExpression` that does not hold for a day that is in the \
books already."""
RACE = """\
One night came {count} times at the same moment, and the books have {found} cents instead of \
{wanted}. Between reading `last_day` and writing, another run can do the same. Let the table look \
and write in one step, with `ConditionExpression`."""
GAP = """\
One night after another, each counts once. But nothing in `books.py` gives the table a condition: \
between reading `last_day` and writing, a second run can do the same, and sooner or later it will. \
Let the table look and write in one step, with `ConditionExpression`."""
REPEAT_FAILS = """\
The first run of a night goes well. The second one fails, and Lambda would try it again and again. \
That a day is in the books already is no error: catch `ConditionalCheckFailedException`."""
BEYOND = """\
`books.py` asks AWS for `{action}`, which the role of `report` does not allow, and need not. The \
update that was there, with a `ConditionExpression`, looks and writes in one step."""
EARLIER = """\
A night long past was done again, and the books have changed: {found} cents instead of {wanted}. A \
day that is *not later* than `last_day` is in the books already, not only `last_day` itself."""
LAST_DAY = """\
The books have the cents of {wanted}, but `last_day` says {found}. Set it in the same update."""
DONE = "Each night counts once: done again, done much later, and {count} times at the same moment."


def check(probe: Probe) -> str:
    see_code(probe, FILE, given.BOOKS_ADDING, given.BOOKS_STUB, not_yet=NOT_YET)
    books = Ledger(probe, some_day())
    books.night()
    books.expect(NOT_ADDED, books.run())
    books.expect(TWICE, books.run(again=True))
    _see_last_day(books)
    books.night()
    books.expect(NOT_ADDED, books.run())
    books.expect(EARLIER, books.run(books.due - ONE_DAY, again=True))
    books.night()
    books.expect(RACE, books.run_at_once())
    _see_condition(probe)
    return DONE.format(count=AT_ONCE)


def _see_condition(probe: Probe) -> None:
    """Two runs may meet in the gap between reading and writing, or just not: so look for it."""
    files = package_files(probe, FUNCTION)
    if not any(word in text for text in files.values() for word in ASKS_THE_TABLE):
        raise Incorrect(GAP, link="code", evidence=files.get(FILE, "").strip())


class Ledger:
    """What the books should say, night after night, beside what they do say."""

    def __init__(self, probe: Probe, begin: date) -> None:
        self._probe, self._shop, self._wanted = probe, Shop(probe), 1000
        self.due = begin
        self._shop.set_books(self._wanted, begin - ONE_DAY)

    def night(self) -> None:
        """The day of `due` is over; the night after it is due next."""
        self._wanted += self._shop.sell(self.due)
        self.due += timedelta(days=1)

    def run(self, due: date | None = None, *, again: bool = False) -> Any:
        answer = ask(self._probe, FUNCTION, event_at(due or self.due))
        if answer.error and again and "ConditionalCheckFailed" in str(answer.error):
            raise Incorrect(REPEAT_FAILS, link="code", evidence=str(answer.error))
        action = denied_action(answer)
        if action and action not in NEEDED:
            raise Incorrect(BEYOND.format(action=action), link="code")
        if answer.error:
            raise failure(self._probe, answer)

    def run_at_once(self) -> Sequence[Any]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda _: self.run(again=True), range(AT_ONCE)))

    def expect(self, words: str, _ran: Any) -> None:
        found, last_day = self.book()
        if found != self._wanted:
            text = words.format(found=found, wanted=self._wanted, count=AT_ONCE)
            raise Incorrect(text, link="effect", evidence=f"cents {found}, last_day {last_day}")

    def book(self) -> tuple[int, str]:
        return self._shop.book()


def _see_last_day(books: Ledger) -> None:
    done, (_, found) = f"{books.due - ONE_DAY}", books.book()
    if found != done:
        raise Incorrect(LAST_DAY.format(wanted=done, found=found), link="effect")
