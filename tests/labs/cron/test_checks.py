"""Lab 03's checks: what they leave as it was, odd inputs, and code of a later exercise.

The wrong answers are in wrong_answers.py, right ones in right_answers.py; the proofs run both in
the sheet itself.
"""

import json
from datetime import date, timedelta
from importlib.resources import files

import pytest

from helpers.cloud.clock import advance
from helpers.cloud.engine import engine_of
from helpers.exercises.verdict import Outcome
from helpers.labs.cron.shop import Shop as Files
from helpers.labs.cron.shop import at_one, some_day
from helpers.sheets import worked_answer
from tests.checks.desk import Desk, zip_of

GIVEN = json.loads(files("helpers.labs.cron").joinpath("given.json").read_text("utf-8"))
BY_THE_WALL, STUB, BY_THE_EVENT = GIVEN["report/report.py"][:3]


def written(exercise):
    """Return the file that the worked answer writes."""
    return worked_answer("cron", exercise)[0].partition("\n")[2]


class Nights(Desk):
    """The desk of lab 03: the shop's bucket, its books, its function and the rule for it."""

    def __init__(self, client, folder, engine):
        super().__init__("cron", client, folder, engine)
        self.aws, self.s3, self.events = (self.client(s) for s in ("lambda", "s3", "events"))
        self.account = self.client("sts").get_caller_identity()["Account"]
        self.bucket = f"shop-{self.account}"
        self.s3.create_bucket(Bucket=self.bucket)
        (self.folder / "report").mkdir()

    def deploy(self, **texts):
        """Write the files of `report`, bring them to the cloud, and schedule the function."""
        texts = {"shop.py": GIVEN["report/shop.py"][0]} | {f"{k}.py": v for k, v in texts.items()}
        for name, text in texts.items():
            self.write(f"report/{name}", text)
        function = self.aws.create_function(
            FunctionName="report",
            Runtime="python3.13",
            Role=self.role(),
            Handler="report.handler",
            Code={"ZipFile": zip_of(texts)},
            Timeout=30,
            Environment={"Variables": {"BUCKET": self.bucket}},
        )
        self.aws.get_waiter("function_active_v2").wait(FunctionName="report")
        rule = {"Name": "nightly-report", "ScheduleExpression": "cron(0 1 * * ? *)"}
        arn = self.events.put_rule(**rule)["RuleArn"]
        target = {"Id": "1", "Arn": function["FunctionArn"]}
        self.events.put_targets(Rule="nightly-report", Targets=[target])
        self.aws.add_permission(
            FunctionName="report",
            StatementId="rule",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=arn,
        )

    def role(self):
        """Return the ARN of a role that allows what the sheet's does."""
        books = f"arn:aws:dynamodb:us-east-1:{self.account}:table/books"
        shop = f"arn:aws:s3:::{self.bucket}"
        rights = {
            "s3:GetObject": f"{shop}/orders/*",
            "s3:PutObject": f"{shop}/reports/*",
            "s3:ListBucket": shop,
            "dynamodb:GetItem": books,
            "dynamodb:UpdateItem": books,
        }
        allowed = [{"Effect": "Allow", "Action": a, "Resource": r} for a, r in rights.items()]
        return self.role_named("report-role", *allowed)

    def open_books(self):
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
            "last_day": {"S": "2026-03-29"},
        }
        dynamodb.put_item(TableName="books", Item=self.item)

    def book(self):
        found = self.client("dynamodb").scan(TableName="books")["Items"]
        return found[0] if len(found) == 1 else found

    def keys(self):
        found = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [entry["Key"] for entry in found]


@pytest.fixture
def nights(client, tmp_path, cloud, account):
    return Nights(client, tmp_path, engine_of(cloud, account))


# what a check may not do


def test_code_of_a_later_exercise_passes_the_earlier_checks_and_nothing_is_left(nights):
    nights.deploy(report=written("catch-up"), books=written("once"))
    nights.open_books()
    for exercise in ("permission", "event-time", "once", "catch-up"):
        assert nights.check(exercise).correct, exercise
        assert nights.check(exercise).correct, f"{exercise} again"
    assert nights.book() == nights.item
    assert nights.keys() == []


def test_a_report_of_the_learner_s_that_a_check_meets_is_kept(nights):
    nights.deploy(report=BY_THE_EVENT)
    yesterday = f"reports/{date.today() - timedelta(days=1)}.json"
    nights.s3.put_object(Bucket=nights.bucket, Key=yesterday, Body=b"{}")
    with nights.probe as probe:
        shop = Files(probe)
        shop.set_aside([yesterday[8:18]])
        assert nights.keys() == []
        nights.s3.put_object(Bucket=nights.bucket, Key="reports/2001-01-01.json", Body=b"{}")
        assert shop.written() == ["2001-01-01"]
    assert nights.keys() == [yesterday]


def test_a_check_turns_no_clock_and_fires_no_other_rule(nights, cloud, account):
    nights.deploy(report=BY_THE_WALL)
    nights.events.put_rule(Name="other", ScheduleExpression="rate(1 day)")
    assert nights.check("permission").correct
    assert nights.keys() == []
    fired = advance(cloud, account, timedelta(days=1), say=pytest.fail).fired
    assert sorted(fire["rule"] for fire in fired) == ["nightly-report", "other"]


def test_days_of_checks_are_days_without_files_of_the_lab():
    for _ in range(50):
        assert some_day() < date(2020, 1, 1)
        assert some_day(month=2, day=24).strftime("%m-%d") == "02-24"
    assert at_one(date(2024, 2, 29)).isoformat() == "2024-02-29T01:00:00+00:00"


def test_a_clock_that_cannot_let_a_rule_fire_makes_no_verdict_about_the_work(nights, monkeypatch):
    nights.deploy(report=BY_THE_WALL)
    monkeypatch.setattr("helpers.checks.links.schedule.fire", lambda *_: False)
    assert nights.check("permission").outcome is Outcome.CANT_CHECK


# what a sheet does not show


def test_before_anything_is_deployed_the_function_is_missing(nights):
    for exercise in ("permission", "event-time", "once", "catch-up", "split"):
        assert nights.check(exercise).diagnosis == "function.gone"


def test_the_answer_that_the_sheet_gives_later_counts_and_a_stub_does_not(nights):
    nights.deploy(report=STUB, books=written("once"))
    nights.open_books()
    assert nights.check("event-time").outcome is Outcome.NOT_ATTEMPTED
    nights.events.disable_rule(Name="nightly-report")
    assert nights.check("event-time").diagnosis == "schedule.disabled"
    nights.events.enable_rule(Name="nightly-report")
    texts = {"report.py": BY_THE_EVENT, "shop.py": GIVEN["report/shop.py"][0]}
    package = zip_of(texts | {"books.py": written("once")})
    nights.aws.update_function_code(FunctionName="report", ZipFile=package)
    assert nights.check("event-time").diagnosis == "code.not-deployed"
    nights.write("report/report.py", BY_THE_EVENT)
    assert nights.check("event-time").correct


def test_a_file_that_is_not_in_the_package_is_named(nights):
    nights.deploy(report=BY_THE_EVENT)
    assert nights.check("once").diagnosis == "code.not-in-package"


def test_a_report_that_is_not_json_is_not_what_was_asked_for(nights):
    put = 's3.put_object(Bucket=BUCKET, Key=f"reports/{day}.json", Body=b"{")'
    report = written("event-time").replace("return write_report(day, orders_of(day))", put)
    nights.deploy(report=report.replace("import orders_of, ", "import BUCKET, s3, "))
    assert nights.check("event-time").diagnosis == "event-time.other-report"
