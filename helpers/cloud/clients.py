"""The door to AWS: a function that gives the client of a service."""

from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
import localstack_client.session
from botocore.config import Config

from helpers.cloud.environment import endpoint_named
from helpers.cloud.model import Cloud

Client = Callable[[str], Any]
# The longest a function may run is 15 minutes, and a second try would run it twice.
PATIENT = {"connect_timeout": 5, "read_timeout": 910, "retries": {"total_max_attempts": 2}}


def clients_for(cloud: Cloud, account: str, region: str) -> Client:
    """Clients of one account of the cloud. They are made once each."""
    if cloud.kind == "aws":
        return cache(lambda service: boto3.client(service, config=Config(**PATIENT)))
    # LocalStack's session looks at AWS_ENDPOINT_URL once, when it is made. Whatever the learner's
    # environment says there, calls (and deletions) must go to this cloud and to no other.
    with endpoint_named(cloud):
        session = localstack_client.session.Session(
            aws_access_key_id=account,
            aws_secret_access_key=cloud.secret_access_key(account),
            region_name=region,
        )
    # A proxy in the learner's environment would swallow calls to this machine.
    config = Config(**PATIENT, proxies={})
    return cache(lambda service: session.client(service, config=config))
