"""DynamoDB, its streams and Kinesis, served by moto inside the engine.

LocalStack would download a Java program and a Node program for them at first use. moto, which
LocalStack already brings, implements them in Python: each provider below answers nothing itself,
so that every operation falls through to moto.

moto was made for the tests of one thread. Here many call at once, so one call at a time is let in:
a condition is checked and its item written, a number read and counted up, without anyone between.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from localstack.aws.api.dynamodb import DynamodbApi
from localstack.aws.api.dynamodbstreams import DynamodbstreamsApi
from localstack.aws.api.kinesis import KinesisApi
from localstack.services.moto import MotoFallbackDispatcher
from localstack.services.plugins import Service
from localstack.utils.patch import patch
from moto.dynamodb.models.table import StreamRecord, StreamShard
from moto.dynamodbstreams.models import DynamoDBStreamsBackend
from moto.kinesis.models import Stream

from helpers.engine.streams.doorbell import ring_before

TABLES = threading.RLock()  # streams read what tables write
STREAMS = threading.RLock()
MOST_ITERATORS = 10_000  # in one account and region


class MotoDynamoDb(DynamodbApi):
    pass


class MotoDynamoDbStreams(DynamodbstreamsApi):
    pass


class MotoKinesis(KinesisApi):
    pass


def dynamodb() -> Service:
    patch(StreamShard.add)(ring_before)
    patch(StreamShard.add)(_only_changes)
    patch(StreamRecord.to_json)(_without_empty_images)
    return _served_by_moto(MotoDynamoDb(), TABLES)


def dynamodbstreams() -> Service:
    patch(DynamoDBStreamsBackend.__init__)(_forget_old_iterators)
    return _served_by_moto(MotoDynamoDbStreams(), TABLES)


def kinesis() -> Service:
    patch(Stream.put_record)(ring_before)
    return _served_by_moto(MotoKinesis(), STREAMS)


def _served_by_moto(provider: object, lock: AbstractContextManager[Any]) -> Service:
    def dispatch_table(provider: object) -> dict[str, Any]:
        calls = MotoFallbackDispatcher(provider)
        return {name: _one_at_a_time(call, lock) for name, call in calls.items()}

    return Service.for_provider(provider, dispatch_table_factory=dispatch_table)


def _one_at_a_time(
    call: Callable[..., Any], lock: AbstractContextManager[Any]
) -> Callable[..., Any]:
    def locked(*arguments: Any) -> Any:
        with lock:
            return call(*arguments)

    return locked


class _Recent(dict[str, Any]):
    """Holds the entries that were added last."""

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        if len(self) > MOST_ITERATORS:
            del self[next(iter(self))]


def _forget_old_iterators(init: Any, backend: Any, *arguments: Any, **named: Any) -> None:
    """moto keeps every iterator it ever gave out, ten a second for each event source mapping."""
    init(backend, *arguments, **named)
    backend.shard_iterators = _Recent()


def _only_changes(add: Any, shard: StreamShard, old: Any, new: Any) -> None:
    """An item that is written again as it was leaves no record; moto leaves one."""
    if old is None or new is None or old.to_json() != new.to_json():
        add(shard, old, new)


def _without_empty_images(to_json: Any, record: StreamRecord) -> dict[str, Any]:
    """What was not there before, or is not there any more, has no image, not an empty one."""
    told: dict[str, Any] = to_json(record)
    change = told["dynamodb"]
    for name in ("OldImage", "NewImage"):
        if not change.get(name, True):
            del change[name]
    return told
