"""Exercise once: a night that comes twice is in the books once."""

from datetime import date

from helpers.checks import Diagnosis, Link, Probe, compare, require
from helpers.checks.at_once import side_by_side
from helpers.checks.code import submitted
from helpers.checks.denied import denied_action
from helpers.checks.function import ask, failure
from helpers.labs.cron.shop import FUNCTION, ONE_DAY, Shop, event_at, some_day

FILE = "books.py"
AT_ONCE = 4  # runs of one night at the same moment
NEEDED = ("dynamodb:GetItem", "dynamodb:UpdateItem", "s3:GetObject", "s3:PutObject")
ASKS_THE_TABLE = ("ConditionExpression", "WHERE")  # the second is PartiQL's

NOT_YET = "The function still waits for your `add` in `books.py`."
DONE = "Each night counts once: done again, done much later, and {count} times at the same moment."


class Once(Diagnosis):
    NOT_ADDED = Link.EFFECT("""
        After an ordinary night the books should say {wanted} cents, and they say {found}. Is the
        condition one that holds for a new day?""")
    TWICE = Link.EFFECT("""
        The same night came twice, and the books have counted it twice: {found} cents instead of
        {wanted}. The update needs a `ConditionExpression` that does not hold for a day that is in
        the books already.""")
    EARLIER = Link.EFFECT("""
        A night long past was done again, and the books have changed: {found} cents instead of
        {wanted}. A day that is *not later* than `last_day` is in the books already, not only
        `last_day` itself.""")
    LAST_DAY = Link.EFFECT("""
        The books have the cents of {day}, but `last_day` says {found}. Set it in the same
        update.""")
    RACE = Link.EFFECT("""
        One night came {count} times at the same moment, and the books have {found} cents instead of
        {wanted}. Between reading `last_day` and writing, another run can do the same. Let the table
        compare and write in one step, with `ConditionExpression`.""")
    GAP = Link.CODE("""
        One night after another, each counts once. But between reading `last_day` and writing, a
        second run can do the same, and sooner or later it will. Let the table compare and write in
        one step, with `ConditionExpression`.""")
    REPEAT_FAILS = Link.CODE("""
        The first run of a night succeeds. The second one fails, and Lambda would retry it. That a
        day is in the books already is no error: catch `ConditionalCheckFailedException`.""")
    BEYOND = Link.CODE("""
        `books.py` asks AWS for `{action}`, which the role of `report` does not allow, and need not.
        The update that was there, with a `ConditionExpression`, compares and writes in one
        step.""")


def check(probe: Probe) -> str:
    deployed = submitted(probe, FUNCTION, FILE, not_yet=NOT_YET)
    books = Ledger(probe, some_day())
    books.sell_a_day()
    books.run()
    books.require_sum(Once.NOT_ADDED)
    books.run(again=True)
    books.require_sum(Once.TWICE)
    books.require_last_day()
    books.sell_a_day()
    books.run()
    books.require_sum(Once.NOT_ADDED)
    books.run(books.due - ONE_DAY, again=True)
    books.require_sum(Once.EARLIER)
    for _ in range(2):  # the first time they wait for cold starts
        books.sell_a_day()
        side_by_side(lambda: books.run(again=True), AT_ONCE)
        books.require_sum(Once.RACE)
    # Two runs may meet in the gap between reading and writing, or just not: so look for it.
    has_condition = any(word in text for text in deployed.values() for word in ASKS_THE_TABLE)
    require(has_condition, Once.GAP, deployed[FILE].strip())
    return DONE.format(count=AT_ONCE)


class Ledger:
    """What the books should say, night after night, beside what they do say."""

    def __init__(self, probe: Probe, begin: date) -> None:
        self._probe, self._shop, self._wanted = probe, Shop(probe), 1000
        self.due = begin
        self._shop.set_books(self._wanted, begin - ONE_DAY)

    def sell_a_day(self) -> None:
        """Let the day of `due` be over; the night after it is due next."""
        self._wanted += self._shop.sell(self.due)
        self.due += ONE_DAY

    def run(self, due: date | None = None, *, again: bool = False) -> None:
        """Do the night that is due, or that one; `again` if its day may be in the books already."""
        answer = ask(self._probe, FUNCTION, event_at(due or self.due))
        error = str(answer.error)
        require(not (again and "ConditionalCheckFailed" in error), Once.REPEAT_FAILS, error)
        action = denied_action(answer)
        require(not action or action in NEEDED, Once.BEYOND, action=action)
        if answer.error:
            raise failure(self._probe, answer)

    def require_sum(self, otherwise: Once) -> None:
        cents, last_day = self._shop.book()
        evidence = compare(cents=cents, last_day=last_day)
        words = {"found": cents, "wanted": self._wanted, "count": AT_ONCE}
        require(cents == self._wanted, otherwise, evidence, **words)

    def require_last_day(self) -> None:
        day, (_, found) = f"{self.due - ONE_DAY}", self._shop.book()
        require(found == day, Once.LAST_DAY, day=day, found=found)
