"""The engine's own API, beyond LocalStack's: its clock, its meter, the requests it denied."""

import json
from collections.abc import Callable
from typing import Any

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import EndpointConnectionError

from helpers.cloud.http import send
from helpers.cloud.model import Cloud

TIMEOUT = 600  # seconds; to move the clock takes as long as all that falls due
SERVICE, REGION = "lab", "us-east-1"  # what the request is signed for

# Called like `ask("POST", "clock", {"seconds": 60})`; returns {} if the cloud is not our engine.
Ask = Callable[..., dict[str, Any]]


def engine_of(cloud: Cloud, account: str) -> Ask:
    """Return a function that sends requests to the cloud's engine, as the owner of that account."""

    def ask(method: str, part: str, content: Any = None) -> dict[str, Any]:
        """Raises EndpointConnectionError, as boto3 does, if the cloud no longer answers."""
        if cloud.kind == "aws":
            return {}
        request = AWSRequest(
            method,
            f"{cloud.endpoint}/_lab/{part}",
            headers={"Content-Type": "application/json"},
            data=b"" if content is None else json.dumps(content).encode(),
        )
        credentials = Credentials(account, cloud.secret_access_key(account))
        SigV4Auth(credentials, SERVICE, REGION).add_auth(request)
        return _send(request)

    return ask


def no_engine(method: str, part: str, content: Any = None) -> dict[str, Any]:
    """Return what a cloud that is not our engine answers."""
    return {}


def _send(request: AWSRequest) -> dict[str, Any]:
    headers = dict(request.headers.items())
    try:
        answer = send(
            request.method, request.url, headers=headers, data=request.data, timeout=TIMEOUT
        )
    except (requests.ConnectionError, requests.Timeout) as error:
        raise EndpointConnectionError(endpoint_url=request.url, error=error) from None
    return dict(answer.json()) if "json" in answer.headers.get("content-type", "") else {}
