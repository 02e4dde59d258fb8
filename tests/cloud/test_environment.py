"""No call leaves the machine, whatever is in the learner's environment."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from helpers.cloud.environment import is_ours, point_boto3_at
from helpers.cloud.model import Cloud
from helpers.engine.settings import engine_environment
from tests.trap import Trap

ACCOUNT = "123456789012"
HERE = Cloud("embedded", "http://127.0.0.1:4566", "4.9.2", 1)

CONFIG = """
[default]
region = eu-west-1
endpoint_url = https://s3.eu-west-1.amazonaws.com
services = mine
[profile work]
region = eu-west-1
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = default
[services mine]
s3 =
  endpoint_url = https://s3.eu-west-1.amazonaws.com
"""
CREDENTIALS = """
[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
"""

# A notebook's code, in a process of its own that prints every address it connects to.
NOTEBOOK = """
import json, os, sys

reached = []
def watch(event, arguments):
    if event == "socket.connect":
        reached.append(str(arguments[1][0]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        reached.append(str(arguments[0]))
sys.addaudithook(watch)

from helpers.cloud import open_cloud
from helpers.cloud.environment import point_boto3_at

point_boto3_at(open_cloud(os.environ), "123456789012", os.environ)

import boto3

seen = {"caller": boto3.client("sts").get_caller_identity()["Account"]}
s3 = boto3.resource("s3")
s3.create_bucket(Bucket="hostile")
s3.Object("hostile", "a").put(Body=b"x")
seen["object"] = boto3.client("s3").get_object(Bucket="hostile", Key="a")["Body"].read().decode()
s3.Object("hostile", "a").delete()
s3.Bucket("hostile").delete()
seen["tables"] = boto3.session.Session().client("dynamodb").list_tables()["TableNames"]
seen["regions"] = [boto3.client("sqs").meta.region_name]
seen["reached"] = sorted(set(reached))
print(json.dumps(seen))
"""


@pytest.fixture
def trap() -> Iterator[Trap]:
    with Trap() as trap:
        yield trap


def hostile(folder: Path, proxy: str) -> dict[str, str]:
    """Return an environment such as a professional's, in which every setting leads to AWS."""
    (folder / "config").write_text(CONFIG)
    (folder / "credentials").write_text(CREDENTIALS)
    return {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEXAMPLE",
        "AWS_PROFILE": "work",
        "AWS_DEFAULT_PROFILE": "work",
        "AWS_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": str(folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
        "AWS_ENDPOINT_URL_S3": "https://s3.eu-west-1.amazonaws.com",
        "AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.eu-west-1.amazonaws.com",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_ROLE_ARN": "arn:aws:iam::111122223333:role/admin",
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(folder / "config"),
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{proxy}/credentials",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/credentials",
        "AWS_EC2_METADATA_DISABLED": "false",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": proxy,
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), proxy),
        **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), proxy),
    }


def test_no_call_leaves_the_machine_in_the_most_hostile_environment(
    cloud: Cloud, lab_home: Path, tmp_path: Path, trap: Trap
) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environ |= hostile(tmp_path, trap.url) | {"LAB_HOME": str(lab_home)}
    told = subprocess.run(
        [sys.executable, "-c", NOTEBOOK], env=environ, capture_output=True, text=True, timeout=60
    )
    assert told.returncode == 0, told.stderr
    seen = json.loads(told.stdout.splitlines()[-1])
    assert seen["caller"] == ACCOUNT
    assert seen["object"] == "x"
    assert seen["tables"] == []
    assert seen["regions"] == ["us-east-1"]
    assert set(seen["reached"]) <= {"127.0.0.1", "localhost"}
    assert trap.caught == []


def test_the_engine_does_not_see_the_learners_environment(cloud: Cloud, tmp_path: Path) -> None:
    learner = hostile(tmp_path, "http://127.0.0.1:1") | {"SECRET": "x", "PATH": "/bin"}
    engine = engine_environment(tmp_path, 4566, learner)
    left = {name for name in learner if engine.get(name) == learner[name]}
    assert left == {"PATH"}
    running = psutil.Process(cloud.pid).environ()
    assert not [name for name in running if name.startswith("AWS_") and "METADATA" not in name]


def test_an_unused_engine_stays_for_hours_or_for_the_time_in_lab_idle(tmp_path: Path) -> None:
    def stays(environ: dict[str, str]) -> float:
        return float(engine_environment(tmp_path, 4566, environ)["LAB_IDLE"])

    assert stays({}) == stays({"LAB_IDLE": ""}) == 4 * 60 * 60
    assert stays({"LAB_IDLE": "90"}) == 90
    assert stays({"LAB_IDLE": "inf"}) == float("inf")


def test_only_the_cloud_s_own_settings_are_left_to_boto3(tmp_path: Path) -> None:
    environ = hostile(tmp_path, "http://127.0.0.1:1") | {"EDITOR": "vi"}
    point_boto3_at(HERE, ACCOUNT, environ)
    assert environ["AWS_ENDPOINT_URL"] == HERE.endpoint
    assert environ["AWS_ACCESS_KEY_ID"] == ACCOUNT
    assert environ["AWS_CONFIG_FILE"] == environ["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert not any("EXAMPLE" in value or "amazonaws" in value for value in environ.values())
    assert "AWS_PROFILE" not in environ
    assert environ["EDITOR"] == "vi"  # the others do not matter


def test_no_proxy_keeps_its_hosts_and_gains_the_cloud() -> None:
    environ = {"NO_PROXY": "intranet, 127.0.0.1"}
    point_boto3_at(Cloud("attached", "http://localstack:4566", "4.9.2"), ACCOUNT, environ)
    assert environ["NO_PROXY"] == "intranet,127.0.0.1,localhost,localstack"
    assert environ["no_proxy"] == "127.0.0.1,localhost,localstack"


def test_our_setting_is_distinguished_from_the_learners() -> None:
    environ: dict[str, str] = {}
    assert not is_ours(environ)
    point_boto3_at(HERE, ACCOUNT, environ)
    assert is_ours(environ)
    environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9999"
    assert not is_ours(environ)
