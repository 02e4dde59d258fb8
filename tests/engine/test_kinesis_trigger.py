"""Kinesis: records of a stream reach a function in order, shard by shard."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.engine.support import TELL, Aws, until

# Tells of every record it is given, and fails as the records ask it to.
PICKY = """
import base64, json

def handler(event, context):
    texts = [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]
    print("saw " + json.dumps({"Records": texts}))
    if "poison" in texts:
        raise ValueError("poison")
    failed = [
        record["kinesis"]["sequenceNumber"]
        for record, text in zip(event["Records"], texts)
        if text == "not yet"
    ]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
"""


def stream(aws: Aws, shards: int = 1) -> str:
    aws.kinesis.create_stream(StreamName="stream", ShardCount=shards)
    told = aws.kinesis.describe_stream_summary(StreamName="stream")
    return str(told["StreamDescriptionSummary"]["StreamARN"])


def put(aws: Aws, *texts: str, key: str = "key") -> None:
    aws.kinesis.put_records(
        StreamName="stream",
        Records=[{"Data": text.encode(), "PartitionKey": key} for text in texts],
    )


def texts(aws: Aws) -> list[str]:
    return [base64.b64decode(record["kinesis"]["data"]).decode() for record in aws.records()]


def test_a_record_reaches_the_function_as_aws_would_write_it(aws: Aws) -> None:
    source = stream(aws)
    aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON")
    put(aws, "click")
    (record,) = until(aws.records)
    assert record["eventSource"] == "aws:kinesis"
    assert record["eventSourceARN"] == source
    assert record["eventName"] == "aws:kinesis:record"
    assert record["eventID"].startswith("shardId-000000000000:")
    assert record["kinesis"]["partitionKey"] == "key"
    assert base64.b64decode(record["kinesis"]["data"]) == b"click"
    assert record["kinesis"]["approximateArrivalTimestamp"] > 1_700_000_000


def test_records_come_in_order_and_in_batches_of_the_size_asked_for(aws: Aws) -> None:
    source = stream(aws)
    put(aws, *"abcdefghij")
    aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON", BatchSize=4)
    until(lambda: len(texts(aws)) == 10)
    assert "".join(texts(aws)) == "abcdefghij"
    assert [len(event["Records"]) for event in aws.seen()] == [4, 4, 2]


def test_trim_horizon_starts_with_what_is_there_and_latest_with_what_comes(aws: Aws) -> None:
    source = stream(aws)
    put(aws, "before")
    aws.trigger(aws.deploy(TELL, "all"), source, StartingPosition="TRIM_HORIZON")
    aws.trigger(aws.deploy(TELL, "new"), source, StartingPosition="LATEST")
    until(lambda: aws.seen("all"))
    put(aws, "after")
    until(lambda: len(aws.records("all")) == 2)
    until(lambda: len(aws.records("new")) == 1)
    (record,) = aws.records("new")
    assert base64.b64decode(record["kinesis"]["data"]) == b"after"


def test_a_mapping_may_start_at_a_time(aws: Aws) -> None:
    source = stream(aws)
    put(aws, "before")
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    until(lambda: datetime.now(UTC) > start)  # boto3 sends whole seconds
    put(aws, "after")
    aws.trigger(
        aws.deploy(TELL), source, StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=start
    )
    until(lambda: texts(aws))
    assert texts(aws) == ["after"]


def test_records_of_one_key_keep_their_order_over_many_shards(aws: Aws) -> None:
    source = stream(aws, shards=3)
    aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON")
    for n in range(5):
        for key in "xyz":
            put(aws, f"{key}{n}", key=key)
    until(lambda: len(texts(aws)) == 15)
    for key in "xyz":
        assert [text for text in texts(aws) if text[0] == key] == [f"{key}{n}" for n in range(5)]
    shards = {record["eventID"].partition(":")[0] for record in aws.records()}
    assert len(shards) > 1


def test_a_batch_that_fails_is_tried_again_and_holds_up_its_shard(aws: Aws) -> None:
    source = stream(aws)
    put(aws, "good", "poison")
    aws.trigger(aws.deploy(PICKY), source, StartingPosition="TRIM_HORIZON", MaximumRetryAttempts=1)
    until(aws.seen)
    put(aws, "later")
    until(lambda: "later" in aws.records())
    batches = [event["Records"] for event in aws.seen()]
    assert batches[-1] == ["later"]
    assert len(batches) == 3
    assert batches[0] == batches[1]


def test_after_a_partial_failure_the_batch_goes_on_from_that_record(aws: Aws) -> None:
    source = stream(aws)
    put(aws, "a", "b", "not yet", "c")
    aws.trigger(
        aws.deploy(PICKY),
        source,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    until(lambda: len(aws.seen()) == 2)
    assert [event["Records"] for event in aws.seen()] == [
        ["a", "b", "not yet", "c"],
        ["not yet", "c"],
    ]


def handled(aws: Aws) -> list[str]:
    batches = [event["Records"] for event in aws.seen()]
    return [text for batch in batches if "poison" not in batch for text in batch]


def test_bisecting_finds_the_record_that_fails(aws: Aws) -> None:
    source, failed = stream(aws), aws.queue("failed")
    put(aws, "a", "b", "c", "poison", "e", "f", "g")
    aws.trigger(
        aws.deploy(PICKY),
        source,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=0,
        BisectBatchOnFunctionError=True,
        DestinationConfig={"OnFailure": {"Destination": failed.arn}},
    )
    until(lambda: "g" in handled(aws))
    assert handled(aws) == ["a", "b", "c", "e", "f", "g"]
    (message,) = until(lambda: aws.received(failed))
    assert json.loads(message)["KinesisBatchInfo"]["batchSize"] == 1


def test_what_is_given_up_is_told_to_the_failure_destination(aws: Aws) -> None:
    source, failed = stream(aws), aws.queue("failed")
    put(aws, "poison", "with it")
    aws.trigger(
        aws.deploy(PICKY),
        source,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": failed.arn}},
    )
    (message,) = until(lambda: aws.received(failed))
    told: dict[str, Any] = json.loads(message)
    assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert told["requestContext"]["approximateInvokeCount"] == 2
    assert told["KinesisBatchInfo"]["batchSize"] == 2
    assert told["KinesisBatchInfo"]["streamArn"] == source
    assert told["KinesisBatchInfo"]["shardId"] == "shardId-000000000000"


def test_only_records_that_the_filter_lets_through_arrive(aws: Aws) -> None:
    source = stream(aws)
    put(aws, '{"page": "home"}', '{"page": "cart"}')
    pattern = json.dumps({"data": {"page": ["cart"]}})
    aws.trigger(
        aws.deploy(TELL),
        source,
        StartingPosition="TRIM_HORIZON",
        FilterCriteria={"Filters": [{"Pattern": pattern}]},
    )
    until(lambda: texts(aws))
    assert [json.loads(text) for text in texts(aws)] == [{"page": "cart"}]
