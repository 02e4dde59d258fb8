"""A lab's account in the cloud: derive its id, point boto3 at it, empty it."""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from hashlib import sha256

import boto3

from helpers.cloud.clients import Client
from helpers.cloud.environment import point_boto3_at
from helpers.cloud.health import ask
from helpers.cloud.model import Cloud
from helpers.cloud.sweep import sweep
from helpers.errors import NotSupportedHere

REAL_ACCOUNT = "This is a real AWS account, so labs delete nothing in it."


def account_of(lab: str, worked: bool = False) -> str:
    """Return the lab's account id: twelve digits, always the same, so outputs are reproducible.

    The worked sheet has an account of its own, so that running it leaves the learner's alone.
    """
    name = f"{lab} worked" if worked else lab
    number = int.from_bytes(sha256(name.encode()).digest()[:8], "big")
    return str(number % 900_000_000_000 + 100_000_000_000)


def point_at(cloud: Cloud, account: str, environ: MutableMapping[str, str]) -> None:
    """Point plain boto3 at that account, and discard the session it may have made before."""
    point_boto3_at(cloud, account, environ)
    boto3.DEFAULT_SESSION = None


@contextmanager
def pointed_at(
    cloud: Cloud, account: str, environ: MutableMapping[str, str] = os.environ
) -> Iterator[None]:
    """Point plain boto3 at that account for the block, and restore `environ` afterwards."""
    before = dict(environ)
    point_at(cloud, account, environ)
    try:
        yield
    finally:
        for name in environ.keys() - before.keys():
            del environ[name]
        environ.update(before)
        boto3.DEFAULT_SESSION = None


def empty_account(client: Client, cloud: Cloud) -> None:
    """Delete everything in the account. Raises NotSupportedHere for a real AWS account."""
    if cloud.kind == "aws":
        raise NotSupportedHere(REAL_ACCOUNT)
    health = ask(cloud.endpoint)
    running = set(health.running) if health else set()
    # Functions write logs even if the service was never called, and so never started.
    sweep(client, running | {"logs"} if "lambda" in running else running)
