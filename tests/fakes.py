"""Fakes for tests: a clock that never waits, and AWS clients with scripted responses."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from helpers.system.clock import Clock


class FakeTime:
    """A clock that advances only when somebody sleeps, and then at once."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.clock = Clock(now=lambda: self.passed, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.passed += seconds


class FakeService:
    """An AWS client with scripted responses: those of a list one by one. Errors are raised.

    It records its calls in `calls`.
    """

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            self.calls.append((operation, arguments))
            answer = self.answers[operation]
            if isinstance(answer, list):
                answer = answer.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def can_paginate(self, operation: str) -> bool:
        return False

    def get_paginator(self, operation: str) -> "FakeService":
        return FakeService(paginate=self.answers[operation])

    def get_waiter(self, name: str) -> "FakeService":
        return FakeService(wait=self.answers.get(name))

    def asked(self, operation: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == operation]


def clients(**services: FakeService) -> Callable[[str], Any]:
    """Return a function that gives these clients; Lambda's is named `lambda_`."""
    by_name: Mapping[str, FakeService] = {name.rstrip("_"): fake for name, fake in services.items()}
    return by_name.__getitem__


def aws_error(code: str, message: str = "as the test has it", operation: str = "Some") -> Any:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


def no_cloud(service: str) -> Any:
    raise AssertionError(f"nothing was to be asked of {service}")


def plain_shell(folder: Path) -> InteractiveShell:
    """Return a real IPython shell, which keeps no history."""
    settings = Config()
    settings.HistoryManager.enabled = False
    return InteractiveShell(config=settings, ipython_dir=str(folder))
