"""Exercise once: a change that is delivered twice is acted on once."""

import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from helpers.checks.at_once import side_by_side
from helpers.checks.denied import denied_action
from helpers.checks.function import ask, failure
from helpers.checks.package import is_same_code, package_files
from helpers.checks.rehearsal import rehearse
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.invoke import Invocation
from helpers.functions.lookup import function_names
from helpers.labs.streams.cart import FUNCTION, PIECES, change, left, new_product, new_visitor
from helpers.labs.streams.clicks import see_deployed
from helpers.labs.streams.given import MARKS

FILES = ("marks.py", "shelf.py", "change.py", "cart_changed.py")
AT_ONCE, ROUNDS = 1, 12
TO_PUT = "dynamodb:PutItem"
NEEDED = {TO_PUT, "dynamodb:UpdateItem", "s3:PutObject"}
DRIVER = (
    "from marks import is_repeated\n\n\ndef handler(event, _):\n    return is_repeated(event)\n"
)
SAME = [{"Code": "ConditionalCheckFailed"}, {"Code": "None"}]
OTHERS = (
    [{"Code": "None"}, {"Code": "ValidationError"}],
    [{"Code": "TransactionConflict"}, {"Code": "None"}],
)

AS_GIVEN = "`cart_changed` does not remember yet which changes it has handled."
NO_FUNCTION = "There is no function `cart_changed` yet."
TWICE = """\
The same change was delivered twice, and its pieces were taken twice. Remember the event's id in \
the transaction, on the condition that it is not there yet."""
RAISES_AGAIN = """\
When a change comes again, `cart_changed` stops with the error below, so its batch would be tried \
for ever. A change that was handled before is no error: `is_repeated` has to say so."""
NO_TABLE = """\
`cart_changed` stopped since a table is not there. The ids belong into the table `handled`."""
OTHER_TABLE = """\
`cart_changed` may put items into the table `handled`, where the ids belong, and wants to put them \
into another one. That is the `TableName` in your `mark`."""
BEYOND = """\
`cart_changed` asks AWS for `{action}`, which its role does not allow, and need not. Looking first \
and remembering later leaves a gap for a second delivery: leave it to the condition."""
FORGETS = """\
Two different changes came, and only one of them was handled. What you remember has to be \
different for each change: the event's id, not the product or the visitor."""
NOTHING = """\
A change was delivered for the first time, and nothing was taken from the stock. Perhaps DynamoDB \
refused the transaction over something in your `mark`, and `is_repeated` took that for a \
repetition: it may say yes only where the first reason's `Code` is `"ConditionalCheckFailed"`."""
AT_THE_SAME_TIME = """\
A change that comes again is handled once, but when both deliveries came at the same time, pieces \
were taken twice. Looking first and remembering later leaves a gap, and each environment has \
variables of its own: leave it to the transaction's condition."""
EVERY_REASON = """\
`is_repeated` also says yes where the transaction was called off for another reason, as here. The \
change would be taken for handled, and its pieces never be counted. The first reason's `Code` has \
to be `"ConditionalCheckFailed"`."""
DONE = "A change that came twice was acted on once, also when both came at the same time."


def check(probe: Probe) -> str:
    if FUNCTION not in function_names(probe.client):
        raise NotAttempted(NO_FUNCTION)
    see_deployed(probe, FUNCTION, *FILES)
    product, visitor = new_product(probe), new_visitor(probe)
    first = _remembered(probe, change(visitor, product, None, 2))
    _see_twice(probe, product, first)
    _see_different(probe, product, visitor)
    _see_at_once(probe)
    _see_other_reasons(probe)
    return DONE


def _see_twice(probe: Probe, product: str, record: dict[str, Any]) -> None:
    _deliver(probe, [record])
    if left(probe, product) == PIECES:
        raise Incorrect(NOTHING, link="effect", evidence=f"in stock: {PIECES} → {PIECES}")
    _deliver(probe, [record], again=True)
    found = left(probe, product)
    if found == PIECES - 2:
        return
    if is_same_code(package_files(probe, FUNCTION).get("marks.py", ""), MARKS):
        raise NotAttempted(AS_GIVEN)
    evidence = f"in stock: {PIECES}, after the first {PIECES - 2}, after the second {found}"
    raise Incorrect(TWICE, link="effect", evidence=evidence)


def _see_different(probe: Probe, product: str, visitor: str) -> None:
    """Another change of the same item, and another visitor's of the same product."""
    other = new_visitor(probe)
    records = [change(visitor, product, 2, 5), change(other, product, None, 1)]
    _deliver(probe, [_remembered(probe, record) for record in records])
    found = left(probe, product)
    if found != PIECES - 6:
        evidence = f"in stock: {found}, should be {PIECES - 6}"
        raise Incorrect(FORGETS, link="code", evidence=evidence)


def _see_at_once(probe: Probe) -> None:
    """The same changes are delivered by two at once, so often that they get into each other."""
    product, visitor = new_product(probe), new_visitor(probe)
    for turn in range(1, ROUNDS + 1):
        new = [_remembered(probe, change(visitor, product, n, n + 1)) for n in range(AT_ONCE)]
        side_by_side(partial(_deliver, probe, new, again=True))
        found, wanted = left(probe, product), PIECES - turn * AT_ONCE
        if found != wanted:
            evidence = f"in stock: {found}, should be {wanted}"
            raise Incorrect(AT_THE_SAME_TIME, link="effect", evidence=evidence)


def _deliver(probe: Probe, records: list[dict[str, Any]], again: bool = False) -> None:
    answer = ask(probe, FUNCTION, {"Records": records})
    if not answer.error:
        return
    kind, evidence = answer.error.type, str(answer.error)
    if kind == "ResourceNotFoundException":
        raise Incorrect(NO_TABLE, link="table", evidence=evidence)
    if denied := denied_action(answer):
        raise _denied(denied, answer) or failure(probe, answer)
    if again and kind in ("TransactionCanceledException", "ConditionalCheckFailedException"):
        raise Incorrect(RAISES_AGAIN, link="code", evidence=evidence)
    raise failure(probe, answer)


def _denied(action: str, answer: Invocation) -> Incorrect | None:
    """What to say of a call that the role does not allow; None where it should."""
    assert answer.error
    if action not in NEEDED:
        return Incorrect(BEYOND.format(action=action), link="code")
    if action == TO_PUT and "table/handled " not in answer.error.message:
        return Incorrect(OTHER_TABLE, link="code")
    return None


def _see_other_reasons(probe: Probe) -> None:
    """What `is_repeated` says of reasons that this cloud does not give, and AWS does."""
    source = package_files(probe, FUNCTION).get("marks.py", "")
    if "is_repeated" not in source:
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "marks.py").write_text(source, "utf-8")
        Path(folder, "driver.py").write_text(DRIVER, "utf-8")
        calls = rehearse(Path(folder, "driver.py"), [SAME, *OTHERS]).calls
        shutil.rmtree(Path(folder, "__pycache__"), ignore_errors=True)
    for call in calls[1:]:
        if call.result:
            evidence = f"is_repeated({call.event}) = {call.result}"
            raise Incorrect(EVERY_REASON, link="code", evidence=evidence)


def _remembered(probe: Probe, record: dict[str, Any]) -> dict[str, Any]:
    """The record; what is remembered of it is forgotten after the check."""
    forget = partial(probe.client("dynamodb").delete_item, TableName="handled")
    probe.afterwards(forget, Key={"event": {"S": record["eventID"]}})
    return record
