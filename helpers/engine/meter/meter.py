"""The engine's meter: what each account has used, in the units in which AWS bills it.

It sits at the end of LocalStack's handler chain and sees every call, those of functions too. What
LocalStack's services call among themselves is no customer's bill: a mapping that reads a stream, a
notification, a rule that reaches its target. It is one where AWS acts in the customer's name:

- Lambda asks a queue for messages and takes them out of it. (A mapping here asks once a second and
  waits that long; on AWS five ask at once, and each waits 20 seconds: a quarter as often.)
- A state machine, or an API without a function, calls a service.

Counting costs a look into a dictionary. Nothing in it may fail a call.
"""

import logging
import threading
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api import RequestContext
from localstack.aws.handlers import run_custom_response_handlers
from localstack.http import Request, route
from localstack.services.edge import ROUTER
from localstack.utils.patch import patch

from helpers.aws.units import is_billed, log_size, rule_for
from helpers.engine.gateway.doors import owned_account
from helpers.engine.lean import clear_up
from helpers.engine.meter.usage import Meter

LOG = logging.getLogger(__name__)

IN_THE_CUSTOMERS_NAME = {"states", "apigateway"}
METER = Meter()


class UsageResource:
    """GET tells what the account of whoever asks has used, DELETE begins anew: a lab is opened,
    or emptied.
    """

    @route("/_lab/usage", methods=["GET"])
    def read(self, request: Request) -> dict[str, Any]:
        return {"used": METER.read(owned_account(request), datetime.now(UTC))}

    @route("/_lab/usage", methods=["DELETE"])
    def forget(self, request: Request) -> dict[str, Any]:
        METER.forget(owned_account(request))
        clear_up()
        return {}


def install() -> None:
    ROUTER.add(UsageResource())
    run_custom_response_handlers.append(_see_call)


def count_log(account: str, messages: Any) -> None:
    METER.add(account, "logs.bytes", log_size(messages))


def _see_call(chain: Any, context: RequestContext, response: Any) -> None:
    if context.operation is None or context.service is None:
        return
    try:
        _count(context, response.status_code)
    except Exception:
        LOG.exception("A call could not be counted")


def _count(context: RequestContext, status: int) -> None:
    service, operation = context.service.service_name, context.operation.name
    if service == "apigateway":
        _watch_apis()
    rule = rule_for(service, operation)
    follows = STREAM_CALLS.get(operation) if service == "kinesis" else None
    if (rule is None and follows is None) or not _is_customers(context, service):
        return
    request, answer = context.service_request or {}, context.service_response or {}
    error = context.service_exception
    if error and not is_billed(service, str(getattr(error, "code", "")), status):
        return
    for unit, quantity in rule(request, answer) if rule else ():
        METER.add(context.account_id, unit, quantity)
    if follows:
        follows(context.account_id, request)


def _is_customers(context: RequestContext, service: str) -> bool:
    """Whether the call is on the customer's bill."""
    if context.internal_request_params is None:
        return True
    principal = context.internal_request_params.get("service_principal")
    return principal in IN_THE_CUSTOMERS_NAME or (service == "sqs" and principal == "lambda")


# Streams, which cost by the hour


def _created(account: str, request: Any) -> None:
    mode = (request.get("StreamModeDetails") or {}).get("StreamMode")
    on_demand = mode == "ON_DEMAND"
    shards = 1 if on_demand else int(request.get("ShardCount") or 1)
    unit = "kinesis.stream_hours" if on_demand else "kinesis.shard_hours"
    METER.open_stream(account, _name(request), shards, unit, datetime.now(UTC))


def _resharded(account: str, request: Any) -> None:
    shards = int(request.get("TargetShardCount") or 1)
    METER.open_stream(account, _name(request), shards, "kinesis.shard_hours", datetime.now(UTC))


def _deleted(account: str, request: Any) -> None:
    METER.end_stream(account, _name(request), datetime.now(UTC))


def _name(request: Any) -> str:
    return str(request.get("StreamName") or str(request.get("StreamARN")).rpartition("/")[2])


STREAM_CALLS = {
    "CreateStream": _created,
    "UpdateShardCount": _resharded,
    "DeleteStream": _deleted,
}


# Requests to APIs, which are no calls of AWS's


_watched = threading.Event()


def _watch_apis() -> None:
    """From the first call about an API on; what answers requests is not loaded before."""
    if _watched.is_set():
        return
    _watched.set()
    from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway

    patch(RestApiGateway.process_with_context)(_answer_and_count)


def _answer_and_count(process: Any, gateway: Any, context: Any, response: Any) -> None:
    try:
        process(gateway, context, response)
    finally:
        if context.deployment is not None:
            METER.add(context.deployment.account_id, "apigateway.requests", 1)
