"""Lambda asks a function's role before it takes a setting that would need it.

An event source mapping reads its source with the role, a dead-letter queue is written to with it.
LocalStack takes what will never work; AWS refuses it when it is made. What a stream's mapping gives
up is sent on with the role, too.
"""

from typing import Any

from localstack.aws.api.lambda_ import InvalidParameterValueException
from localstack.services.lambda_.api_utils import (
    get_account_and_region,
    get_name_and_qualifier,
    is_role_arn,
)
from localstack.services.lambda_.event_source_mapping.esm_worker_factory import EsmWorkerFactory
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import StreamPoller
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.provider import LambdaProvider
from localstack.utils.patch import patch

from helpers.aws.iam.actions.event_sources import (
    DEAD_LETTER_ACTIONS,
    DEAD_LETTER_REFUSAL,
    FAILURE_ACTIONS,
    REFUSED_WITHOUT,
    refusal,
)
from helpers.engine.gateway.authorization import denied_to_role, record

NO_TRUST = "The role defined for the function cannot be assumed by Lambda."


def install() -> None:
    patch(LambdaProvider.check_service_resource_exists)(_require_rights_to_read)
    patch(LambdaProvider.create_function)(_create)
    patch(LambdaProvider.update_function_configuration)(_update)
    patch(EsmWorkerFactory.get_esm_worker)(_tell_the_poller_its_role)
    patch(StreamPoller.send_events_to_dlq)(_send_if_allowed)


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
    role, given = _role_of(context, request), request.get("Role")
    if role and given and is_role_arn(given):  # else LocalStack says what is wrong
        role = given
        if not provider.lambda_service.can_assume_role(role, context.region):
            raise InvalidParameterValueException(NO_TRUST, Type="User")
    _require_rights_to_write(request, role)
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


def _tell_the_poller_its_role(get_esm_worker: Any, factory: EsmWorkerFactory) -> Any:
    worker = get_esm_worker(factory)
    worker.poller.lab_role = factory.function_role_arn
    return worker


def _send_if_allowed(
    send: Any, poller: StreamPoller, shard: str, events: Any, context: Any
) -> None:
    """What may not be sent to the failure destination is lost; nobody is told on AWS either."""
    destination = poller.stream_parameters.get("DeadLetterConfig", {}).get("Arn") or ""
    service = destination.split(":")[2] if destination else ""
    resource = f"{destination}/aws/lambda/" if service == "s3" else destination
    action = FAILURE_ACTIONS.get(service)
    if not (action and is_denied(poller.lab_role, action, resource)):
        send(poller, shard, events, context)


def is_denied(role: str, action: str, resource: str) -> bool:
    """Whether a function's role may not do that; if so it is recorded."""
    denied = denied_to_role(role, action, resource)
    if denied:
        record(role.split(":")[4], denied)
    return denied is not None
