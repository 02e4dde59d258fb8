"""DynamoDB, its streams and Kinesis, served by moto inside the engine.

LocalStack would download a Java program and a Node program for them at first use. moto, on which
LocalStack depends anyway, implements them in Python: the providers below implement no operation, so
that all of them fall through to moto.

moto was made for tests with a single thread. Here many threads call it, so calls are serialized:
nothing comes between checking a condition and writing the item.
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

from helpers.engine.streams.doorbell import BELL

TABLES = threading.RLock()  # streams read what tables write
STREAMS = threading.RLock()
MAX_ITERATORS = 10_000  # in one account and region


class MotoDynamoDb(DynamodbApi):
    pass


class MotoDynamoDbStreams(DynamodbstreamsApi):
    pass


class MotoKinesis(KinesisApi):
    pass


def dynamodb() -> Service:
    patch(StreamShard.add)(_add_changes_only)
    patch(StreamRecord.to_json)(_omit_empty_images)
    return _served_by_moto(MotoDynamoDb(), TABLES)


def dynamodbstreams() -> Service:
    patch(DynamoDBStreamsBackend.__init__)(_limit_iterators)
    return _served_by_moto(MotoDynamoDbStreams(), TABLES)


def kinesis() -> Service:
    patch(Stream.put_record)(_ring_and_put)
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


# Streams


def _add_changes_only(add: Any, shard: StreamShard, old: Any, new: Any) -> None:
    """Add a record, unless the item was written again unchanged; moto adds one for that, too."""
    if old is None or new is None or old.to_json() != new.to_json():
        BELL.ring()
        add(shard, old, new)


def _omit_empty_images(to_json: Any, record: StreamRecord) -> dict[str, Any]:
    """Return the record without the image of an item that was, or is, absent; moto's is empty."""
    written: dict[str, Any] = to_json(record)
    change = written["dynamodb"]
    for name in ("OldImage", "NewImage"):
        if not change.get(name, True):
            del change[name]
    return written


def _ring_and_put(put: Any, *arguments: Any, **named: Any) -> Any:
    BELL.ring()
    return put(*arguments, **named)


class _Newest(dict[str, Any]):
    """A dictionary of the entries that were added last."""

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        if len(self) > MAX_ITERATORS:
            del self[next(iter(self))]


def _limit_iterators(init: Any, backend: Any, *arguments: Any, **named: Any) -> None:
    """Limit the iterators; moto keeps all, and each event source mapping adds ten a second."""
    init(backend, *arguments, **named)
    backend.shard_iterators = _Newest()
