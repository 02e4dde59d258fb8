"""What was denied: who, which action, on what, and why. Checks, the map and the trace read it."""

import threading
from collections import defaultdict, deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from localstack.http import Request, route
from localstack.services.edge import ROUTER

from helpers.engine.gateway.doors import owned_account

MOST = 200  # kept in an account; the oldest go


@dataclass(frozen=True)
class Denial:
    """One refusal, in AWS's words.

    `principal` is an ARN, or a service such as "events.amazonaws.com"; `policy` the kind of policy
    that decided ("identity-based", "resource-based" …); `missing` the statement that would have
    allowed it, {} where one denies it.
    """

    principal: str
    action: str
    resource: str
    message: str
    policy: str
    missing: dict[str, Any]
    source: str = ""  # the ARN of what a service acted for
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())


class Denials:
    def __init__(self) -> None:
        self._accounts: dict[str, deque[Denial]] = defaultdict(lambda: deque(maxlen=MOST))
        self._lock = threading.Lock()

    def add(self, account: str, denial: Denial) -> None:
        with self._lock:
            self._accounts[account].append(denial)

    def read(self, account: str) -> list[Denial]:
        with self._lock:
            return list(self._accounts.get(account, ()))

    def forget(self, account: str) -> None:
        with self._lock:
            self._accounts.pop(account, None)


DENIALS = Denials()


class DenialsResource:
    """GET tells what was denied in the account of whoever asks; DELETE forgets it."""

    @route("/_lab/denials", methods=["GET"])
    def read(self, request: Request) -> dict[str, Any]:
        return {"denials": [asdict(denial) for denial in DENIALS.read(owned_account(request))]}

    @route("/_lab/denials", methods=["DELETE"])
    def forget(self, request: Request) -> dict[str, Any]:
        DENIALS.forget(owned_account(request))
        return {}


def install() -> None:
    ROUTER.add(DenialsResource())
