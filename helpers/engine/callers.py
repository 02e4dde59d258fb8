"""Whether a service may invoke a function, as the function's own policy says.

LocalStack keeps these policies and asks none. On AWS a service that was given no permission does
not get through, and a learner has to meet that here: an API answers such a request with 500.
"""

from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.provider import LambdaProvider
from localstack.utils.patch import patch

from helpers.policy import Call, is_allowed, statements

API_GATEWAY = "apigateway"  # LocalStack's short form of the principal
DENIED = "User: {principal} is not authorized to perform: lambda:InvokeFunction on: {function}"


def install() -> None:
    patch(LambdaProvider.invoke)(_invoke_if_allowed)


def may_invoke(function_arn: str, principal: str, source: str, account: str) -> bool:
    """Whether `principal` may, on behalf of `source`, an ARN, in that account."""
    _, _, _, region, owner, _, name, *qualifier = function_arn.split(":")
    function = lambda_stores[owner][region].functions.get(name)
    if function is None:
        return True  # the invocation itself will say so
    given = function.permissions.get(qualifier[0] if qualifier else "$LATEST")
    policy = statements({"Statement": given.policy.Statement}) if given else []
    return is_allowed(policy, Call(principal, source, account))


def _invoke_if_allowed(
    invoke: Any,
    provider: LambdaProvider,
    context: Any,
    function_name: str,
    *more: Any,
    **named: Any,
) -> Any:
    """An API that invokes by its role's credentials needs no permission, and names no source."""
    caller = context.internal_request_params or {}
    source = caller.get("source_arn") or ""
    if caller.get("service_principal") == API_GATEWAY and source:
        principal = f"{API_GATEWAY}.amazonaws.com"
        if not may_invoke(function_name, principal, source, source.split(":")[4]):
            message = DENIED.format(principal=principal, function=function_name)
            raise CommonServiceException("AccessDeniedException", message, status_code=403)
    return invoke(provider, context, function_name, *more, **named)
