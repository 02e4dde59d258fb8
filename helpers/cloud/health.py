"""Ask a LocalStack how it is."""

from dataclasses import dataclass

import requests

TIMEOUT = 2.0  # seconds


@dataclass(frozen=True)
class Health:
    version: str
    running: tuple[str, ...]  # the services that have been used, by their boto3 names


def ask(endpoint: str, timeout: float = TIMEOUT) -> Health | None:
    """How the LocalStack at `endpoint` is; None when nothing of the kind answers in time (s)."""
    with requests.Session() as session:
        session.trust_env = False  # a proxy must never catch a call to this machine
        try:
            answer = session.get(f"{endpoint}/_localstack/health", timeout=timeout)
            told = answer.json()
            running = tuple(name for name, state in told["services"].items() if state == "running")
            return Health(told["version"], running)
        except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError):
            return None
