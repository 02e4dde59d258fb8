"""The delivery of a batch to a function: whole, from a failed record on, or in halves.

LocalStack accepts BisectBatchOnFunctionError and ignores it. Here a batch that fails continues with
the record that the function reported; where none is reported, or the first, it is split in two.
The mapping's progress is noted within a batch, too.
"""

from copy import deepcopy
from typing import Any

from localstack.services.lambda_.event_source_mapping.event_processor import (
    BatchFailureError,
    PartialBatchFailureError,
)
from localstack.services.lambda_.event_source_mapping.pollers.poller import get_batch_item_failures
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import StreamPoller

from helpers.engine.streams.doorbell import BELL
from helpers.engine.streams.mapping_progress import Progress

Records = list[dict[str, Any]]


class BatchDelivery(StreamPoller):
    """The part of a poller that delivers batches."""

    config: Any
    progress: Progress
    processor: Any  # for events
    has_delivered = False

    def forward_events_to_target(self, shard_id: str, records: Records) -> None:
        """Deliver a batch, in parts if need be, and note the progress."""
        self.has_delivered = True
        try:
            if len(records) > 1 and self.config.get("BisectBatchOnFunctionError"):
                self._bisect(shard_id, records)
            else:
                super().forward_events_to_target(shard_id, records)
            if not self._is_shutdown.is_set():
                self.progress.after[shard_id] = _sequence_number(records[-1])
        finally:
            BELL.ring()  # many records make many batches

    def _bisect(self, shard: str, records: Records) -> None:
        """Deliver a batch; if it fails, continue with the reported record, or with its halves.

        A single record is retried as often as the mapping allows.
        """
        processor = self.processor
        self.processor = noting = NotingFailure(self)
        try:
            super().forward_events_to_target(shard, deepcopy(records))
        finally:
            self.processor = processor
        if noting.failed_from is None or self._is_shutdown.is_set():
            return
        failed = [_sequence_number(record) for record in records].index(noting.failed_from)
        if failed:
            self.forward_events_to_target(shard, records[failed:])
            return
        middle = len(records) // 2
        self.forward_events_to_target(shard, records[:middle])
        self.forward_events_to_target(shard, records[middle:])


class _Noting:
    """A processor around another; both know the sequence numbers of a batch."""

    def __init__(self, poller: StreamPoller) -> None:
        self._processor = poller.processor
        self._sequence_number = poller.get_sequence_number

    def __getattr__(self, name: str) -> Any:
        return getattr(self._processor, name)

    def numbers(self, events: Records) -> list[str]:
        return [self._sequence_number(event) for event in events]


class NotingProgress(_Noting):
    """Notes the last processed record of a shard, within a batch, too."""

    def __init__(self, poller: BatchDelivery, shard: str) -> None:
        super().__init__(poller)
        self._after = poller.progress.after
        self._shard = shard

    def process_events_batch(self, events: Records) -> None:
        numbers = self.numbers(events)
        try:
            self._processor.process_events_batch(events)
        except PartialBatchFailureError as error:
            failed = _first_failed(error, numbers)
            if failed:
                self._after[self._shard] = numbers[failed - 1]
            raise
        self._after[self._shard] = numbers[-1]


class NotingFailure(_Noting):
    """Notes the first record that failed, and reports success, so that nothing is retried."""

    failed_from: str | None = None

    def process_events_batch(self, events: Records) -> None:
        numbers = self.numbers(events)
        try:
            self._processor.process_events_batch(events)
        except PartialBatchFailureError as error:
            self.failed_from = numbers[_first_failed(error, numbers)]
        except BatchFailureError:
            self.failed_from = numbers[0]


def _first_failed(error: PartialBatchFailureError, numbers: list[str]) -> int:
    """Return the index of the first record that the function reported, 0 if it is unknown."""
    reported = get_batch_item_failures(error.partial_failure_payload, set(numbers))
    return numbers.index(min(reported, key=int)) if reported else 0


def _sequence_number(record: dict[str, Any]) -> str:
    return str(record.get("dynamodb", record)["SequenceNumber"])
