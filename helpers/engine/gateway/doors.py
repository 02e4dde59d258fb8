"""Which doors of the engine are open without a signature, and which are the owner's alone.

LocalStack has routes beside AWS's API: those that a learner's own work answers (REST APIs, function
URLs, website buckets), and those with which an engine is looked into and commanded. Only the
first are for everybody. A route is judged where it is about to be entered, not by its address:
so there is no address that one part of the engine reads otherwise than this one.
"""

from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import Any

from localstack import deprecations
from localstack.aws.accounts import get_account_id_from_access_key_id
from localstack.aws.handlers import cors
from localstack.http import Request, Response
from localstack.services.edge import ROUTER
from localstack.services.internal import HealthResource, get_internal_apis
from localstack.utils.aws.request_context import extract_access_key_id_from_auth_header
from werkzeug.exceptions import NotFound

from helpers.aws.signing.signature import Refused
from helpers.engine.gateway.visitor import Visitor, visitor_of
from helpers.engine.settings import has_owner

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
    deprecations.deprecated_endpoint = _recognizable(deprecations.deprecated_endpoint)
    ROUTER.dispatcher = _guarded(ROUTER.dispatcher)
    get_internal_apis().dispatcher = _guarded(get_internal_apis().dispatcher)
    _restrict_cross_origin_requests()


def owned_account(request: Request) -> str:
    """The account whose owner has sent the request to a route of ours."""
    if not has_owner():  # it believes what it is told
        key = extract_access_key_id_from_auth_header(request.headers)
        return str(get_account_id_from_access_key_id(key or ""))
    visitor = visitor_of(request)
    assert visitor  # the engine itself never calls them
    return visitor.owned_account()


def _guarded(dispatch: Dispatch) -> Dispatch:
    def dispatch_if_open(request: Request, endpoint: Any, args: Any) -> Response:
        if getattr(endpoint, "__func__", None) is ENDS_THE_ENGINE:
            return Response(status=HTTPStatus.METHOD_NOT_ALLOWED)
        if _is_open(request, endpoint) or _may_enter(request, visitor_of(request)):
            return dispatch(request, endpoint, args)
        if request.path.startswith("/_"):
            response = Response(status=HTTPStatus.FORBIDDEN)
            response.set_json(OWNER_ONLY)
            return response
        raise NotFound  # so it goes on to AWS's API, which refuses it in the service's words

    return dispatch_if_open


def _recognizable(deprecated: Callable[..., Any]) -> Callable[..., Any]:
    """Let a route of LocalStack's past be judged by what it leads to: an API's, as its present one.

    /restapis/<id>/<stage>/_user_request_/… is the address of an API in many an older tutorial.
    """

    def wrap(endpoint: Any, *more: Any, **named: Any) -> Any:
        return update_wrapper(deprecated(endpoint, *more, **named), endpoint, updated=())

    return wrap


def _is_open(request: Request, endpoint: Any) -> bool:
    if request.path == HEALTH and request.method in ("GET", "HEAD"):
        return True
    where = getattr(endpoint, "__module__", None) or type(endpoint).__module__
    return where in DATA_PLANE


def _may_enter(request: Request, visitor: Visitor | None) -> bool:
    if visitor is None:  # the engine calls no such route, but an API may be made to
        return not request.path.startswith("/_")
    owner = visitor.owned_account()
    if request.path.startswith(OUR_ROUTES):
        return bool(owner)  # each serves the account of whoever signed
    if request.path.startswith("/_"):
        return owner == ENGINE_ACCOUNT
    return _has_signed_for_a_queue(request, visitor)


def _has_signed_for_a_queue(request: Request, visitor: Visitor) -> bool:
    """For another form of an AWS API, SQS's by a queue's address.

    LocalStack looks there for the access key in the header alone: a request that is presigned
    would be taken for the engine's own, and is given the header that it lacks.
    """
    try:
        if visitor.credentials is None or visitor.signed_for != "sqs":
            return False
    except Refused:
        return False
    if visitor.is_presigned:
        request.headers["Authorization"] = f"AWS4- Credential={request.args['X-Amz-Credential']}"
    return True


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
