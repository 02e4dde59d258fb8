"""DynamoDB Streams: each change of a table reaches a function, in order."""

import json
from typing import Any

import pytest

from tests.engine.support import PICKY, TELL, Aws, until


def table(aws: Aws, view: str = "NEW_AND_OLD_IMAGES") -> str:
    """Create a table with a stream, and return the stream's ARN."""
    made = aws.dynamodb.create_table(
        TableName="table",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": view},
    )
    return str(made["TableDescription"]["LatestStreamArn"])


def put(aws: Aws, *keys: str, **more: Any) -> None:
    for key in keys:
        aws.dynamodb.put_item(TableName="table", Item={"id": {"S": key}, **more})


def names(aws: Aws) -> list[str]:
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in aws.records()]


def test_each_change_arrives_with_the_old_and_the_new_image(aws: Aws) -> None:
    source = table(aws)
    aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON")
    key = {"id": {"S": "a"}}
    put(aws, "a", n={"N": "1"})
    put(aws, "a", n={"N": "2"})
    aws.dynamodb.delete_item(TableName="table", Key=key)
    inserted, modified, removed = until(lambda: len(aws.records()) == 3 and aws.records())
    assert inserted["eventSource"] == "aws:dynamodb"
    assert inserted["eventSourceARN"] == source
    assert [one["eventName"] for one in (inserted, modified, removed)] == [
        "INSERT",
        "MODIFY",
        "REMOVE",
    ]
    assert "OldImage" not in inserted["dynamodb"]
    assert modified["dynamodb"]["OldImage"] == key | {"n": {"N": "1"}}
    assert modified["dynamodb"]["NewImage"] == key | {"n": {"N": "2"}}
    assert removed["dynamodb"]["Keys"] == key
    assert "NewImage" not in removed["dynamodb"]


def test_a_write_that_changes_nothing_adds_no_record(aws: Aws) -> None:
    source = table(aws)
    put(aws, "a", "a")
    aws.dynamodb.update_item(
        TableName="table",
        Key={"id": {"S": "a"}},
        UpdateExpression="REMOVE colour",
    )
    put(aws, "last")
    aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON")
    until(lambda: "last" in names(aws))
    assert names(aws) == ["a", "last"]


@pytest.mark.parametrize(
    ("view", "images"),
    [
        ("KEYS_ONLY", set()),
        ("NEW_IMAGE", {"NewImage"}),
        ("OLD_IMAGE", {"OldImage"}),
        ("NEW_AND_OLD_IMAGES", {"NewImage", "OldImage"}),
    ],
)
def test_the_view_type_determines_the_images(aws: Aws, view: str, images: set[str]) -> None:
    source = table(aws, view)
    put(aws, "a", n={"N": "1"})
    put(aws, "a", n={"N": "2"})
    aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON")
    _, modified = until(lambda: len(aws.records()) == 2 and aws.records())
    assert {name for name in modified["dynamodb"] if name.endswith("Image")} == images


def test_changes_arrive_in_order_and_in_batches_of_the_batch_size(aws: Aws) -> None:
    source = table(aws)
    put(aws, *"abcdefg")
    aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON", BatchSize=3)
    until(lambda: len(names(aws)) == 7)
    assert "".join(names(aws)) == "abcdefg"
    assert [len(event["Records"]) for event in aws.seen()] == [3, 3, 1]


def test_latest_starts_with_new_records(aws: Aws) -> None:
    source = table(aws)
    put(aws, "before")
    aws.trigger(aws.deploy(TELL, "all"), source, StartingPosition="TRIM_HORIZON")
    aws.trigger(aws.deploy(TELL), source, StartingPosition="LATEST")
    until(lambda: aws.seen("all"))
    put(aws, "after")
    until(lambda: names(aws))
    assert names(aws) == ["after"]


def test_after_a_partial_failure_the_batch_continues_with_the_failed_record(aws: Aws) -> None:
    source = table(aws)
    put(aws, "a", "b", "not yet", "c")
    assert aws.batches_after_a_partial_failure(source) == [
        ["a", "b", "not yet", "c"],
        ["not yet", "c"],
    ]


def test_bisecting_finds_the_change_that_fails_and_reports_it_to_the_destination(aws: Aws) -> None:
    source, failed = table(aws), aws.queue("failed")
    put(aws, "a", "b", "poison", "d", "e")
    aws.trigger(
        aws.deploy(PICKY),
        source,
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=0,
        BisectBatchOnFunctionError=True,
        DestinationConfig={"OnFailure": {"Destination": failed.arn}},
    )
    (message,) = until(lambda: aws.received(failed))
    report = json.loads(message)
    assert report["DDBStreamBatchInfo"]["batchSize"] == 1
    assert report["requestContext"]["condition"] == "RetryAttemptsExhausted"
    until(lambda: "e" in aws.handled())
    assert aws.handled() == ["a", "b", "d", "e"]


def test_only_changes_that_match_the_filter_arrive(aws: Aws) -> None:
    source = table(aws)
    put(aws, "a")
    aws.dynamodb.delete_item(TableName="table", Key={"id": {"S": "a"}})
    pattern = json.dumps({"eventName": ["REMOVE"]})
    aws.trigger(
        aws.deploy(TELL),
        source,
        StartingPosition="TRIM_HORIZON",
        FilterCriteria={"Filters": [{"Pattern": pattern}]},
    )
    assert [record["eventName"] for record in until(aws.records)] == ["REMOVE"]


def test_an_updated_mapping_continues_where_it_was(aws: Aws) -> None:
    source = table(aws)
    put(aws, "a", "b")
    mapping = aws.trigger(aws.deploy(TELL), source, StartingPosition="TRIM_HORIZON")
    until(lambda: len(names(aws)) == 2)
    aws.lambda_.update_event_source_mapping(UUID=mapping, BatchSize=1)
    put(aws, "c")
    until(lambda: "c" in names(aws))
    assert names(aws) == ["a", "b", "c"]
