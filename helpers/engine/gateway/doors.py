"""Which doors of the engine are open without a signature, and which are the owner's alone.

LocalStack has routes beside AWS's API: those that a learner's own work answers (REST APIs, function
URLs, website buckets), and those with which an engine is looked into and commanded. Only the
first are for everybody. A route is judged where it is about to be entered, not by its address:
so there is no address that one part of the engine reads otherwise than this one.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from localstack.aws.handlers import cors
from localstack.http import Request, Response
from localstack.services.edge import ROUTER
from localstack.services.internal import HealthResource, get_internal_apis
from werkzeug.exceptions import NotFound

from helpers.aws.signature import Refused
from helpers.engine.gateway.visitor import Visitor, visitor_of

# LocalStack's routes that a learner's own API, function URL or website answers, by their modules.
DATA_PLANE = {
    "localstack.services.apigateway.next_gen.execute_api.router",
    "localstack.services.lambda_.urlrouter",
    "localstack.services.s3.website_hosting",
}
HEALTH = "/_localstack/health"
ENDS_THE_ENGINE = HealthResource.on_post  # or starts it anew, for whoever asked
# What concerns no single account (LocalStack's own routes) is for whoever holds this one's key.
ENGINE_ACCOUNT = "000000000000"
OUR_ROUTES = "/_lab/"
OWNER_ONLY = {"message": "This address is for the owner of the cloud: sign the request."}

Dispatch = Callable[[Request, Any, Any], Response]


def install() -> None:
    ROUTER.dispatcher = _guarded(ROUTER.dispatcher)
    get_internal_apis().dispatcher = _guarded(get_internal_apis().dispatcher)
    _restrict_cross_origin_requests()


def owned_account(request: Request) -> str:
    """The account whose owner has sent the request to a route of ours."""
    visitor = visitor_of(request)
    assert visitor  # the engine itself never calls them
    return visitor.owned_account()


def _guarded(dispatch: Dispatch) -> Dispatch:
    def dispatch_if_open(request: Request, endpoint: Any, args: Any) -> Response:
        if getattr(endpoint, "__func__", None) is ENDS_THE_ENGINE:
            return Response(status=HTTPStatus.METHOD_NOT_ALLOWED)
        visitor = visitor_of(request)
        if visitor is None or _is_open(request, endpoint) or _may_enter(request, visitor):
            return dispatch(request, endpoint, args)
        if request.path.startswith("/_"):
            response = Response(status=HTTPStatus.FORBIDDEN)
            response.set_json(OWNER_ONLY)
            return response
        raise NotFound  # so it goes on to AWS's API, which refuses it in the service's words

    return dispatch_if_open


def _is_open(request: Request, endpoint: Any) -> bool:
    if request.path == HEALTH and request.method in ("GET", "HEAD"):
        return True
    where = getattr(endpoint, "__module__", None) or type(endpoint).__module__
    return where in DATA_PLANE


def _may_enter(request: Request, visitor: Visitor) -> bool:
    owner = visitor.owned_account()
    if request.path.startswith(OUR_ROUTES):
        return bool(owner)  # each serves the account of whoever signed
    if request.path.startswith("/_"):
        return owner == ENGINE_ACCOUNT
    return _has_signed_a_header(visitor)


def _has_signed_a_header(visitor: Visitor) -> bool:
    """For another form of an AWS API, SQS's by a queue's address.

    LocalStack looks there for the access key in the header alone: a request that is presigned
    would be taken for the engine's own.
    """
    try:
        return visitor.credentials is not None and not visitor.is_presigned
    except Refused:
        return False


def _restrict_cross_origin_requests() -> None:
    """What a browser sends from another origin is answered by a learner's API, URL or bucket.

    Each has CORS settings of its own. LocalStack would also let in its own web application, every
    website bucket, and no function URL.
    """
    cors.ALLOWED_CORS_ORIGINS[:] = [
        origin for origin in cors.ALLOWED_CORS_ORIGINS if origin.startswith("http://localhost:")
    ]
    cors.DYNAMIC_INTERNAL_ORIGINS = ()
    given = cors.should_enforce_self_managed_service
    cors.should_enforce_self_managed_service = lambda context: (
        ".lambda-url." not in context.request.host and given(context)
    )
