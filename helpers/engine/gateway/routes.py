"""The engine's routes beside AWS's API: some are public, the others are for the owner only.

Public are those that lead to a learner's own work (REST APIs, function URLs, website buckets), but
not those that inspect or control the engine. A route is judged by its endpoint, not by its address,
so that no address is read in one way here and in another where it is served.
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
SHUT_DOWN = HealthResource.on_post  # or restart, for whoever asks
# LocalStack's own routes concern all accounts: they are for whoever holds the key of this one.
ENGINE_ACCOUNT = "000000000000"
OUR_ROUTES = "/_lab/"
OWNER_ONLY = {"message": "Only the owner of this cloud may use this address: sign the request."}

Dispatch = Callable[[Request, Any, Any], Response]


def install() -> None:
    deprecations.deprecated_endpoint = _keep_module(deprecations.deprecated_endpoint)
    ROUTER.dispatcher = _guard(ROUTER.dispatcher)
    get_internal_apis().dispatcher = _guard(get_internal_apis().dispatcher)
    cors.ALLOWED_CORS_ORIGINS = [
        origin for origin in cors.ALLOWED_CORS_ORIGINS if origin.startswith("http://localhost:")
    ]
    cors.DYNAMIC_INTERNAL_ORIGINS = ()
    cors.should_enforce_self_managed_service = _except_function_urls(
        cors.should_enforce_self_managed_service
    )


def owned_account(request: Request) -> str:
    """Return the account whose owner has sent a request to one of our routes."""
    if not has_owner():  # such an engine trusts everybody
        key = extract_access_key_id_from_auth_header(request.headers)
        return str(get_account_id_from_access_key_id(key or ""))
    visitor = visitor_of(request)
    assert visitor  # the engine never calls them itself
    return visitor.owned_account()


# What guards a route


def _guard(dispatch: Dispatch) -> Dispatch:
    def dispatch_if_allowed(request: Request, endpoint: Any, args: Any) -> Response:
        if getattr(endpoint, "__func__", None) is SHUT_DOWN:
            return Response(status=HTTPStatus.METHOD_NOT_ALLOWED)
        if _is_public(request, endpoint) or _may_use(request, visitor_of(request)):
            return dispatch(request, endpoint, args)
        if request.path.startswith("/_"):
            response = Response(status=HTTPStatus.FORBIDDEN)
            response.set_json(OWNER_ONLY)
            return response
        raise NotFound  # so the request goes on to AWS's API, which refuses it as the service does

    return dispatch_if_allowed


def _keep_module(deprecated: Callable[..., Any]) -> Callable[..., Any]:
    """Have a deprecated route judged by the endpoint behind it: that of an API is public, too.

    /restapis/<id>/<stage>/_user_request_/… is the address of an API in many older tutorials.
    """

    def wrap(endpoint: Any, *more: Any, **named: Any) -> Any:
        return update_wrapper(deprecated(endpoint, *more, **named), endpoint, updated=())

    return wrap


def _is_public(request: Request, endpoint: Any) -> bool:
    if request.path == HEALTH and request.method in ("GET", "HEAD"):
        return True
    module = getattr(endpoint, "__module__", None) or type(endpoint).__module__
    return module in DATA_PLANE


def _may_use(request: Request, visitor: Visitor | None) -> bool:
    if visitor is None:  # the engine itself calls none, but an API may be configured to
        return not request.path.startswith("/_")
    owner = visitor.owned_account()
    if request.path.startswith(OUR_ROUTES):
        return bool(owner)  # each serves the account of whoever signed the request
    if request.path.startswith("/_"):
        return owner == ENGINE_ACCOUNT
    return _has_signed_for_a_queue(request, visitor)


def _has_signed_for_a_queue(request: Request, visitor: Visitor) -> bool:
    """Return whether the request is for SQS by a queue's URL, which is a route of LocalStack's.

    There LocalStack reads the access key from the header only: a presigned request would be taken
    for the engine's own, so the header is added.
    """
    try:
        if visitor.credentials is None or visitor.signed_for != "sqs":
            return False
    except Refused:
        return False
    if visitor.is_presigned:
        request.headers["Authorization"] = f"AWS4- Credential={request.args['X-Amz-Credential']}"
    return True


# What browsers may send from other origins: only a learner's API, function URL or bucket answers
# them, each by its own CORS settings. LocalStack would also allow its own web application and every
# website bucket, and no function URL.


def _except_function_urls(should_enforce: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda context: ".lambda-url." not in context.request.host and should_enforce(context)
