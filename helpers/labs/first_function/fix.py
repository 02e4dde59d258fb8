"""Exercise fix: the code of `receipt`, which stumbles over an empty order."""

import json
import math
import random
from collections.abc import Iterable
from typing import Any

from helpers.checks.deployed import (
    ask,
    configuration,
    failure,
    is_outdated,
    is_same_code,
    other_function,
    package_files,
    work_file,
)
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.invoke import Invocation
from helpers.labs.first_function.given import RECEIPT

NAME = "receipt"
FILE = "receipt.py"
CENT = 0.006  # who rounds to whole cents is right, too
EMPTY: dict[str, Any] = {"items": []}

AS_GIVEN = """\
`receipt` still runs the code that it came with: it fails for an order without items."""
NOT_UPLOADED = """\
The file `first_function/receipt.py` has changed since it was last zipped and uploaded, and \
`receipt` still runs the code from before. Zip the file again, and upload that with \
`update_function_code`."""
WENT_ELSEWHERE = """\
`receipt` still runs its old code: the new `receipt.py` was uploaded to the function `{name}`. \
Update `receipt` instead, and give `{name}` its own package back."""
STILL_FAILS = """\
Your code is in the cloud, but an order without items still fails. Its number of pieces is 0, and \
nothing can be divided by 0: look before you divide."""
FAILS = "`receipt` now fails for an ordinary order, with the error below."
EMPTY_WRONG = """\
An order without items no longer fails, but it has to get a receipt, too, one for nothing: \
`{"total": 0, "average": 0}`."""
ALL_ZERO = """\
Every order now gets a receipt for 0, even those with items. Answer with zeros only where there \
are no pieces, and calculate everywhere else."""
OVER_KINDS = """\
The average is off: you divide by the number of lines in the order. One line can stand for several \
pieces: add up `quantity`."""
UNLIKE = """\
The receipt for an ordinary order is no longer right. `total` adds up price times quantity, and \
`average` is the total divided by the number of pieces."""
SWALLOWED = """\
An order that can't be read now gets a receipt, too: its item has no price, and the shop would \
give it away. Allow for the order without items, which is fine, and let everything else fail, so \
that somebody notices."""
DONE = "`receipt` handles the order without items, and everything else as before."


def check(probe: Probe) -> str:
    configuration(probe, NAME)  # an upload may still be under way
    try:
        _see_function(probe)
    except Incorrect as error:
        raise _blamed(probe, error) from None
    return DONE


def _see_function(probe: Probe) -> None:
    orders = [_any_order(), _any_order()]
    answers = [ask(probe, NAME, order) for order in orders]
    empty = ask(probe, NAME, EMPTY)
    _see_started(probe, [*answers, empty])
    if _divides_by_zero(empty):
        raise Incorrect(STILL_FAILS, link="code", evidence=str(empty.error))
    _see_orders(probe, orders, answers)
    _see_empty(probe, empty)
    _see_unreadable(probe)


def _blamed(probe: Probe, error: Incorrect) -> Exception:
    """What to say of a failure: is the code to blame that the learner sees, or an older one?"""
    if _is_changed(probe):
        other = other_function(probe, NAME, lambda each: _holds_it(probe, each["FunctionName"]))
        if other:
            return Incorrect(WENT_ELSEWHERE.format(name=other), link="function")
        return Incorrect(NOT_UPLOADED, link="package", evidence=error.evidence)
    if error.link == "code" and is_same_code(package_files(probe, NAME).get(FILE, ""), RECEIPT):
        return NotAttempted(AS_GIVEN)
    return error


def _is_changed(probe: Probe) -> bool:
    """Whether the file holds code of the learner's, not the given one, that is not uploaded."""
    return is_outdated(probe, NAME) and not is_same_code(work_file(probe, NAME) or "", RECEIPT)


def _holds_it(probe: Probe, name: str) -> bool:
    return FILE in package_files(probe, name)


def _any_order() -> dict[str, Any]:
    """Two or three lines with several pieces each, so that lines and pieces differ."""
    count = random.choice([2, 3])
    return {"items": [_any_item() for _ in range(count)]}


def _any_item() -> dict[str, Any]:
    return {"price": random.randrange(5, 80) / 4, "quantity": random.randrange(2, 6)}


def _see_started(probe: Probe, answers: Iterable[Invocation]) -> None:
    """Raises Incorrect if Lambda could not even load the code."""
    for answer in answers:
        if answer.error and answer.error.type.startswith("Runtime."):
            raise failure(probe, answer)


def _divides_by_zero(answer: Invocation) -> bool:
    return answer.error is not None and answer.error.type == "ZeroDivisionError"


def _see_orders(probe: Probe, orders: list[dict[str, Any]], answers: list[Invocation]) -> None:
    for order, answer in zip(orders, answers, strict=True):
        if answer.error:
            raise Incorrect(FAILS, link="code", evidence=str(answer.error))
        if not _is_receipt(answer.result, *_receipt(order)):
            words = _slip(order, answer.result)
            raise Incorrect(words, link="code", evidence=_shown(order, answer))


def _receipt(order: dict[str, Any]) -> tuple[float, float]:
    """Total and average, as they should be."""
    total = sum(item["price"] * item["quantity"] for item in order["items"])
    pieces = sum(item["quantity"] for item in order["items"])
    return total, total / pieces if pieces else 0


def _slip(order: dict[str, Any], result: Any) -> str:
    total, _ = _receipt(order)
    if _is_receipt(result, 0, 0):
        return ALL_ZERO
    return OVER_KINDS if _is_receipt(result, total, total / len(order["items"])) else UNLIKE


def _is_receipt(result: Any, total: float, average: float) -> bool:
    if not isinstance(result, dict) or set(result) != {"total", "average"}:
        return False
    return _is_near(result["total"], total) and _is_near(result["average"], average)


def _is_near(value: Any, wanted: float) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isclose(value, wanted, rel_tol=1e-9, abs_tol=CENT)


def _see_empty(probe: Probe, empty: Invocation) -> None:
    if empty.error:
        raise failure(probe, empty)
    if not _is_receipt(empty.result, 0, 0):
        raise Incorrect(EMPTY_WRONG, link="code", evidence=_shown(EMPTY, empty))


def _see_unreadable(probe: Probe) -> None:
    """An order with an item that has no price must fail, or at least get no receipt."""
    order = {"items": [{"quantity": random.randrange(2, 6)}]}
    answer = ask(probe, NAME, order)
    if not answer.error and isinstance(answer.result, dict) and "total" in answer.result:
        raise Incorrect(SWALLOWED, link="code", evidence=_seen(order, answer))


def _shown(order: dict[str, Any], answer: Invocation) -> str:
    total, average = _receipt(order)
    wanted = {"total": total, "average": average}
    return f"{_seen(order, answer)}\nshould be {json.dumps(wanted)}"


def _seen(order: dict[str, Any], answer: Invocation) -> str:
    return f"event     {json.dumps(order)}\nreturned  {json.dumps(answer.result)}"
