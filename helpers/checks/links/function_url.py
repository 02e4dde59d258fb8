"""A function URL: that there is one, that everybody may call it, and pages of what origin.

url = require_public_url(probe, "shop")
require_cors(probe, "shop", "https://shop.example", "POST", "content-type")
"""

from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError

from helpers.aws.errors import is_missing
from helpers.checks.diagnosis import Diagnosis, require
from helpers.checks.evidence import compare
from helpers.checks.links.permission import require_public
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Link


class FunctionUrl(Diagnosis):
    NONE = Link.ROUTE("""
        `{function}` has no function URL, so nobody can call it over HTTP. Create one, with
        `lambda_.create_function_url_config`.""")
    SIGNED_ONLY = Link.ROUTE("""
        The URL of `{function}` has the `AuthType` {auth}: whoever does not sign with AWS
        credentials gets a 403. Update it to `AuthType="NONE"`.""")
    NO_CORS = Link.ROUTE("""
        The URL of `{function}` has no `Cors` settings, so a browser keeps its answers from every
        page of another origin.""")
    OTHER_ORIGIN = Link.ROUTE("""
        The `Cors` settings of `{function}` don't allow the origin `{wanted}`. An origin is scheme,
        host and port, without a slash at the end.""")
    OTHER_METHOD = Link.ROUTE("The `Cors` settings of `{function}` don't allow {wanted} requests.")
    OTHER_HEADER = Link.ROUTE("""
        The `Cors` settings of `{function}` don't allow a page to send the header `{wanted}`.""")


def find_function_url(probe: Probe, function: str) -> dict[str, Any] | None:
    """Return the configuration of the function's URL as AWS describes it, None without one."""
    try:
        return dict(probe.client("lambda").get_function_url_config(FunctionName=function))
    except ClientError as error:
        if not is_missing(error):
            raise
        return None


def require_function_url(probe: Probe, function: str) -> dict[str, Any]:
    """Return the configuration of the function's URL. Raises FunctionUrl.NONE."""
    if found := find_function_url(probe, function):
        return found
    raise FunctionUrl.NONE(function=function)


def require_public_url(probe: Probe, function: str) -> str:
    """Return the function's URL, which everybody may call: its AuthType and its policy allow it."""
    found = require_function_url(probe, function)
    is_open = found["AuthType"] == "NONE"
    require(is_open, FunctionUrl.SIGNED_ONLY, function=function, auth=found["AuthType"])
    require_public(probe, function)
    return str(found["FunctionUrl"])


def require_cors(probe: Probe, function: str, origin: str, method: str, *headers: str) -> None:
    """Require that a page of that origin may send such a request and read the answer."""
    cors = require_function_url(probe, function).get("Cors") or {}
    require(cors, FunctionUrl.NO_CORS, function=function)
    asked = [
        (FunctionUrl.OTHER_ORIGIN, "AllowOrigins", origin),
        (FunctionUrl.OTHER_METHOD, "AllowMethods", method),
        *((FunctionUrl.OTHER_HEADER, "AllowHeaders", header) for header in headers),
    ]
    for otherwise, setting, wanted in asked:
        allowed = cors.get(setting) or []
        evidence = compare(**{setting: allowed, "needed": wanted})
        require(_is_among(wanted, allowed), otherwise, evidence, function=function, wanted=wanted)


def _is_among(wanted: str, allowed: Iterable[str]) -> bool:
    return bool({wanted.lower(), "*"} & {each.lower() for each in allowed})
