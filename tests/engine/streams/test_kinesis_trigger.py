"""Kinesis: records of a stream reach a function in order, shard by shard."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.engine.support import PICKY, TELL, Aws, until


def stream(aws: Aws, shards: int = 1) -> str:
    aws.kinesis.create_stream(StreamName="stream", ShardCount=shards)
    summary = aws.kinesis.describe_stream_summary(StreamName="stream")
    return str(summary["StreamDescriptionSummary"]["StreamARN"])


def put(aws: Aws, *texts: str, key: str = "key") -> None:
    aws.kinesis.put_records(
        StreamName="stream",
        Records=[{"Data": text.encode(), "PartitionKey": key} for text in texts],
    )


def texts(aws: Aws) -> list[str]:
    return [base64.b64decode(record["kinesis"]["data"]).decode() for record in aws.records()]


def test_a_record_reaches_the_function_in_the_format_of_aws(aws: Aws) -> None:
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


def test_records_arrive_in_order_and_in_batches_of_the_batch_size(aws: Aws) -> None:
    source = stream(aws)
    put(aws, *"abcdefghij")
    aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON", BatchSize=4)
    until(lambda: len(texts(aws)) == 10)
    assert "".join(texts(aws)) == "abcdefghij"
    assert [len(event["Records"]) for event in aws.seen()] == [4, 4, 2]


def test_trim_horizon_starts_with_existing_records_and_latest_with_new_ones(aws: Aws) -> None:
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


def test_a_mapping_can_start_at_a_timestamp(aws: Aws) -> None:
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


def test_a_failed_batch_is_retried_and_blocks_its_shard(aws: Aws) -> None:
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


def test_after_a_partial_failure_the_batch_continues_with_the_failed_record(aws: Aws) -> None:
    source = stream(aws)
    put(aws, "a", "b", "not yet", "c")
    assert aws.batches_after_a_partial_failure(source) == [
        ["a", "b", "not yet", "c"],
        ["not yet", "c"],
    ]


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
    until(lambda: "g" in aws.handled())
    assert aws.handled() == ["a", "b", "c", "e", "f", "g"]
    (message,) = until(lambda: aws.received(failed))
    assert json.loads(message)["KinesisBatchInfo"]["batchSize"] == 1


def test_discarded_records_are_reported_to_the_failure_destination(aws: Aws) -> None:
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
    report: dict[str, Any] = json.loads(message)
    assert report["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert report["requestContext"]["approximateInvokeCount"] == 2
    assert report["KinesisBatchInfo"]["batchSize"] == 2
    assert report["KinesisBatchInfo"]["streamArn"] == source
    assert report["KinesisBatchInfo"]["shardId"] == "shardId-000000000000"


def test_only_records_that_match_the_filter_arrive(aws: Aws) -> None:
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


def test_a_record_that_fails_blocks_only_its_own_shard(aws: Aws) -> None:
    source = stream(aws, shards=2)
    aws.trigger(aws.deploy(PICKY), source, StartingPosition="TRIM_HORIZON")
    put(aws, "poison", key="x")  # to the second shard
    until(aws.seen)
    put(aws, "behind it", key="x")
    put(aws, "elsewhere", key="y")  # to the first
    until(lambda: ["elsewhere"] in [event["Records"] for event in aws.seen()])
    until(lambda: len(aws.seen()) > 3)
    assert "behind it" not in aws.records()


def test_nothing_is_retried_once_the_mapping_is_deleted(aws: Aws) -> None:
    source = stream(aws)
    put(aws, "poison")
    mapping = aws.trigger(aws.deploy(PICKY), source, StartingPosition="TRIM_HORIZON")
    until(aws.seen)
    aws.lambda_.delete_event_source_mapping(UUID=mapping)
    until(lambda: not aws.lambda_.list_event_source_mappings()["EventSourceMappings"])
    tried = len(aws.seen())
    aws.trigger(aws.deploy(TELL, "again"), source, StartingPosition="TRIM_HORIZON")
    until(lambda: aws.seen("again"))
    assert len(aws.seen()) == tried


def test_an_updated_mapping_continues_where_it_was(aws: Aws) -> None:
    source = stream(aws)
    put(aws, "a", "b")
    mapping = aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON")
    until(lambda: len(texts(aws)) == 2)
    aws.lambda_.update_event_source_mapping(UUID=mapping, Enabled=False)
    until(lambda: aws.lambda_.get_event_source_mapping(UUID=mapping)["State"] == "Disabled")
    put(aws, "c", "d")
    aws.lambda_.update_event_source_mapping(UUID=mapping, Enabled=True, BatchSize=1)
    until(lambda: len(texts(aws)) == 4)
    assert texts(aws) == ["a", "b", "c", "d"]


def test_an_updated_mapping_continues_within_a_batch_too(aws: Aws) -> None:
    source = stream(aws)
    put(aws, "a", "not yet", "b")
    mapping = aws.trigger(
        aws.deploy(PICKY),
        source,
        StartingPosition="TRIM_HORIZON",
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    until(lambda: len(aws.seen()) > 1)
    aws.lambda_.update_event_source_mapping(UUID=mapping, MaximumRetryAttempts=0)
    put(aws, "c")
    until(lambda: "c" in aws.records())
    assert aws.records().count("a") == 1


def test_bisecting_continues_with_the_reported_record(aws: Aws) -> None:
    source, failed = stream(aws), aws.queue("failed")
    put(aws, "a", "b", "not yet", "c", "d", "e")
    aws.trigger(
        aws.deploy(PICKY),
        source,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=0,
        BisectBatchOnFunctionError=True,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": failed.arn}},
    )
    until(lambda: aws.seen() and aws.seen()[-1]["Records"][-1] == "e" and len(aws.seen()) > 4)
    (message,) = until(lambda: aws.received(failed))
    assert json.loads(message)["KinesisBatchInfo"]["startSequenceNumber"] == "3"
    assert json.loads(message)["KinesisBatchInfo"]["batchSize"] == 1
    assert [event["Records"] for event in aws.seen()] == [
        ["a", "b", "not yet", "c", "d", "e"],
        ["not yet", "c", "d", "e"],
        ["not yet", "c"],
        ["not yet"],
        ["c"],
        ["d", "e"],
    ]


def test_a_batching_window_begins_with_the_first_record(aws: Aws) -> None:
    source = stream(aws)
    aws.trigger(
        aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON", MaximumBatchingWindowInSeconds=2
    )
    put(aws, "first")
    began = time.monotonic()
    put(aws, "second")
    until(lambda: texts(aws))
    assert time.monotonic() - began > 1.8
    assert [len(event["Records"]) for event in aws.seen()] == [2]


def test_full_batches_follow_each_other_without_a_pause(aws: Aws) -> None:
    source = stream(aws)
    put(aws, *map(str, range(60)))
    aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON", BatchSize=1)
    began = time.monotonic()
    until(lambda: len(aws.seen()) == 60)
    assert time.monotonic() - began < 60 * 0.1 + 3


SLOW = """
import boto3, time

def handler(event, context):
    boto3.client("sqs").create_queue(QueueName="begun")
    time.sleep(1)
    boto3.client("sqs").create_queue(QueueName="ended")
"""


def test_a_mapping_is_disabled_only_when_its_last_invocation_has_ended(aws: Aws) -> None:
    source = stream(aws)
    mapping = aws.trigger(aws.deploy(SLOW), source, StartingPosition="TRIM_HORIZON")
    put(aws, "a")
    until(lambda: aws.sqs.list_queues().get("QueueUrls"))
    aws.lambda_.update_event_source_mapping(UUID=mapping, Enabled=False)
    until(lambda: aws.lambda_.get_event_source_mapping(UUID=mapping)["State"] == "Disabled")
    assert len(aws.sqs.list_queues()["QueueUrls"]) == 2


def test_a_disabled_mapping_can_be_deleted(aws: Aws) -> None:
    mapping = aws.trigger(
        aws.deploy(TELL), stream(aws), StartingPosition="TRIM_HORIZON", Enabled=False
    )
    aws.lambda_.delete_event_source_mapping(UUID=mapping)
    until(lambda: not aws.lambda_.list_event_source_mappings()["EventSourceMappings"])
