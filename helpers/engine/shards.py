"""How the records of a stream reach a function: each shard by itself, from where it had come to.

LocalStack's poller of streams has habits that AWS's has not; they are put right here:

- It reads the shards one after another, so a record that fails in one holds up all of them. Here
  each shard has a lane of its own, in a thread of its own.
- A mapping that is changed or switched off and on begins anew with its starting position, and a
  batch that is tried again goes on being tried after its mapping has gone. Here a position is kept
  for each shard, and what replaces a poller goes on from there as soon as that one has ended.
- A batching window is counted from the window before. Here, as on AWS, from its first record.
- A batch that was full is followed by a pause. Here by the next batch.
- BisectBatchOnFunctionError is accepted and not followed.
"""

import threading
import time
from collections import defaultdict
from contextlib import suppress
from copy import copy, deepcopy
from typing import Any

from localstack.services.lambda_.event_source_mapping.esm_worker import EsmWorker
from localstack.services.lambda_.event_source_mapping.esm_worker_factory import EsmWorkerFactory
from localstack.services.lambda_.event_source_mapping.event_processor import (
    BatchFailureError,
    PartialBatchFailureError,
    PipeInternalError,
)
from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import DynamoDBPoller
from localstack.services.lambda_.event_source_mapping.pollers.kinesis_poller import KinesisPoller
from localstack.services.lambda_.event_source_mapping.pollers.poller import get_batch_item_failures
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import (
    Batcher,  # whose own module has another name in other releases
    StreamPoller,
)
from localstack.utils.patch import patch

from helpers.engine.doorbell import BELL

Records = list[dict[str, Any]]


def install() -> None:
    patch(EsmWorkerFactory.get_esm_worker)(_remember_the_position)
    patch(EsmWorker.delete)(_forget_the_position)
    for end in (EsmWorker.stop, EsmWorker.delete, EsmWorker.stop_for_shutdown):
        patch(end)(_end_lanes)
    for poller in (KinesisPoller, DynamoDBPoller):
        patch(poller.initialize_shards)(_begin_after_what_is_done)
    patch(StreamPoller.__init__)(_count_windows_from_the_first_record)
    patch(EsmWorker.poller_loop)(_begin_before_it_is_enabled)
    patch(StreamPoller.poll_events)(_look_at_all_shards)
    patch(StreamPoller.forward_events_to_target)(_deliver)


# Where each mapping has come to


class Progress:
    """What is kept of a mapping while its pollers come and go.

    `after` has, for each shard, the sequence number of the last record that is done with. Only
    the newest poller may start anything, and only when what the one before it started has ended.
    """

    def __init__(self) -> None:
        self.after: dict[str, str] = {}
        self.newest: StreamPoller | None = None
        self._lock = threading.Lock()
        self._started: dict[str, tuple[StreamPoller, threading.Thread]] = {}

    def start(self, poller: StreamPoller, shard: str, thread: threading.Thread) -> None:
        with self._lock:
            if poller is self.newest and not self.is_busy(shard):
                self._started[shard] = poller, thread
                thread.start()

    def is_busy(self, shard: str) -> bool:
        return shard in self._started and self._started[shard][1].is_alive()

    def has_others(self, poller: StreamPoller) -> bool:
        """Whether something is still under way that another poller started."""
        started = list(self._started.values())
        return any(thread.is_alive() for owner, thread in started if owner is not poller)


_PROGRESS: defaultdict[str, Progress] = defaultdict(Progress)  # by the UUID of the mapping


def _remember_the_position(get_esm_worker: Any, factory: EsmWorkerFactory) -> EsmWorker:
    worker = get_esm_worker(factory)
    if isinstance(worker.poller, StreamPoller):
        worker.poller.lab_progress = _PROGRESS[worker.uuid]
        worker.poller.lab_progress.newest = worker.poller
    return worker


def _end_lanes(end: Any, worker: EsmWorker) -> None:
    """Without this, a batch that fails is tried again for ever."""
    if isinstance(worker.poller, StreamPoller):
        worker.poller.close()
    end(worker)


def _forget_the_position(delete: Any, worker: EsmWorker) -> None:
    _PROGRESS.pop(worker.uuid, None)
    delete(worker)


def _begin_after_what_is_done(initialize: Any, poller: StreamPoller) -> dict[str, str]:
    after = poller.lab_progress.after
    return {
        shard: _iterator_after(poller, shard, after[shard]) if shard in after else iterator
        for shard, iterator in initialize(poller).items()
    }


def _iterator_after(poller: StreamPoller, shard: str, number: str) -> str:
    is_kinesis = poller.event_source() == "aws:kinesis"
    answer = poller.source_client.get_shard_iterator(
        ShardId=shard,
        ShardIteratorType="AFTER_SEQUENCE_NUMBER",
        **{
            "StreamARN" if is_kinesis else "StreamArn": poller.source_arn,
            "StartingSequenceNumber" if is_kinesis else "SequenceNumber": number,
        },
    )
    return str(answer["ShardIterator"])


# Looking for records


class _Window(Batcher[Any]):
    """Gathers records, from the first of them on."""

    def add(self, records: Any, **more: Any) -> bool:
        if not self._batch:
            self._last_batch_time = time.monotonic()
        return bool(super().add(records, **more))


def _count_windows_from_the_first_record(
    init: Any, poller: StreamPoller, *a: Any, **kw: Any
) -> Any:
    init(poller, *a, **kw)
    poller.shard_batcher = defaultdict(
        lambda: _Window(
            max_count=poller.stream_parameters.get("BatchSize", 100),
            max_window=poller.stream_parameters.get("MaximumBatchingWindowInSeconds", 0),
        )
    )


class Lane:
    """One shard of a mapping: it is looked at in a thread, unless the look before still lasts."""

    def __init__(self, poller: StreamPoller, shard: str) -> None:
        # A poller for this shard alone; forwarding changes some of its attributes.
        self._own = copy(poller)
        self._poller = poller
        self._shard = shard
        self._error: Exception | None = None
        self._own.processor = _NotingProgress(poller, shard)

    def look(self) -> None:
        """Raises what the look before ran into."""
        error, self._error = self._error, None
        if error:
            raise error
        thread = threading.Thread(target=self._look, name=f"lane-{self._shard}", daemon=True)
        self._poller.lab_progress.start(self._poller, self._shard, thread)

    def _look(self) -> None:
        own = self._own
        own.lab_delivered = True
        try:
            while own.lab_delivered and not own._is_shutdown.is_set():
                own.lab_delivered = False
                own.poll_events_from_shard(self._shard, own.shards[self._shard])
        except PipeInternalError:
            pass  # the next look tries again
        except Exception as error:  # noqa: BLE001 - the next look raises it
            self._error = error


def _open_lanes(poller: StreamPoller) -> None:
    if not poller.shards:
        poller.shards = poller.initialize_shards()
        poller.lab_lanes = [Lane(poller, shard) for shard in poller.shards]


def _begin_before_it_is_enabled(
    loop: Any, worker: EsmWorker, *arguments: Any, **named: Any
) -> None:
    """A mapping that is enabled and begins with the LATEST must not miss what comes then."""
    poller = worker.poller
    if isinstance(poller, StreamPoller) and not poller.lab_progress.has_others(poller):
        with suppress(Exception):  # then the first look runs into it, and says so
            _open_lanes(poller)
    loop(worker, *arguments, **named)


def _look_at_all_shards(look_at_one: Any, poller: StreamPoller) -> None:
    now = time.monotonic()
    last_look = getattr(poller, "lab_last_look", float("-inf"))
    if not BELL.is_time_to_look(now, last_look) or poller.lab_progress.has_others(poller):
        return
    poller.lab_last_look = now
    _open_lanes(poller)
    for lane in poller.lab_lanes:
        lane.look()


# Handing them over


class _NotingProgress:
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
