"""The provider of Lambda's API, with checks that AWS makes and LocalStack doesn't.

They run before LocalStack's own, by operation.
"""

from typing import Any

from localstack.aws.api.lambda_ import InvalidParameterValueException
from localstack.services.lambda_.provider import LambdaProvider
from localstack.utils.patch import patch

from helpers.engine.gateway.function_roles import (
    require_rights_to_read,
    require_rights_to_write,
    role_after_update,
)

ONLY_PYTHON = (
    "This cloud runs functions in Python only, each in a process of its own: {kind} would work on "
    "AWS, and in LocalStack with Docker."
)


def install() -> None:
    patch(LambdaProvider.create_function)(_create)
    patch(LambdaProvider.update_function_configuration)(_update)
    patch(LambdaProvider.check_service_resource_exists)(_check_event_source)
    patch(LambdaProvider._validate_runtime)(_validate_runtime)


def _create(create: Any, provider: LambdaProvider, context: Any, request: Any) -> Any:
    require_rights_to_write(str(request.get("Role")), request)
    return create(provider, context, request)


def _update(update: Any, provider: LambdaProvider, context: Any, request: Any) -> Any:
    require_rights_to_write(role_after_update(provider.lambda_service, context, request), request)
    return update(provider, context, request)


def _check_event_source(
    check: Any, provider: LambdaProvider, service: str, source: str, function: str, role: str
) -> None:
    require_rights_to_read(role, source)
    check(provider, service, source, function, role)


def _validate_runtime(
    validate: Any, provider: LambdaProvider, package_type: str, runtime: str | None
) -> None:
    validate(provider, package_type, runtime)
    if not (runtime or "").startswith("python"):
        kind = f"the runtime {runtime}" if runtime else "a container image"
        raise InvalidParameterValueException(ONLY_PYTHON.format(kind=kind), Type="User")
