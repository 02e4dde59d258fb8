"""What tests share: the cloud, and clients with an account of the test's own."""

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
    """This worker's own; see the conftest.py in the root."""
    return Path(os.environ["LAB_HOME"])


@pytest.fixture(scope="session")
def cloud(lab_home: Path) -> "Cloud":
    """A running embedded cloud, the same one for all tests and notebooks of a worker.

    It is stopped where it is owned, in the root's conftest.py.
    """
    from helpers.cloud.embedded import Engine

    return Engine(lab_home).start(say=print)


@pytest.fixture
def account(request: pytest.FixtureRequest) -> str:
    """Twelve digits that only this test has, so that tests do not see each other's work."""
    digest = sha256(request.node.nodeid.encode()).digest()
    return str(int.from_bytes(digest[:8], "big") % 900_000_000_000 + 100_000_000_000)


@pytest.fixture
def client(cloud: "Cloud", account: str) -> Callable[..., Any]:
    """Makes boto3 clients: `client("s3")` in the test's account, or in the one given."""

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
