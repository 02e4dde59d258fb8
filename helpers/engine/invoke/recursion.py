"""A chain of functions that invoke each other, or themselves, is stopped as AWS stops it.

The clients in a function send along the trace in which it runs (`X-Amzn-Trace-Id`), so what it
invokes has the same root. After about sixteen invocations of one function in one trace AWS takes
that for a loop; `put_function_recursion_config(RecursiveLoop="Allow")` says that it is meant.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html (2026-11-21)

A bucket belongs to such a chain, too: it passes on the trace in which an object was put. LocalStack
remembers it for other targets of a bucket, and forgets it for functions.
"""

import threading
from collections import OrderedDict
from typing import Any

from localstack.aws.api.lambda_ import RecursiveInvocationException
from localstack.aws.connect import connect_to
from localstack.services.lambda_.invocation.lambda_service import LambdaService
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.s3.notifications import LambdaNotifier
from localstack.utils.patch import patch

LONGEST = 16  # invocations of a function in one trace
REMEMBERED = 1000  # traces

STOPPED = (
    "Lambda has detected your function being invoked in a recursive loop with other Amazon Web "
    "Services resources and stopped your function's invocation."
)


class Chains:
    """How often a function was invoked in each of the last traces."""

    def __init__(self) -> None:
        self._lengths: OrderedDict[tuple[str, ...], int] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, *link: str) -> int:
        with self._lock:
            self._lengths[link] = length = self._lengths.pop(link, 0) + 1
            if len(self._lengths) > REMEMBERED:
                self._lengths.popitem(last=False)
            return length


CHAINS = Chains()
NOTIFYING = threading.local()  # the trace of the object that a bucket is telling of


def install() -> None:
    patch(LambdaService.invoke)(_invoke)
    patch(LambdaNotifier.notify)(_notify_in_its_trace)
    connect_to._session.events.register("before-call.lambda.Invoke", _send_trace)


def _invoke(invoke: Any, service: LambdaService, **call: Any) -> Any:
    header = (call.get("trace_context") or {}).get("aws_trace_header")
    root = str(getattr(header, "root", None) or "")
    place = call["account_id"], call["region"], call["function_name"]
    if root and CHAINS.add(root, *place) > LONGEST and not _is_meant(*place):
        raise RecursiveInvocationException(STOPPED, Type="User")
    return invoke(service, **call)


def _notify_in_its_trace(notify: Any, notifier: Any, context: Any, config: Any) -> None:
    NOTIFYING.trace = context.xray
    try:
        notify(notifier, context, config)
    finally:
        NOTIFYING.trace = None


def _send_trace(params: dict[str, Any], **_: Any) -> None:
    trace = getattr(NOTIFYING, "trace", None)
    if trace:
        params["headers"]["X-Amzn-Trace-Id"] = trace


def _is_meant(account: str, region: str, name: str) -> bool:
    function = lambda_stores[account][region].functions.get(name)
    return function is not None and str(function.recursive_loop) == "Allow"
