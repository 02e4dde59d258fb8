"""How a batch from a shard is handed to a function: whole, from where it failed on, or halved.

LocalStack accepts BisectBatchOnFunctionError and does not follow it. Here a batch that fails goes
on from the record that the function reported; where none is reported, or the first, it is halved.
What is done with is noted in the mapping's position, within a batch, too.
"""

import time
from copy import deepcopy
from typing import Any

from localstack.services.lambda_.event_source_mapping.event_processor import (
    BatchFailureError,
    PartialBatchFailureError,
)
from localstack.services.lambda_.event_source_mapping.pollers import stream_poller
from localstack.services.lambda_.event_source_mapping.pollers.poller import get_batch_item_failures
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import StreamPoller
from localstack.utils.backoff import ExponentialBackoff
from localstack.utils.patch import patch

from helpers.engine.streams.doorbell import BELL

LONGEST_PAUSE = 1.5  # seconds, half as much again by chance

Records = list[dict[str, Any]]


def install() -> None:
    stream_poller.ExponentialBackoff = _soon
    patch(StreamPoller.forward_events_to_target)(_deliver)


def _soon(max_retries: int) -> ExponentialBackoff:
    """LocalStack's pauses between two tries grow to a minute; a lab waits for the next one."""
    return ExponentialBackoff(max_retries=max_retries, max_interval=LONGEST_PAUSE)


class NotingProgress:
    """A processor that notes how far a shard has come, within a batch too."""

    def __init__(self, poller: StreamPoller, shard: str) -> None:
        self._poller = poller
        self._processor = poller.processor
        self._shard = shard

    def process_events_batch(self, events: Records) -> None:
        numbers = [self._poller.get_sequence_number(event) for event in events]
        try:
            self._processor.process_events_batch(events)
        except PartialBatchFailureError as error:
            failed = _first_failed(error, numbers)
            if failed:
                self._poller.lab_progress.after[self._shard] = numbers[failed - 1]
            raise
        self._poller.lab_progress.after[self._shard] = numbers[-1]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._processor, name)


def _first_failed(error: PartialBatchFailureError, numbers: list[str]) -> int:
    """The place of the first record that the function reported; 0 if it can't be told."""
    reported = get_batch_item_failures(error.partial_failure_payload, set(numbers))
    return numbers.index(min(reported, key=int)) if reported else 0


class _NotingFailure:
    """A processor that notes from which record on a batch has failed, and has it not retried."""

    def __init__(self, poller: StreamPoller) -> None:
        self._poller = poller
        self._processor = poller.processor
        self.failed_from: str | None = None

    def process_events_batch(self, events: Records) -> None:
        numbers = [self._poller.get_sequence_number(event) for event in events]
        try:
            self._processor.process_events_batch(events)
        except PartialBatchFailureError as error:
            self.failed_from = numbers[_first_failed(error, numbers)]
        except BatchFailureError:
            self.failed_from = numbers[0]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._processor, name)


def _deliver(forward: Any, lane: StreamPoller, shard: str, records: Records) -> None:
    """Hand a batch to the function, in parts if need be, and note that it is done with."""
    lane.lab_delivered = True
    try:
        if len(records) > 1 and lane.lab_config.get("BisectBatchOnFunctionError"):
            _bisect(forward, lane, shard, records)
        else:
            forward(lane, shard, records)
        if not lane._is_shutdown.is_set():
            lane.lab_progress.after[shard] = _number(records[-1])
    finally:
        BELL.ring(time.monotonic())  # many records are many batches


def _bisect(forward: Any, lane: StreamPoller, shard: str, records: Records) -> None:
    """A batch that fails goes on from the record that was reported, else it is halved.

    The record that is left in the end is tried again as often as the mapping says.
    """
    processor = lane.processor
    lane.processor = noting = _NotingFailure(lane)
    try:
        forward(lane, shard, deepcopy(records))
    finally:
        lane.processor = processor
    if noting.failed_from is None or lane._is_shutdown.is_set():
        return
    place = [_number(record) for record in records].index(noting.failed_from)
    if place:
        _deliver(forward, lane, shard, records[place:])
        return
    middle = len(records) // 2
    _deliver(forward, lane, shard, records[:middle])
    _deliver(forward, lane, shard, records[middle:])


def _number(record: dict[str, Any]) -> str:
    return str(record.get("dynamodb", record)["SequenceNumber"])
