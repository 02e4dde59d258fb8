"""Exercise give-up: a mapping that gives a bad record up alone, and tells a queue where it is."""

import json

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, compare, require
from helpers.checks.effects import find_effect
from helpers.checks.faults import copy_of
from helpers.checks.function import configuration
from helpers.checks.links.mapping import (
    FOR_EVER,
    Settings,
    failure_destination,
    require_failure_destination,
    require_reports_read,
    require_retries,
)
from helpers.checks.links.queue import SqsQueue, require_queue, take_messages
from helpers.checks.links.stream import own_stream, require_stream
from helpers.checks.roles import copy_of_role
from helpers.labs.streams import clicks

QUEUE = "lost-clicks"
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
DONE = """\
Each good click was counted once, the damaged one was given up alone, and a note of where it lies \
was in your queue."""


class GiveUp(Diagnosis):
    NO_NOTE = Link.QUEUE("""
        The mapping is set as it should be, but no note reached the queue `lost-clicks` within
        {seconds:g} seconds. Does the function report a record that it can't read?""")
    GIVEN_UP_TOGETHER = Link.EVENT_SOURCE("""
        The note in the queue is about {size} records: good clicks were given up together with the
        bad one. Is what the function reports right?""")
    MISCOUNTED = Link.EFFECT("""
        The damaged click was given up, but not every good one was counted exactly once.""")


def check(probe: Probe) -> str:
    mapping, queue = clicks.paused_mapping(probe), require_queue(probe, QUEUE)
    _require_settings(mapping, queue)
    stream, products = _put_clicks(probe)
    _read_as(probe, mapping, stream)
    notes = find_effect(probe, lambda: take_messages(probe, queue, stream), within=PATIENCE)
    if not notes:
        raise GiveUp.NO_NOTE(seconds=PATIENCE)
    batch = json.loads(notes[0])["KinesisBatchInfo"]
    size, evidence = batch["batchSize"], json.dumps(batch, indent=1)
    require(size == 1, GiveUp.GIVEN_UP_TOGETHER, evidence, size=size)
    find_effect(probe, lambda: all(clicks.total(probe, each) for each in products), within=PATIENCE)
    counted, wanted = [clicks.total(probe, each) for each in products], [1] * GOOD
    require(counted == wanted, GiveUp.MISCOUNTED, compare(counted=counted, needed=wanted))
    return DONE


def _require_settings(mapping: Settings, queue: SqsQueue) -> None:
    retries = mapping.get("MaximumRetryAttempts", FOR_EVER)
    bisects = mapping.get("BisectBatchOnFunctionError", False)
    if retries == FOR_EVER and not bisects and not failure_destination(mapping):
        raise NotAttempted(AS_IT_WAS)
    require_reports_read(mapping)
    require_retries(mapping, (1, 2))
    require_failure_destination(mapping, queue.arn)


def _put_clicks(probe: Probe) -> tuple[str, list[str]]:
    """Put good clicks around a damaged one into a stream; return its name, and their products."""
    stream, products = own_stream(probe, 1), [clicks.new_product(probe) for _ in range(GOOD)]
    bodies = [clicks.body(product) for product in products]
    bodies.insert(GOOD // 2, next(iter(clicks.DAMAGED.values())))
    records = [{"Data": text, "PartitionKey": "check"} for text in bodies]
    probe.client("kinesis").put_records(StreamName=stream, Records=records)
    return stream, products


def _read_as(probe: Probe, mapping: Settings, stream: str) -> None:
    """Let a copy of the learner's function read that stream, with the settings of the mapping."""
    aws, source = probe.client("lambda"), require_stream(probe, stream)
    reading = {"Effect": "Allow", "Action": READING, "Resource": source}
    role = copy_of_role(probe, configuration(probe, clicks.FUNCTION)["Role"], reading)
    made = aws.create_event_source_mapping(
        FunctionName=copy_of(probe, clicks.FUNCTION, role=role),
        EventSourceArn=source,
        StartingPosition="TRIM_HORIZON",
        **{name: mapping[name] for name in COPIED if name in mapping},
    )
    probe.afterwards(aws.delete_event_source_mapping, UUID=made["UUID"])
