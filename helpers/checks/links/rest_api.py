"""The link "route": from a request over HTTP to the function behind a REST API.

    api = require_api(probe, "shop")
    answer = request(probe, api, "live", "GET", "/products/tea", {"/{proxy+}": "shop"})

What comes back is what the function answered. If API Gateway itself answered, `request` raises the
diagnosis of the link that is broken: method, integration, permission, deployment, or the function.
"""

import json as json_text
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from helpers.aws.iam.resource_policy import Call, is_allowed
from helpers.checks.diagnosis import Diagnosis, require
from helpers.checks.evidence import compare
from helpers.checks.function import ask, failure
from helpers.checks.links.permission import describe_policy, read_policy, require_permission
from helpers.checks.sample_events import rest_api_event
from helpers.cloud import http
from helpers.errors import did_you_mean
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Link, NotAttempted

DEADLINE = 15.0  # seconds; API Gateway itself gives a function 29
PRINCIPAL = "apigateway.amazonaws.com"
GATEWAYS_OWN = "x-amzn-ErrorType"  # a header of answers that no function gave
NOT_SENDABLE = "Runtime.MarshalError"  # what the handler returned can't become JSON
FIELDS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}

NO_API = "There is no REST API `{name}` in the cloud yet."

Routes = Mapping[str, str]  # the path of a resource, and the name of the function behind it


class RestApi(Diagnosis):
    OTHER_NAME = Link.ROUTE("""
        There is no REST API `{name}`.{guess} The name has to match, capitals and dashes too.""")
    TWICE = Link.ROUTE("""
        There are {number} REST APIs named `{name}`, so the check can't tell which one is meant.
        Delete those that you don't need: `gateway.delete_rest_api(restApiId=...)`.""")
    NO_METHOD = Link.ROUTE("""
        The API `{api}` has no method for `{verb}` at `{path}`. Run the cells that make the resource
        and its method again.""")
    NO_INTEGRATION = Link.ROUTE("""
        The method `{verb}` has no integration: API Gateway does not know what is behind it. Make
        one with `gateway.put_integration`, and deploy after that.""")
    OTHER_TYPE = Link.ROUTE("""
        The integration has the type `{type}`. With `AWS_PROXY` the function gets the whole request,
        and the caller gets what it answers.""")
    OTHER_VERB = Link.ROUTE("""
        The integration calls Lambda with `{verb}`. Lambda is always called with `POST`, whatever
        the method of the request: that is `integrationHttpMethod`.""")
    OTHER_FUNCTION = Link.ROUTE("""
        The integration leads to {found} instead of `{function}`. The function's address is in
        `uri`.""")
    ANY_SOURCE = Link.PERMISSION("""
        The permission has no `SourceArn` that names your API alone, so other APIs may invoke
        `{function}`, too. Remove it with `lambda_.remove_permission`, which needs `FunctionName`
        and `StatementId`, and add it again with the `SourceArn`.""")
    NO_STAGE = Link.ROUTE("""
        The API `{api}` is not deployed, so nobody can reach it. `gateway.create_deployment` makes a
        copy of it and serves that.""")
    OTHER_STAGE = Link.ROUTE("""
        The API `{api}` is deployed to the stage {stages}, but the stage has to be `{stage}`: it is
        part of the address. Deploy with `stageName="{stage}"`.""")
    OLD_STAGE = Link.ROUTE("""
        Everything is connected, but API Gateway itself answered, since the stage `{stage}` still
        serves an older copy of the API. Deploy again with `gateway.create_deployment`.""")
    NO_FORM = Link.RESULT("""
        `{function}` ran, but what it returned does not have the form that API Gateway needs: a
        dictionary with `statusCode`, `headers` and a `body` that is a string.""")
    NO_ANSWER = Link.EFFECT("`{request}` was not answered within {seconds:g} seconds.")
    CUT_OFF = Link.EFFECT("`{request}` was not answered: the connection failed, as below.")


@dataclass(frozen=True)
class Method:
    """One method of one resource, and its integration; each field of that is "" if there is none.

    `verb` is its HTTP method, maybe "ANY"; `calls_with` the one that its integration uses.
    """

    verb: str
    path: str
    integration: str = ""
    calls_with: str = ""
    uri: str = ""

    @property
    def function(self) -> str:
        """Return the name of the function that the integration leads to, "" if to none.

        >>> Method("GET", "/", uri="arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        ...     "arn:aws:lambda:us-east-1:123456789012:function:shop/invocations").function
        'shop'
        """
        arn = self.uri.partition("/functions/")[2].rpartition("/invocations")[0]
        return arn.split(":function:")[-1]


@dataclass(frozen=True)
class Api:
    """A REST API as it is configured, which need not be what its stages serve."""

    id: str
    name: str
    methods: tuple[Method, ...]
    stages: tuple[str, ...]

    def method(self, verb: str, path: str) -> Method | None:
        """Return the method that is configured for exactly that resource path, ANY included."""
        found = {each.verb: each for each in self.methods if each.path == path}
        return found.get(verb) or found.get("ANY")


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP. Header names are compared without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: str
    request: str = ""  # "POST /products", for the evidence

    @property
    def json(self) -> Any:
        """Return the body as JSON, None if it is not JSON."""
        try:
            return json_text.loads(self.body)
        except ValueError:
            return None

    def require_status(self, status: int, otherwise: Diagnosis, **words: object) -> None:
        """Raise that diagnosis, with {status} and {request}, unless the answer has the status."""
        known = {"status": self.status, "request": self.request}
        require(self.status == status, otherwise, str(self), **known | words)

    def __str__(self) -> str:
        shown = self.body if len(self.body) <= 300 else f"{self.body[:300]}…"
        return f"{self.request}\n{self.status} {shown}".strip()


def require_api(probe: Probe, name: str) -> Api:
    """Return the REST API of that name. Raises NotAttempted, or how it is misnamed."""
    aws = probe.client("apigateway")
    pages = aws.get_paginator("get_rest_apis").paginate()
    found = [(each["name"], each["id"]) for page in pages for each in page["items"]]
    ids = [id_ for other, id_ in found if other == name]
    if not found:
        raise NotAttempted(NO_API.format(name=name))
    guess = did_you_mean(name, [other for other, _ in found])
    require(ids, RestApi.OTHER_NAME, name=name, guess=guess)
    require(len(ids) == 1, RestApi.TWICE, name=name, number=len(ids))
    stages = sorted(stage["stageName"] for stage in aws.get_stages(restApiId=ids[0])["item"])
    return Api(ids[0], name, tuple(_methods(aws, ids[0])), tuple(stages))


def require_method(api: Api, verb: str, routes: Routes) -> Method:
    """Return the method for that HTTP method at the first of the routes that has one."""
    for path in routes:
        if method := api.method(verb, path):
            return method
    raise RestApi.NO_METHOD(api=api.name, verb=verb, path=next(iter(routes)))


def require_route(probe: Probe, api: Api, stage: str, verb: str, routes: Routes) -> Method:
    """Return the method that leads to its function: integration, permission and stage are there."""
    method = require_method(api, verb, routes)
    _require_integration(method, routes[method.path])
    source = method_arn(probe, api.id, stage, verb, method.path)
    require_permission(probe, method.function, PRINCIPAL, source)
    require(api.stages, RestApi.NO_STAGE, api=api.name)
    listed = " and ".join(f"`{each}`" for each in api.stages)
    require(stage in api.stages, RestApi.OTHER_STAGE, api=api.name, stages=listed, stage=stage)
    return method


def require_no_other_api(probe: Probe, function: str, account: str = "") -> None:
    """Raise RestApi.ANY_SOURCE if another API may invoke the function, too.

    The other one belongs to that account, or to the learner's own if there is none.
    """
    source = method_arn(probe, "0123456789", "any", "GET", "/", account)
    policy = read_policy(probe, function)
    other = Call(PRINCIPAL, source, source.split(":")[4])
    is_open = is_allowed(policy, other)
    require(not is_open, RestApi.ANY_SOURCE, describe_policy(policy), function=function)


def request(
    probe: Probe, api: Api, stage: str, verb: str, path: str, routes: Routes, **sent: Any
) -> Answer:
    """Send a request, and return what the function behind the API answered; `sent` as for `send`.

    Raises the diagnosis of the broken link where API Gateway answered instead.
    """
    answer = send(stage_url(probe, api.id, stage), verb, path, **sent)
    if GATEWAYS_OWN not in answer.headers and stage in api.stages:
        return answer
    method = require_route(probe, api, stage, verb, routes)
    if answer.status == 502:
        event = rest_api_event(verb, path, resource=method.path, **sent)
        _require_answer(probe, method.function, event, answer)
    raise RestApi.OLD_STAGE(str(answer), stage=stage)


def send(
    url: str,
    verb: str,
    path: str = "",
    *,
    body: str | bytes | None = None,
    json: Any = None,
    headers: Mapping[str, str] | None = None,
    deadline: float = DEADLINE,
) -> Answer:
    """Send one request, and return whatever the answer is. `body` goes as it is, or `json`."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    data = json_text.dumps(json) if json is not None else body
    words = f"{verb} {path or '/'}"
    try:
        got = http.send(verb, url + path, data=data, headers=sent, timeout=deadline)
    except requests.Timeout:
        raise RestApi.NO_ANSWER(request=words, seconds=deadline) from None
    except requests.ConnectionError as error:
        raise RestApi.CUT_OFF(str(error), request=words) from None
    return Answer(got.status_code, got.headers, got.text, words)


def stage_url(probe: Probe, api: str, stage: str) -> str:
    """Return where that stage answers: an address of its own on AWS, another on LocalStack."""
    meta = probe.client("apigateway").meta
    if meta.endpoint_url.endswith(".amazonaws.com"):
        return f"https://{api}.execute-api.{meta.region_name}.amazonaws.com/{stage}"
    return f"{meta.endpoint_url}/_aws/execute-api/{api}/{stage}"


def method_arn(probe: Probe, api: str, stage: str, verb: str, path: str, account: str = "") -> str:
    """Return the source ARN with which API Gateway invokes a function for that request."""
    aws = probe.client("sts")
    owner = account or aws.get_caller_identity()["Account"]
    return f"arn:aws:execute-api:{aws.meta.region_name}:{owner}:{api}/{stage}/{verb}{path}"


def _methods(aws: Any, api: str) -> Iterator[Method]:
    pages = aws.get_paginator("get_resources").paginate(restApiId=api, embed=["methods"])
    for resource in (each for page in pages for each in page["items"]):
        for verb, method in sorted((resource.get("resourceMethods") or {}).items()):
            made = method.get("methodIntegration") or {}
            how = made.get("type", ""), made.get("httpMethod", ""), made.get("uri", "")
            yield Method(verb, resource["path"], *how)


def _require_integration(method: Method, function: str) -> None:
    require(method.integration, RestApi.NO_INTEGRATION, verb=method.verb)
    is_proxy = method.integration == "AWS_PROXY"
    require(is_proxy, RestApi.OTHER_TYPE, type=method.integration)
    require(method.calls_with == "POST", RestApi.OTHER_VERB, verb=method.calls_with)
    found = f"`{method.function}`" if method.function else "no function"
    evidence = f"uri: {method.uri}"
    is_meant = method.function == function
    require(is_meant, RestApi.OTHER_FUNCTION, evidence, found=found, function=function)


def _require_answer(probe: Probe, function: str, event: Any, answer: Answer) -> None:
    """Raise why the function gives API Gateway nothing to pass on, if that is its own fault."""
    run = ask(probe, function, event)
    if run.error and run.error.type != NOT_SENDABLE:
        raise failure(probe, run)
    returned = str(run.error) if run.error else run.result
    has_form = not run.error and _has_form(run.result)
    evidence = f"{answer}\n{compare(returned=returned)}"
    require(has_form, RestApi.NO_FORM, evidence, function=function)


def _has_form(result: Any) -> bool:
    """Return whether API Gateway could make an answer of it; nothing in it is mandatory."""
    if not isinstance(result, dict) or not set(result) <= FIELDS:
        return False
    has_status = str(result.get("statusCode") or 200).isdecimal()
    has_headers = isinstance(result.get("headers"), dict | None)
    return has_status and has_headers and isinstance(result.get("body"), str | None)
