"""Exercise count: a function that counts batches of clicks, and loses none beside another."""

from collections.abc import Mapping
from typing import Any

from helpers.checks import (
    Diagnosis,
    Incorrect,
    Link,
    NotAttempted,
    Probe,
    compare,
    first_of,
    require,
)
from helpers.checks.at_once import side_by_side
from helpers.checks.denied import require_needed
from helpers.checks.function import ask, failure
from helpers.checks.given import is_given
from helpers.checks.sample_events import kinesis_event
from helpers.functions.lookup import function_names
from helpers.labs.streams import clicks

ROUNDS, MINUTES_AT_ONCE = 12, 3

NOT_THERE = "There is no function `count_clicks` yet that counts anything."
DONE = "Every click was counted, also where two functions counted at the same time."


class Count(Diagnosis):
    NOTHING = Link.EFFECT("""
        `count_clicks` ran without an error, but counted nothing: the table is as before.""")
    NOT_DECODED = Link.CODE("""
        `count_clicks` stopped while it read a record. The record's `data` is in base64: decode it
        with `base64.b64decode` before you read it as JSON.""")
    NOT_READ = Link.CODE("""
        `count_clicks` stopped while it read a record. What `b64decode` returns is not a dictionary
        yet: `json.loads` makes one of it, which has `product` and `at`.""")
    BEYOND = Link.CODE("""
        `count_clicks` asks AWS for `{action}`, which its role does not allow, and need not. Whoever
        reads the number and writes another one loses what is counted meanwhile: let the table add,
        in one step, with `ADD` in `update_item`.""")
    OTHER_MINUTES = Link.CODE("""
        The clicks were counted, but not under their minutes. The minute is the first 16 characters
        of `at`, `2001-01-01T00:00` for instance.""")
    OTHER_ATTRIBUTE = Link.CODE("""
        An item was written, but without a number `clicks` in it, which is what the shop looks
        at.""")
    ONE_EACH = Link.CODE("""
        Several clicks of the same minute were in one batch, and only one of them was counted. The
        handler has to add 1 for each record, and `add` has to add the number that it is given.""")
    OVERWRITES = Link.CODE("""
        The first batch was counted, and then the second one overwrote it. Let the table add to the
        number that it has, with `ADD` in `update_item`.""")
    MISCOUNTED = Link.EFFECT("`count_clicks` counted clicks, but not as many as there were.")
    LOST = Link.CODE("""
        Counts were lost: two functions counted at the same time, and one overwrote what the other
        had written. Don't read the number and write it back: let the table add, in one step, with
        `ADD` in `update_item`.""")


def check(probe: Probe) -> str:
    if clicks.FUNCTION not in function_names(probe.client):
        raise NotAttempted(NOT_THERE)
    try:
        _require_counts(probe)
    except Incorrect as error:
        files = clicks.deployed_files(probe, clicks.FUNCTION, "minutes.py", "count_clicks.py")
        is_stub = is_given(probe, "count_clicks/minutes.py", files.get("minutes.py", ""))
        if is_stub and error.id == Count.NOTHING.id:
            raise NotAttempted(NOT_THERE) from None
        raise
    return DONE


def _require_counts(probe: Probe) -> None:
    product, first, second = clicks.new_product(probe), clicks.minute_of(0), clicks.minute_of(1)
    _count(probe, product, 0, 0, 1, 0, 1)
    _require_minutes(clicks.counts(probe, product), {first: 3, second: 2})
    _count(probe, product, 0, 0)
    _require_minutes(clicks.counts(probe, product), {first: 5, second: 2})
    product, minutes = clicks.new_product(probe), range(MINUTES_AT_ONCE)
    for turn in range(1, ROUNDS + 1):  # so often that two at once get into each other
        side_by_side(lambda: _count(probe, product, *minutes))
        sent, found = 2 * turn * len(minutes), clicks.total(probe, product)
        require(found == sent, Count.LOST, f"{sent} clicks, {found} counted")


def _count(probe: Probe, product: str, *minutes: int) -> None:
    """Invoke the function with a batch of clicks on the product, in these minutes."""
    bodies = [clicks.body(product, minute) for minute in minutes]
    answer = ask(probe, clicks.FUNCTION, kinesis_event(bodies))
    if not answer.error:
        return
    require_needed(answer, Count.BEYOND, "dynamodb:UpdateItem")
    found = first_of(
        (Count.NOT_DECODED, answer.error.type in ("JSONDecodeError", "UnicodeDecodeError")),
        (Count.NOT_READ, "indices must be integers" in answer.error.message),
    )
    raise found(str(answer.error)) if found else failure(probe, answer)


def _require_minutes(found: Mapping[str, Any], wanted: Mapping[str, int]) -> None:
    diagnosis = first_of(
        (Count.NOTHING, not found),
        (Count.OTHER_MINUTES, set(found) != set(wanted)),
        (Count.OTHER_ATTRIBUTE, None in found.values()),
        (Count.ONE_EACH, all(number == 1 for number in found.values())),
        (Count.OVERWRITES, all(number == 2 for number in found.values())),
        (Count.MISCOUNTED, found != wanted),
    )
    if diagnosis:
        raise diagnosis(compare(counted=found, should_be=wanted))


def undo_wrong_answer(probe: Probe) -> None:
    """Remove a file where the worked answer makes a folder."""
    place = probe.folder / clicks.FUNCTION
    if place.is_file():
        place.unlink()
