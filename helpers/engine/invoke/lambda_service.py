"""The service behind Lambda's API: the steps before an invocation, and when a function is ready.

LocalStack runs what AWS refuses: an event that is not JSON, or is too large. A learner should see
the error here already, in AWS's words. And a function is ready for use when the call returns that
created, updated or published it, where LocalStack would still be busy.
"""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.aws.api.lambda_ import (
    InvalidRequestContentException,
    InvocationType,
    ResourceNotFoundException,
)
from localstack.services.lambda_.api_utils import lambda_arn, qualifier_is_alias
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.utils.patch import patch

from helpers.engine.invoke.recursion import stop_recursion

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (2026-11-21), in bytes.
REQUEST_LIMIT = 6 * 1024 * 1024
EVENT_LIMIT = 1024 * 1024

TOO_LARGE = "Request must be smaller than {limit} bytes for the InvokeFunction operation"
EVENT_TOO_LARGE = (
    "{size} byte payload is too large for the Event invocation type (limit {limit} bytes)"
)
NOT_JSON = "Could not parse request body into json: Could not parse payload into json: {error}"
READY_WITHIN = 30.0  # seconds
MAX_TASKS = 64

Invocation = dict[str, Any]  # the arguments of LambdaService.invoke


def install() -> None:
    patch(LambdaService.__init__)(_use_a_larger_thread_pool)
    patch(LambdaService.create_function_version)(_create_and_wait)
    patch(LambdaService.invoke)(_invoke)


def _require_size(invocation: Invocation) -> None:
    is_event = invocation.get("invocation_type") == InvocationType.Event
    limit = EVENT_LIMIT if is_event else REQUEST_LIMIT
    size = len(invocation.get("payload") or b"")
    if size > limit:
        message = EVENT_TOO_LARGE if is_event else TOO_LARGE
        raise CommonServiceException(
            "RequestEntityTooLargeException",
            message.format(size=size, limit=limit),
            status_code=413,
        )


def _require_json(invocation: Invocation) -> None:
    try:
        json.loads(invocation.get("payload") or "{}")
    except ValueError as error:
        raise InvalidRequestContentException(NOT_JSON.format(error=error), Type="User") from error


def _require_version(invocation: Invocation) -> None:
    """Require that a version exists. LocalStack looks up aliases, but fails on unknown versions."""
    account, region = invocation["account_id"], invocation["region"]
    name, qualifier = invocation["function_name"], invocation["qualifier"]
    function = lambda_stores[account][region].functions.get(name)
    if function is None or qualifier is None or qualifier_is_alias(qualifier):
        return
    if qualifier not in function.versions:
        arn = lambda_arn(name, qualifier, account, region)
        raise ResourceNotFoundException(f"Function not found: {arn}", Type="User")


BEFORE_AN_INVOCATION = (
    _require_size,
    _require_json,
    _require_version,
    stop_recursion,  # last, since it counts what is really invoked
)


def _invoke(invoke: Any, service: LambdaService, **invocation: Any) -> Any:
    for step in BEFORE_AN_INVOCATION:
        step(invocation)
    return invoke(service, **invocation)


def _create_and_wait(create: Any, service: LambdaService, function_version: Any) -> "Future[None]":
    created: Future[None] = create(service, function_version)
    created.result(READY_WITHIN)
    return created


def _use_a_larger_thread_pool(init: Any, service: LambdaService) -> None:
    """Let nothing wait while an old version is removed, which takes up to two seconds."""
    init(service)
    service.task_executor = ThreadPoolExecutor(MAX_TASKS, thread_name_prefix="lambda-task")
