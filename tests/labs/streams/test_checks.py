"""Lab 04's checks: what a sheet can't show, nothing left behind, and nothing changed.

Wrong and right answers are in wrong_answers.py and right_answers.py; the proofs run them.
"""

import json
from typing import Any

import pytest

from helpers.checks.links.stream import require_stream, require_table_stream
from helpers.cloud.engine import Ask, engine_of
from helpers.exercises.exercise import find_exercise
from helpers.exercises.verdict import Outcome
from helpers.labs.streams.give_up import READING
from tests.checks.desk import Desk, zip_of

READ_STREAMS = [
    f"arn:aws:iam::aws:policy/service-role/AWSLambda{service}ExecutionRole"
    for service in ("Kinesis", "DynamoDB")
]
ACTIONS = ["dynamodb:UpdateItem", "s3:PutObject", "sqs:SendMessage", "sqs:GetQueueUrl"]


class Counter(Desk):
    """The desk of lab 04: tables, functions and mappings are a line each."""

    def __init__(self, client: Any, folder: Any, engine: Ask) -> None:
        super().__init__("streams", client, folder, engine)
        self.aws, self.iam = self.client("lambda"), self.client("iam")
        self.allow(ACTIONS)
        for arn in READ_STREAMS:
            self.iam.attach_role_policy(RoleName="shop-streams", PolicyArn=arn)

    def allow(self, actions: list[str]) -> None:
        """Let the functions' role do this, beside writing logs and reading streams."""
        allowed = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        self.role = self.role_named("shop-streams", allowed)

    def table(self, name: str, *key: str, **more: Any) -> None:
        kinds = zip(key, ("HASH", "RANGE"), strict=False)
        self.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": part, "KeyType": kind} for part, kind in kinds],
            AttributeDefinitions=[{"AttributeName": part, "AttributeType": "S"} for part in key],
            BillingMode="PAY_PER_REQUEST",
            **more,
        )

    def items(self, table: str) -> int:
        return int(self.client("dynamodb").scan(TableName=table)["Count"])

    def function(self, name: str, code: str, **variables: str) -> None:
        self.aws.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self.role,
            Handler=f"{name}.handler",
            Code={"ZipFile": zip_of({f"{name}.py": code})},
            Environment={"Variables": variables},
            Timeout=20,
        )
        self.aws.get_waiter("function_active_v2").wait(FunctionName=name)

    def upload(self, name: str, code: str) -> None:
        data = zip_of({f"{name}.py": code})
        self.aws.update_function_code(FunctionName=name, ZipFile=data)
        self.aws.get_waiter("function_updated_v2").wait(FunctionName=name)

    def map(self, function: str = "count_clicks", **settings: Any) -> None:
        wanted = {"EventSourceArn": self.source, "StartingPosition": "TRIM_HORIZON"} | settings
        self.aws.create_event_source_mapping(FunctionName=function, **wanted)


@pytest.fixture
def desk(client, tmp_path, cloud, account):
    desk = Counter(client, tmp_path, engine_of(cloud, account))
    yield desk
    for each in desk.aws.list_event_source_mappings()["EventSourceMappings"]:
        desk.aws.delete_event_source_mapping(UUID=each["UUID"])
    for each in desk.aws.list_functions()["Functions"]:
        desk.aws.delete_function(FunctionName=each["FunctionName"])


COUNTING = """\
import base64, json, boto3

table = boto3.resource("dynamodb").Table("clicks_per_minute")


def handler(event, context):
    failures = []
    for record in event["Records"]:
        try:
            click = json.loads(base64.b64decode(record["kinesis"]["data"]))
            key = {"product": click["product"], "minute": click["at"][:16]}
        except Exception:
            failures = [{"itemIdentifier": record["kinesis"]["sequenceNumber"]}]
            break
        table.update_item(
            Key=key, UpdateExpression="ADD clicks :n", ExpressionAttributeValues={":n": 1}
        )
    return {"batchItemFailures": failures}
"""
COUNTS_TWICE = COUNTING.replace('":n": 1', '":n": 2')
REPORTS = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
BATCHES = {"BatchSize": 100, "MaximumBatchingWindowInSeconds": 1}


@pytest.fixture
def counting(desk):
    """A stream, and a function in one file that counts one by one, and reports what it can't."""
    desk.table("clicks_per_minute", "product", "minute")
    desk.function("count_clicks", COUNTING)
    desk.client("kinesis").create_stream(StreamName="clicks", ShardCount=2)
    desk.source = require_stream(desk.probe, "clicks")
    return desk


def test_a_check_of_a_key_leaves_no_stream(desk):
    desk.namespace["partition_key"] = lambda visitor, body: visitor
    assert desk.check("key").correct
    assert desk.client("kinesis").list_streams()["StreamNames"] == []


def test_an_answer_may_be_one_file_and_its_counts_are_removed(counting):
    counting.map(**REPORTS, Enabled=False)
    verdicts = [counting.check(name) for name in ("count", "isolate", "isolate")]
    assert all(verdict.correct for verdict in verdicts), verdicts
    assert counting.items("clicks_per_minute") == 0


def test_without_a_function_nothing_was_attempted(desk):
    for exercise in ("count", "once"):
        assert desk.check(exercise).outcome is Outcome.NOT_ATTEMPTED


def test_a_function_that_may_not_count_learns_what_its_role_lacks(counting):
    counting.allow(["s3:PutObject"])
    verdict = counting.check("count")
    assert (verdict.diagnosis, json.loads(verdict.evidence)["Action"]) == (
        "role.denied",
        ACTIONS[0],
    )


def test_a_function_that_fails_at_something_else_shows_its_error(counting):
    counting.client("dynamodb").delete_table(TableName="clicks_per_minute")
    assert "ResourceNotFoundException" in counting.check("count").evidence
    counting.upload("count_clicks", "def handler(event, context):\n    oops")
    counting.map(Enabled=False)
    assert "NameError" in counting.check("isolate").evidence


def test_clicks_that_are_counted_twice_or_not_at_all_are_counted_in_the_verdict(
    counting, monkeypatch
):
    monkeypatch.setattr("helpers.labs.streams.trigger.PATIENCE", 8.0)
    counting.upload("count_clicks", COUNTS_TWICE)
    counting.map(**BATCHES)
    assert counting.check("trigger").diagnosis == "trigger.twice"
    none = {"FunctionName": "count_clicks", "ReservedConcurrentExecutions": 0}
    counting.aws.put_function_concurrency(**none)
    verdict = counting.check("trigger")
    assert (verdict.diagnosis, verdict.evidence) == ("trigger.not-counted", "0 of 6 clicks counted")


# give-up


@pytest.fixture
def giving_up(counting, monkeypatch):
    """A mapping with the settings that are wanted; it does not read yet."""
    monkeypatch.setattr("helpers.labs.streams.give_up.PATIENCE", 6.0)
    sqs = counting.client("sqs")
    counting.queue = sqs.create_queue(QueueName="lost-clicks")["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=counting.queue, AttributeNames=["QueueArn"])
    settings = REPORTS | {
        "MaximumRetryAttempts": 1,
        "BisectBatchOnFunctionError": True,
        "DestinationConfig": {"OnFailure": {"Destination": told["Attributes"]["QueueArn"]}},
    }
    counting.map(Enabled=False, **settings)
    return counting


def test_a_role_may_read_the_learners_stream_alone_and_the_queue_is_as_before(giving_up):
    for arn in READ_STREAMS:
        giving_up.iam.detach_role_policy(RoleName="shop-streams", PolicyArn=arn)
    allowed = {"Effect": "Allow", "Action": READING, "Resource": giving_up.source}
    policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    giving_up.iam.put_role_policy(RoleName="shop-streams", PolicyName="read", PolicyDocument=policy)
    assert giving_up.check("give-up").correct
    assert "Messages" not in giving_up.client("sqs").receive_message(QueueUrl=giving_up.queue)
    assert len(giving_up.aws.list_functions()["Functions"]) == 1


AS_AWS_MAY = """\
    if failures:  # one note for several records
        note = {"KinesisBatchInfo": {"batchSize": 3}, "stream": record["eventSourceARN"]}
        queue = boto3.client("sqs").get_queue_url(QueueName="lost-clicks")["QueueUrl"]
        boto3.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(note))
"""
REPORTING = {
    "give-up.no-note": COUNTING.replace('"batchItemFailures": failures', '"batchItemFailures": []'),
    "give-up.given-up-together": COUNTING.replace("    return", AS_AWS_MAY + "    return"),
    "give-up.miscounted": COUNTS_TWICE,
}


@pytest.mark.parametrize("diagnosis", REPORTING)
def test_a_function_that_reports_wrongly_is_found_by_what_becomes_of_the_records(
    giving_up, diagnosis
):
    giving_up.upload("count_clicks", REPORTING[diagnosis])
    assert giving_up.check("give-up").diagnosis == diagnosis


# changes and once

CART_CHANGED = """\
import os, boto3

dynamodb = boto3.resource("dynamodb")


def quantity(image):
    return int(image.get("quantity", {}).get("N", 0))


def handler(event, context):
    for record in event["Records"]:
        images = record["dynamodb"]
        keys = images["Keys"]
        change = quantity(images.get("NewImage", {})) - quantity(images.get("OldImage", {}))
        try:
            dynamodb.Table("stock").update_item(
                Key={"product": keys["product"]["S"]},
                UpdateExpression="ADD pieces :n, done :ids",
                ConditionExpression="NOT contains(done, :id)",
                ExpressionAttributeValues={
                    ":n": -change, ":ids": {record["eventID"]}, ":id": record["eventID"],
                },
            )
        except dynamodb.meta.client.exceptions.ConditionalCheckFailedException:
            continue
        boto3.client("s3").put_object(
            Bucket=os.environ["RECEIPTS"], Key=f"{keys['visitor']['S']}/{record['eventID']}.txt"
        )
"""
SAMPLES = "[each for each in event['Records'] if each['eventSourceARN'].endswith('/2001')]"
ONLY_REMOVE = {"FilterCriteria": {"Filters": [{"Pattern": '{"eventName": ["REMOVE"]}'}]}}


@pytest.fixture
def shop(desk, monkeypatch):
    """A cart with its stream, and a function of one file that keeps the ids in the stock's item."""
    monkeypatch.setattr("helpers.labs.streams.changes.PATIENCE", 4.0)
    view = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    desk.table("cart", "visitor", "product", StreamSpecification=view)
    desk.table("stock", "product")
    desk.table("handled", "event")
    desk.bucket = f"receipts-{id(desk)}"
    desk.client("s3").create_bucket(Bucket=desk.bucket)
    desk.function("cart_changed", CART_CHANGED, RECEIPTS=desk.bucket)
    desk.source = require_table_stream(desk.probe, "cart")
    return desk


def test_after_the_check_cart_stock_and_receipts_are_as_before(shop):
    shop.map("cart_changed")
    verdicts = [shop.check(name) for name in ("changes", "changes", "once")]
    assert all(verdict.correct for verdict in verdicts), verdicts
    assert [shop.items(name) for name in ("cart", "stock", "handled")] == [0, 0, 0]
    assert "Contents" not in shop.client("s3").list_objects_v2(Bucket=shop.bucket)


def test_a_stock_that_does_not_follow_the_cart_is_diagnosed_by_the_mapping(shop):
    shop.map("cart_changed", **ONLY_REMOVE)
    assert shop.check("changes").diagnosis == "mapping.filtered"
    find_exercise(shop.exercises, "changes").undo(shop.probe)
    shop.upload("cart_changed", CART_CHANGED.replace('event["Records"]', SAMPLES))
    shop.map("cart_changed")
    assert shop.check("changes").diagnosis == "changes.not-invoked"


def test_a_stock_that_is_not_a_number_any_more_is_diagnosed(shop):
    code = CART_CHANGED.replace("ADD pieces :n, done :ids", "SET pieces = :n ADD done :ids")
    shop.upload("cart_changed", code.replace("-change", '"many"'))
    shop.map("cart_changed", Enabled=False)
    assert shop.check("changes").diagnosis == "cart.no-stock"


def test_a_receipt_in_another_place_is_none(shop):
    shop.upload("cart_changed", CART_CHANGED.replace('Key=f"{keys', 'Key=f"receipts/{keys'))
    shop.map("cart_changed")
    assert shop.check("changes").diagnosis == "changes.no-receipt"


# the way to a worked answer


def test_mappings_and_counts_that_went_wrong_are_removed(counting, shop):
    counting.map(EventSourceArn=require_stream(counting.probe, "clicks"))
    item = {"product": {"S": "assam"}, "minute": {"S": "2026-03-02T19:00"}, "clicks": {"N": "1"}}
    counting.client("dynamodb").put_item(TableName="clicks_per_minute", Item=item)
    shop.map("cart_changed")
    for exercise in ("trigger", "changes"):
        find_exercise(counting.exercises, exercise).undo(counting.probe)
    assert counting.aws.list_event_source_mappings()["EventSourceMappings"] == []
    assert counting.items("clicks_per_minute") == 0


def test_a_file_where_the_folder_belongs_is_removed(desk):
    desk.write("count_clicks", "")
    find_exercise(desk.exercises, "count").undo(desk.probe)
    assert not (desk.folder / "count_clicks").exists()
