"""Lambda asks a function's role before it takes a setting that would need it.

An event source mapping reads its source with the role, a dead-letter queue is written to with it.
LocalStack takes what will never work; AWS refuses it when it is made.
"""

from typing import Any

from localstack.aws.api.lambda_ import InvalidParameterValueException
from localstack.services.lambda_.api_utils import (
    get_account_and_region,
    get_name_and_qualifier,
    is_role_arn,
)
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.provider import LambdaProvider
from localstack.utils.patch import patch

from helpers.aws.actions.event_sources import (
    DEAD_LETTER_ACTIONS,
    DEAD_LETTER_REFUSAL,
    REFUSED_WITHOUT,
    refusal,
)
from helpers.engine.gateway.authorization import denied_to_role, record

NO_TRUST = "The role defined for the function cannot be assumed by Lambda."


def install() -> None:
    patch(LambdaProvider.check_service_resource_exists)(_require_rights_to_read)
    patch(LambdaProvider.create_function)(_create)
    patch(LambdaProvider.update_function_configuration)(_update)


def _require_rights_to_read(
    check: Any, provider: LambdaProvider, service: str, source: str, function: str, role: str
) -> None:
    service = source.split(":")[2]
    for action in REFUSED_WITHOUT.get(service, ()):
        if is_denied(role, action, source):
            words = refusal(service, action=action, arn=source)
            raise InvalidParameterValueException(words, Type="User")
    check(provider, service, source, function, role)


def _create(create: Any, provider: LambdaProvider, context: Any, request: Any) -> Any:
    _require_rights_to_write(request, str(request.get("Role")))
    return create(provider, context, request)


def _update(update: Any, provider: LambdaProvider, context: Any, request: Any) -> Any:
    role = request.get("Role")
    if role and not provider.lambda_service.can_assume_role(role, context.region):
        raise InvalidParameterValueException(NO_TRUST, Type="User")
    _require_rights_to_write(request, role or _role_of(context, request))
    return update(provider, context, request)


def _role_of(context: Any, request: Any) -> str:
    """The role that the function has now; "" where there is no such function."""
    name, _ = get_name_and_qualifier(request.get("FunctionName"), None, context)
    account, region = get_account_and_region(request.get("FunctionName"), context)
    function = lambda_stores[account][region].functions.get(name)
    return str(function.latest().config.role) if function else ""


def _require_rights_to_write(request: Any, role: str) -> None:
    target = (request.get("DeadLetterConfig") or {}).get("TargetArn") or ""
    service = target.split(":")[2] if target.count(":") >= 5 else ""
    action = DEAD_LETTER_ACTIONS.get(service)
    if action and is_role_arn(role) and is_denied(role, action, target):
        words = DEAD_LETTER_REFUSAL.format(action=action.partition(":")[2], service=service.upper())
        raise InvalidParameterValueException(words, Type="User")


def is_denied(role: str, action: str, resource: str) -> bool:
    """Whether a function's role may not do that; if so it is recorded."""
    denied = denied_to_role(role, action, resource)
    if denied:
        record(role.split(":")[4], denied)
    return denied is not None
