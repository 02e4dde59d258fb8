"""Exercise give-up: a mapping that gives a bad record up alone, and tells a queue where it lies."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from helpers.checks.faults import copy_of
from helpers.checks.function import configuration
from helpers.checks.links.queue import Queue, find_queue, take
from helpers.checks.rights import Access, rights_of
from helpers.checks.roles import copy_of_role
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.labs.streams.clicks import (
    DAMAGED,
    FUNCTION,
    body,
    new_product,
    own_stream,
    see_paused,
    stream_arn,
    total,
)

QUEUE = "lost-clicks"
FOR_EVER = -1
MOST_RETRIES = 2
GOOD = 4  # clicks, half of them before the damaged one
PATIENCE = 20.0  # seconds
READING = ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream")
COPIED = (
    "BatchSize",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "FunctionResponseTypes",
    "MaximumRetryAttempts",
)

AS_IT_WAS = "The mapping is as it was: it tries a bad record again and again, for a day."
TRIES_FOR_EVER = """\
The mapping still tries a bad record until it is a day old: `MaximumRetryAttempts` is not set. \
Everything behind the record waits."""
TOO_MANY = """\
The mapping tries a bad record {retries} times more, and its shard stands still meanwhile. The \
exercise wants one or two tries more."""
NO_RETRY = """\
The mapping gives up at the first failure. A table that can't be reached for a moment would cost \
whole batches of good clicks: allow one or two tries more."""
NO_BISECT = """\
The mapping does not halve a batch that fails, so all good clicks behind the bad one in its batch \
are given up with it. Set `BisectBatchOnFunctionError`."""
NO_DESTINATION = """\
The mapping gives up without a note: a lost click is lost, and nobody knows that it was there. \
Name the queue in `DestinationConfig`."""
OTHER_DESTINATION = """\
The note about what is given up goes somewhere else. Where it goes and where it should go are \
below, one under the other."""
DEAF = """\
The mapping no longer reads what your function reports: `FunctionResponseTypes` has to stay \
`["ReportBatchItemFailures"]`. A list that you name is replaced as a whole."""
NO_NOTE = """\
The settings of the mapping are right, but no note reached the queue `lost-clicks` within \
{seconds:g} seconds. Does the function report a record that it can't read?"""
GIVEN_UP_TOGETHER = """\
The note in the queue is about {size} records: good clicks were given up together with the bad \
one. Is what the function reports right?"""
NOT_ONCE = """\
The damaged click was given up, but not every good one was counted exactly once."""
DONE = """\
Each good click was counted once, the damaged one was given up alone, and a note of where it lies \
was in your queue."""


def check(probe: Probe) -> str:
    mapping = see_paused(probe)
    queue = find_queue(probe, QUEUE)
    _see_settings(mapping, queue)
    stream, products = _put(probe)
    _read_as(probe, mapping, stream)
    _see_note(_note(probe, queue, stream))
    _see_counts(probe, products)
    return DONE


def _see_settings(mapping: Mapping[str, Any], queue: Queue) -> None:
    retries = mapping.get("MaximumRetryAttempts", FOR_EVER)
    bisects = mapping.get("BisectBatchOnFunctionError", False)
    target = (mapping.get("DestinationConfig") or {}).get("OnFailure", {}).get("Destination", "")
    if retries == FOR_EVER and not bisects and not target:
        raise NotAttempted(AS_IT_WAS)
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []):
        raise _wrong(DEAF)
    if retries == FOR_EVER:
        raise _wrong(TRIES_FOR_EVER)
    if not 1 <= retries <= MOST_RETRIES:
        raise _wrong(TOO_MANY.format(retries=retries) if retries else NO_RETRY)
    if not bisects:
        raise _wrong(NO_BISECT)
    if not target:
        raise _wrong(NO_DESTINATION, link="failure destination")
    if target != queue.arn:
        evidence = f"goes to  {target}\nneeded   {queue.arn}"
        raise _wrong(OTHER_DESTINATION, link="failure destination", evidence=evidence)


def _wrong(words: str, link: str = "event source", evidence: str = "") -> Incorrect:
    return Incorrect(words, link=link, evidence=evidence)


def _put(probe: Probe) -> tuple[str, list[str]]:
    """A stream of the check's own with good clicks around a damaged one; its name, the products."""
    stream, products = own_stream(probe, 1), [new_product(probe) for _ in range(GOOD)]
    bodies = [body(product) for product in products]
    bodies.insert(GOOD // 2, next(iter(DAMAGED.values())))
    records = [{"Data": text, "PartitionKey": "check"} for text in bodies]
    probe.client("kinesis").put_records(StreamName=stream, Records=records)
    return stream, products


def _read_as(probe: Probe, mapping: Mapping[str, Any], stream: str) -> None:
    """Let the learner's function read that stream with the settings of the learner's mapping."""
    aws, source = probe.client("lambda"), stream_arn(probe, stream)
    made = aws.create_event_source_mapping(
        FunctionName=_reader(probe, source),
        EventSourceArn=source,
        StartingPosition="TRIM_HORIZON",
        **{name: mapping[name] for name in COPIED if name in mapping},
    )
    probe.afterwards(aws.delete_event_source_mapping, UUID=made["UUID"])


def _reader(probe: Probe, source: str) -> str:
    """The learner's function; a copy of it if its role may read the learner's stream alone."""
    role = configuration(probe, FUNCTION)["Role"]
    rights = rights_of(probe, role.rpartition("/")[2], FUNCTION)
    if all(rights.allow(Access(action, source)) for action in READING):
        return FUNCTION
    reading = {"Effect": "Allow", "Action": READING, "Resource": source}
    return copy_of(probe, FUNCTION, role=copy_of_role(probe, role, reading))


def _note(probe: Probe, queue: Queue, stream: str) -> Mapping[str, Any]:
    try:
        found = probe.wait_for(
            lambda: take(probe, queue, stream), timeout=PATIENCE, every=0.2, what="The note"
        )
    except TimeoutError:
        raise Incorrect(NO_NOTE.format(seconds=PATIENCE), link="failure destination") from None
    note: Mapping[str, Any] = json.loads(found[0])
    return note


def _see_note(note: Mapping[str, Any]) -> None:
    size = note["KinesisBatchInfo"]["batchSize"]
    if size != 1:
        evidence = json.dumps(note["KinesisBatchInfo"], indent=1)
        words = GIVEN_UP_TOGETHER.format(size=size)
        raise Incorrect(words, link="event source", evidence=evidence)


def _see_counts(probe: Probe, products: list[str]) -> None:
    def found() -> list[int]:
        return [total(probe, product) for product in products]

    with suppress(TimeoutError):  # what there is then, is told
        probe.wait_for(lambda: all(found()), timeout=PATIENCE)
    if found() != [1] * GOOD:
        evidence = f"counted  {found()}\nneeded   {[1] * GOOD}"
        raise Incorrect(NOT_ONCE, link="effect", evidence=evidence)
