"""The denials of each account, with action, resource and reason. Checks and traces read them."""

import threading
from collections import defaultdict, deque
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from localstack.http import Request, route
from localstack.services.edge import ROUTER

from helpers.engine.gateway.routes import owned_account

MAX_DENIALS = 200  # of an account; the oldest are forgotten


@dataclass(frozen=True)
class Denial:
    """One denial, with AWS's message.

    `principal` is an ARN, or a service such as "events.amazonaws.com"; `policy` the type of policy
    that decided ("identity-based", "resource-based" …); `missing` the statement that would have
    allowed the action, {} if another denies it; `number` counts the account's denials, including
    forgotten ones.
    """

    principal: str
    action: str
    resource: str
    message: str
    policy: str
    missing: dict[str, Any]
    source: str = ""  # the ARN of the resource on whose behalf a service acted
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())
    number: int = 0


class Denials:
    def __init__(self) -> None:
        self._accounts: dict[str, deque[Denial]] = defaultdict(lambda: deque(maxlen=MAX_DENIALS))
        self._counts: dict[str, count[int]] = defaultdict(lambda: count(1))
        self._lock = threading.Lock()

    def add(self, account: str, denial: Denial) -> None:
        with self._lock:
            number = next(self._counts[account])
            self._accounts[account].append(replace(denial, number=number))

    def read(self, account: str) -> list[Denial]:
        with self._lock:
            return list(self._accounts.get(account, ()))

    def forget(self, account: str) -> None:
        with self._lock:
            self._accounts.pop(account, None)


DENIALS = Denials()


class DenialsResource:
    """GET returns what was denied in the caller's account; DELETE forgets it."""

    @route("/_lab/denials", methods=["GET"])
    def read(self, request: Request) -> dict[str, Any]:
        return {"denials": [asdict(denial) for denial in DENIALS.read(owned_account(request))]}

    @route("/_lab/denials", methods=["DELETE"])
    def forget(self, request: Request) -> dict[str, Any]:
        DENIALS.forget(owned_account(request))
        return {}


def install() -> None:
    ROUTER.add(DenialsResource())
