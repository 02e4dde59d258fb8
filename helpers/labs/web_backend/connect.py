"""Exercise connect: integration, permission and deployment, between a request and the function."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from helpers.aws.errors import is_missing
from helpers.aws.iam.resource_policy import Call, in_words, is_allowed
from helpers.checks.function import ask, failure
from helpers.checks.links.permission import read_policy, see_permission
from helpers.checks.links.rest_api import Answer, Api, Method, find_api, method_arn, send, stage_url
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.labs.web_backend.decimal import see_products
from helpers.labs.web_backend.shelf import fill_shelf

API, STAGE, FUNCTION = "shop", "live", "catalogue"
PRINCIPAL = "apigateway.amazonaws.com"
OTHER_ACCOUNT = "111122223333"
SOMEONE_ELSES = f"arn:aws:execute-api:us-east-1:{OTHER_ACCOUNT}:0123456789/live/GET/products"
PATHS = ("/products/{category}", "/{proxy+}")  # the second takes over later in the lab

NOTHING_YET = "The method has no integration so far, `catalogue` no permission, the API no stage."
NO_METHOD = """\
The API has no method `GET` for `/products/{category}`. Run the cells that make resources and \
method again."""
NO_INTEGRATION = """\
The method `GET` has no integration: API Gateway does not know what stands behind it. Make one \
with `gateway.put_integration`, and deploy after it."""
OTHER_TYPE = """\
The integration has the type `{type}`. With `AWS_PROXY` the whole request goes to the function, \
and its answer comes back as it is."""
OTHER_METHOD = """\
The integration calls Lambda with `{method}`. Lambda is always called with `POST`, whatever the \
browser's method was: that is `integrationHttpMethod`."""
OTHER_FUNCTION = """\
The integration leads to {function} instead of `catalogue`. Its address stands in `uri`."""
ANY_SOURCE = """\
The permission has no `SourceArn` that names your API alone, so the API of anybody who knows the \
function's address may invoke it. Take it back with `lambda_.remove_permission`, which needs \
`FunctionName` and `StatementId`, and give it again with `SourceArn=source_arn`."""
NO_STAGE = """\
Everything is connected, but the API is not deployed, so nobody can reach it. \
`gateway.create_deployment` takes a copy and serves it."""
OTHER_STAGE = """\
The API is deployed to the stage {stages}, but its name shall be `live`: it is a part of the \
address. Deploy it with `stageName="live"`."""
OLD_STAGE = """\
Everything is connected, but the stage `live` still serves a copy from before. Deploy once more: \
what was changed after a deployment is not served."""
NO_FORM = """\
The request reached `catalogue`, but what it returned has not the form that API Gateway needs. \
`lab.check("decimal")` looks at that."""
DONE = "A request over HTTP goes all the way: API Gateway, `catalogue`, table, and back."


def check(probe: Probe) -> str:
    api = find_api(probe, API)
    category, shelf = fill_shelf(probe, 2)
    answer = send(stage_url(probe, api.id, STAGE), "GET", f"/products/{category}")
    method = _method(api)
    _see_attempt(probe, api, method)
    _see_integration(probe, api, method)
    see_permission(
        probe, method.function, PRINCIPAL, method_arn(probe, api.id, STAGE, "GET", method.path)
    )
    _see_only_this(probe, method)
    _see_stage(api, answer)
    if answer.status != 200:
        raise _failed(probe, method, answer, category)
    see_products(answer.json, shelf)
    return DONE


def _method(api: Api) -> Method:
    for path in PATHS:
        if method := api.method("GET", path):
            return method
    raise Incorrect(NO_METHOD, link="event source")


def _see_attempt(probe: Probe, api: Api, method: Method) -> None:
    if not method.integration and not api.stages and not read_policy(probe, FUNCTION):
        raise NotAttempted(NOTHING_YET)


def _see_integration(probe: Probe, api: Api, method: Method) -> None:
    if not method.integration:
        raise Incorrect(NO_INTEGRATION, link="integration")
    if method.integration != "AWS_PROXY":
        words = OTHER_TYPE.format(type=method.integration)
        raise Incorrect(words, link="integration")
    made = _integration(probe, api, method)
    if made["httpMethod"] != "POST":
        words = OTHER_METHOD.format(method=made["httpMethod"])
        raise Incorrect(words, link="integration")
    if method.path == PATHS[0] and method.function != FUNCTION:
        function = f"`{method.function}`" if method.function else "no function"
        words = OTHER_FUNCTION.format(function=function)
        raise Incorrect(words, link="integration", evidence=f"uri: {made['uri']}")


def _integration(probe: Probe, api: Api, method: Method) -> Mapping[str, Any]:
    aws = probe.client("apigateway")
    resources = aws.get_resources(restApiId=api.id, limit=500)["items"]
    resource = next(each["id"] for each in resources if each["path"] == method.path)
    found: Mapping[str, Any] = aws.get_integration(
        restApiId=api.id, resourceId=resource, httpMethod=method.verb
    )
    return found


def _see_only_this(probe: Probe, method: Method) -> None:
    """Nobody else's API may invoke the function."""
    policy = read_policy(probe, method.function)
    if is_allowed(policy, Call(PRINCIPAL, SOMEONE_ELSES, OTHER_ACCOUNT)):
        evidence = "\n".join(map(in_words, policy))
        raise Incorrect(ANY_SOURCE, link="permission", evidence=evidence)


def _see_stage(api: Api, answer: Answer) -> None:
    if not api.stages:
        raise Incorrect(NO_STAGE, link="deployment", evidence=str(answer))
    if STAGE not in api.stages:
        words = OTHER_STAGE.format(stages=" and ".join(f"`{each}`" for each in api.stages))
        raise Incorrect(words, link="deployment")


def _failed(probe: Probe, method: Method, answer: Answer, category: str) -> Incorrect:
    """All links are there: is it the function, or is what is served older than what is there?"""
    if answer.status == 502 and method.function == FUNCTION:
        run = ask(probe, FUNCTION, {"pathParameters": {"category": category}})
        if run.error:
            return failure(probe, run)
        if not _has_form(run.result):
            return Incorrect(NO_FORM, link="result", evidence=str(answer))
    return Incorrect(OLD_STAGE, link="deployment", evidence=str(answer))


def _has_form(result: Any) -> bool:
    return isinstance(result, dict) and isinstance(result.get("body"), str)


def undo_wrong_answer(probe: Probe) -> None:
    """Take back the permissions on `catalogue`: a second one of the same name is refused."""
    aws = probe.client("lambda")
    for sid in _sids(probe):
        aws.remove_permission(FunctionName=FUNCTION, StatementId=sid)


def _sids(probe: Probe) -> list[str]:
    try:
        policy = probe.client("lambda").get_policy(FunctionName=FUNCTION)["Policy"]
    except ClientError as error:
        if not is_missing(error):
            raise
        return []
    return [statement["Sid"] for statement in json.loads(policy)["Statement"]]
