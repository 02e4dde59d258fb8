"""Exercise bill: a function in the notebook, tried with months of the check's own."""

import contextlib
import inspect
import io
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from helpers.checks.deadline import TookTooLong, within
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted

FUNCTION = "monthly_bill"
FREE = 1_000_000
DEADLINE = 1.0  # seconds for all its calls; they need a thousandth of that
CENT = 0.005  # who rounds to whole cents is right, too

NO_FUNCTION = "There is no function `monthly_bill` yet: run the cell that defines it."
NOT_WRITTEN = "`monthly_bill` is there, but it returns nothing yet."
NOT_A_FUNCTION = """\
`monthly_bill` is not a function but {kind}. Define it with `def`, and run that cell again."""
TWO_INPUTS = """\
`monthly_bill` must take two inputs: `monthly_bill(invocations, dollars_per_million)`. \
Yours is `monthly_bill{signature}`."""
ENDLESS = "`monthly_bill` does not come to an end. Is there a loop in it? None is needed."
RAISED = "`monthly_bill` stopped with the error below."
PRINTED = """\
`monthly_bill` prints its result but returns nothing. Write `return` in the place of `print`: \
people can read what is printed, but other code can't use it."""
SOMETIMES_NOTHING = """\
`monthly_bill` returns nothing for the month below: one way through it ends without `return`."""
NOT_A_NUMBER = "`monthly_bill` must return a number of dollars, and it returned {kind}."
OTHER = """\
The bill for the month below is not right. Three steps lead to it: what is above the free million, \
how many millions that is (parts count), and what those cost."""
BILL_RIGHT = "Your function got every bill of the check right, those of free months, too."


@dataclass(frozen=True)
class Month:
    """What `monthly_bill` is asked, and what it has to answer."""

    invocations: int
    price: float

    @property
    def call(self) -> str:
        return f"{FUNCTION}({self.invocations:_}, {self.price})"

    @property
    def dollars(self) -> float:
        return max(0, self.invocations - FREE) / 1_000_000 * self.price


@dataclass(frozen=True)
class Bill:
    """What came of one call."""

    month: Month
    dollars: Any
    printed: bool

    @property
    def amount(self) -> float:
        return float(self.dollars)

    @property
    def evidence(self) -> str:
        is_number = isinstance(self.dollars, int | float)
        gave = f"{self.dollars:.2f}" if is_number else repr(self.dollars)
        return f"{self.month.call} returned {gave}, and should return {self.month.dollars:.2f}"

    def is_(self, dollars: float) -> bool:
        return math.isclose(self.amount, dollars, rel_tol=1e-9, abs_tol=CENT)


# How a bill goes wrong, each with what it then comes to for a month above the free million.
Mistake = tuple[str, Callable[[int, float], float]]
ABOVE: tuple[Mistake, ...] = (
    (
        "You charge for the free million, too. Take it off before you calculate: only what is "
        "above it is paid for.",
        lambda calls, price: calls / 1e6 * price,
    ),
    (
        "The price is for a million invocations, but you charge it for every single one. Divide by "
        "1,000,000.",
        lambda calls, price: (calls - FREE) * price,
    ),
    (
        "The price is for a million invocations, but you divide by a thousand. Divide by "
        "1,000,000.",
        lambda calls, price: (calls - FREE) / 1e3 * price,
    ),
    (
        "You charge for whole millions only. A part of a million costs its part of the price: "
        "divide with `/`, and don't round.",
        lambda calls, price: (calls - FREE) // 1_000_000 * price,
    ),
    (
        "You charge for whole millions only, rounded up. A part of a million costs its part of the "
        "price: divide with `/`, and don't round.",
        lambda calls, price: -(-(calls - FREE) // 1_000_000) * price,
    ),
    (
        "You calculate with 0.20 dollars, whatever the price is. The price is the function's "
        "second input: use `dollars_per_million`.",
        lambda calls, price: (calls - FREE) / 1e6 * 0.20,
    ),
)
WHOLE_DOLLARS = "You round to whole dollars. Don't: a quarter of a dollar counts, too."
SWAPPED = """\
The two inputs are mixed up: the first is the number of invocations, the second is the price."""
NEGATIVE = """\
In a month below the free million, your bill is negative: AWS would owe you money. The number of \
invocations to pay for is never less than 0."""
CHARGED_BELOW = "A month with no more than a million invocations is free, but you charge for it."


def check(probe: Probe) -> str:
    function = _function(probe)
    months = _months()
    bills = _bills(function, months)
    if all(bill.dollars is None and not bill.printed for bill in bills):
        raise NotAttempted(NOT_WRITTEN)
    for bill in bills:
        _see_kind(bill)
    _see_above(bills, function)
    _see_below(bills)
    return BILL_RIGHT


def _function(probe: Probe) -> Callable[..., Any]:
    if FUNCTION not in probe.namespace:
        raise NotAttempted(NO_FUNCTION)
    function: Callable[..., Any] = probe.namespace[FUNCTION]
    if not callable(function):
        raise Incorrect(NOT_A_FUNCTION.format(kind=_kind(function)), link="function")
    _see_inputs(function)
    return function


def _see_inputs(function: Callable[..., Any]) -> None:
    try:
        signature = inspect.signature(function)
    except ValueError:  # some of Python's own functions don't tell; calling them will
        return
    try:
        signature.bind(0, 0.0)
    except TypeError:
        raise Incorrect(TWO_INPUTS.format(signature=signature), link="function") from None


def _months() -> list[Month]:
    """Months above the free million, none at a whole one, and then free ones."""
    whole = random.sample(range(3, 60), k=3)
    busy = [each * 1_000_000 + random.randrange(200_000, 450_000) for each in whole]
    quiet = [random.randrange(1_000, 900_000), 0, FREE]
    return [Month(calls, random.randrange(31, 99) / 100) for calls in busy + quiet]


def _bills(function: Callable[..., Any], months: list[Month]) -> list[Bill]:
    screen = io.StringIO()
    try:
        with contextlib.redirect_stdout(screen):
            return within(DEADLINE, lambda: [_bill(function, month, screen) for month in months])
    except TookTooLong:
        raise Incorrect(ENDLESS, link="function") from None


def _bill(function: Callable[..., Any], month: Month, screen: io.StringIO) -> Bill:
    before = screen.tell()
    try:
        dollars = function(month.invocations, month.price)
    except (Exception, SystemExit) as error:
        evidence = f"{month.call}\n{type(error).__name__}: {error}"
        raise Incorrect(RAISED, link="function", evidence=evidence) from error
    return Bill(month, dollars, printed=screen.tell() > before)


def _see_kind(bill: Bill) -> None:
    if bill.dollars is None:
        words = PRINTED if bill.printed else SOMETIMES_NOTHING
        raise Incorrect(words, link="result", evidence=bill.evidence)
    if isinstance(bill.dollars, bool) or not hasattr(bill.dollars, "__float__"):
        words = NOT_A_NUMBER.format(kind=_kind(bill.dollars))
        raise Incorrect(words, link="result", evidence=bill.evidence)


def _see_above(bills: list[Bill], function: Callable[..., Any]) -> None:
    busy = [bill for bill in bills if bill.month.dollars]
    wrong = [bill for bill in busy if not bill.is_(bill.month.dollars)]
    if wrong:
        words = next(_mistakes(busy, function), OTHER)
        raise Incorrect(words, link="result", evidence=wrong[0].evidence)


def _mistakes(bills: list[Bill], function: Callable[..., Any]) -> Iterator[str]:
    """What each of these bills would have come from."""
    for words, mistaken in ABOVE:
        if all(bill.is_(mistaken(bill.month.invocations, bill.month.price)) for bill in bills):
            yield words
    near = all(abs(bill.amount - bill.month.dollars) < 1 for bill in bills)
    if near and all(bill.amount.is_integer() for bill in bills):
        yield WHOLE_DOLLARS
    if _is_swapped(function, [bill.month for bill in bills]):
        yield SWAPPED


def _is_swapped(function: Callable[..., Any], months: list[Month]) -> bool:
    try:
        bills = _bills(lambda calls, price: function(price, calls), months)
        return all(bill.is_(bill.month.dollars) for bill in bills)
    except (Incorrect, TypeError, ValueError):  # so it was not meant to be called that way
        return False


def _see_below(bills: list[Bill]) -> None:
    for bill in bills:
        if bill.amount < -CENT:
            raise Incorrect(NEGATIVE, link="result", evidence=bill.evidence)
        if not bill.is_(bill.month.dollars):
            raise Incorrect(CHARGED_BELOW, link="result", evidence=bill.evidence)


def _kind(value: object) -> str:
    kinds = {str: "a text", bool: "True or False", list: "a list", dict: "a dictionary"}
    kinds |= {int: "a number", float: "a number", tuple: "a pair of values"}
    return kinds.get(type(value), f"a {type(value).__name__}")
