"""Lab 04's checks: right answers in other words, and what the sheet's proofs do not come by.

The wrong answers are in wrong_answers.py; the proofs run them in the sheet itself.
"""

import hashlib
import json
from typing import Any

import pytest

from helpers.checks.package import is_same_code
from helpers.cloud.engine import Ask, engine_of
from helpers.course.project import find_project
from helpers.exercises.exercise import find_exercise
from helpers.exercises.verdict import Outcome
from helpers.labs.streams import cart, clicks, given
from tests.checks.desk import Desk, zip_of

PREPARED = "arn:aws:iam::aws:policy/service-role"
UPDATE = "dynamodb:UpdateItem"


class Counter(Desk):
    """The desk of lab 04: tables, streams and functions are a line each."""

    def __init__(self, client: Any, folder: Any, engine: Ask) -> None:
        super().__init__("streams", client, folder, engine)
        self.aws, self.iam = self.client("lambda"), self.client("iam")
        self.account = self.client("sts").get_caller_identity()["Account"]
        self.role = self.role_named("shop-streams")
        self.allow(UPDATE, "s3:PutObject", "sqs:SendMessage")
        self.read_streams("Kinesis", "DynamoDB")

    def allow(self, *actions: str, resource: str = "*") -> None:
        """What the role allows besides writing logs and reading streams, and nothing else."""
        statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
        policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
        self.iam.put_role_policy(RoleName="shop-streams", PolicyName="own", PolicyDocument=policy)

    def read_streams(self, *services: str) -> None:
        """Attach what AWS has prepared for these, in the place of what is attached."""
        attached = self.iam.list_attached_role_policies(RoleName="shop-streams")
        for each in attached["AttachedPolicies"]:
            self.iam.detach_role_policy(RoleName="shop-streams", PolicyArn=each["PolicyArn"])
        for service in services:
            arn = f"{PREPARED}/AWSLambda{service}ExecutionRole"
            self.iam.attach_role_policy(RoleName="shop-streams", PolicyArn=arn)

    def table(self, name: str, *key: str, **more: Any) -> None:
        kinds = ("HASH", "RANGE")
        self.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[
                {"AttributeName": n, "KeyType": kind} for n, kind in zip(key, kinds, strict=False)
            ],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in key],
            BillingMode="PAY_PER_REQUEST",
            **more,
        )

    def function(self, name: str, files: dict[str, str], **variables: str) -> None:
        self.aws.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self.role,
            Handler=f"{name}.handler",
            Code={"ZipFile": zip_of(files)},
            Environment={"Variables": variables},
            Timeout=20,
        )
        self.aws.get_waiter("function_active_v2").wait(FunctionName=name)

    def stream(self, name: str = "clicks") -> str:
        self.client("kinesis").create_stream(StreamName=name, ShardCount=2)
        return clicks.stream_arn(self.probe, name)

    def map(self, source: str, function: str = "count_clicks", **settings: Any) -> str:
        wanted = {"StartingPosition": "TRIM_HORIZON"} | settings
        made = self.aws.create_event_source_mapping(
            EventSourceArn=source, FunctionName=function, **wanted
        )
        return str(made["UUID"])

    def leave(self) -> None:
        for each in self.aws.list_event_source_mappings()["EventSourceMappings"]:
            self.aws.delete_event_source_mapping(UUID=each["UUID"])
        for each in self.aws.list_functions()["Functions"]:
            self.aws.delete_function(FunctionName=each["FunctionName"])


@pytest.fixture
def desk(client, tmp_path, cloud, account):
    desk = Counter(client, tmp_path, engine_of(cloud, account))
    yield desk
    desk.leave()


# key

KEYS = {
    "the visitor": lambda visitor, body: visitor,
    "with a word before": lambda visitor, body: f"visitor {visitor}",
    "a hash of it": lambda visitor, body: hashlib.sha256(visitor.encode()).hexdigest(),
}


@pytest.mark.parametrize("how", KEYS)
def test_a_key_may_be_anything_that_a_visitor_has_alone(desk, how):
    desk.namespace["partition_key"] = KEYS[how]
    assert desk.check("key").correct


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (3, "is no function any more"),
        (lambda visitor: visitor, "stops with an error"),
        (lambda visitor, body: "", "at least one letter"),
        (lambda visitor, body: visitor * 100, "256 letters at most"),
        (lambda visitor, body: visitor.encode(), "has to be a text"),
    ],
)
def test_what_can_be_no_key_is_told(desk, function, words):
    desk.namespace["partition_key"] = function
    verdict = desk.check("key")
    assert verdict.outcome is Outcome.INCORRECT
    assert words in verdict.message


def test_a_key_that_never_comes_is_given_up(desk):
    def for_ever(visitor, body):
        while True:
            pass

    desk.namespace["partition_key"] = for_ever
    assert desk.check("key").link == "code"


@pytest.mark.parametrize("names", [{}, {"partition_key": lambda visitor, body: None}])
def test_without_a_key_nothing_was_attempted(desk, names):
    desk.namespace.update(names)
    assert desk.check("key").outcome is Outcome.NOT_ATTEMPTED


def test_the_check_leaves_no_stream(desk):
    desk.namespace["partition_key"] = KEYS["the visitor"]
    desk.check("key")
    assert desk.client("kinesis").list_streams()["StreamNames"] == []


# count

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


@pytest.fixture
def counting(desk):
    """A function in one file that counts one by one, and reports what it can't read."""
    desk.table("clicks_per_minute", "product", "minute")
    desk.function("count_clicks", {"count_clicks.py": COUNTING})
    return desk


def test_clicks_may_be_counted_in_any_way_that_loses_none(counting):
    assert counting.check("count").correct
    assert counting.client("dynamodb").scan(TableName="clicks_per_minute")["Count"] == 0


def test_without_a_function_nothing_was_attempted(desk):
    for exercise in ("count", "once"):
        assert desk.check(exercise).outcome is Outcome.NOT_ATTEMPTED


def test_a_function_whose_table_is_gone_fails_with_its_error(counting):
    counting.client("dynamodb").delete_table(TableName="clicks_per_minute")
    assert "ResourceNotFoundException" in counting.check("count").evidence


def test_a_function_whose_role_may_not_count_is_told_what_its_role_lacks(counting):
    counting.allow("s3:PutObject")
    verdict = counting.check("count")
    assert (verdict.link, json.loads(verdict.evidence)["Action"]) == ("role", UPDATE)


def test_a_function_that_counts_too_much_is_told(desk):
    desk.table("clicks_per_minute", "product", "minute")
    twice = COUNTING.replace('":n": 1', '":n": 2')
    desk.function("count_clicks", {"count_clicks.py": twice})
    assert "not as many as there were" in desk.check("count").message


# trigger


def test_without_a_stream_the_stream_is_what_is_missing(counting):
    assert counting.check("trigger").link == "stream"


def test_a_mapping_without_effect_says_how_many_were_counted(counting, monkeypatch):
    monkeypatch.setattr("helpers.labs.streams.trigger.PATIENCE", 2.0)
    source = counting.stream()
    counting.map(source, BatchSize=100, MaximumBatchingWindowInSeconds=1)
    counting.client("dynamodb").delete_table(TableName="clicks_per_minute")
    counting.table("clicks_per_minute", "product", "minute")
    counting.aws.put_function_concurrency(
        FunctionName="count_clicks", ReservedConcurrentExecutions=0
    )
    verdict = counting.check("trigger")
    assert (verdict.link, verdict.evidence) == ("effect", "0 of 6 clicks counted")


def test_a_mapping_may_be_made_in_any_way_that_fits(counting):
    source = counting.stream()
    counting.map(source, BatchSize=1000, MaximumBatchingWindowInSeconds=2)
    assert counting.check("trigger").correct


def test_a_mapping_from_a_point_in_time_may_miss_monday(counting):
    source = counting.stream()
    counting.map(source, StartingPosition="AT_TIMESTAMP", StartingPositionTimestamp=1_000_000_000)
    assert "begins at a point in time" in counting.check("trigger").message


# isolate and give-up


def test_a_function_that_counts_one_by_one_may_be_right_too(counting):
    source = counting.stream()
    counting.map(source, FunctionResponseTypes=["ReportBatchItemFailures"], Enabled=False)
    assert counting.check("isolate").correct
    assert counting.check("isolate").correct


def test_a_function_that_fails_for_good_clicks_is_told_with_its_error(desk):
    desk.table("clicks_per_minute", "product", "minute")
    desk.function("count_clicks", {"count_clicks.py": "def handler(event, context):\n    oops"})
    desk.map(desk.stream(), Enabled=False)
    assert "NameError" in desk.check("isolate").evidence


@pytest.fixture
def giving_up(counting):
    """A mapping with the settings that are wanted; it does not read yet."""
    url = counting.client("sqs").create_queue(QueueName="lost-clicks")["QueueUrl"]
    arn = counting.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    settings = {
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "MaximumRetryAttempts": 1,
        "BisectBatchOnFunctionError": True,
        "DestinationConfig": {"OnFailure": {"Destination": arn["Attributes"]["QueueArn"]}},
    }
    counting.source = counting.stream()
    counting.map(counting.source, Enabled=False, **settings)
    return counting


def test_after_a_note_was_seen_the_queue_is_as_before(giving_up):
    assert giving_up.check("give-up").correct
    sqs = giving_up.client("sqs")
    url = sqs.get_queue_url(QueueName="lost-clicks")["QueueUrl"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_a_role_may_read_the_learner_s_stream_and_no_other(giving_up):
    giving_up.read_streams("Basic")
    reading = [
        f"kinesis:{action}" for action in ("GetRecords", "GetShardIterator", "DescribeStream")
    ]
    policy = {"Effect": "Allow", "Action": reading, "Resource": giving_up.source}
    giving_up.role_named("shop-streams", policy)
    assert giving_up.check("give-up").correct


# changes and once

CART_CHANGED = """\
import os, boto3
from boto3.dynamodb.conditions import Attr

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


@pytest.fixture
def shop(desk):
    """A cart with its stream, and a function of one file that keeps the ids in the stock's item."""
    view = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    desk.table("cart", "visitor", "product", StreamSpecification=view)
    desk.table("stock", "product")
    desk.table("handled", "event")
    bucket = f"receipts-{id(desk)}"
    desk.client("s3").create_bucket(Bucket=bucket)
    desk.function("cart_changed", {"cart_changed.py": CART_CHANGED}, RECEIPTS=bucket)
    return desk


def test_the_stock_may_follow_the_cart_in_any_way(shop):
    shop.map(cart.stream_arn(shop.probe), "cart_changed")
    assert shop.check("changes").correct
    assert shop.check("once").correct


def test_after_the_check_cart_stock_and_receipts_are_as_before(shop):
    shop.map(cart.stream_arn(shop.probe), "cart_changed")
    shop.check("changes")
    assert [shop.client("dynamodb").scan(TableName=n)["Count"] for n in ("cart", "stock")] == [0, 0]
    (bucket,) = [each["Name"] for each in shop.client("s3").list_buckets()["Buckets"]]
    assert "Contents" not in shop.client("s3").list_objects_v2(Bucket=bucket)


def test_a_cart_without_a_stream_is_told(shop):
    shop.client("dynamodb").delete_table(TableName="cart")
    assert shop.check("changes").link == "table"
    shop.table("cart", "visitor", "product")
    assert shop.check("changes").link == "stream"


def test_a_mapping_that_does_nothing_is_told(shop, monkeypatch):
    monkeypatch.setattr("helpers.labs.streams.changes.PATIENCE", 1.0)
    pattern = json.dumps({"eventName": ["REMOVE"]})
    shop.map(
        cart.stream_arn(shop.probe),
        "cart_changed",
        FilterCriteria={"Filters": [{"Pattern": pattern}]},
    )
    assert shop.check("changes").link == "event source"


@pytest.mark.parametrize("change", ["-2 * change", "0", "1"])
def test_a_stock_that_is_wrong_in_another_way_is_told(shop, change):
    upload(shop, CART_CHANGED.replace('":n": -change', f'":n": {change}'))
    shop.map(cart.stream_arn(shop.probe), "cart_changed", Enabled=False)
    assert "should be 17" in shop.check("changes").evidence


def test_a_stock_that_is_no_number_any_more_is_told(shop):
    text = "SET pieces = :n ADD done :ids"
    code = CART_CHANGED.replace("ADD pieces :n, done :ids", text).replace("-change", '"many"')
    upload(shop, code)
    shop.map(cart.stream_arn(shop.probe), "cart_changed", Enabled=False)
    assert "no number `pieces`" in shop.check("changes").message


def upload(shop, code):
    data = zip_of({"cart_changed.py": code})
    shop.aws.update_function_code(FunctionName="cart_changed", ZipFile=data)
    shop.aws.get_waiter("function_updated_v2").wait(FunctionName="cart_changed")


def test_no_receipt_is_told(shop):
    upload(shop, CART_CHANGED.replace('Key=f"{keys', 'Key=f"receipts/{keys'))
    shop.map(cart.stream_arn(shop.probe), "cart_changed")
    assert "no receipt was written" in shop.check("changes").message


# what the exercises have in common


def test_the_way_to_a_worked_answer_is_free_of_mappings_and_counts(counting):
    counting.map(counting.stream("clicks"), BatchSize=1)
    item = {"product": {"S": "assam"}, "minute": {"S": "2026-03-02T19:00"}, "clicks": {"N": "1"}}
    counting.client("dynamodb").put_item(TableName="clicks_per_minute", Item=item)
    find_exercise(counting.exercises, "trigger").undo(counting.probe)
    assert counting.aws.list_event_source_mappings()["EventSourceMappings"] == []
    assert counting.client("dynamodb").scan(TableName="clicks_per_minute")["Count"] == 0


def test_a_file_where_the_folder_belongs_is_removed(desk):
    desk.write("count_clicks", "")
    find_exercise(desk.exercises, "count").undo(desk.probe)
    assert not (desk.folder / "count_clicks").exists()


def test_the_way_to_the_carts_mapping_is_free(shop):
    undo = find_exercise(shop.exercises, "changes").undo
    shop.map(cart.stream_arn(shop.probe), "cart_changed")
    undo(shop.probe)
    assert shop.aws.list_event_source_mappings()["EventSourceMappings"] == []
    shop.aws.delete_function(FunctionName="cart_changed")
    undo(shop.probe)


def test_the_stubs_are_what_the_checks_know():
    project = find_project()
    text = (project.labs / project.sheet("streams").file).read_text("utf-8")
    cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    for file, code in (
        ("count_clicks/minutes.py", given.MINUTES),
        ("cart_changed/change.py", given.CHANGE),
        ("cart_changed/marks.py", given.MARKS),
    ):
        first_line = f"%%writefile streams/{file}\n"
        (written, *_) = [cell for cell in cells if cell.startswith(first_line)]
        assert is_same_code(written.removeprefix(first_line), code), file
