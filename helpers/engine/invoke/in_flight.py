"""An invocation that has begun is brought to its end while its function is updated, as on AWS.

LocalStack ends the old version's environments and deletes its code at once: what was running was
killed, what was starting found half of its package gone. Here the old version goes when the last of
its invocations has ended. A function that is deleted goes at once: a lab that was reset must not
hear from what was there before.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from localstack.services.lambda_.invocation import lambda_service
from localstack.services.lambda_.invocation.lambda_models import Function, FunctionVersion, S3Code
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.invocation.version_manager import LambdaVersionManager
from localstack.utils.patch import patch

LONGEST = 15 * 60 + 10.0  # seconds: the longest time-out, and a cold start


class InFlight:
    """How many invocations are under way, by whatever they need kept until they end."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._changed = threading.Condition()

    def begin(self, *needed: str) -> None:
        with self._changed:
            self._counts.update(needed)

    def end(self, *needed: str) -> None:
        with self._changed:
            self._counts.subtract(needed)
            self._counts += Counter()  # forget those that are at zero
            self._changed.notify_all()

    def wait(self, needed: str) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._counts[needed], LONGEST)


IN_FLIGHT = InFlight()


def install() -> None:
    patch(LambdaVersionManager.invoke)(_invoke)
    patch(LambdaVersionManager.stop)(_stop_when_idle)
    lambda_service.destroy_code_if_not_used = _destroy_when_idle(
        lambda_service.destroy_code_if_not_used
    )


def _invoke(invoke: Any, manager: LambdaVersionManager, **call: Any) -> Any:
    needed = manager.id, manager.function_version.config.code.id
    IN_FLIGHT.begin(*needed)
    try:
        return invoke(manager, **call)
    finally:
        IN_FLIGHT.end(*needed)


def _stop_when_idle(stop: Any, manager: LambdaVersionManager) -> None:
    if _still_exists(manager.function_version):
        IN_FLIGHT.wait(manager.id)
    stop(manager)


def _destroy_when_idle(destroy: Any) -> Any:
    """For updates only: who deletes a function has a name of its own for the same."""

    def wait_and_destroy(code: S3Code, function: Function) -> None:
        IN_FLIGHT.wait(code.id)
        destroy(code, function)

    return wait_and_destroy


def _still_exists(version: FunctionVersion) -> bool:
    """Whether it is stopped for an update, and not because the function was deleted."""
    place = version.id
    return place.function_name in lambda_stores[place.account][place.region].functions
