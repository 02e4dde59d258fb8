"""API Gateway, and the data plane of IoT Core:
docs.aws.amazon.com/service-authorization/latest/reference/list_apigateway.html
docs.aws.amazon.com/service-authorization/latest/reference/list_iot.html

The actions of API Gateway are HTTP's methods, and their resources its paths.
"""

from urllib.parse import quote

from helpers.aws.iam.actions.model import EVERYTHING, Access, Call, as_list, find_all
from helpers.aws.iam.actions.rules import Service, everything, on, request_tags, resource

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def path(call: Call) -> str:
    """Return "arn:aws:apigateway:<region>::/restapis/…", which has no account."""
    given = as_path(call.path)
    return f"arn:aws:apigateway:{call.region}::{given}" if given else EVERYTHING


def as_path(given: str) -> str:
    """Return the path as ARNs have it.

    >>> as_path("/v2/apis/x1?basepath=ignore"), as_path("/restapis/"), as_path("/")
    ('/apis/x1', '/restapis', '')
    """
    if not isinstance(given, str):
        return ""
    return given.partition("?")[0].removeprefix("/v2").rstrip("/")


class ApiGateway(Service):
    """The service, whose actions are named after the HTTP method."""

    def accesses(self, call: Call) -> list[Access]:
        method = call.method if call.method in METHODS else "POST"
        context = request_tags(call)
        found = [Access(f"apigateway:{method}", path(call), context)]
        if method == "POST" and context:
            found.append(Access("apigateway:PUT", _tags_of_new(call), context))
        if _sets_a_policy(call):
            found.append(Access("apigateway:UpdateRestApiPolicy", path(call)))
        return found


def _tags_of_new(call: Call) -> str:
    """Return the tags of what a request will create: "/tags/arn%3Aaws%3Aapigateway%3A…%2F*"."""
    created = f"arn:aws:apigateway:{call.region}::{as_path(call.path)}/*"
    return f"arn:aws:apigateway:{call.region}::/tags/{quote(created, safe='*')}"


def _sets_a_policy(call: Call) -> bool:
    if call.operation == "UpdateRestApi":
        operations = as_list(call.get("patchOperations"))
        return any("/policy" in find_all(one, "path") for one in operations)
    return call.operation == "CreateRestApi" and bool(call.text("policy"))


API_GATEWAY = ApiGateway(prefix="apigateway", default=path)

API_CONNECTIONS = Service(
    prefix="execute-api",
    default=everything,
    actions=dict.fromkeys(
        ("DeleteConnection", "GetConnection", "PostToConnection"), "ManageConnections"
    ),
)


IOT_DATA = Service(
    prefix="iot",
    default=everything,
    resources={
        **on(
            resource("iot", "thing/{}", "thingName"),
            "DeleteThingShadow GetThingShadow ListNamedShadowsForThing UpdateThingShadow",
        ),
        **on(resource("iot", "topic/{}", "topic"), "GetRetainedMessage Publish"),
    },
)
