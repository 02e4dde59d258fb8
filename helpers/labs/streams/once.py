"""Exercise once: a change that is delivered twice is acted on once."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, compare, require
from helpers.checks.at_once import side_by_side
from helpers.checks.denied import denied_action
from helpers.checks.function import ask, failure
from helpers.checks.given import is_given
from helpers.checks.rehearsal import rehearse
from helpers.checks.tables import forget_row
from helpers.functions.lookup import function_names
from helpers.labs.streams.cart import FUNCTION, PIECES, change, left, new_product, new_visitor
from helpers.labs.streams.clicks import deployed_files

ROUNDS = 12  # of a change that two deliver at once
TO_PUT = "dynamodb:PutItem"
NEEDED = {TO_PUT, "dynamodb:UpdateItem", "s3:PutObject"}
CALLED_OFF = ("TransactionCanceledException", "ConditionalCheckFailedException")
# Reasons that this cloud does not give, and AWS does.
OTHER_REASONS = (
    [{"Code": "None"}, {"Code": "ValidationError"}],
    [{"Code": "TransactionConflict"}, {"Code": "None"}],
)
HANDLER = "\n\ndef handler(event, _):\n    return is_repeated(event)\n"

NO_FUNCTION = "There is no function `cart_changed` yet."
AS_GIVEN = "`cart_changed` does not remember yet which changes it has handled."
DONE = "A change that came twice was acted on once, also when both came at the same time."


class Once(Diagnosis):
    NOTHING = Link.EFFECT("""
        A change was delivered for the first time, and nothing was taken from the stock. Perhaps
        DynamoDB refused the transaction over something in your `mark`, and `is_repeated` took that
        for a repetition: it may say yes only where the first reason's `Code` is
        `"ConditionalCheckFailed"`.""")
    TAKEN_TWICE = Link.EFFECT("""
        The same change was delivered twice, and its pieces were taken twice. Remember the event's
        id in the transaction, on the condition that it is not there yet.""")
    FAILS_AGAIN = Link.CODE("""
        When a change comes again, `cart_changed` stops with the error below, so its batch would be
        retried for ever. A change that was handled before is not an error: `is_repeated` has to
        say so.""")
    UNKNOWN_TABLE = Link.TABLE("""
        `cart_changed` stopped because a table does not exist. The ids belong in the table
        `handled`.""")
    OTHER_TABLE = Link.CODE("""
        `cart_changed` may put items into the table `handled`, where the ids belong, and tries to
        put them into another one. That is the `TableName` in your `mark`.""")
    LOOKS_FIRST = Link.CODE("""
        `cart_changed` asks AWS for `{action}`, which its role does not allow, and need not. Looking
        first and remembering later leaves a gap for a second delivery: leave it to the
        condition.""")
    FORGETS = Link.CODE("""
        Two different changes came, and only one of them was handled. What you remember has to be
        different for each change: the event's id, not the product or the visitor.""")
    AT_THE_SAME_TIME = Link.EFFECT("""
        A change that comes again is handled once, but when both deliveries came at the same time,
        pieces were taken twice. Looking first and remembering later leaves a gap, and each
        environment has variables of its own: leave it to the transaction's condition.""")
    EVERY_REASON = Link.CODE("""
        `is_repeated` also says yes where the transaction was called off for another reason, as
        here: the change would be taken for handled, and its pieces never be counted. The first
        reason's `Code` has to be `"ConditionalCheckFailed"`.""")


def check(probe: Probe) -> str:
    if FUNCTION not in function_names(probe.client):
        raise NotAttempted(NO_FUNCTION)
    names = ("marks.py", "shelf.py", "change.py", "cart_changed.py")
    marks = deployed_files(probe, FUNCTION, *names).get("marks.py", "")
    product, visitor = new_product(probe), new_visitor(probe)
    _require_once(probe, product, visitor, is_stub=is_given(probe, "cart_changed/marks.py", marks))
    _require_each_change(probe, product, visitor)
    _require_once_at_the_same_time(probe)
    if "is_repeated" in marks:
        _require_reason(marks)
    return DONE


def _require_once(probe: Probe, product: str, visitor: str, *, is_stub: bool) -> None:
    record = _new_change(probe, visitor, product, None, 2)
    _deliver(probe, [record])
    require(left(probe, product) != PIECES, Once.NOTHING, f"in stock: {PIECES} → {PIECES}")
    _deliver(probe, [record], again=True)
    found = left(probe, product)
    if found != PIECES - 2 and is_stub:
        raise NotAttempted(AS_GIVEN)
    evidence = f"in stock: {PIECES}, after the first {PIECES - 2}, after the second {found}"
    require(found == PIECES - 2, Once.TAKEN_TWICE, evidence)


def _require_each_change(probe: Probe, product: str, visitor: str) -> None:
    """Deliver another change of the same item, and another visitor's of the same product."""
    other = new_visitor(probe)
    mine, theirs = (visitor, product, 2, 5), (other, product, None, 1)
    _deliver(probe, [_new_change(probe, *mine), _new_change(probe, *theirs)])
    found, wanted = left(probe, product), PIECES - 6
    require(found == wanted, Once.FORGETS, f"in stock: {found}, should be {wanted}")


def _require_once_at_the_same_time(probe: Probe) -> None:
    """Let two deliver the same change at once, so often that they get into each other."""
    product, visitor = new_product(probe), new_visitor(probe)
    for turn in range(1, ROUNDS + 1):
        new = [_new_change(probe, visitor, product, 0, 1)]
        side_by_side(partial(_deliver, probe, new, again=True))
        found, wanted = left(probe, product), PIECES - turn
        require(found == wanted, Once.AT_THE_SAME_TIME, f"in stock: {found}, should be {wanted}")


def _new_change(
    probe: Probe, visitor: str, product: str, old: int | None, new: int
) -> dict[str, Any]:
    """Return a change; what is remembered of it is forgotten after the check."""
    record = change(visitor, product, old, new)
    forget_row(probe, "handled", event=record["eventID"])
    return record


def _deliver(probe: Probe, records: list[dict[str, Any]], *, again: bool = False) -> None:
    answer = ask(probe, FUNCTION, {"Records": records})
    if not answer.error:
        return
    kind, evidence, action = answer.error.type, str(answer.error), denied_action(answer)
    require(kind != "ResourceNotFoundException", Once.UNKNOWN_TABLE, evidence)
    # no evidence: what AWS said would blame the role, which is right
    require(not action or action in NEEDED, Once.LOOKS_FIRST, action=action)
    require(action != TO_PUT or "table/handled " in answer.error.message, Once.OTHER_TABLE)
    require(not (again and kind in CALLED_OFF), Once.FAILS_AGAIN, evidence)
    raise failure(probe, answer)


def _require_reason(marks: str) -> None:
    """Ask the learner's `is_repeated` about other reasons."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "marks.py")
        file.write_text(marks + HANDLER, "utf-8")
        for call in rehearse(file, OTHER_REASONS).calls:
            evidence = compare(reasons=call.event, is_repeated=call.result)
            require(not call.result, Once.EVERY_REASON, evidence)
