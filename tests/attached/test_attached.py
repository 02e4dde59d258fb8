"""The labs on a LocalStack that runs already: same notebooks, same helpers, nothing embedded."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from helpers import Lab
from helpers.course.project import Project, Sheet, find_project
from helpers.errors import NotPackaged
from helpers.functions.wheels import Target, Wheels
from helpers.sheets import play
from helpers.sheets.build import worked_sheets
from helpers.sheets.marks import exercises
from tests.attached.conftest import RELEASE, Running

PROJECT = find_project()

GREET = """
def handler(event, context):
    print("hi")
    return event["name"]
"""

UPLOADED_TO_TABLE = """
import boto3

def handler(event, context):
    table = boto3.resource("dynamodb").Table("uploads")
    for record in event["Records"]:
        table.put_item(Item={"key": record["s3"]["object"]["key"]})
"""

SCHEDULED_TO_TABLE = """
import boto3

def handler(event, context):
    boto3.resource("dynamodb").Table("nights").put_item(Item={"time": event["time"]})
"""


@pytest.fixture(autouse=True)
def environment(
    localstack: Running, monkeypatch: pytest.MonkeyPatch, lab_home: Path
) -> Iterator[Path]:
    """A learner who set AWS_ENDPOINT_URL and has no cloud of the course's; returns their home."""
    home = lab_home / "attached" / "home"
    monkeypatch.setenv("LAB_HOME", str(home))
    monkeypatch.setenv("AWS_ENDPOINT_URL", localstack.endpoint)
    before = dict(os.environ)
    yield home
    # `Lab` has set what boto3 reads; monkeypatch knows nothing of that.
    os.environ.clear()
    os.environ.update(before)
    boto3.DEFAULT_SESSION = None


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab("welcome", folder=tmp_path)


def make_table(name: str, key: str) -> Any:
    return boto3.resource("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def write(lab: Lab, name: str, source: str) -> Path:
    path = lab.folder / name
    path.write_text(source)
    return path


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "LOCALSTACK_HOST"])
def test_a_lab_attaches_to_the_localstack_that_a_variable_names(
    name: str, localstack: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    named = {"AWS_ENDPOINT_URL": localstack.endpoint, "LOCALSTACK_HOST": localstack.address}
    monkeypatch.setenv(name, named[name])
    lab = Lab("welcome", folder=tmp_path)
    assert lab.cloud.kind == "attached"
    assert (lab.cloud.endpoint, lab.cloud.version) == (localstack.endpoint, RELEASE)
    assert "the LocalStack it was attached to" in repr(lab)


def test_plain_boto3_talks_to_it(lab: Lab, localstack: Running) -> None:
    s3 = boto3.client("s3")
    assert s3.meta.endpoint_url == localstack.endpoint
    s3.create_bucket(Bucket="photos")
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["photos"]


def test_no_cloud_of_the_course_is_started(lab: Lab, environment: Path) -> None:
    assert not (environment / "engine.json").exists()
    assert not (environment / "engine").exists()


def test_it_runs_on_when_the_notebook_is_closed_and_after_lab_stop(
    localstack: Running, tmp_path: Path
) -> None:
    opened = "from helpers import Lab; print(Lab('welcome').cloud.kind)"
    for arguments in (["-c", opened], ["-m", "helpers", "stop"]):
        subprocess.run([sys.executable, *arguments], cwd=tmp_path, check=True)
    assert localstack.process.poll() is None
    health = localstack.health()
    assert health
    assert health.version == RELEASE


def test_lab_status_tells_of_it(localstack: Running) -> None:
    asked = [sys.executable, "-m", "helpers", "status", "--json"]
    told = json.loads(subprocess.run(asked, check=True, capture_output=True).stdout)
    assert told["cloud"] == "attached"
    assert (told["endpoint"], told["version"]) == (localstack.endpoint, RELEASE)


def test_a_function_is_deployed_invoked_and_read(lab: Lab) -> None:
    write(
        lab, "greet.py", "def handler(event, context):\n    print('hi')\n    return event['name']"
    )
    function = lab.deploy("greet.py")
    assert lab.invoke(function, {"name": "Ada"}).result == "Ada"
    assert "hi" in repr(lab.logs(function))
    broken = lab.invoke(function, {})
    assert broken.error
    assert "KeyError" in repr(broken)


def test_an_upload_reaches_a_table_through_a_function(lab: Lab) -> None:
    table = make_table("uploads", "key")
    write(lab, "index.py", UPLOADED_TO_TABLE)
    function = lab.deploy("index.py")
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="photos")
    s3.put_bucket_notification_configuration(
        Bucket="photos",
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {"LambdaFunctionArn": function.arn, "Events": ["s3:ObjectCreated:*"]}
            ]
        },
    )
    s3.put_object(Bucket="photos", Key="cat.jpg", Body=b"")
    items = lab.wait_for(lambda: table.scan()["Items"])
    assert items == [{"key": "cat.jpg"}]


def test_the_clock_is_turned_and_a_night_passes(lab: Lab) -> None:
    table = make_table("nights", "time")
    write(lab, "night.py", SCHEDULED_TO_TABLE)
    function = lab.deploy("night.py")
    events = boto3.client("events")
    rule = events.put_rule(Name="nightly", ScheduleExpression="cron(0 2 * * ? *)")["RuleArn"]
    boto3.client("lambda").add_permission(
        FunctionName="night",
        StatementId="from-the-rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule,
    )
    events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": function.arn}])
    passed = lab.advance(days=2)
    assert passed.fired
    times = lab.wait_for(lambda: len(table.scan()["Items"]) == 2 and table.scan()["Items"])
    assert {item["time"][10:] for item in times} == {"T02:00:00Z"}


def fetch_packages(sheet: Sheet, home: Path) -> None:
    """What a sheet packages is fetched for an attached cloud: skips where there is no network."""
    text = (PROJECT.solutions / sheet.file).read_text("utf-8")
    if 'packages=[\\"pillow\\"]' in text:
        try:
            list(Wheels(home / "wheels", Target())("pillow"))
        except NotPackaged as error:
            pytest.skip(str(error))


@pytest.mark.parametrize("sheet", worked_sheets(PROJECT), ids=lambda sheet: sheet.name)
def test_a_worked_sheet_runs_through_and_every_check_says_correct(
    sheet: Sheet, tmp_path: Path, environment: Path
) -> None:
    fetch_packages(sheet, environment)
    copied = Project(tmp_path)  # its work folder must not be that of another run
    copied.solutions.mkdir()
    shutil.copy(PROJECT.solutions / sheet.file, copied.solutions)
    played = play(sheet.name, project=copied)
    for exercise in exercises(played):
        said = json.dumps(played["cells"][exercise.check[-1]]["outputs"])
        assert f"{exercise.name}: correct" in said
    assert not (environment / "engine.json").exists()
