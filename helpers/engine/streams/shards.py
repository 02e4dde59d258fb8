"""How the shards of a stream are looked at: each by itself.

LocalStack's poller of streams has habits that AWS's has not; they are put right here:

- It reads the shards one after another, so a record that fails in one holds up all of them. Here
  each shard has a lane of its own, in a thread of its own.
- A batching window is counted from the window before. Here, as on AWS, from its first record.
- A batch that was full is followed by a pause. Here by the next batch.

Where a mapping has come to is in positions.py, how a batch is handed over in batches.py.
"""

import threading
import time
from collections import defaultdict
from contextlib import suppress
from copy import copy
from typing import Any

from localstack.services.lambda_.event_source_mapping.esm_worker import EsmState, EsmWorker
from localstack.services.lambda_.event_source_mapping.event_processor import PipeInternalError
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import (
    Batcher,  # whose own module has another name in other releases
    StreamPoller,
)
from localstack.utils.patch import patch

from helpers.engine.streams import batches, positions
from helpers.engine.streams.batches import NotingProgress
from helpers.engine.streams.doorbell import BELL


def install() -> None:
    positions.install()
    batches.install()
    patch(StreamPoller.__init__)(_count_windows_from_the_first_record)
    patch(EsmWorker.poller_loop)(_follow_from_begin_to_end)
    patch(StreamPoller.poll_events)(_look_at_all_shards)


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
        self._own.processor = NotingProgress(poller, shard)

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


def _follow_from_begin_to_end(loop: Any, worker: EsmWorker, *arguments: Any, **named: Any) -> None:
    """What is enabled has begun: LATEST misses nothing from then on. What is deleted is gone."""
    poller = worker.poller
    if isinstance(poller, StreamPoller) and not poller.lab_progress.has_others(poller):
        with suppress(Exception):  # then the first look runs into it, and says so
            _open_lanes(poller)
    loop(worker, *arguments, **named)
    if worker.current_state == EsmState.DELETING:
        worker.delete_esm_in_store()


def _look_at_all_shards(look_at_one: Any, poller: StreamPoller) -> None:
    now = time.monotonic()
    last_look = getattr(poller, "lab_last_look", float("-inf"))
    if not BELL.is_time_to_look(now, last_look) or poller.lab_progress.has_others(poller):
        return
    poller.lab_last_look = now
    _open_lanes(poller)
    for lane in poller.lab_lanes:
        lane.look()
