"""A lab's clients use the lab's cloud, wherever the environment points."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.cloud.clients import clients_for
from helpers.cloud.model import Cloud
from helpers.session.account import account_of
from tests.trap import Trap

ROOT = Path(__file__).parents[2]
CLOUD = Cloud("embedded", "http://127.0.0.1:4566", "4.9.2")

# A lab in a project of its own, so that no other test uses the same folder.
OPEN = "from helpers import Lab; Lab('welcome')"
COMMAND = """
import pathlib, sys
from helpers.command.cli import run
from helpers.course.project import Project

sys.exit(run(sys.argv[1:], Project(pathlib.Path.cwd())))
"""


@pytest.mark.parametrize("elsewhere", ["http://127.0.0.1:18765", "https://x.amazonaws.com"])
@pytest.mark.parametrize("service", ["s3", "lambda", "iam"])
def test_clients_go_to_the_cloud_and_not_where_the_environment_points(
    service: str, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", elsewhere)
    monkeypatch.setenv("LOCALSTACK_HOST", "[not a host")
    monkeypatch.setenv("USE_SSL", "1")
    client = clients_for(CLOUD, "123456789012", "us-east-1")(service)
    assert client.meta.endpoint_url == CLOUD.endpoint
    assert os.environ["AWS_ENDPOINT_URL"] == elsewhere


@pytest.mark.parametrize("endpoint", ["https://localhost.localstack.cloud:4566", "http://[::1]:80"])
def test_an_attached_cloud_is_called_at_its_own_address(endpoint: str) -> None:
    client = clients_for(Cloud("attached", endpoint, "4.9.2"), "123456789012", "us-east-1")("sqs")
    assert client.meta.endpoint_url == endpoint
    assert "AWS_ENDPOINT_URL" not in os.environ


def led_astray(trap: str) -> dict[str, str]:
    """Return a learner's environment in which every setting points to that address."""
    names = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "HTTP_PROXY", "http_proxy", "ALL_PROXY")
    return {
        **os.environ,
        **dict.fromkeys(names, trap),
        "LOCALSTACK_HOST": trap.removeprefix("http://"),
        "USE_SSL": "1",
        "AWS_PROFILE": "that-is-not-there",
        "LAB_CLOUD": "embedded",
    }


@pytest.fixture
def caught(cloud: Cloud, tmp_path: Path) -> Callable[..., list[bytes]]:
    """Return a function that runs a program in such an environment, and returns the stray calls."""
    for folder in ("labs", "solutions"):
        (tmp_path / folder).mkdir()
        shutil.copy(ROOT / folder / "00_welcome.ipynb", tmp_path / folder)

    def run(program: str, *words: str) -> list[bytes]:
        with Trap() as trap:
            done = subprocess.run(
                [sys.executable, "-c", program, *words],
                cwd=tmp_path,
                env=led_astray(trap.url),
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
        assert done.returncode == 0, done.stdout + done.stderr
        return trap.caught

    return run


@pytest.mark.parametrize("program", [(OPEN,), (COMMAND, "reset", "-y")], ids=["Lab", "lab reset"])
def test_what_a_lab_deletes_is_in_its_cloud_wherever_the_environment_points(
    caught: Callable[..., list[bytes]], program: tuple[str, ...], client: Callable[..., Any]
) -> None:
    s3 = client("s3", account=account_of("welcome"))
    s3.create_bucket(Bucket="scratch")
    assert caught(*program) == []
    assert s3.list_buckets()["Buckets"] == []


def test_a_worked_sheet_uses_its_cloud_wherever_the_environment_points(
    caught: Callable[..., list[bytes]],
) -> None:
    assert caught(COMMAND, "run", "00") == []
