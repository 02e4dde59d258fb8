"""Exercise isolate: a record that can't be read is reported, and those before it are kept."""

import tempfile
from pathlib import Path
from typing import Any

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, compare, first_of, require
from helpers.checks.function import ask, failure, result_of
from helpers.checks.links.mapping import is_reading_reports, require_reports_read
from helpers.checks.rehearsal import rehearse
from helpers.checks.sample_events import kinesis_event, sequence_number
from helpers.functions.invoke import Invocation
from helpers.labs.streams import clicks

UNREADABLE = {"JSONDecodeError", "KeyError", "TypeError", "AttributeError"}
# A table that can't be reached, in the place of the learner's minutes.py.
UNREACHABLE = "def add(*_, **__):\n    raise OSError('the table cannot be reached')\n"
BEFORE, BEHIND = 3, 2  # good clicks in a batch, before and behind the damaged one
EMPTY: dict[str, list[str]] = {"batchItemFailures": []}

NOT_YET = "`count_clicks` does not report what it can't read yet, and the mapping is as it was."
DONE = """\
What can be read is counted, what can't is reported by its sequence number, and nothing behind it \
is counted before its time."""


class Isolate(Diagnosis):
    FAILS = Link.CODE("""
        `count_clicks` still stops with an error at a record that can't be read ({kind}), so its
        whole batch is tried again. Catch the error of this one record, and report its sequence
        number.""")
    NOT_REPORTED = Link.RESULT("""
        `count_clicks` got over the damaged record, but did not report it in `batchItemFailures`.
        For Lambda that means that all went well: the click is lost, and nobody learns of it.""")
    OTHER_SHAPE = Link.RESULT("""
        `batchItemFailures` is not what Lambda expects: a list, in which each entry is a dictionary
        with one key, `itemIdentifier`.""")
    NO_RECORD = Link.RESULT("""
        `batchItemFailures` names a record that is not in the batch, so Lambda takes the whole batch
        for failed, and clicks are counted twice. The `itemIdentifier` has to be the record's
        `sequenceNumber`, from its `kinesis` part.""")
    OTHER_RECORD = Link.RESULT("""
        `batchItemFailures` names another record than the one that can't be read. Lambda takes all
        records before the one that is named for done, and delivers the rest again.""")
    DROPPED = Link.CODE("""
        The damaged record was reported, but the clicks before it were not counted. They won't come
        again, since they are before the record that you reported: count them before you
        return.""")
    COUNTS_ON = Link.CODE("""
        Clicks behind the damaged record were counted, too. The batch comes again from that record
        on, and they would be counted twice: stop at the first record that fails.""")
    FALSE_ALARM = Link.RESULT("""
        All records of a batch were good, and `count_clicks` reported a failure nevertheless: the
        batch would come again for ever. Report only what failed.""")
    MISCOUNTED = Link.EFFECT("""
        All records of a batch were good, and not each of them was counted once.""")
    SWALLOWED = Link.CODE("""
        When the table can't be reached, `count_clicks` reports nevertheless that all is well, and
        the whole batch is lost. Catch only what reading a record can raise, and leave `add` out of
        the `try`.""")


def check(probe: Probe) -> str:
    mapping = clicks.paused_mapping(probe)
    is_read = is_reading_reports(mapping)
    files = clicks.deployed_files(probe, clicks.FUNCTION, "count_clicks.py", "minutes.py")
    for kind in clicks.DAMAGED:
        _require_isolated(probe, kind, is_read)
    _require_good_batch(probe)
    _require_alarm(probe, files.get("count_clicks.py", ""))
    require_reports_read(mapping)
    return DONE


def _require_isolated(probe: Probe, kind: str, is_read: bool) -> None:
    """Give the function a batch with a record that is damaged in that way."""
    before, behind = clicks.new_product(probe), clicks.new_product(probe)
    bodies = (
        [clicks.body(before)] * BEFORE + [clicks.DAMAGED[kind]] + [clicks.body(behind)] * BEHIND
    )
    answer = ask(probe, clicks.FUNCTION, kinesis_event(bodies))
    if answer.error:
        raise _stopped(probe, answer, kind, is_read)
    counted = clicks.total(probe, before), clicks.total(probe, behind)
    if counted == (0, 0) and answer.result == EMPTY and not is_read:
        raise NotAttempted(NOT_YET)
    _require_report(answer.result, clicks.DAMAGED[kind])
    require(counted[0] == BEFORE, Isolate.DROPPED, f"{BEFORE} clicks, {counted[0]} counted")
    require(not counted[1], Isolate.COUNTS_ON, f"{counted[1]} clicks behind it counted")


def _stopped(probe: Probe, answer: Invocation, kind: str, is_read: bool) -> Exception:
    assert answer.error
    if answer.error.type not in UNREADABLE:
        return failure(probe, answer)
    if not is_read and kind == next(iter(clicks.DAMAGED)):
        return NotAttempted(NOT_YET)
    return Isolate.FAILS(str(answer.error), kind=kind)


def _require_report(result: Any, text: str) -> None:
    """Require that the damaged record is named, and none before it."""
    reported = _reported(result)
    is_well_formed = isinstance(reported, list) and all(
        isinstance(each, dict) and isinstance(each.get("itemIdentifier"), str) for each in reported
    )
    named = [each["itemIdentifier"] for each in reported or ()] if is_well_formed else []
    batch = [sequence_number(place) for place in range(1, BEFORE + BEHIND + 2)]
    diagnosis = first_of(
        (Isolate.NOT_REPORTED, not reported),
        (Isolate.OTHER_SHAPE, not is_well_formed),
        (Isolate.NO_RECORD, not set(named) <= set(batch)),
        (Isolate.OTHER_RECORD, min(named, default="") != batch[BEFORE]),
    )
    if diagnosis:
        raise diagnosis(compare(returned=result, damaged=text, its_number=batch[BEFORE]))


def _reported(result: Any) -> Any:
    return result.get("batchItemFailures") if isinstance(result, dict) else None


def _require_good_batch(probe: Probe) -> None:
    product = clicks.new_product(probe)
    result = result_of(probe, clicks.FUNCTION, kinesis_event([clicks.body(product)] * BEFORE))
    require(not _reported(result), Isolate.FALSE_ALARM, f"returned {result}")
    counted = clicks.total(probe, product)
    require(counted == BEFORE, Isolate.MISCOUNTED, f"{BEFORE} clicks, {counted} counted")


def _require_alarm(probe: Probe, source: str) -> None:
    """Require that the table's error comes out or is reported; without minutes.py none is made."""
    if "minutes" not in source:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "count_clicks.py")
        file.write_text(source, "utf-8")
        file.with_name("minutes.py").write_text(UNREACHABLE, "utf-8")
        event = kinesis_event([clicks.body(clicks.new_product(probe))] * BEFORE)
        for call in rehearse(file, [event]).calls:
            is_told = call.error or _reported(call.result)
            require(is_told, Isolate.SWALLOWED, f"returned {call.result}")
