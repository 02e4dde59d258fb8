"""Event source mappings: how soon they look, and what they hand to a function.

LocalStack's pollers have habits that AWS's have not; each is put right here on its own:

- A queue is looked at again only after a second or so: here the poller waits inside the call until
  a message is there.
- A batching window gathers nothing unless it is longer than 20 seconds.
- A message body that happens to be JSON is rewritten: `{"a":1}` arrives as `{"a": 1}`, and no
  signature over it holds.
- AT_TIMESTAMP is accepted and not followed.
- A mapping that is disabled stays for ever when it is deleted, and no other can take its place.

What is special to the shards of a stream is in shards.py.
"""

from typing import Any

from localstack.services.lambda_.event_source_mapping import esm_worker
from localstack.services.lambda_.event_source_mapping.esm_worker import EsmWorker
from localstack.services.lambda_.event_source_mapping.esm_worker_factory import EsmWorkerFactory
from localstack.services.lambda_.event_source_mapping.pollers import sqs_poller
from localstack.services.lambda_.event_source_mapping.pollers.kinesis_poller import KinesisPoller
from localstack.services.lambda_.event_source_mapping.pollers.poller import Poller
from localstack.services.lambda_.event_source_mapping.pollers.sqs_poller import SqsPoller
from localstack.services.sqs.constants import HEADER_LOCALSTACK_SQS_OVERRIDE_WAIT_TIME_SECONDS
from localstack.utils.backoff import ExponentialBackoff
from localstack.utils.patch import patch

LONG_POLL = 1  # seconds; so long may a mapping take to stop


def install() -> None:
    esm_worker.ExponentialBackoff = _backoff
    patch(SqsPoller._register_client_hooks)(_wait_for_messages)
    patch(sqs_poller.transform_into_events)(_keep_bodies)
    patch(Poller.add_source_metadata)(_restore_bodies)
    patch(EsmWorkerFactory.get_esm_worker)(_tell_the_poller_all)
    patch(KinesisPoller.initialize_shards)(_start_at_the_time_wanted)
    patch(EsmWorker.delete)(_delete_what_rests)


def _delete_what_rests(delete: Any, worker: EsmWorker) -> None:
    """A mapping at work is removed by its poller when that ends; one at rest has none."""
    delete(worker)
    if not worker.enabled:
        worker.delete_esm_in_store()


# Queues


def _backoff(initial_interval: float, max_interval: float) -> ExponentialBackoff:
    """As LocalStack makes it, but its first pause too is no longer than the longest."""
    initial_interval = min(initial_interval, max_interval)
    return ExponentialBackoff(initial_interval=initial_interval, max_interval=max_interval)


class _Window(int):
    """A batching window in seconds, as against the time that an empty queue is watched."""


def _wait_for_messages(register: Any, poller: SqsPoller) -> None:
    window = poller.maximum_batching_window
    poller.maximum_batching_window = _Window(window) if window else LONG_POLL
    poller.source_client.meta.events.register_first(
        "provide-client-params.sqs.ReceiveMessage", _gather, unique_id="lab-gather"
    )
    register(poller)


def _gather(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    """Have the queue wait for the whole of a batching window, whatever its length."""
    wait = params.get("sqs_override_wait_time_seconds")
    if isinstance(wait, _Window):
        context[HEADER_LOCALSTACK_SQS_OVERRIDE_WAIT_TIME_SECONDS] = str(int(wait))


class _Message(dict[str, Any]):
    """An event of a queue that remembers its body, which filtering turns into JSON and back."""

    def __init__(self, event: dict[str, Any]) -> None:
        super().__init__(event)
        self.body = event["body"]


def _keep_bodies(transform: Any, messages: list[dict[str, Any]]) -> list[_Message]:
    return [_Message(event) for event in transform(messages)]


def _restore_bodies(add: Any, poller: Poller, events: list[dict[str, Any]], *more: Any) -> Any:
    for event in events:
        if isinstance(event, _Message):
            event["body"] = event.body
    return add(poller, events, *more)


# Streams


def _tell_the_poller_all(get_esm_worker: Any, factory: EsmWorkerFactory) -> Any:
    """LocalStack passes only a part of a mapping's configuration on to its poller."""
    worker = get_esm_worker(factory)
    worker.poller.lab_config = factory.esm_config
    return worker


def _start_at_the_time_wanted(initialize_shards: Any, poller: KinesisPoller) -> dict[str, str]:
    config, client = poller.lab_config, poller.source_client
    if config["StartingPosition"] != "AT_TIMESTAMP":
        return dict(initialize_shards(poller))
    return {
        shard["ShardId"]: client.get_shard_iterator(
            StreamARN=poller.source_arn,
            ShardId=shard["ShardId"],
            ShardIteratorType="AT_TIMESTAMP",
            Timestamp=config["StartingPositionTimestamp"],
        )["ShardIterator"]
        for shard in client.list_shards(StreamARN=poller.source_arn)["Shards"]
    }
