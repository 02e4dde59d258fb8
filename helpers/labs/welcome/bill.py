"""Exercise bill: a function in the notebook, tried with months of the check's own."""

import contextlib
import inspect
import io
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.checks import Diagnosis, Incorrect, Link, NotAttempted, Probe, first_of, require
from helpers.checks.deadline import TookTooLong, within

FREE = MILLION = 1_000_000
DEADLINE = 1.0  # seconds for all its calls; they need a thousandth of that
CENT = 0.005  # who rounds to whole cents is right, too

NO_FUNCTION = "There is no function `monthly_bill` yet: run the cell that defines it."
NOT_WRITTEN = "`monthly_bill` is there, but it returns nothing yet."
DONE = "Your function got every bill of the check right, those of free months, too."
KINDS = {str: "a string", bool: "True or False", list: "a list", dict: "a dictionary"}
KINDS |= {int: "a number", float: "a number", tuple: "a pair of values"}

Function = Callable[..., Any]


class Bill(Diagnosis):
    NOT_A_FUNCTION = Link.CODE("""
        `monthly_bill` is not a function but {kind}. Define it with `def`, and run that cell
        again.""")
    INPUTS = Link.CODE("""
        `monthly_bill` must take two inputs: `monthly_bill(invocations, dollars_per_million)`.
        Yours is `monthly_bill{signature}`.""")
    ENDLESS = Link.CODE("`monthly_bill` does not come to an end. Is there a loop? None is needed.")
    RAISED = Link.CODE("`monthly_bill` stopped with the error below.")
    PRINTED = Link.RESULT("""
        `monthly_bill` prints its result but returns nothing. Write `return` instead of `print`:
        people can read what is printed, but other code can't use it.""")
    NOTHING_RETURNED = Link.RESULT("""
        `monthly_bill` returns nothing for the month below: one way through it ends without
        `return`.""")
    NOT_A_NUMBER = Link.RESULT("""
        `monthly_bill` must return a number of dollars, and it returned {kind}.""")
    NOTHING_FREE = Link.RESULT("""
        You charge for the free million, too. Take it off before you calculate: only what is above
        it is paid for.""")
    FOR_EACH = Link.RESULT("""
        The price is for a million invocations, but you charge it for every single one. Divide by
        1,000,000.""")
    BY_A_THOUSAND = Link.RESULT("""
        The price is for a million invocations, but you divide by a thousand. Divide by
        1,000,000.""")
    WHOLE_MILLIONS = Link.RESULT("""
        You charge for whole millions only. A part of a million costs its part of the price: divide
        with `/`, and don't round.""")
    BEGUN_MILLIONS = Link.RESULT("""
        You charge for whole millions only, rounded up. A part of a million costs its part of the
        price: divide with `/`, and don't round.""")
    FIXED_PRICE = Link.RESULT("""
        You calculate with 0.20 dollars, whatever the price is. The price is the function's second
        input: use `dollars_per_million`.""")
    WHOLE_DOLLARS = Link.RESULT("""
        You round to whole dollars. Don't: a quarter of a dollar counts, too.""")
    SWAPPED = Link.RESULT("""
        The two inputs are mixed up: the first is the number of invocations, the second is the
        price.""")
    OTHER = Link.RESULT("""
        The bill for the month below is not right. Three steps lead to it: what is above the free
        million, how many millions that is (parts count), and what those cost.""")
    NEGATIVE = Link.RESULT("""
        In a month below the free million, your bill is negative: AWS would owe you money. The
        number of invocations to pay for is never less than 0.""")
    CHARGED_BELOW = Link.RESULT("""
        A month with no more than a million invocations is free, but you charge for it.""")


# What a mistake makes of a month above the free million.
MISTAKES: dict[Bill, Callable[[int, float], float]] = {
    Bill.NOTHING_FREE: lambda calls, price: calls / MILLION * price,
    Bill.FOR_EACH: lambda calls, price: (calls - FREE) * price,
    Bill.BY_A_THOUSAND: lambda calls, price: (calls - FREE) / 1000 * price,
    Bill.WHOLE_MILLIONS: lambda calls, price: (calls - FREE) // MILLION * price,
    Bill.BEGUN_MILLIONS: lambda calls, price: math.ceil((calls - FREE) / MILLION) * price,
    Bill.FIXED_PRICE: lambda calls, price: (calls - FREE) / MILLION * 0.20,
}


@dataclass(frozen=True)
class Month:
    """What `monthly_bill` is asked, and what it has to answer."""

    invocations: int
    price: float

    @property
    def call(self) -> str:
        return f"monthly_bill({self.invocations:_}, {self.price})"

    @property
    def dollars(self) -> float:
        return max(0, self.invocations - FREE) / MILLION * self.price


@dataclass(frozen=True)
class Answer:
    """What came of one call."""

    month: Month
    dollars: Any
    printed: bool

    @property
    def evidence(self) -> str:
        is_number = isinstance(self.dollars, int | float)
        gave = f"{self.dollars:.2f}" if is_number else repr(self.dollars)
        return f"{self.month.call} returned {gave}, and should return {self.month.dollars:.2f}"

    def is_(self, dollars: float) -> bool:
        return math.isclose(float(self.dollars), dollars, rel_tol=1e-9, abs_tol=CENT)


def check(probe: Probe) -> str:
    function = _function(probe)
    answers = _ask(function, _months())
    if all(answer.dollars is None and not answer.printed for answer in answers):
        raise NotAttempted(NOT_WRITTEN)
    for answer in answers:
        _require_number(answer)
    busy = [answer for answer in answers if answer.month.dollars]
    wrong = [answer for answer in busy if not answer.is_(answer.month.dollars)]
    if wrong:
        raise _mistake(busy, function)(wrong[0].evidence)
    for answer in answers:
        require(answer.dollars >= -CENT, Bill.NEGATIVE, answer.evidence)
        require(answer.is_(answer.month.dollars), Bill.CHARGED_BELOW, answer.evidence)
    return DONE


def _function(probe: Probe) -> Function:
    if "monthly_bill" not in probe.namespace:
        raise NotAttempted(NO_FUNCTION)
    function: Function = probe.namespace["monthly_bill"]
    require(callable(function), Bill.NOT_A_FUNCTION, kind=_kind(function))
    try:
        signature = inspect.signature(function)
    except ValueError:  # some of Python's own functions don't tell; calling them will
        return function
    try:
        signature.bind(0, 0.0)
    except TypeError:
        raise Bill.INPUTS(signature=signature) from None
    return function


def _months() -> list[Month]:
    """Return months above the free million, none at a whole one, and then free ones."""
    whole = random.sample(range(3, 60), k=3)
    busy = [each * MILLION + random.randrange(200_000, 450_000) for each in whole]
    quiet = [random.randrange(1_000, 900_000), 0, FREE]
    return [Month(calls, random.randrange(31, 99) / 100) for calls in busy + quiet]


def _ask(function: Function, months: Sequence[Month]) -> list[Answer]:
    screen = io.StringIO()

    def call(month: Month) -> Answer:
        before = screen.tell()
        try:
            dollars = function(month.invocations, month.price)
        except (Exception, SystemExit) as error:
            raise Bill.RAISED(f"{month.call}\n{type(error).__name__}: {error}") from error
        return Answer(month, dollars, printed=screen.tell() > before)

    try:
        with contextlib.redirect_stdout(screen):
            return within(DEADLINE, lambda: [call(month) for month in months])
    except TookTooLong:
        raise Bill.ENDLESS() from None


def _require_number(answer: Answer) -> None:
    dollars, has_float = answer.dollars, hasattr(answer.dollars, "__float__")
    found = first_of(
        (Bill.PRINTED, dollars is None and answer.printed),
        (Bill.NOTHING_RETURNED, dollars is None),
        (Bill.NOT_A_NUMBER, isinstance(dollars, bool) or not has_float),
    )
    if found:
        raise found(answer.evidence, kind=_kind(dollars))


def _mistake(answers: Sequence[Answer], function: Function) -> Diagnosis:
    """Return which mistake all of these answers could have come from."""
    for mistake, made in MISTAKES.items():
        if all(each.is_(made(each.month.invocations, each.month.price)) for each in answers):
            return mistake
    if all(
        abs(float(each.dollars) - each.month.dollars) < 1 and float(each.dollars).is_integer()
        for each in answers
    ):
        return Bill.WHOLE_DOLLARS
    try:
        swapped = _ask(lambda calls, price: function(price, calls), [it.month for it in answers])
        is_swapped = all(each.is_(each.month.dollars) for each in swapped)
    except (Incorrect, TypeError, ValueError):  # so it was not meant to be called that way
        is_swapped = False
    return Bill.SWAPPED if is_swapped else Bill.OTHER


def _kind(value: object) -> str:
    return KINDS.get(type(value), f"a {type(value).__name__}")
