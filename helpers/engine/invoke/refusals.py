"""Lambda says no where AWS does, and says "done" only when it is.

LocalStack runs what AWS refuses: an event that is not JSON, or too large. A learner must hear of it
here already, in AWS's words. And a function is ready for use when the call returns that created,
updated or published it, where LocalStack would still be at work.
"""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.aws.api.lambda_ import (
    InvalidParameterValueException,
    InvalidRequestContentException,
    InvocationType,
    ResourceNotFoundException,
)
from localstack.services.lambda_.api_utils import lambda_arn, qualifier_is_alias
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.provider import LambdaProvider
from localstack.utils.patch import patch

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (2026-11-21), in bytes.
REQUEST_LIMIT = 6 * 1024 * 1024
EVENT_LIMIT = 1024 * 1024

TOO_LARGE = "Request must be smaller than {limit} bytes for the InvokeFunction operation"
EVENT_TOO_LARGE = (
    "{size} byte payload is too large for the Event invocation type (limit {limit} bytes)"
)
NOT_JSON = "Could not parse request body into json: Could not parse payload into json: {error}"
ONLY_PYTHON = (
    "This cloud runs functions in Python only, each in a process of its own: {kind} would work on "
    "AWS, and in LocalStack with Docker."
)
READY_WITHIN = 30.0  # seconds
TASKS_AT_ONCE = 64


def install() -> None:
    patch(LambdaService.invoke)(_invoke)
    patch(LambdaProvider._validate_runtime)(_validate_runtime)
    patch(LambdaService.create_function_version)(_create_at_once)
    patch(LambdaService.__init__)(_with_many_hands)


def _invoke(invoke: Any, service: LambdaService, **call: Any) -> Any:
    payload = call.get("payload")
    if payload:
        _check_size(payload, call.get("invocation_type"))
        _check_json(payload)
    _check_version(call["account_id"], call["region"], call["function_name"], call["qualifier"])
    return invoke(service, **call)


def _check_size(payload: bytes, kind: str | None) -> None:
    is_event = kind == InvocationType.Event
    limit = EVENT_LIMIT if is_event else REQUEST_LIMIT
    if len(payload) > limit:
        message = EVENT_TOO_LARGE if is_event else TOO_LARGE
        raise CommonServiceException(
            "RequestEntityTooLargeException",
            message.format(size=len(payload), limit=limit),
            status_code=413,
        )


def _check_json(payload: bytes) -> None:
    try:
        json.loads(payload)
    except ValueError as error:
        raise InvalidRequestContentException(NOT_JSON.format(error=error), Type="User") from error


def _check_version(account: str, region: str, name: str, qualifier: str | None) -> None:
    """LocalStack looks up an alias itself, but stumbles over a version that is not there."""
    function = lambda_stores[account][region].functions.get(name)
    if function is None or qualifier is None or qualifier_is_alias(qualifier):
        return
    if qualifier not in function.versions:
        arn = lambda_arn(name, qualifier, account, region)
        raise ResourceNotFoundException(f"Function not found: {arn}", Type="User")


def _validate_runtime(
    validate: Any, provider: LambdaProvider, package_type: str, runtime: str | None
) -> None:
    validate(provider, package_type, runtime)
    if not (runtime or "").startswith("python"):
        kind = f"the runtime {runtime}" if runtime else "a container image"
        raise InvalidParameterValueException(ONLY_PYTHON.format(kind=kind), Type="User")


def _create_at_once(create: Any, service: LambdaService, function_version: Any) -> "Future[None]":
    created: Future[None] = create(service, function_version)
    created.result(READY_WITHIN)
    return created


def _with_many_hands(init: Any, service: LambdaService) -> None:
    """Clearing an old version away takes up to two seconds, and must hold up nobody."""
    init(service)
    service.task_executor = ThreadPoolExecutor(TASKS_AT_ONCE, thread_name_prefix="lambda-task")
