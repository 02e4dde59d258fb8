"""The workers of event source mappings, and the replacement of LocalStack's classes with ours.

LocalStack has one worker for each mapping, which runs a poller. Ours differ in a mapping's life:

- A mapping that is updated, or disabled and enabled, continues after the last processed record.
  LocalStack starts over from the starting position.
- A worker waits for the one that it replaces; LocalStack goes on retrying a batch after its mapping
  has been deleted.
- A mapping can be deleted while it is disabled. LocalStack leaves that to the poller's thread,
  which a disabled mapping doesn't have.

The pollers are in queues.py, shards.py and batches.py.
"""

import threading
from collections import defaultdict
from contextlib import suppress
from typing import Any

from localstack.services.lambda_.event_source_mapping import esm_worker, esm_worker_factory
from localstack.services.lambda_.event_source_mapping.esm_worker import EsmState, EsmWorker
from localstack.services.lambda_.event_source_mapping.pollers import stream_poller
from localstack.services.lambda_.provider_utils import get_function_version_from_arn
from localstack.utils.backoff import ExponentialBackoff

from helpers.engine.streams.mapping_progress import Progress
from helpers.engine.streams.queues import QueuePoller
from helpers.engine.streams.shards import DynamoDBShards, KinesisShards, ShardPoller

MAX_RETRY_PAUSE = 1.5  # seconds, plus up to half of it at random

_progress: defaultdict[str, Progress] = defaultdict(Progress)  # by the mapping's UUID


def install() -> None:
    esm_worker_factory.EsmWorker = Worker
    esm_worker_factory.SqsPoller = QueuePoller
    esm_worker_factory.KinesisPoller = KinesisShards
    esm_worker_factory.DynamoDBPoller = DynamoDBShards
    esm_worker.ExponentialBackoff = _pause_between_polls
    stream_poller.ExponentialBackoff = _pause_between_retries


class Worker(EsmWorker):
    def __init__(self, esm_config: Any, poller: Any, *more: Any, **named: Any) -> None:
        super().__init__(esm_config, poller, *more, **named)
        if isinstance(poller, ShardPoller):
            poller.config = esm_config
            poller.role = str(get_function_version_from_arn(esm_config["FunctionArn"]).config.role)
            poller.progress = _progress[self.uuid]
            poller.progress.newest = poller

    def create(self) -> None:
        """Start polling, or disable the mapping once the replaced worker has ended."""
        super().create()
        if isinstance(self.poller, ShardPoller) and not self.enabled:
            progress = self.poller.progress
            if progress.has_others(self.poller):
                self._set_state(EsmState.DISABLING)
                threading.Thread(target=self._disable_after_others, daemon=True).start()

    def poller_loop(self, *arguments: Any, **named: Any) -> None:
        """Poll until the mapping is disabled or deleted.

        The shards are opened before the mapping is reported as enabled, so that LATEST misses no
        record from then on.
        """
        if isinstance(self.poller, ShardPoller) and not self.poller.is_waiting:
            with suppress(Exception):  # the first poll meets the same error, and reports it
                self.poller.open_lanes()
        super().poller_loop(*arguments, **named)
        if self.current_state == EsmState.DELETING:
            self.delete_esm_in_store()

    def stop(self) -> None:
        self._stop_retrying()
        super().stop()

    def stop_for_shutdown(self) -> None:
        self._stop_retrying()
        super().stop_for_shutdown()

    def delete(self) -> None:
        self._stop_retrying()
        _progress.pop(self.uuid, None)
        super().delete()
        is_polling = self._poller_thread is not None and self._poller_thread.is_alive()
        if not (self.enabled and is_polling):
            self.delete_esm_in_store()

    def update_esm_state_in_store(self, new_state: EsmState) -> None:
        """Report a mapping's state, unless another worker has replaced this one."""
        is_replaced = (
            isinstance(self.poller, ShardPoller) and self.poller.progress.newest is not self.poller
        )
        if not is_replaced:
            super().update_esm_state_in_store(new_state)

    def _stop_retrying(self) -> None:
        if isinstance(self.poller, ShardPoller):
            self.poller._is_shutdown.set()

    def _disable_after_others(self) -> None:
        self.poller.progress.wait_for_others(self.poller)
        if self.current_state == EsmState.DISABLING:  # and not deleted meanwhile
            self._set_state(EsmState.DISABLED)

    def _set_state(self, state: EsmState) -> None:
        self.current_state = state
        self.update_esm_state_in_store(state)


def _pause_between_polls(initial_interval: float, max_interval: float) -> ExponentialBackoff:
    """Return LocalStack's backoff; its first pause doesn't exceed the maximum either."""
    initial_interval = min(initial_interval, max_interval)
    return ExponentialBackoff(initial_interval=initial_interval, max_interval=max_interval)


def _pause_between_retries(max_retries: int) -> ExponentialBackoff:
    """Return a backoff that stays short: LocalStack's grows to a minute, and a lab waits for it."""
    return ExponentialBackoff(max_retries=max_retries, max_interval=MAX_RETRY_PAUSE)
