"""The engine's meter: it counts the usage of each account, in the units that AWS bills.

Its step is the last in LocalStack's chain of handlers and sees every call, including those that
functions make. Calls between LocalStack's own services are not billed: a mapping that reads a
stream, a notification, a rule that reaches its target. Billed are those that AWS makes on the
customer's behalf:

- Lambda receives messages from a queue and deletes them. (A mapping here polls once a second and
  waits that long; on AWS five pollers wait 20 seconds each: a quarter as often.)
- A state machine, or an API without a function, calls a service.

Counting costs a dictionary lookup. An error in it must not fail the call.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api import RequestContext
from localstack.http import Request, route
from localstack.services.edge import ROUTER
from localstack.utils.patch import patch

from helpers.aws.units import is_billed, log_size, rule_for
from helpers.engine.first_use import when_loaded
from helpers.engine.gateway.routes import owned_account
from helpers.engine.lean import collect_garbage
from helpers.engine.meter.usage import Meter

LOG = logging.getLogger(__name__)

ON_THE_CUSTOMERS_BEHALF = {"states", "apigateway"}
METER = Meter()


class UsageResource:
    """GET returns what the account of the caller has used, DELETE starts over."""

    @route("/_lab/usage", methods=["GET"])
    def read(self, request: Request) -> dict[str, Any]:
        return {"used": METER.read(owned_account(request), datetime.now(UTC))}

    @route("/_lab/usage", methods=["DELETE"])
    def forget(self, request: Request) -> dict[str, Any]:
        METER.forget(owned_account(request))
        collect_garbage()  # a lab was opened, or emptied
        return {}


def install() -> None:
    ROUTER.add(UsageResource())
    when_loaded("apigateway", _count_api_requests)


def count_log(account: str, messages: Any) -> None:
    METER.add(account, "logs.bytes", log_size(messages))


def count_call(chain: Any, context: RequestContext, response: Any) -> None:
    """Count a call: a step of LocalStack's chain of handlers."""
    if context.operation is None or context.service is None:
        return
    try:
        _count(context, response.status_code)
    except Exception:
        LOG.exception("A call could not be counted")


def _count(context: RequestContext, status: int) -> None:
    service, operation = context.service.service_name, context.operation.name
    rule = rule_for(service, operation)
    count_stream = STREAM_OPERATIONS.get(operation) if service == "kinesis" else None
    if (rule is None and count_stream is None) or not _is_billed_to_customer(context, service):
        return
    request, response = context.service_request or {}, context.service_response or {}
    error = context.service_exception
    if error and not is_billed(service, str(getattr(error, "code", "")), status):
        return
    for unit, quantity in rule(request, response) if rule else ():
        METER.add(context.account_id, unit, quantity)
    if count_stream:
        count_stream(context.account_id, request)


def _is_billed_to_customer(context: RequestContext, service: str) -> bool:
    if context.internal_request_params is None:
        return True
    principal = context.internal_request_params.get("service_principal")
    return principal in ON_THE_CUSTOMERS_BEHALF or (service == "sqs" and principal == "lambda")


# Streams, which are billed by the hour


def _created(account: str, request: Any) -> None:
    mode = (request.get("StreamModeDetails") or {}).get("StreamMode")
    on_demand = mode == "ON_DEMAND"
    shards = 1 if on_demand else int(request.get("ShardCount") or 1)
    unit = "kinesis.stream_hours" if on_demand else "kinesis.shard_hours"
    METER.open_stream(account, _stream_name(request), shards, unit, datetime.now(UTC))


def _resharded(account: str, request: Any) -> None:
    shards, name = int(request.get("TargetShardCount") or 1), _stream_name(request)
    METER.open_stream(account, name, shards, "kinesis.shard_hours", datetime.now(UTC))


def _deleted(account: str, request: Any) -> None:
    METER.end_stream(account, _stream_name(request), datetime.now(UTC))


def _stream_name(request: Any) -> str:
    return str(request.get("StreamName") or str(request.get("StreamARN")).rpartition("/")[2])


STREAM_OPERATIONS = {
    "CreateStream": _created,
    "UpdateShardCount": _resharded,
    "DeleteStream": _deleted,
}


# Requests to learners' APIs, which are not calls of AWS's API


def _count_api_requests() -> None:
    from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway

    patch(RestApiGateway.process_with_context)(_process_and_count)


def _process_and_count(process: Any, gateway: Any, context: Any, response: Any) -> None:
    try:
        process(gateway, context, response)
    finally:
        if context.deployment is not None:
            METER.add(context.deployment.account_id, "apigateway.requests", 1)
