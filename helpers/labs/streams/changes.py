"""Exercise changes: what a change of the cart means for the stock, and who hears of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.checks.function import ask, failure
from helpers.checks.links.mapping import find_mapping, remove_mappings, see_mapping
from helpers.checks.package import is_same_code, package_files
from helpers.checks.tables import put_row
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.invoke import Invocation
from helpers.functions.lookup import function_names
from helpers.labs.streams.cart import (
    CART,
    FUNCTION,
    PIECES,
    change,
    left,
    new_product,
    new_visitor,
    receipts,
    stream_arn,
)
from helpers.labs.streams.clicks import see_deployed
from helpers.labs.streams.given import CHANGE

FILES = ("change.py", "cart_changed.py", "shelf.py")
PATIENCE = 15.0  # seconds

NOT_THERE = "`taken` does not say yet how many pieces were taken."
TYPED = """\
`cart_changed` stopped at the quantity. Every value in an image bears its type: a quantity of 2 is \
`{"N": "2"}`, so go one step further in, and make an `int` of the text."""
NO_IMAGE = """\
`cart_changed` stopped at a change of the kind {kind}. Such a record has no {missing}: {why}."""
AS_INSERT = """\
Someone who had {old} pieces in the cart and now has {new} has taken {more:+d}, but the stock \
went down by {new}: you treat `MODIFY` like `INSERT`. What lay in the cart before has been taken \
already."""
NOT_MODIFY = """\
When the quantity in a cart is changed, the stock stays as it is. A `MODIFY` takes or gives back \
the difference of the two images."""
NOT_REMOVE = """\
When something is taken out of the cart, its pieces are not given back to the stock. At a \
`REMOVE`, what the old image holds is free again."""
WRONG_WAY = """\
The stock moves the wrong way: pieces that lie in the cart have to be taken from it. `taken` says \
how many *more* lie in the cart than before."""
WRONG = "After this change the stock is not as it should be."
FROM_NOW = """\
The mapping does not begin with the oldest change (`TRIM_HORIZON`), so the changes that are in the \
stream already never come. Where a mapping begins can't be changed: delete it, with \
`lambda_.delete_event_source_mapping(UUID=mappings_of("cart_changed")[0]["UUID"])`, and make a new \
one."""
NOT_HEARD = """\
`cart_changed` understands each kind of change. But when the check put something into the cart, \
nothing happened in {seconds:g} seconds: is the mapping at work, and does it read the stream of \
the cart?"""
NO_RECEIPT = """\
The stock is right, but no receipt was written. The handler and the receipt were given in the \
sheet: run their cells again, and deploy."""
DONE = "The stock follows the cart, whatever happens there, and the visitor gets a receipt."


@dataclass(frozen=True)
class Step:
    """A change from `old` to `new` pieces in the cart, and what has to be left in stock."""

    old: int | None
    new: int | None
    left: int


STEPS = (
    Step(None, 3, PIECES - 3),
    Step(3, 5, PIECES - 5),
    Step(5, 1, PIECES - 1),
    Step(1, None, PIECES),
)


def check(probe: Probe) -> str:
    if FUNCTION not in function_names(probe.client):
        raise NotAttempted(NOT_THERE)
    source = stream_arn(probe)
    see_deployed(probe, FUNCTION, *FILES)
    if _is_as_given(probe) and find_mapping(probe, source, FUNCTION) is None:
        raise NotAttempted(NOT_THERE)
    _see_kinds(probe)
    _see_start(see_mapping(probe, source, FUNCTION))
    _see_effect(probe)
    return DONE


def _is_as_given(probe: Probe) -> bool:
    return is_same_code(package_files(probe, FUNCTION).get("change.py", ""), CHANGE)


def _see_kinds(probe: Probe) -> None:
    product, visitor = new_product(probe), new_visitor(probe)
    for step in STEPS:
        before = left(probe, product)
        record = change(visitor, product, step.old, step.new)
        answer = ask(probe, FUNCTION, {"Records": [record]})
        if answer.error:
            raise _stopped(probe, answer, record)
        found = left(probe, product)
        if found != step.left:
            raise _wrong(step, before, found)


def _see_start(mapping: Mapping[str, Any]) -> None:
    start = mapping.get("StartingPosition")
    if start != "TRIM_HORIZON":
        raise Incorrect(FROM_NOW, link="event source", evidence=f"StartingPosition: {start}")


def _stopped(probe: Probe, answer: Invocation, record: dict[str, Any]) -> Exception:
    assert answer.error
    kind, images, error = record["eventName"], record["dynamodb"], answer.error
    if error.type == "KeyError" and error.message.strip("'\"") in ("OldImage", "NewImage"):
        missing = error.message.strip("'\"")
        why = "it was not there before" if missing == "OldImage" else "it is not there any more"
        words = NO_IMAGE.format(kind=f"`{kind}`", missing=f"`{missing}`", why=why)
        return Incorrect(words, link="code", evidence=f"{error}\n{sorted(images)}")
    if error.type in ("TypeError", "ValueError", "InvalidOperation") or "quantity" in error.message:
        return Incorrect(TYPED, link="code", evidence=str(error))
    return failure(probe, answer)


def _wrong(step: Step, before: int, found: int) -> Incorrect:
    old, new = step.old or 0, step.new or 0
    shown = f"in the cart: {old} → {new}\nin stock:    {before} → {found}, should be {step.left}"
    if found - before == new - old:
        return Incorrect(WRONG_WAY, link="code", evidence=shown)
    if step.new is None:
        return Incorrect(NOT_REMOVE, link="code", evidence=shown)
    if step.old is not None and found == before:
        return Incorrect(NOT_MODIFY, link="code", evidence=shown)
    if step.old is not None and before - found == new:
        words = AS_INSERT.format(old=old, new=new, more=new - old)
        return Incorrect(words, link="code", evidence=shown)
    return Incorrect(WRONG, link="effect", evidence=shown)


def _see_effect(probe: Probe) -> None:
    """Something is put into the learner's cart, and taken out again."""
    product, visitor = new_product(probe), new_visitor(probe)
    put_row(probe, CART, ("visitor", "product"), visitor=visitor, product=product, quantity=4)
    _see_left(probe, product, PIECES - 4)
    key = {"visitor": {"S": visitor}, "product": {"S": product}}
    probe.client("dynamodb").delete_item(TableName=CART, Key=key)
    _see_left(probe, product, PIECES)
    try:
        probe.wait_for(lambda: len(receipts(probe, visitor)) == 2, timeout=5)
    except TimeoutError:
        evidence = "\n".join(receipts(probe, visitor)) or "no object for that visitor"
        raise Incorrect(NO_RECEIPT, link="effect", evidence=evidence) from None


def _see_left(probe: Probe, product: str, wanted: int) -> None:
    try:
        probe.wait_for(lambda: left(probe, product) == wanted, timeout=PATIENCE)
    except TimeoutError:
        evidence = f"in stock: {left(probe, product)}, should be {wanted}"
        words = NOT_HEARD.format(seconds=PATIENCE)
        raise Incorrect(words, link="event source", evidence=evidence) from None


def undo_wrong_answer(probe: Probe) -> None:
    """Remove a mapping that went wrong: a function can read a stream only once."""
    aws = probe.client("lambda")
    if FUNCTION not in function_names(probe.client):
        return
    remove_mappings(
        probe,
        lambda: aws.list_event_source_mappings(FunctionName=FUNCTION)["EventSourceMappings"],
    )
