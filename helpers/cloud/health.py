"""The health check of a LocalStack: its version, and the services in use."""

from dataclasses import dataclass

import requests

from helpers.cloud.http import send

TIMEOUT = 2.0  # seconds


@dataclass(frozen=True)
class Health:
    version: str
    running: tuple[str, ...]  # the services that have been used, by their boto3 names


def ask(endpoint: str, timeout: float = TIMEOUT) -> Health | None:
    """Return the health of the LocalStack at `endpoint`; None if none answers within `timeout`."""
    try:
        answer = send("GET", f"{endpoint}/_localstack/health", timeout=timeout).json()
        running = tuple(name for name, state in answer["services"].items() if state == "running")
        return Health(answer["version"], running)
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
        return None
