"""The meter counts the usage of each account, including its functions' calls."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from helpers.cloud.engine import engine_of
from helpers.cloud.model import Cloud
from helpers.engine.meter.usage import Meter
from tests.engine.support import ECHO, Aws, until
from tests.engine.test_rest_api import Api

PUT = """
import boto3

def handler(event, context):
    s3 = boto3.client("s3")
    for number in range(3):
        s3.put_object(Bucket=event["bucket"], Key=str(number), Body=b"tea")
"""


@pytest.fixture
def used(aws: Aws, cloud: Cloud) -> Any:
    """Return a function for the account's usage, or another's: `used("123456789012")`."""

    def read(account: str = aws.account) -> dict[str, float]:
        return dict(engine_of(cloud, account)("GET", "usage")["used"])

    engine_of(cloud, aws.account)("DELETE", "usage")
    return read


def bucket_of(aws: Aws) -> str:
    name = f"bucket-{aws.account}"
    aws.s3.create_bucket(Bucket=name)
    return name


def test_reads_and_writes_are_counted_separately(aws: Aws, used: Any) -> None:
    bucket = bucket_of(aws)
    aws.s3.put_object(Bucket=bucket, Key="a", Body=b"tea")
    aws.s3.get_object(Bucket=bucket, Key="a")["Body"].read()
    aws.s3.delete_object(Bucket=bucket, Key="a")
    assert used() == {"s3.writes": 2, "s3.reads": 1}


def test_calls_of_a_function_are_counted(aws: Aws, used: Any) -> None:
    aws.deploy(PUT, Timeout=10)
    bucket = bucket_of(aws)
    assert aws.invoke(event={"bucket": bucket}).error is None
    assert used()["s3.writes"] == 4


def test_logs_are_counted_in_bytes(aws: Aws, used: Any) -> None:
    aws.deploy("def handler(event, context): print('x' * 1000)")
    aws.invoke()
    assert 1000 < used()["logs.bytes"] < 2000


def test_accounts_are_counted_separately(aws: Aws, used: Any) -> None:
    other = aws.client("sqs", account="111122223333")
    aws.queue()
    before = used()
    other.create_queue(QueueName="queue")
    assert used() == before
    assert used("111122223333")["sqs.requests"] == 1


def test_a_failed_call_is_counted_where_aws_bills_it(aws: Aws, used: Any) -> None:
    with pytest.raises(ClientError):
        aws.sqs.get_queue_url(QueueName="nobody")
    assert used() == {}
    bucket = bucket_of(aws)
    with pytest.raises(ClientError):
        aws.s3.get_object(Bucket=bucket, Key="nothing")
    assert used()["s3.reads"] == 1


def test_a_write_whose_condition_failed_is_billed(aws: Aws, used: Any) -> None:
    aws.dynamodb.create_table(
        TableName="carts",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    put = {"TableName": "carts", "Item": {"id": {"S": "a"}}}
    aws.dynamodb.put_item(**put)
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        aws.dynamodb.put_item(**put, ConditionExpression="attribute_not_exists(id)")
    aws.dynamodb.get_item(TableName="carts", Key={"id": {"S": "a"}})
    assert used() == {"dynamodb.writes": 2, "dynamodb.reads": 0.5}


def test_a_mapping_of_a_queue_is_billed_and_one_of_a_stream_is_not(aws: Aws, used: Any) -> None:
    function = aws.deploy(ECHO)
    aws.trigger(function, aws.queue().arn)
    asked = used()["sqs.requests"]
    until(lambda: used()["sqs.requests"] > asked)
    aws.kinesis.create_stream(StreamName="clicks", ShardCount=2)
    arn = aws.kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]
    aws.trigger(function, arn["StreamARN"], StartingPosition="TRIM_HORIZON")
    aws.kinesis.put_record(StreamName="clicks", PartitionKey="a", Data=b"tea")
    until(lambda: aws.logs())
    kinesis = {unit: value for unit, value in used().items() if unit.startswith("kinesis")}
    assert kinesis == {"kinesis.payload_units": 1, "kinesis.shard_hours": 2}


def test_requests_to_an_api_are_counted_whatever_the_response(
    aws: Aws, cloud: Cloud, used: Any
) -> None:
    api = Api(aws, cloud.endpoint, aws.deploy("def handler(event, context): return 1"), "/orders")
    for path in ("/orders", "/nowhere"):
        api.call("GET", path)
    assert used()["apigateway.requests"] == 2


def test_counting_starts_over_when_the_meter_is_reset(aws: Aws, cloud: Cloud, used: Any) -> None:
    aws.queue()
    engine_of(cloud, aws.account)("DELETE", "usage")
    assert used() == {}


# --- streams cost by the hour, which no test waits for ---------------------------------------

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SHARDS = "kinesis.shard_hours"


@pytest.mark.parametrize(("minutes", "hours"), [(0, 1), (1, 1), (60, 1), (61, 2), (1440, 24)])
def test_hours_are_rounded_up(minutes: int, hours: int) -> None:
    meter = Meter()
    meter.open_stream("1", "clicks", 2, SHARDS, NOON)
    assert meter.read("1", NOON + timedelta(minutes=minutes)) == {SHARDS: 2 * hours}


def test_a_stream_that_was_deleted_or_resharded_stays_on_the_bill() -> None:
    meter = Meter()
    meter.open_stream("1", "clicks", 1, SHARDS, NOON)
    meter.open_stream("1", "clicks", 4, SHARDS, NOON + timedelta(hours=2))
    meter.end_stream("1", "clicks", NOON + timedelta(hours=3))
    assert meter.read("1", NOON + timedelta(days=9)) == {SHARDS: 2 + 4}
