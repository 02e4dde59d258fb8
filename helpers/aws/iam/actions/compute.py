"""Lambda: docs.aws.amazon.com/service-authorization/latest/reference/list_lambda.html

Which actions are about a version or an alias, and which always about the function:
docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
"""

from typing import NamedTuple

from helpers.aws.iam.actions.model import EVERYTHING, Access, Call, as_arn, texts
from helpers.aws.iam.actions.rules import (
    Service,
    everything,
    first_of,
    given,
    given_arn,
    needs_all,
    on,
    resource,
    with_context,
)


class FunctionName(NamedTuple):
    region: str
    account: str
    name: str
    qualifier: str


def parse_function_name(call: Call, given: str) -> FunctionName | None:
    """Return the parts of a function's name, partial ARN or ARN; None if there is no name.

    >>> call = Call("lambda", "Invoke", {}, "123456789012", "eu-west-1")
    >>> tuple(parse_function_name(call, "resize:live"))
    ('eu-west-1', '123456789012', 'resize', 'live')
    >>> tuple(parse_function_name(call, "210987654321:function:resize"))
    ('eu-west-1', '210987654321', 'resize', '')
    """
    region, account = call.region, call.account
    parts = given.split(":")
    if given.startswith("arn:") and len(parts) > 6:
        region, account, parts = parts[3], parts[4], parts[6:]
    elif len(parts) > 2 and parts[1] == "function":
        account, parts = parts[0], parts[2:]
    elif parts[0] == "function":
        parts = parts[1:]
    name, qualifier = [*parts, "", ""][:2]
    return FunctionName(region, account, name, qualifier) if name else None


def function(call: Call) -> str:
    """Return the function, whichever version or alias the request names."""
    found = parse_function_name(call, call.text("FunctionName"))
    if not found:
        return EVERYTHING
    return f"arn:aws:lambda:{found.region}:{found.account}:function:{found.name}"


def qualified_function(call: Call) -> str:
    """Return the version or alias that the request names, otherwise the function."""
    found = parse_function_name(call, call.text("FunctionName"))
    if not found:
        return EVERYTHING
    qualifier = call.text("Qualifier") or found.qualifier
    return f"{function(call)}:{qualifier}" if qualifier else function(call)


def layer_version(call: Call) -> str:
    """Return "layer:<name>:<version>"; the name may be an ARN."""
    found, number = _layer(call), call.get("VersionNumber")
    return f"{found}:{number}" if found != EVERYTHING and number else found


_layer = resource("lambda", "layer:{}", "LayerName")
_mapping = resource("lambda", "event-source-mapping:{}", "UUID")
_signing = resource("lambda", "code-signing-config:{}", "CodeSigningConfigArn")
_tagged = given_arn("Resource", "Arn")


class Lambda(Service):
    """The service, with the condition key for mappings and function URLs: lambda:FunctionArn."""

    def accesses(self, call: Call) -> list[Access]:
        found = super().accesses(call)
        if not ("EventSourceMapping" in call.operation or "Url" in call.operation):
            return found
        arn = function(call)
        return with_context(found, {} if arn == EVERYTHING else {"lambda:functionarn": arn})


def _with_layers(call: Call) -> list[Access]:
    """Return the action on the function, and GetLayerVersion on each of its layers."""
    found = SERVICE.on(call, call.operation, function(call))
    return found + [
        Access("lambda:GetLayerVersion", as_arn(layer)) for layer in texts(call.get("Layers"))
    ]


SERVICE = Lambda(
    prefix="lambda",
    default=first_of(function, _mapping, _signing, layer_version, _tagged),
    resources={
        **on(
            qualified_function,
            "Invoke InvokeWithResponseStream AddPermission RemovePermission"
            " GetProvisionedConcurrencyConfig PutProvisionedConcurrencyConfig"
            " DeleteProvisionedConcurrencyConfig",
        ),
        **on(_mapping, "DeleteEventSourceMapping GetEventSourceMapping UpdateEventSourceMapping"),
        **on(
            everything,
            "CreateEventSourceMapping CreateCodeSigningConfig GetAccountSettings"
            " ListCodeSigningConfigs ListEventSourceMappings ListFunctions ListLayers"
            " ListLayerVersions",
        ),
    },
    actions={
        "Invoke": "InvokeFunction",
        "InvokeWithResponseStream": "InvokeFunction",
        "GetLayerVersionByArn": "GetLayerVersion",
    },
    rules={
        "CreateFunction": _with_layers,
        "UpdateFunctionConfiguration": _with_layers,
        "PutFunctionCodeSigningConfig": needs_all(
            "lambda", "PutFunctionCodeSigningConfig", function, _signing
        ),
    },
    also=given(
        "CreateFunction CreateEventSourceMapping CreateCodeSigningConfig", Tags="TagResource"
    ),
    context={
        "AuthType": "lambda:functionurlauthtype",
        "FunctionUrlAuthType": "lambda:functionurlauthtype",
        "Principal": "lambda:principal",
        "CodeSigningConfigArn": "lambda:codesigningconfigarn",
    },
)
