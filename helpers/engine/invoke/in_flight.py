"""An invocation that has started runs to its end while its function is updated, as on AWS.

LocalStack stops the old version's environments and deletes its code at once: a running invocation
was killed, and one that was starting found half of its package missing. Here the old version is
removed when the last of its invocations has ended. A deleted function is removed at once: after a
reset nothing must run that was there before.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from localstack.services.lambda_.invocation import lambda_service
from localstack.services.lambda_.invocation.lambda_models import Function, S3Code
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.invocation.version_manager import LambdaVersionManager
from localstack.utils.patch import patch

MAX_DURATION = 15 * 60 + 10.0  # seconds: the maximum timeout, and a cold start


class InFlight:
    """The number of running invocations, by the ID of whatever must be kept until they end."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._changed = threading.Condition()

    def begin(self, *needed: str) -> None:
        with self._changed:
            self._counts.update(needed)

    def end(self, *needed: str) -> None:
        with self._changed:
            self._counts.subtract(needed)
            self._counts += Counter()  # removes those that are zero
            self._changed.notify_all()

    def wait(self, needed: str) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._counts[needed], MAX_DURATION)


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
    """Stop a version, when it is idle or its function was deleted."""
    version = manager.function_version.id
    if version.function_name in lambda_stores[version.account][version.region].functions:
        IN_FLIGHT.wait(manager.id)
    stop(manager)


def _destroy_when_idle(destroy: Any) -> Any:
    """Return LocalStack's function for updates; deletions use it under another name."""

    def wait_and_destroy(code: S3Code, function: Function) -> None:
        IN_FLIGHT.wait(code.id)
        destroy(code, function)

    return wait_and_destroy
