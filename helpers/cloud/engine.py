"""What our engine can do that no LocalStack can: move a clock, tell what was used or denied."""

import json
from collections.abc import Callable
from typing import Any

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import EndpointConnectionError

from helpers.cloud.model import Cloud

PATIENCE = 600  # seconds; a clock that is moved answers when all that fell due is done
SERVICE, REGION = "lab", "us-east-1"  # what the request is signed for

# What answers `ask("POST", "clock", {"seconds": 60})`: {} where the cloud is not our engine.
Ask = Callable[..., dict[str, Any]]


def engine_of(cloud: Cloud, account: str) -> Ask:
    """Return what asks the cloud's engine, as the owner of that account."""

    def ask(method: str, part: str, content: Any = None) -> dict[str, Any]:
        """Raises EndpointConnectionError, as a call of boto3 does, if nothing answers any more."""
        if cloud.kind == "aws":
            return {}
        body = b"" if content is None else json.dumps(content).encode()
        request = AWSRequest(
            method,
            f"{cloud.endpoint}/_lab/{part}",
            headers={"Content-Type": "application/json"},
            data=body,
        )
        _sign(request, account, cloud.secret_access_key(account))
        return _send(request)

    return ask


def no_engine(method: str, part: str, content: Any = None) -> dict[str, Any]:
    """Answer as a cloud does that is not our engine."""
    return {}


def _sign(request: AWSRequest, account: str, secret: str) -> None:
    SigV4Auth(Credentials(account, secret), SERVICE, REGION).add_auth(request)


def _send(request: AWSRequest) -> dict[str, Any]:
    with requests.Session() as session:
        session.trust_env = False  # a proxy variable must not catch a call to this machine
        try:
            answer = session.request(
                request.method,
                request.url,
                headers=dict(request.headers.items()),
                data=request.data,
                timeout=PATIENCE,
            )
        except (requests.ConnectionError, requests.Timeout) as error:
            raise EndpointConnectionError(endpoint_url=request.url, error=error) from None
    return dict(answer.json()) if "json" in answer.headers.get("content-type", "") else {}
