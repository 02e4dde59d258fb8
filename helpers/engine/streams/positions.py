"""Where each mapping of a stream has come to in each shard, while its pollers come and go.

LocalStack's mapping that is changed or switched off and on begins anew with its starting position,
and a batch that is tried again goes on being tried after its mapping has gone. Here what replaces
a poller goes on where that one was, as soon as that one has ended; and one that is disabled can be
deleted, too.
"""

import threading
from collections import defaultdict
from typing import Any

from localstack.services.lambda_.event_source_mapping.esm_worker import EsmState, EsmWorker
from localstack.services.lambda_.event_source_mapping.esm_worker_factory import EsmWorkerFactory
from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import DynamoDBPoller
from localstack.services.lambda_.event_source_mapping.pollers.kinesis_poller import KinesisPoller
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import StreamPoller
from localstack.utils.patch import patch

from helpers.engine.streams.mapping_progress import Progress


def install() -> None:
    patch(EsmWorkerFactory.get_esm_worker)(_remember_the_position)
    patch(EsmWorker.delete)(_delete_for_good)
    for end in (EsmWorker.stop, EsmWorker.delete, EsmWorker.stop_for_shutdown):
        patch(end)(_end_lanes)
    for poller in (KinesisPoller, DynamoDBPoller):
        patch(poller.initialize_shards)(_begin_after_what_is_done)
    patch(EsmWorker.update_esm_state_in_store)(_tell_for_the_newest)
    patch(EsmWorker.create)(_disable_in_the_end)
    patch(StreamPoller.close)(_close_when_all_has_ended)


_PROGRESS: defaultdict[str, Progress] = defaultdict(Progress)  # by the UUID of the mapping


def _remember_the_position(get_esm_worker: Any, factory: EsmWorkerFactory) -> EsmWorker:
    worker = get_esm_worker(factory)
    if isinstance(worker.poller, StreamPoller):
        worker.poller.lab_progress = _PROGRESS[worker.uuid]
        worker.poller.lab_progress.newest = worker
    return worker


def _end_lanes(end: Any, worker: EsmWorker) -> None:
    """Without this, a batch that fails is tried again for ever."""
    if isinstance(worker.poller, StreamPoller):
        worker.poller._is_shutdown.set()
    end(worker)


def _close_when_all_has_ended(close: Any, poller: StreamPoller) -> None:
    """Only then is a mapping said to be disabled, or gone."""
    close(poller)
    poller.lab_progress.wait_for(poller)


def _delete_for_good(delete: Any, worker: EsmWorker) -> None:
    """LocalStack leaves the end to the poller's thread, and one that is disabled has none."""
    _PROGRESS.pop(worker.uuid, None)
    delete(worker)
    if worker._poller_thread is None or not worker._poller_thread.is_alive():
        worker.delete_esm_in_store()


def _tell_for_the_newest(tell: Any, worker: EsmWorker, state: EsmState) -> None:
    """What has been replaced says no more of the mapping's state."""
    if not isinstance(worker.poller, StreamPoller) or worker is worker.poller.lab_progress.newest:
        tell(worker, state)


def _disable_in_the_end(create: Any, worker: EsmWorker) -> None:
    """A mapping is disabled when what was under way has ended."""
    create(worker)
    is_disabled = isinstance(worker.poller, StreamPoller) and not worker.enabled
    if is_disabled and worker.poller.lab_progress.has_others(worker.poller):
        _say(worker, EsmState.DISABLING)
        threading.Thread(target=_disable, args=(worker,), daemon=True).start()


def _disable(worker: EsmWorker) -> None:
    worker.poller.lab_progress.wait_for_others(worker.poller)
    _say(worker, EsmState.DISABLED)


def _say(worker: EsmWorker, state: EsmState) -> None:
    worker.current_state = state
    worker.update_esm_state_in_store(state)


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
