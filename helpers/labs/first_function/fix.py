"""Exercise fix: the code of `receipt`, which stumbles over an empty order."""

import math
import random
from typing import Any

from helpers.checks import Diagnosis, Incorrect, Link, Probe, compare, first_of, require
from helpers.checks.code import Code, submission
from helpers.checks.function import ask, failure, other_function
from helpers.checks.package import package_names
from helpers.functions.invoke import Invocation

NAME, FILE = "receipt", "receipt.py"
CENT = 0.006  # who rounds to whole cents is right, too

Order = dict[str, list[dict[str, float]]]

AS_GIVEN = "`receipt` still runs the code that it came with: it fails for an order without items."
DONE = "`receipt` handles the order without items, and everything else as before."


class Fix(Diagnosis):
    WENT_ELSEWHERE = Link.FUNCTION("""
        `receipt` still runs its old code: the new `receipt.py` was uploaded to the function
        `{name}`. Update `receipt` instead, and give `{name}` its own package back.""")
    STILL_FAILS = Link.CODE("""
        Your code is in the cloud, but an order without items still fails. Its number of pieces is
        0, and nothing can be divided by 0: look before you divide.""")
    FAILS = Link.CODE("`receipt` now fails for an ordinary order, with the error below.")
    NO_EMPTY_RECEIPT = Link.RESULT("""
        An order without items no longer fails, but it has to get a receipt, too, one for nothing:
        `{{"total": 0, "average": 0}}`.""")
    ALL_ZERO = Link.RESULT("""
        Every order now gets a receipt for 0, even those with items. Answer with zeros only where
        there are no pieces, and calculate everywhere else.""")
    OVER_LINES = Link.RESULT("""
        The average is off: you divide by the number of lines in the order. One line can stand for
        several pieces: add up `quantity`.""")
    OTHER_RECEIPT = Link.RESULT("""
        The receipt for an ordinary order is no longer right. `total` adds up price times quantity,
        and `average` is the total divided by the number of pieces.""")
    SWALLOWED = Link.CODE("""
        An order that can't be read now gets a receipt, too: its item has no price, and the shop
        would give it away. Allow for the order without items, which is fine, and let everything
        else fail, so that somebody notices.""")


def check(probe: Probe) -> str:
    try:
        with submission(probe, NAME, FILE, not_yet=AS_GIVEN):
            _require_receipts(probe)
    except Incorrect as error:
        if error.id == Code.NOT_DEPLOYED.id:
            other = other_function(
                probe, NAME, lambda each: FILE in package_names(probe, each["FunctionName"])
            )
            require(other is None, Fix.WENT_ELSEWHERE, name=other)
        raise
    return DONE


def _require_receipts(probe: Probe) -> None:
    empty: Order = {"items": []}
    orders = [_any_order(), _any_order(), empty]
    answers = [ask(probe, NAME, order) for order in orders]
    for answer in answers:  # could Lambda load the code at all?
        if answer.error and answer.error.type.startswith("Runtime."):
            raise failure(probe, answer)
    error = answers[-1].error
    require(not error or error.type != "ZeroDivisionError", Fix.STILL_FAILS, str(error))
    for order, answer in zip(orders, answers, strict=True):
        _require_receipt(probe, order, answer)
    unreadable = {"items": [{"quantity": random.randrange(2, 6)}]}
    answer = ask(probe, NAME, unreadable)
    is_receipt = not answer.error and isinstance(answer.result, dict) and "total" in answer.result
    evidence = compare(event=unreadable, returned=answer.result)
    require(not is_receipt, Fix.SWALLOWED, evidence)


def _require_receipt(probe: Probe, order: Order, answer: Invocation) -> None:
    lines = order["items"]
    if answer.error:
        raise Fix.FAILS(str(answer.error)) if lines else failure(probe, answer)
    total = sum(line["price"] * line["quantity"] for line in lines)
    pieces = sum(line["quantity"] for line in lines)
    average = total / pieces if pieces else 0
    if _is_receipt(answer.result, total, average):
        return
    found = first_of(
        (Fix.NO_EMPTY_RECEIPT, not lines),
        (Fix.ALL_ZERO, _is_receipt(answer.result, 0, 0)),
        (Fix.OVER_LINES, lines and _is_receipt(answer.result, total, total / len(lines))),
        (Fix.OTHER_RECEIPT, True),
    )
    assert found
    wanted = {"total": total, "average": average}
    raise found(compare(event=order, returned=answer.result, should_be=wanted))


def _is_receipt(result: Any, total: float, average: float) -> bool:
    if not isinstance(result, dict) or set(result) != {"total", "average"}:
        return False
    pairs = ((result["total"], total), (result["average"], average))
    return all(
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isclose(value, wanted, rel_tol=1e-9, abs_tol=CENT)
        for value, wanted in pairs
    )


def _any_order() -> Order:
    """Return two or three lines with several pieces each, so that lines and pieces differ."""
    line = {"price": random.randrange(5, 80) / 4, "quantity": random.randrange(2, 6)}
    more = [
        {"price": random.randrange(5, 80) / 4, "quantity": random.randrange(2, 6)}
        for _ in range(random.choice([1, 2]))
    ]
    return {"items": [line, *more]}
