"""Exercise count: a function that counts batches of clicks, and loses none beside another."""

from collections.abc import Mapping
from typing import Any

from helpers.checks.at_once import side_by_side
from helpers.checks.denied import denied_action
from helpers.checks.function import ask, failure
from helpers.checks.package import is_same_code, package_files
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.invoke import Invocation
from helpers.functions.lookup import function_names
from helpers.labs.streams.clicks import (
    FUNCTION,
    batch,
    body,
    counts,
    minute_of,
    new_product,
    see_deployed,
    shown,
    total,
)
from helpers.labs.streams.given import MINUTES

ROUNDS, MINUTES_AT_ONCE = 12, 3
TO_ADD = "dynamodb:UpdateItem"

NOT_THERE = "There is no function `count_clicks` yet that counts anything."
NOTHING = "`count_clicks` ran without an error, but nothing was counted: the table is as before."
NOT_DECODED = """\
`count_clicks` stopped while it read a record. The record's `data` is not JSON yet: it is in \
base64, and has to be decoded first, with `base64.b64decode`."""
NOT_READ = """\
`count_clicks` stopped while it read a record. What `b64decode` gives is still a text: \
`json.loads` makes a dictionary of it, from which you can take `product` and `at`."""
BEYOND = """\
`count_clicks` asks AWS for `{action}`, which its role does not allow, and need not. Who reads the \
number and writes another one loses what is counted meanwhile. Let the table add, in one step: \
`ADD` in `update_item`."""
OTHER_MINUTES = """\
The clicks were counted, but not under their minutes. The minute is the first 16 characters of \
`at`: `2001-01-01T00:00`, for instance."""
OTHER_ATTRIBUTE = """\
An item was written, but without a number `clicks` in it, which is what the shop looks at."""
ONE_EACH = """\
Several clicks of the same minute were in one batch, and only one of them was counted. The handler \
has to add `1` to the number for each record, and `add` has to add the number that it is given."""
OVERWRITES = """\
The first batch was counted, and the second one has overwritten what the first had written. Let \
the table add to the number that it has, with `ADD` in `update_item`."""
MISCOUNTED = "`count_clicks` counted clicks, but not as many as there were."
LOST = """\
Counts were lost: two functions counted at the same time, and one overwrote what the other had \
written. That happens to who reads the number, adds to it and writes it back. Let the table add, \
in one step: `ADD` in `update_item`."""
DONE = "Every click was counted, also where two functions counted at the same time."


def check(probe: Probe) -> str:
    if FUNCTION not in function_names(probe.client):
        raise NotAttempted(NOT_THERE)
    product = new_product(probe)
    _see_first(probe, product)
    _see_second(probe, product)
    _see_two_at_once(probe)
    return DONE


def _see_first(probe: Probe, product: str) -> None:
    """Three clicks in one minute and two in the next."""
    _count(probe, [body(product, minute) for minute in (0, 0, 1, 0, 1)])
    found, wanted = counts(probe, product), {minute_of(0): 3, minute_of(1): 2}
    if found == wanted:
        return
    if not found:
        raise _nothing(probe)
    raise _miscounted(found, wanted)


def _see_second(probe: Probe, product: str) -> None:
    _count(probe, [body(product, 0), body(product, 0)])
    found, wanted = counts(probe, product), {minute_of(0): 5, minute_of(1): 2}
    if found.get(minute_of(0)) == 2:
        raise Incorrect(OVERWRITES, link="code", evidence=_compared(found, wanted))
    if found != wanted:
        raise Incorrect(MISCOUNTED, link="effect", evidence=_compared(found, wanted))


def _see_two_at_once(probe: Probe) -> None:
    """Two functions count the same minutes side by side, so often that they get into each other."""
    product = new_product(probe)
    bodies = [body(product, minute) for minute in range(MINUTES_AT_ONCE)]
    for turn in range(1, ROUNDS + 1):
        side_by_side(lambda: _count(probe, bodies))
        sent, found = 2 * turn * len(bodies), total(probe, product)
        if found != sent:
            raise Incorrect(LOST, link="code", evidence=f"{sent} clicks, {found} counted")


def _count(probe: Probe, bodies: list[str]) -> None:
    answer = ask(probe, FUNCTION, batch(bodies))
    if answer.error:
        raise _stopped(probe, answer)


def _stopped(probe: Probe, answer: Invocation) -> Exception:
    assert answer.error
    kind, evidence = answer.error.type, str(answer.error)
    if kind in ("JSONDecodeError", "UnicodeDecodeError"):
        return Incorrect(NOT_DECODED, link="code", evidence=evidence)
    if kind == "TypeError" and "indices must be integers" in answer.error.message:
        return Incorrect(NOT_READ, link="code", evidence=evidence)
    if (action := denied_action(answer)) and action != TO_ADD:
        return Incorrect(BEYOND.format(action=action), link="code")
    return failure(probe, answer)


def _nothing(probe: Probe) -> Exception:
    see_deployed(probe, FUNCTION, "minutes.py", "count_clicks.py")
    if is_same_code(package_files(probe, FUNCTION).get("minutes.py", ""), MINUTES):
        return NotAttempted(NOT_THERE)
    return Incorrect(NOTHING, link="effect")


def _miscounted(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> Incorrect:
    evidence = _compared(found, wanted)
    if set(found) != set(wanted):
        return Incorrect(OTHER_MINUTES, link="code", evidence=evidence)
    if None in found.values():
        return Incorrect(OTHER_ATTRIBUTE, link="code", evidence=evidence)
    if set(found.values()) == {1}:
        return Incorrect(ONE_EACH, link="code", evidence=evidence)
    return Incorrect(MISCOUNTED, link="effect", evidence=evidence)


def _compared(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    return f"is\n{shown(found)}\nshould be\n{shown(wanted)}"


def undo_wrong_answer(probe: Probe) -> None:
    """The worked answer makes the folder itself; a file in its place would be in the way."""
    place = probe.folder / FUNCTION
    if place.is_file():
        place.unlink()
