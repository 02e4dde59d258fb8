"""boto3 clients for one account of a cloud."""

from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
import localstack_client.session
from botocore.config import Config

from helpers.cloud.environment import endpoint_named
from helpers.cloud.model import Cloud

Client = Callable[[str], Any]
# A function may run for 15 minutes, and a read that timed out and was retried would run it twice.
TIMEOUTS = {"connect_timeout": 5, "read_timeout": 910, "retries": {"total_max_attempts": 2}}


def clients_for(cloud: Cloud, account: str, region: str) -> Client:
    """Return a function that gives the account's client of a service, made once."""
    if cloud.kind == "aws":
        return cache(lambda service: boto3.client(service, config=Config(**TIMEOUTS)))
    # LocalStack's session reads AWS_ENDPOINT_URL once, when it is made. Whatever the learner's
    # environment says there, calls (and deletions) must go to this cloud and to no other.
    with endpoint_named(cloud):
        session = localstack_client.session.Session(
            aws_access_key_id=account,
            aws_secret_access_key=cloud.secret_access_key(account),
            region_name=region,
        )
    # A proxy in the learner's environment must not catch calls to this machine.
    config = Config(**TIMEOUTS, proxies={})
    return cache(lambda service: session.client(service, config=config))
