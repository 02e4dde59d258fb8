"""Permissions that Lambda requires of a function's role before it accepts a setting.

An event source mapping reads its source with the role, and a dead-letter queue is written to with
it. LocalStack accepts what can never work; AWS refuses to create it.
"""

from typing import Any

from localstack.aws.api.lambda_ import InvalidParameterValueException
from localstack.services.lambda_.api_utils import (
    get_account_and_region,
    get_name_and_qualifier,
    is_role_arn,
)
from localstack.services.lambda_.invocation.models import lambda_stores

from helpers.aws.iam.actions.event_sources import (
    DEAD_LETTER_ACTIONS,
    DEAD_LETTER_REFUSAL,
    REFUSED_WITHOUT,
    refusal,
)
from helpers.engine.gateway.authorization import denied_to_role, record
from helpers.engine.settings import has_owner

NO_TRUST = "The role defined for the function cannot be assumed by Lambda."


def is_denied(role: str, action: str, resource: str) -> bool:
    """Return whether a function's role is denied the action, and if so record the denial."""
    denied = denied_to_role(role, action, resource)
    if denied:
        record(role.split(":")[4], denied)
    return denied is not None


def require_rights_to_read(role: str, source: str) -> None:
    """Require that the role may read an event source, before a mapping is created."""
    service = source.split(":")[2]
    for action in REFUSED_WITHOUT.get(service, ()):
        if is_denied(role, action, source):
            message = refusal(service, action=action, arn=source)
            raise InvalidParameterValueException(message, Type="User")


def require_rights_to_write(role: str, request: Any) -> None:
    """Require that the role may send messages to the dead-letter queue that a request names."""
    target = (request.get("DeadLetterConfig") or {}).get("TargetArn") or ""
    service = target.split(":")[2] if target.count(":") >= 5 else ""
    action = DEAD_LETTER_ACTIONS.get(service)
    if action and is_role_arn(role) and is_denied(role, action, target):
        operation = action.partition(":")[2]
        message = DEAD_LETTER_REFUSAL.format(action=operation, service=service.upper())
        raise InvalidParameterValueException(message, Type="User")


def role_after_update(lambda_service: Any, context: Any, request: Any) -> str:
    """Return the role that the function will have; "" if there is no such function.

    Raises InvalidParameterValueException if Lambda can't assume it.
    """
    name, _ = get_name_and_qualifier(request.get("FunctionName"), None, context)
    account, region = get_account_and_region(request.get("FunctionName"), context)
    function = lambda_stores[account][region].functions.get(name)
    if function is None:
        return ""
    given = request.get("Role")
    if not given or not is_role_arn(given):  # LocalStack reports what is wrong with it
        return str(function.latest().config.role)
    if has_owner() and not lambda_service.can_assume_role(given, context.region):
        raise InvalidParameterValueException(NO_TRUST, Type="User")
    return str(given)
