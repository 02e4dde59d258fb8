"""Exercise changes: what a change of the cart means for the stock, and who learns of it."""

from itertools import pairwise
from typing import Any

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, compare, first_of, require
from helpers.checks.effects import find_effect
from helpers.checks.function import ask, failure
from helpers.checks.given import is_given
from helpers.checks.links.mapping import (
    Settings,
    attempts,
    find_mapping,
    remove_mappings,
    require_mapping,
    require_oldest_first,
    require_unfiltered,
)
from helpers.checks.links.stream import require_table_stream
from helpers.checks.tables import put_row
from helpers.functions.invoke import Invocation
from helpers.functions.lookup import function_names
from helpers.labs.streams import cart
from helpers.labs.streams.clicks import deployed_files

PATIENCE = 15.0  # seconds
DELETE = """\
delete the mapping with `lambda_.delete_event_source_mapping(\
UUID=mappings_of("cart_changed")[0]["UUID"])`"""

NOT_THERE = "`taken` does not say yet how many pieces were taken."
DONE = "The stock follows the cart, whatever happens there, and the visitor gets a receipt."


class Changes(Diagnosis):
    TYPED = Link.CODE("""
        `cart_changed` stopped at the quantity. Every value in an image has its type beside it: a
        quantity of 2 is `{{"N": "2"}}`, so go one step further in, and make an `int` of the
        string.""")
    NO_IMAGE = Link.CODE("""
        `cart_changed` stopped at a `{kind}`. Such a record has no `{missing}`: {why}.""")
    AS_INSERT = Link.CODE("""
        A visitor who had {old} pieces in the cart and now has {new} has taken {more:+d}, but the
        stock went down by {new}: you treat `MODIFY` like `INSERT`. What was in the cart before has
        been taken already.""")
    NOT_MODIFY = Link.CODE("""
        When the quantity in a cart is changed, the stock stays as it is. A `MODIFY` takes or gives
        back the difference of the two images.""")
    NOT_REMOVE = Link.CODE("""
        When something is removed from the cart, its pieces do not go back into the stock. At a
        `REMOVE`, what the old image holds is free again.""")
    WRONG_WAY = Link.CODE("""
        The stock moves the wrong way: pieces that are put into the cart have to be taken from it.
        `taken` returns how many *more* are in the cart than before.""")
    WRONG = Link.EFFECT("After this change the stock is not what it should be.")
    NOT_INVOKED = Link.EVENT_SOURCE("""
        `cart_changed` understands each kind of change. But when the check put something into the
        cart, the stock did not follow within {seconds:g} seconds: does the mapping read the stream
        of the cart?""")
    NO_RECEIPT = Link.EFFECT("""
        The stock is right, but no receipt was written. The handler and the receipt were given in
        the sheet: run their cells again, and deploy.""")


def check(probe: Probe) -> str:
    if cart.FUNCTION not in function_names(probe.client):
        raise NotAttempted(NOT_THERE)
    source = require_table_stream(probe, cart.CART)
    files = deployed_files(probe, cart.FUNCTION, "change.py", "cart_changed.py", "shelf.py")
    is_stub = is_given(probe, "cart_changed/change.py", files.get("change.py", ""))
    if is_stub and find_mapping(probe, source, cart.FUNCTION) is None:
        raise NotAttempted(NOT_THERE)
    product, visitor = cart.new_product(probe), cart.new_visitor(probe)
    for old, new in pairwise((None, 3, 5, 1, None)):
        _require_step(probe, product, visitor, old, new)
    mapping = require_mapping(probe, source, cart.FUNCTION)
    require_oldest_first(mapping, again=DELETE)
    _require_effect(probe, mapping)
    return DONE


def _require_step(
    probe: Probe, product: str, visitor: str, old: int | None, new: int | None
) -> None:
    """Invoke the function with a change of what is in the cart; the stock has to follow it."""
    before, record = cart.left(probe, product), cart.change(visitor, product, old, new)
    answer = ask(probe, cart.FUNCTION, {"Records": [record]})
    if answer.error:
        raise _stopped(probe, answer, record)
    had, has, found = old or 0, new or 0, cart.left(probe, product)
    wanted, is_modify = cart.PIECES - has, had and has
    diagnosis = first_of(
        (Changes.WRONG_WAY, found != wanted and found - before == has - had),
        (Changes.NOT_REMOVE, found != wanted and not has),
        (Changes.NOT_MODIFY, found == before and is_modify),
        (Changes.AS_INSERT, found == before - has and is_modify),
        (Changes.WRONG, found != wanted),
    )
    if diagnosis:
        in_stock = f"{before} → {found}, should be {wanted}"
        evidence = compare(in_the_cart=f"{had} → {has}", in_stock=in_stock)
        raise diagnosis(evidence, old=had, new=has, more=has - had)


def _stopped(probe: Probe, answer: Invocation, record: dict[str, Any]) -> Exception:
    assert answer.error
    error, key = answer.error, answer.error.message.strip("'\"")
    if error.type == "KeyError" and key in ("OldImage", "NewImage"):
        why = "it was not there before" if key == "OldImage" else "it is not there any more"
        evidence = f"{error}\n{sorted(record['dynamodb'])}"
        return Changes.NO_IMAGE(evidence, kind=record["eventName"], missing=key, why=why)
    if error.type in ("TypeError", "ValueError", "InvalidOperation") or "quantity" in error.message:
        return Changes.TYPED(str(error))
    return failure(probe, answer)


def _require_effect(probe: Probe, mapping: Settings) -> None:
    """Put something into the learner's cart, and take it out again; the stock has to follow."""
    product, visitor = cart.new_product(probe), cart.new_visitor(probe)
    put_row(probe, cart.CART, ("visitor", "product"), visitor=visitor, product=product, quantity=4)
    _require_left(probe, product, cart.PIECES - 4, mapping)
    key = {"visitor": {"S": visitor}, "product": {"S": product}}
    probe.client("dynamodb").delete_item(TableName=cart.CART, Key=key)
    _require_left(probe, product, cart.PIECES, mapping)
    has_both = find_effect(probe, lambda: len(cart.receipts(probe, visitor)) == 2, within=5)
    found = cart.receipts(probe, visitor) or ["no object for that visitor"]
    require(has_both, Changes.NO_RECEIPT, "\n".join(found))


def _require_left(probe: Probe, product: str, wanted: int, mapping: Settings) -> None:
    if not find_effect(probe, lambda: cart.left(probe, product) == wanted, within=PATIENCE):
        require_unfiltered(mapping)
        evidence = f"in stock: {cart.left(probe, product)}, should be {wanted}"
        raise Changes.NOT_INVOKED(evidence, seconds=PATIENCE)


def undo_wrong_answer(probe: Probe) -> None:
    """Remove a mapping that went wrong: a function can read a stream only once."""
    remove_mappings(probe, lambda: attempts(probe, function=cart.FUNCTION))
