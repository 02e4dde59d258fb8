"""The only way into the engine from the network.

Calls within the engine don't pass here, and need no signature. So every request that does is a
visitor's, and is stripped of the headers by which LocalStack's services identify themselves, since
anybody could send them.
"""

import hmac
import re
import secrets
from collections.abc import Callable
from typing import Any

from localstack.aws.api import RequestContext
from localstack.http import Request, Response
from rolo.gateway import Gateway
from rolo.websocket.request import WebSocketRequest

from helpers.engine.first_use import when_loaded
from helpers.engine.gateway.visitor import ENVIRON, Visitor
from helpers.engine.lifetime.idle import LAST_CALL

# The host names of the cloud: those of loopback, and those that it returns itself (of buckets, APIs
# and function URLs). The name of a website that was made to resolve to loopback is another.
HOST = re.compile(
    r"(?:(?:[a-z0-9_.-]+\.)?(?:localhost|127\.0\.0\.1|localhost\.localstack\.cloud)|\[::1\])"
    r"(?::\d{1,5})?",
    re.IGNORECASE,
)
UNKNOWN_HOST = "This cloud has no host name {host}. Use the address with which it was started.\n"

INTERNAL = ("x-localstack-", "x-moto-", "x-s3-vhost-forwarded-for")
# Marks what LocalStack's API Gateway calls over HTTP, although it calls this same engine.
MARK_HEADER = "x-lab-inside"
MARK = secrets.token_hex(32)


class FrontDoor:
    """Takes the gateway's place in the web server, and passes requests on to it."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def process(self, request: Request, response: Response) -> None:
        if hmac.compare_digest(request.headers.get(MARK_HEADER, "").encode(), MARK.encode()):
            del request.headers[MARK_HEADER]
            self._gateway.handle(RequestContext(request), response)
            return
        host = request.headers.get("Host", "")
        if not HOST.fullmatch(host):
            response.status_code = 403
            response.set_data(UNKNOWN_HOST.format(host=repr(host)))
            return
        LAST_CALL.note(request.headers.get("User-Agent", ""))
        request.environ[ENVIRON] = Visitor(request)
        for name in [name for name, _ in request.headers if name.lower().startswith(INTERNAL)]:
            del request.headers[name]
        self._gateway.handle(RequestContext(request), response)

    def accept(self, request: WebSocketRequest) -> None:
        """Reject WebSockets, which no service of the course uses."""
        request.reject(Response(status=403))


def install() -> None:
    """Mark API Gateway's calls, the only ones within the engine that go over HTTP."""
    when_loaded("apigateway", _mark_calls_of_apis)


def _mark_calls_of_apis() -> None:
    from localstack.services.apigateway.next_gen.execute_api.integrations import aws

    get_headers: Callable[..., dict[str, str]] = aws.get_internal_mocked_headers

    def get_marked_headers(*arguments: Any, **named: Any) -> dict[str, str]:
        return get_headers(*arguments, **named) | {MARK_HEADER: MARK}

    aws.get_internal_mocked_headers = get_marked_headers
