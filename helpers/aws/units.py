"""The billing units of an AWS call, as far as its request and response show them.

A rule gives pairs of a price's name (see helpers/aws/prices.py) and a quantity. Not counted, since
the call does not show them: a table's indexes (one more write each), storage and data transfer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from math import ceil
from typing import Any

from helpers.aws.item_units import ITEM_RULES

KB = 1024
CHUNK = 64 * KB  # what SQS, SNS and EventBridge count as one request
PAYLOAD_UNIT = 25 * KB

Fields = Mapping[str, Any]
Units = Iterable[tuple[str, float]]
Rule = Callable[[Fields, Fields], Units]

# Failed calls are free, with two exceptions: S3 charges for the caller's errors, and DynamoDB for
# a write whose condition was not met, since it has read the item.
CONDITION_FAILED = {"ConditionalCheckFailedException", "TransactionCanceledException"}


@cache
def rule_for(service: str, operation: str) -> Rule | None:
    """Return the rule for calls of that operation; None if they are free."""
    match service:
        case "s3":
            return _s3(operation)
        case "sqs":
            return QUEUE_RULES.get(operation, _queue_request)
        case "secretsmanager":
            return lambda request, answer: [("secretsmanager.calls", 1)]
        case "dynamodb":
            return ITEM_RULES.get(operation)
    return RULES.get((service, operation))


def is_billed(service: str, error: str, status: int) -> bool:
    """Return whether AWS charges for a call that failed with that error."""
    return (service == "s3" and status < 500) or (
        service == "dynamodb" and error in CONDITION_FAILED
    )


def _s3(operation: str) -> Rule | None:
    """Return the rule for one of S3's two classes of requests; None for free deletions."""
    if operation.startswith(("Delete", "Abort")):
        return None
    writes = ("Put", "Copy", "Post", "List", "Create", "Upload", "Complete")
    unit = "s3.writes" if operation.startswith(writes) else "s3.reads"
    return lambda request, answer: [(unit, 1)]


# SQS: each call counts as one request, and each further 64 KB as one more.


def _queue_request(request: Fields, answer: Fields) -> Units:
    return [(_queue_kind(request), 1)]


def _queue_kind(request: Fields) -> str:
    is_fifo = str(request.get("QueueUrl", "")).endswith(".fifo")
    return "sqs.fifo" if is_fifo else "sqs.requests"


def _send(request: Fields, answer: Fields) -> Units:
    return [(_queue_kind(request), _chunks(_message_size(request, "MessageBody")))]


def _send_batch(request: Fields, answer: Fields) -> Units:
    entries = request.get("Entries") or []
    return [
        (_queue_kind(request), _chunks(sum(_message_size(each, "MessageBody") for each in entries)))
    ]


def _receive(request: Fields, answer: Fields) -> Units:
    """Count the call even if it returns no messages."""
    messages = answer.get("Messages") or []
    return [(_queue_kind(request), _chunks(sum(_message_size(each, "Body") for each in messages)))]


def _message_size(message: Fields, body: str) -> int:
    attributes = message.get("MessageAttributes") or {}
    size = sum(_length(name) + _deep_length(value) for name, value in attributes.items())
    return _length(message.get(body)) + size


QUEUE_RULES: dict[str, Rule] = {
    "SendMessage": _send,
    "SendMessageBatch": _send_batch,
    "ReceiveMessage": _receive,
}


# SNS and EventBridge: likewise, by the size of the messages and events.


def _publish(request: Fields, answer: Fields) -> Units:
    return [("sns.publishes", _chunks(_message_size(request, "Message")))]


def _publish_batch(request: Fields, answer: Fields) -> Units:
    entries = request.get("PublishBatchRequestEntries") or []
    return [("sns.publishes", _chunks(sum(_message_size(each, "Message") for each in entries)))]


def _put_events(request: Fields, answer: Fields) -> Units:
    """Count each event by itself, except those that were refused."""
    outcomes = answer.get("Entries") or []
    for event, outcome in zip(request.get("Entries") or [], outcomes, strict=False):
        if not outcome.get("ErrorCode"):
            yield "events.custom", _chunks(_deep_length(event))


# Kinesis: each record in units of 25 KB. Reading from provisioned shards is free.


def _put_record(request: Fields, answer: Fields) -> Units:
    return [("kinesis.payload_units", _payload_units(request))]


def _put_records(request: Fields, answer: Fields) -> Units:
    outcomes = answer.get("Records") or []
    for record, outcome in zip(request.get("Records") or [], outcomes, strict=False):
        if not outcome.get("ErrorCode"):
            yield "kinesis.payload_units", _payload_units(record)


def _payload_units(record: Fields) -> int:
    return max(ceil(_length(record.get("Data")) / PAYLOAD_UNIT), 1)


RULES: dict[tuple[str, str], Rule] = {
    ("sns", "Publish"): _publish,
    ("sns", "PublishBatch"): _publish_batch,
    ("events", "PutEvents"): _put_events,
    ("kinesis", "PutRecord"): _put_record,
    ("kinesis", "PutRecords"): _put_records,
    ("dynamodbstreams", "GetRecords"): lambda request, answer: [("dynamodb.stream_reads", 1)],
    ("logs", "PutLogEvents"): lambda request, answer: [
        ("logs.bytes", log_size(each.get("message") for each in request.get("logEvents") or []))
    ],
}


def log_size(messages: Iterable[str | None]) -> int:
    """Return the size in bytes that CloudWatch Logs bills: 26 are added to each event."""
    return sum(_length(message) + 26 for message in messages)


def _chunks(size: int) -> int:
    return max(ceil(size / CHUNK), 1)


def _length(value: Any) -> int:
    if value is None:
        return 0
    return len(value) if isinstance(value, bytes) else len(str(value).encode())


def _deep_length(value: Any) -> int:
    """Return the length of all strings in the value, however deeply nested."""
    return sum(map(_length, _leaves(value)))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
    else:
        yield value
