"""The one way in from the network.

What the engine calls within itself never comes by here: it needs no signature. So whatever comes
by here is a visitor's, and what LocalStack lets only its own services say of a request (in headers
that anybody could send) is taken off it.
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

# The names under which the cloud may be called: loopback's, and those that it hands out itself
# (of buckets, APIs and function URLs). A page whose own name was made to lead here has another.
HOST = re.compile(
    r"(?:(?:[a-z0-9_.-]+\.)?(?:localhost|127\.0\.0\.1|localhost\.localstack\.cloud)|\[::1\])"
    r"(?::\d{1,5})?",
    re.IGNORECASE,
)
NOT_OURS = "This cloud is not called {host}. Call it by the address it was started with.\n"

INTERNAL = ("x-localstack-", "x-moto-", "x-s3-vhost-forwarded-for")
# What LocalStack's API Gateway calls over HTTP, though it is a service of this engine, bears this.
MARK_HEADER = "x-lab-inside"
MARK = secrets.token_hex(32)


class FrontDoor:
    """Stands before the gateway, where the web server would have it."""

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
            response.set_data(NOT_OURS.format(host=host or "by no name"))
            return
        LAST_CALL.note(request.headers.get("User-Agent", ""))
        request.environ[ENVIRON] = Visitor(request)
        for name in [name for name, _ in request.headers if name.lower().startswith(INTERNAL)]:
            del request.headers[name]
        self._gateway.handle(RequestContext(request), response)

    def accept(self, request: WebSocketRequest) -> None:
        """No service of the course speaks over WebSockets, so this door stays shut."""
        request.reject(Response(status=403))


def install() -> None:
    """Mark what API Gateway calls over HTTP; within the engine, all else is called directly."""
    when_loaded("apigateway", _mark_the_calls_of_apis)


def _mark_the_calls_of_apis() -> None:
    from localstack.services.apigateway.next_gen.execute_api.integrations import aws

    given: Callable[..., dict[str, str]] = aws.get_internal_mocked_headers

    def marked(*arguments: Any, **named: Any) -> dict[str, str]:
        return given(*arguments, **named) | {MARK_HEADER: MARK}

    aws.get_internal_mocked_headers = marked
