"""Lab 03's checks: right answers in other words, what the proofs don't reach, and what is kept.

The wrong answers are in wrong_answers.py; the proofs run them in the sheet itself.
"""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from helpers.labs.cron.rules import runs

from helpers.cloud.clock import advance
from helpers.cloud.engine import engine_of
from helpers.exercises.verdict import Outcome
from helpers.labs.cron import given
from helpers.labs.cron.month_end import _problem as problem_with_month_end
from helpers.labs.cron.night import _problem as problem_with_nights
from helpers.labs.cron.night import check_night
from helpers.labs.cron.shop import Shop as Files
from helpers.labs.cron.shop import at_one, some_day
from tests.checks.desk import Desk, zip_of

NIGHTLY = "cron(0 1 * * ? *)"
SHOP = """\
import json
import os

import boto3

s3 = boto3.client("s3")
BUCKET = os.environ["BUCKET"]


def orders_of(day):
    try:
        file = s3.get_object(Bucket=BUCKET, Key=f"orders/{day}.json")
    except s3.exceptions.NoSuchKey:
        return []
    return json.loads(file["Body"].read())


def write_report(day, orders):
    report = {"day": day, "orders": len(orders), "cents": sum(order["cents"] for order in orders)}
    s3.put_object(Bucket=BUCKET, Key=f"reports/{day}.json", Body=json.dumps(report))
    return report
"""
BY_EVENT = """\
from datetime import date

from shop import orders_of, write_report


def handler(event, context):
    day = date.fromordinal(date.fromisoformat(event["time"][:10]).toordinal() - 1).isoformat()
    return write_report(day, orders_of(day))
"""
IN_ONE_GO = """\
from datetime import date, timedelta

import books
from shop import orders_of, write_report


def handler(event, context):
    first, due = books.last_day(), date.fromisoformat(event["time"][:10])
    for n in range(1, (due - first).days):
        day = f"{first + timedelta(days=n)}"
        books.add(day, write_report(day, orders_of(day))["cents"])
"""
BY_SET = f"""\
{given.BOOKS_HEAD}

def add(day, cents):
    from boto3.dynamodb.conditions import Attr
    from botocore.exceptions import ClientError

    try:
        table.update_item(
            Key=KEY,
            UpdateExpression="SET last_day = :day, cents = cents + :cents",
            ConditionExpression=Attr("last_day").lt(day),
            ExpressionAttributeValues={{":day": day, ":cents": cents}},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
"""


class Nights(Desk):
    """The desk of lab 03: the shop's bucket, its function and the rule that calls it."""

    def __init__(self, client, folder, engine):
        super().__init__("cron", client, folder, engine)
        self.aws, self.s3, self.events = (self.client(s) for s in ("lambda", "s3", "events"))
        self.account = self.client("sts").get_caller_identity()["Account"]
        self.bucket = f"shop-{self.account}"
        self.s3.create_bucket(Bucket=self.bucket)

    def deploy(self, **files):
        """Write the files of `report` and bring them to the cloud."""
        (self.folder / "report").mkdir(exist_ok=True)
        texts = {"shop.py": SHOP} | {f"{name}.py": text for name, text in files.items()}
        for name, text in texts.items():
            self.write(f"report/{name}", text)
        self.aws.create_function(
            FunctionName="report",
            Runtime="python3.13",
            Role=self.role(),
            Handler="report.handler",
            Code={"ZipFile": zip_of(texts)},
            Timeout=30,
            Environment={"Variables": {"BUCKET": self.bucket}},
        )
        self.aws.get_waiter("function_active_v2").wait(FunctionName="report")

    def role(self):
        """What the sheet's role allows."""
        books = f"arn:aws:dynamodb:us-east-1:{self.account}:table/books"
        files = f"arn:aws:s3:::{self.bucket}"
        rights = {
            "s3:GetObject": f"{files}/orders/*",
            "s3:PutObject": f"{files}/reports/*",
            "s3:ListBucket": files,
            "dynamodb:GetItem": books,
            "dynamodb:UpdateItem": books,
        }
        allowed = [{"Effect": "Allow", "Action": a, "Resource": r} for a, r in rights.items()]
        return self.role_named("report-role", *allowed)

    def schedule(self, **target):
        arn = self.events.put_rule(Name="nightly-report", ScheduleExpression=NIGHTLY)["RuleArn"]
        function = self.aws.get_function_configuration(FunctionName="report")["FunctionArn"]
        self.events.put_targets(
            Rule="nightly-report", Targets=[{"Id": "1", "Arn": function} | target]
        )
        self.aws.add_permission(
            FunctionName="report",
            StatementId="rule",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=arn,
        )

    def open_books(self, last_day="2026-03-29"):
        dynamodb = self.client("dynamodb")
        dynamodb.create_table(
            TableName="books",
            KeySchema=[{"AttributeName": "book", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "book", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.item = {
            "book": {"S": "revenue"},
            "cents": {"N": "123"},
            "last_day": {"S": last_day},
        }
        dynamodb.put_item(TableName="books", Item=self.item)

    def book(self):
        return self.client("dynamodb").get_item(TableName="books", Key={"book": self.item["book"]})[
            "Item"
        ]

    def keys(self):
        found = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [entry["Key"] for entry in found]


@pytest.fixture
def nights(client, tmp_path, cloud, account):
    return Nights(client, tmp_path, engine_of(cloud, account))


# expressions


@pytest.mark.parametrize("minute", ["0", "30", "59"])
def test_any_minute_of_the_hour_will_do(minute):
    expression = f"cron({minute} 1 * * ? *)"
    berlin = [
        run.astimezone(check_night.__globals__["BERLIN"])
        for run in runs(
            expression, datetime(2027, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
        )
    ]
    assert problem_with_nights(berlin) == ""


def test_the_last_day_may_be_asked_for_month_by_month():
    assert problem_with_month_end("cron(0 17 L JAN-DEC ? *)") == ""


def test_a_month_that_is_left_out_is_named():
    assert "In June 2027" in problem_with_month_end("cron(0 17 L JAN-MAY,JUL-DEC ? *)")


@pytest.mark.parametrize("given_as", [5, ["cron(0 1 * * ? *)"]])
def test_an_expression_that_is_no_text_is_told_so(nights, given_as):
    nights.namespace["nightly"] = given_as
    assert "has to be a text" in nights.check("night").message


def test_a_rule_for_events_is_no_schedule(nights):
    nights.events.put_rule(Name="nightly-report", EventPattern=json.dumps({"source": ["shop"]}))
    assert "has no schedule" in nights.check("night").message


# right answers in other words


def test_the_rule_lets_the_function_run_and_nothing_is_left(nights):
    nights.deploy(report=given.REPORT_BY_THE_WALL)
    nights.schedule()
    assert nights.check("permission").correct
    assert nights.keys() == []


def test_the_day_may_be_found_in_any_way(nights):
    nights.deploy(report=BY_EVENT)
    nights.schedule()
    assert nights.check("event-time").correct
    assert nights.keys() == []


def test_the_report_of_a_later_exercise_still_finds_its_day(nights):
    nights.deploy(report=IN_ONE_GO, books=BY_SET)
    nights.schedule()
    nights.open_books()
    for exercise in ("permission", "event-time", "once", "catch-up"):
        assert nights.check(exercise).correct, exercise
    assert nights.book() == nights.item
    assert nights.keys() == []


def test_before_anything_is_deployed_the_function_is_missing(nights):
    assert nights.check("permission").link == "function"


def test_a_function_that_lost_its_bucket_is_told_so(nights):
    nights.deploy(report=BY_EVENT)
    nights.schedule()
    nights.aws.update_function_configuration(
        FunctionName="report", Environment={"Variables": {"PLACE": "here"}}
    )
    assert "`BUCKET` is gone" in nights.check("event-time").message


def test_a_file_that_is_not_in_the_package_is_named(nights):
    nights.deploy(report=BY_EVENT)
    assert "has no `books.py`" in nights.check("once").message


def test_a_report_that_is_not_json_is_not_what_was_asked_for(nights):
    nights.deploy(
        report=BY_EVENT.replace(
            "return write_report(day, orders_of(day))",
            "from shop import s3, BUCKET\n"
            '    s3.put_object(Bucket=BUCKET, Key=f"reports/{day}.json", Body=b"{")',
        )
    )
    nights.schedule()
    assert "not what `write_report` makes" in nights.check("event-time").message


def test_a_report_of_the_learner_s_that_a_check_meets_is_kept(nights):
    nights.deploy(report=BY_EVENT)
    nights.s3.put_object(Bucket=nights.bucket, Key="reports/2026-03-27.json", Body=b"{}")
    with nights.probe as probe:
        files = Files(probe)
        nights.s3.put_object(Bucket=nights.bucket, Key="reports/2001-01-01.json", Body=b"{}")
        assert files.written() == ["2001-01-01"]
    assert nights.keys() == ["reports/2026-03-27.json"]


def test_a_clock_that_cannot_let_a_rule_fire_makes_no_verdict_about_the_work(nights, monkeypatch):
    nights.deploy(report=BY_EVENT)
    nights.schedule()
    monkeypatch.setattr("helpers.labs.cron.rules.fire", lambda *_: False)
    assert nights.check("permission").outcome is Outcome.CANT_CHECK


# what a check may not do


def test_a_check_turns_no_clock_and_fires_no_other_rule(nights, cloud, account):
    nights.deploy(report=BY_EVENT)
    nights.schedule()
    nights.events.put_rule(Name="other", ScheduleExpression="rate(1 day)")
    assert nights.check("permission").correct
    fired = advance(cloud, account, timedelta(days=1), say=pytest.fail).fired
    assert sorted(fire["rule"] for fire in fired) == ["nightly-report", "other"]


def test_days_of_checks_are_days_without_files_of_the_lab():
    for _ in range(50):
        assert some_day() < date(2020, 1, 1)
        assert some_day(month=2, day=24).strftime("%m-%d") == "02-24"
    assert at_one(date(2024, 2, 29)).isoformat() == "2024-02-29T01:00:00+00:00"
