"""What our engine can do that no LocalStack can: move a clock, tell what was used."""

from typing import Any

import requests
from botocore.exceptions import EndpointConnectionError

PATIENCE = 600  # seconds; a clock that is moved answers when all that fell due is done


def ask_engine(method: str, endpoint: str, part: str, **question: Any) -> dict[str, Any]:
    """The engine's answer; nothing at all from a LocalStack that is not our engine.

    `question` is for requests: `params` or `json`. Raises EndpointConnectionError, as a call of
    boto3 does, where nothing answers any more.
    """
    url = f"{endpoint}/_lab/{part}"
    with requests.Session() as session:
        session.trust_env = False  # a proxy variable must not catch a call to this machine
        try:
            answer = session.request(method, url, timeout=PATIENCE, **question)
        except requests.ConnectionError as error:
            raise EndpointConnectionError(endpoint_url=url, error=error) from None
    return dict(answer.json()) if "json" in answer.headers.get("content-type", "") else {}
