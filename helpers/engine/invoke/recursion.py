"""A chain of functions that invoke each other, or themselves, is stopped as on AWS.

The clients in a function pass on the trace in which it runs (`X-Amzn-Trace-Id`), so what it invokes
has the same root; a bucket passes on the trace in which an object was put. After about sixteen
invocations of one function in one trace AWS assumes a loop, unless its RecursiveLoop setting
(`put_function_recursion_config`) is Allow.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html (2026-11-21)
"""

import threading
from collections import OrderedDict
from typing import Any

from localstack.aws.api.lambda_ import RecursiveInvocationException
from localstack.services.lambda_.invocation.models import lambda_stores

MAX_LENGTH = 16  # invocations of a function in one trace
MAX_CHAINS = 1000

STOPPED = (
    "Lambda has detected your function being invoked in a recursive loop with other Amazon Web "
    "Services resources and stopped your function's invocation."
)


class Chains:
    """The number of invocations of each function in each of the most recent traces."""

    def __init__(self) -> None:
        self._lengths: OrderedDict[tuple[str, ...], int] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, *link: str) -> int:
        """Count an invocation, and return how many there are by now."""
        with self._lock:
            self._lengths[link] = length = self._lengths.pop(link, 0) + 1
            if len(self._lengths) > MAX_CHAINS:
                self._lengths.popitem(last=False)
            return length


CHAINS = Chains()


def stop_recursion(invocation: dict[str, Any]) -> None:
    """Count an invocation. Raises RecursiveInvocationException if its chain is too long."""
    header = (invocation.get("trace_context") or {}).get("aws_trace_header")
    root = str(getattr(header, "root", None) or "")
    account, region = invocation["account_id"], invocation["region"]
    name = invocation["function_name"]
    if root and CHAINS.add(root, account, region, name) > MAX_LENGTH:
        function = lambda_stores[account][region].functions.get(name)
        if function is None or str(function.recursive_loop) != "Allow":
            raise RecursiveInvocationException(STOPPED, Type="User")
