"""A lab's account in the cloud: which one it is, how boto3 is pointed at it, how it is emptied."""

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
from helpers.errors import NotHere

NOT_ON_AWS = "This is a real AWS account, so nothing in it is deleted by a lab."


def account_of(lab: str, worked: bool = False) -> str:
    """The lab's account: twelve digits, always the same, so that what is shown is the same.

    A worked sheet has another than the lab's sheet: to look at it takes nothing from the learner.
    """
    word = f"{lab} worked" if worked else lab
    number = int.from_bytes(sha256(word.encode()).digest()[:8], "big")
    return str(number % 900_000_000_000 + 100_000_000_000)


def point_at(cloud: Cloud, account: str, environ: MutableMapping[str, str]) -> None:
    """Make plain boto3 talk to that account; what it has read before is forgotten."""
    point_boto3_at(cloud, account, environ)
    boto3.DEFAULT_SESSION = None


@contextmanager
def pointed_at(
    cloud: Cloud, account: str, environ: MutableMapping[str, str] = os.environ
) -> Iterator[None]:
    """As `point_at`, for a while: afterwards `environ` is as it was."""
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
    """Delete everything in the account. Raises NotHere where the account is a real one."""
    if cloud.kind == "aws":
        raise NotHere(NOT_ON_AWS)
    health = ask(cloud.endpoint)
    running = set(health.running) if health else set()
    # Functions write their logs before anyone has called the service, and so started it.
    sweep(client, running | {"logs"} if "lambda" in running else running)
