"""Fixtures for all tests: the cloud, and clients for an account of the test's own."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

if TYPE_CHECKING:
    from helpers.cloud.model import Cloud

REGION = "us-east-1"


@pytest.fixture(scope="session")
def lab_home() -> Path:
    """Return this worker's own home; see the conftest.py in the root."""
    return Path(os.environ["LAB_HOME"])


@pytest.fixture(scope="session")
def cloud(lab_home: Path) -> "Cloud":
    """Return a running embedded cloud, the same for all tests and notebooks of a worker.

    The root's conftest.py, which owns it, stops it.
    """
    from helpers.cloud.embedded import Engine

    return Engine(lab_home).start(say=print)


@pytest.fixture
def account(request: pytest.FixtureRequest) -> str:
    """Return an account id that only this test has, so that tests do not affect each other."""
    digest = sha256(request.node.nodeid.encode()).digest()
    return str(int.from_bytes(digest[:8], "big") % 900_000_000_000 + 100_000_000_000)


@pytest.fixture
def client(cloud: "Cloud", account: str) -> Callable[..., Any]:
    """Return a function that makes boto3 clients: `client("s3")`, in the test's account."""

    def make(service: str, account: str = account, **more: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=cloud.endpoint,
            region_name=REGION,
            aws_access_key_id=account,
            aws_secret_access_key=cloud.secret_access_key(account),
            **more,
        )

    return make
