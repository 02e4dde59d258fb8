"""Exercise isolate: a record that can't be read is reported, and those before it are kept."""

import tempfile
from pathlib import Path
from typing import Any

from helpers.checks.function import ask, failure
from helpers.checks.package import package_files
from helpers.checks.rehearsal import rehearse
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.invoke import Invocation
from helpers.labs.streams.clicks import (
    DAMAGED,
    FUNCTION,
    batch,
    body,
    new_product,
    see_deployed,
    see_paused,
    sequence_number,
    total,
)

UNREADABLE = {"JSONDecodeError", "KeyError", "TypeError", "AttributeError"}
SETTING, VALUE = "FunctionResponseTypes", "ReportBatchItemFailures"
# A table that can't be reached, in the place of the learner's minutes.py.
NO_TABLE = "def add(*_, **__):\n    raise OSError('the table cannot be reached')\n"
BEFORE, BEHIND = 3, 2  # good clicks in a batch, before and behind the damaged one

NOT_YET = "`count_clicks` still stops at a record that it can't read, and the mapping is as it was."
NOT_YET_EMPTY = "`count_clicks` counts nothing yet, and the mapping is as it was."
RAISES = """\
`count_clicks` still stops with an error at a record that can't be read ({kind}), so its whole \
batch is tried again. Catch the error of this one record, and report its sequence number."""
NO_ANSWER = """\
`count_clicks` got over the damaged record, but returned no `batchItemFailures`. For Lambda that \
means that all went well: the click is lost, and nobody hears of it."""
SWALLOWED = """\
A record in the batch could not be read, and `batchItemFailures` is empty. For Lambda that means \
that all went well: the click is lost, and nobody hears of it. Report the record."""
WRONG_ID = """\
`batchItemFailures` names a record that is not in the batch, so Lambda takes the whole batch for \
failed, and clicks are counted twice. The `itemIdentifier` has to be the record's \
`sequenceNumber`, from its `kinesis` part."""
WRONG_SHAPE = """\
`batchItemFailures` is not as Lambda wants it. It is a list, and each entry is a dictionary with \
one key, `itemIdentifier`."""
OTHER_RECORD = """\
`batchItemFailures` names another record than the one that can't be read. Lambda takes all before \
the one that is named for done, and lets the rest come again."""
DROPPED = """\
The damaged record was reported, but the clicks before it were not counted. They won't come again, \
since they stand before the record you named: count them before you return."""
COUNTS_ON = """\
Clicks behind the damaged record were counted, too. But the batch comes again from that record on, \
and they would be counted twice: stop at the first record that fails."""
CRIES_WOLF = """\
All records of a batch were good, and `count_clicks` reported a failure nevertheless: it would \
never get on. Report only what failed."""
BAD_COUNT = "All records of a batch were good, and not all of them were counted."
SILENT = """\
When the table can't be reached, `count_clicks` says nevertheless that all is well, and the whole \
batch is lost in silence. Catch only what reading a record can raise, and leave `add` out of the \
`try`."""
NOT_ASKED = """\
`count_clicks` reports what failed, but the mapping does not listen: without \
`FunctionResponseTypes=["ReportBatchItemFailures"]` Lambda takes every answer for a success, and \
the damaged record and all behind it in its batch are lost."""
DONE = """\
What can be read is counted, what can't is reported by its sequence number, and nothing behind it \
is counted before its time."""


def check(probe: Probe) -> str:
    mapping = see_paused(probe)
    listens = VALUE in (mapping.get(SETTING) or [])
    see_deployed(probe, FUNCTION, "count_clicks.py", "minutes.py")
    for kind, text in DAMAGED.items():
        _see_damaged(probe, kind, text, listens)
    _see_good(probe)
    _see_no_table(probe)
    if not listens:
        evidence = f"{SETTING}: {mapping.get(SETTING) or 'not set'}"
        raise Incorrect(NOT_ASKED, link="event source", evidence=evidence)
    return DONE


def _see_damaged(probe: Probe, kind: str, text: str, listens: bool) -> None:
    before, behind = new_product(probe), new_product(probe)
    bodies = [body(before)] * BEFORE + [text] + [body(behind)] * BEHIND
    answer = ask(probe, FUNCTION, batch(bodies))
    counted = total(probe, before), total(probe, behind)
    if answer.error:
        raise _stopped(probe, answer, kind, listens)
    if counted == (0, 0) and answer.result == {"batchItemFailures": []} and not listens:
        raise NotAttempted(NOT_YET_EMPTY)
    _see_report(answer.result, text)
    if counted[0] != BEFORE:
        raise Incorrect(DROPPED, link="code", evidence=f"{BEFORE} clicks, {counted[0]} counted")
    if counted[1]:
        raise Incorrect(COUNTS_ON, link="code", evidence=f"{counted[1]} clicks behind it counted")


def _stopped(probe: Probe, answer: Invocation, kind: str, listens: bool) -> Exception:
    assert answer.error
    if answer.error.type not in UNREADABLE:
        return failure(probe, answer)
    if not listens and kind == next(iter(DAMAGED)):
        return NotAttempted(NOT_YET)
    return Incorrect(RAISES.format(kind=kind), link="code", evidence=str(answer.error))


def _see_report(result: Any, text: str) -> None:
    """That the damaged record, and none before it, is named."""
    shown = f"returned {result!r}\nthe damaged record: {text!r}, {sequence_number(BEFORE + 1)}"
    if not isinstance(result, dict) or result.get("batchItemFailures") is None:
        raise Incorrect(NO_ANSWER, link="code", evidence=shown)
    reported = result["batchItemFailures"]
    if not reported:
        raise Incorrect(SWALLOWED, link="code", evidence=shown)
    if not _is_well_formed(reported):
        raise Incorrect(WRONG_SHAPE, link="code", evidence=shown)
    named = {one["itemIdentifier"] for one in reported}
    places = {sequence_number(n): n for n in range(1, BEFORE + BEHIND + 2)}
    if not named <= set(places):
        raise Incorrect(WRONG_ID, link="code", evidence=shown)
    if min(places[name] for name in named) != BEFORE + 1:
        raise Incorrect(OTHER_RECORD, link="code", evidence=shown)


def _is_well_formed(reported: Any) -> bool:
    return isinstance(reported, list) and all(
        isinstance(one, dict) and isinstance(one.get("itemIdentifier"), str) for one in reported
    )


def _see_good(probe: Probe) -> None:
    product = new_product(probe)
    answer = ask(probe, FUNCTION, batch([body(product)] * BEFORE))
    if answer.error:
        raise failure(probe, answer)
    if (answer.result or {}).get("batchItemFailures"):
        raise Incorrect(CRIES_WOLF, link="code", evidence=f"returned {answer.result!r}")
    if total(probe, product) != BEFORE:
        raise Incorrect(BAD_COUNT, link="effect", evidence=f"{total(probe, product)} of {BEFORE}")


def _see_no_table(probe: Probe) -> None:
    """An error of the table comes out, or is reported; a handler of one file is not asked."""
    source = package_files(probe, FUNCTION).get("count_clicks.py", "")
    if "minutes" not in source:
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "minutes.py").write_text(NO_TABLE, "utf-8")
        Path(folder, "count_clicks.py").write_text(source, "utf-8")
        event = batch([body(new_product(probe))] * BEFORE)
        calls = rehearse(Path(folder, "count_clicks.py"), [event]).calls
    for call in calls:
        if not call.error and not (call.result or {}).get("batchItemFailures"):
            raise Incorrect(SILENT, link="code", evidence=f"returned {call.result!r}")
