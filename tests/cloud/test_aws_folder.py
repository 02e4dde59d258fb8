"""The course neither reads nor writes a learner's ~/.aws."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# The files are not valid, so a program that reads them fails: see BROKEN.
PROGRAM = """
import os, sys

def watch(event, arguments):
    if event in ("open", "os.listdir", "os.mkdir", "os.rename", "os.remove", "os.scandir"):
        if ".aws" in str(arguments[0]):
            print("TOUCHED", event, arguments[0], flush=True)

sys.addaudithook(watch)

from pathlib import Path
from helpers import Lab
from helpers.command.cli import run

os.makedirs("work", exist_ok=True)
os.chdir("work")
lab = Lab("welcome", folder=Path.cwd())
import boto3
boto3.client("s3").create_bucket(Bucket="own")
boto3.resource("dynamodb").meta.client.list_tables()
lab.cost(), lab.now(), lab.progress(), lab.reset()
for command in ("status", "env", "env --json", "doctor", "reset 00 -y", "progress"):
    run(command.split())
"""
BROKEN = "[profile broken\nregion = nowhere\naws_access_key_id"


@pytest.mark.parametrize("profile", ["", "work"])
def test_the_learners_own_aws_settings_are_left_alone(
    tmp_path: Path, lab_home: Path, profile: str
) -> None:
    aws = tmp_path / ".aws"
    aws.mkdir()
    for name in ("config", "credentials"):
        (aws / name).write_text(BROKEN)
    before = {file: file.stat() for file in (aws, *aws.iterdir())}
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "BOTO", "LOCALSTACK"))
    }
    environ = inherited | {"HOME": str(tmp_path), "LAB_HOME": str(lab_home)}
    if profile:
        environ |= {"AWS_PROFILE": profile, "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environ,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "TOUCHED" not in done.stdout
    assert "AWS_ENDPOINT_URL" in done.stdout
    assert {file: file.stat() for file in (aws, *aws.iterdir())} == before
