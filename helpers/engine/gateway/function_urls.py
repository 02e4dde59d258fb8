"""A function URL authorizes its callers, and has CORS settings of its own.

LocalStack invokes the function for everybody, whatever the URL's AuthType and the function's policy
are, and ignores the URL's CORS settings.
https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html (2026-11-27)

On AWS a URL that was created since October 2025 requires a second permission,
`lambda:InvokeFunction` with the condition that the call came by a URL. The installed boto3 can't
grant it, so it is not required here.
"""

from typing import Any

from localstack.http import Request, Response
from localstack.services.lambda_.invocation.models import lambda_stores
from localstack.services.lambda_.urlrouter import FunctionUrlRouter
from localstack.utils.patch import patch

from helpers.aws.iam.authorization import Caller
from helpers.aws.iam.authorization import Request as Authorization
from helpers.aws.signing.signature import Refused
from helpers.engine.gateway.authorization import denial_of, record
from helpers.engine.gateway.visitor import ANONYMOUS, visitor_of

ACTION = "lambda:InvokeFunctionUrl"
FORBIDDEN = {
    "Message": "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
}
SIGNED_FOR = "lambda"


def install() -> None:
    patch(FunctionUrlRouter.handle_lambda_url_invocation)(_invoke_if_allowed)


def _invoke_if_allowed(
    invoke: Any, router: FunctionUrlRouter, request: Request, api_id: str, region: str, **more: Any
) -> Response:
    url = _find_url(api_id, region)
    if url is None:
        return invoke(router, request, api_id, region, **more)
    cors = url.cors or {}
    if cors and request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return _with_cors(Response(), request, cors)
    if _is_allowed(request, url):
        response = invoke(router, request, api_id, region, **more)
    else:
        response = Response(status=403)
        response.set_json(FORBIDDEN)
    return _with_cors(response, request, cors)


def _find_url(api_id: str, region: str) -> Any:
    return next(
        (
            url
            for account in list(lambda_stores.values())
            for function in list(account[region].functions.values())
            for url in function.function_url_configs.values()
            if url.url_id.lower() == api_id.lower()
        ),
        None,
    )


def _is_allowed(request: Request, url: Any) -> bool:
    auth_type = str(url.auth_type)
    caller = _caller(request) if auth_type == "AWS_IAM" else ANONYMOUS
    if caller is None:
        return False
    account = url.function_arn.split(":")[4]
    context = {"lambda:functionurlauthtype": auth_type}
    denied = denial_of(Authorization(caller, ACTION, url.function_arn, account, context))
    if denied:
        record(account, denied)
    return denied is None


def _caller(request: Request) -> Caller | None:
    """Return who has signed the request for Lambda, None if nobody has, or wrongly."""
    visitor = visitor_of(request)
    if visitor is None:
        return None
    try:
        return visitor.caller if visitor.credentials and visitor.signed_for == SIGNED_FOR else None
    except Refused:
        return None


# Cross-origin resource sharing


def _with_cors(response: Response, request: Request, cors: dict[str, Any]) -> Response:
    """Set the headers of the URL's CORS settings, which override the function's own."""
    origin = request.headers.get("Origin")
    if not cors or not origin:
        return response
    allowed = cors.get("AllowOrigins") or []
    if origin not in allowed and "*" not in allowed:
        return response
    headers = {
        "Access-Control-Allow-Origin": "*" if "*" in allowed else origin,
        "Access-Control-Expose-Headers": ",".join(cors.get("ExposeHeaders") or []),
        "Access-Control-Allow-Credentials": "true" if cors.get("AllowCredentials") else "",
        "Vary": "" if "*" in allowed else "Origin",
    }
    if request.method == "OPTIONS":
        headers |= {
            "Access-Control-Allow-Methods": ",".join(cors.get("AllowMethods") or []),
            "Access-Control-Allow-Headers": ",".join(cors.get("AllowHeaders") or []),
            "Access-Control-Max-Age": str(cors.get("MaxAge") or ""),
        }
    for name, value in headers.items():
        if value:
            response.headers[name] = value
    return response
