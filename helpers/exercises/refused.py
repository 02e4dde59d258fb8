"""Calls that boto3 or AWS refused in the notebook: attempts that left nothing in the cloud."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from helpers.exercises.verdict import Link

BY_BOTO3 = "boto3 did not send your call of `{operation}`: {message}"
BY_AWS = "AWS refused your call of `{operation}`, so nothing has changed: {message}"
REFUSALS = (ClientError, ParamValidationError, TypeError)
LONGEST = 300  # characters of the message in a verdict

LINKS = (  # the first that fits the operation or its service
    (re.compile(r"permission"), Link.PERMISSION),
    (re.compile(r"notification|event_source|rule|targets"), Link.EVENT_SOURCE),
    (re.compile(r"function_configuration"), Link.CONFIGURATION),
    (re.compile(r"function_code"), Link.PACKAGE),
    (re.compile(r"^(lambda)\b"), Link.FUNCTION),
    (re.compile(r"^(iam|sts)\b"), Link.ROLE),
    (re.compile(r"^s3\b"), Link.BUCKET),
    (re.compile(r"^dynamodb\b"), Link.TABLE),
    (re.compile(r"^kinesis\b"), Link.STREAM),
    (re.compile(r"^sqs\b"), Link.QUEUE),
    (re.compile(r"^apigateway\b"), Link.ROUTE),
)


@dataclass(frozen=True)
class RefusedCall:
    """One call of a boto3 client's: `operation` as it is called, "create_function".

    `exercise` is the one whose check came first afterwards; "" until then.
    """

    service: str
    operation: str
    message: str
    by_aws: bool
    exercise: str = ""

    @property
    def id(self) -> str:
        return f"refused.{self.operation.replace('_', '-')}"

    @property
    def link(self) -> Link:
        name = f"{self.service} {self.operation}"
        return next((link for pattern, link in LINKS if pattern.search(name)), Link.EFFECT)

    def __str__(self) -> str:
        words = BY_AWS if self.by_aws else BY_BOTO3
        message = self.message.partition("\n")[0].partition(", must be one of")[0]
        return words.format(operation=self.operation, message=message[:LONGEST])


def refused_call(error: BaseException) -> RefusedCall | None:
    """Return the call that boto3 or AWS refused with this error; None if it is another error."""
    frame = _client_frame(error.__traceback__)
    if frame is None or not isinstance(error, REFUSALS):
        return None
    service = frame["self"].meta.service_model.service_name
    message = str(error).removeprefix("Parameter validation failed:\n")
    if isinstance(error, ClientError):
        told = error.response.get("Error", {})
        message = f"{told.get('Code', '')}: {told.get('Message', '')}"
    by_aws = isinstance(error, ClientError)
    return RefusedCall(service, frame["py_operation_name"], message, by_aws)


def _client_frame(trace: TracebackType | None) -> dict[str, Any] | None:
    """Return the variables of botocore's method for a call, as it stands in the traceback."""
    found = None
    while trace:
        code = trace.tb_frame.f_code
        if code.co_name == "_api_call" and code.co_filename.endswith("client.py"):
            found = trace.tb_frame.f_locals
        trace = trace.tb_next
    return found


Refused = Callable[[str], Sequence[RefusedCall]]  # the refused calls of that exercise


def no_refused_call(exercise: str) -> Sequence[RefusedCall]:
    """Return none: outside a notebook nobody notes them."""
    return ()


class RefusedCalls:
    """The refused calls since the lab was opened that no later call has made good."""

    def __init__(self) -> None:
        self._calls: list[RefusedCall] = []

    def after_cell(self, source: str, error: BaseException | None) -> None:
        """Note what a cell came to: the call that it stopped at, or those that it made good."""
        if error is None:
            self._calls = [call for call in self._calls if f".{call.operation}(" not in source]
        elif call := refused_call(error):
            self._calls = [each for each in self._calls if each.operation != call.operation]
            self._calls.append(call)

    def of(self, exercise: str) -> Sequence[RefusedCall]:
        """Return the exercise's, the last one last: its check was the first after them."""
        self._calls = [
            call if call.exercise else replace(call, exercise=exercise) for call in self._calls
        ]
        return [call for call in self._calls if call.exercise == exercise]

    def forget(self) -> None:
        self._calls = []
