"""`lab env`: the settings with which a shell or a program uses the learner's cloud."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.cloud import Cloud, choose_kind
from helpers.command.shell import settings_for
from helpers.course.project import NoSuchLab, find_project
from helpers.session.account import account_of

NAMES = {
    "AWS_ENDPOINT_URL",
    "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
}
ACCOUNT = "272727272727"
CALL = """
import boto3
print(boto3.client("sts").get_caller_identity()["Arn"])
"""


def settings(account: str, lab_home: Path) -> dict[str, str]:
    environ = {"LAB_HOME": str(lab_home)}
    return dict(settings_for(account, find_project(), pytest.fail, environ).variables)


def test_any_account_of_the_owner_can_be_used(cloud: Cloud, lab_home: Path) -> None:
    found = settings(ACCOUNT, lab_home)
    assert set(found) == NAMES
    assert found["AWS_ENDPOINT_URL"] == cloud.endpoint
    assert found["AWS_ACCESS_KEY_ID"] == ACCOUNT
    assert found["AWS_SECRET_ACCESS_KEY"] == cloud.secret_access_key(ACCOUNT)
    assert (
        found["AWS_SECRET_ACCESS_KEY"]
        != settings("111111111111", lab_home)["AWS_SECRET_ACCESS_KEY"]
    )


def test_a_labs_name_or_number_stands_for_its_account(cloud: Cloud, lab_home: Path) -> None:
    for name in ("thumbnails", "05", "5", "05_thumbnails"):
        assert settings(name, lab_home)["AWS_ACCESS_KEY_ID"] == account_of("thumbnails")


@pytest.mark.parametrize("name", ["12345678901", "1234567890123", "nonsense"])
def test_a_name_that_is_neither_account_nor_lab_is_refused(
    cloud: Cloud, lab_home: Path, name: str
) -> None:
    with pytest.raises(NoSuchLab):
        settings(name, lab_home)


def test_a_shell_that_evaluates_it_calls_the_cloud_as_that_account(
    cloud: Cloud, lab_home: Path, tmp_path: Path
) -> None:
    lab = f"{shlex.quote(sys.executable)} -m helpers env {ACCOUNT}"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    in_the_way = {"AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "old", "HOME": str(tmp_path)}
    done = subprocess.run(
        ["sh", "-c", f'eval "$({lab})"; exec "$0" -c "$1"', sys.executable, CALL],
        env=inherited | in_the_way | {"LAB_HOME": str(lab_home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"arn:aws:iam::{ACCOUNT}:root\n", done.stderr


def test_json_has_the_same_settings(cloud: Cloud, lab_home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "helpers", "env", ACCOUNT, "--json"],
        env=os.environ | {"LAB_HOME": str(lab_home)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == settings(ACCOUNT, lab_home)


def test_the_labs_recognize_the_shells_cloud_as_the_embedded_one(
    cloud: Cloud, lab_home: Path
) -> None:
    shell = settings(ACCOUNT, lab_home) | {"LAB_HOME": str(lab_home)}
    assert choose_kind(shell) == "embedded"
    assert choose_kind(shell | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}) == "attached"
