"""A REST API as checks look at it: what it is made of, and what it answers over HTTP."""

import json as json_text
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from helpers.errors import did_you_mean
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted

DEADLINE = 15.0  # seconds; API Gateway itself gives a function 29

NO_API = "There is no REST API `{name}` in the cloud yet."
OTHER_API = "There is no REST API `{name}`.{guess} Letters, capitals and dashes have to match."
TWO_APIS = """\
There are {number} REST APIs named `{name}`, and it can't be told which one is meant. Delete those \
that you don't need: `apigateway.delete_rest_api(restApiId=...)`."""
NO_ANSWER = "`{verb} {path}` was not answered within {seconds:g} seconds."
CUT_OFF = "`{verb} {path}` was not answered: {error}"


@dataclass(frozen=True)
class Method:
    """One method of one resource, and what it is integrated with; `function` is a name, or ""."""

    verb: str
    path: str
    integration: str = ""
    function: str = ""


@dataclass(frozen=True)
class Api:
    """A REST API as it is configured, which need not be what its stages serve."""

    id: str
    name: str
    methods: tuple[Method, ...]
    stages: tuple[str, ...]

    def method(self, verb: str, path: str) -> Method | None:
        """The method that is configured for exactly that resource path, ANY included."""
        found = {each.verb: each for each in self.methods if each.path == path}
        return found.get(verb) or found.get("ANY")


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP. Header names are compared without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: str
    request: str = field(default="")  # "POST /products", for the evidence

    @property
    def json(self) -> Any:
        """The body as JSON, None if it is not JSON."""
        try:
            return json_text.loads(self.body)
        except ValueError:
            return None

    def __str__(self) -> str:
        shown = self.body if len(self.body) <= 300 else f"{self.body[:300]}…"
        return f"{self.request}\n{self.status} {shown}".strip()


def find_api(probe: Probe, name: str) -> Api:
    """The REST API of that name. Raises NotAttempted, or Incorrect if it is misnamed or twice."""
    aws = probe.client("apigateway")
    pages = aws.get_paginator("get_rest_apis").paginate()
    ids: dict[str, list[str]] = {}
    for each in (item for page in pages for item in page["items"]):
        ids.setdefault(each["name"], []).append(each["id"])
    if name not in ids:
        guess = did_you_mean(name, ids)
        if ids:
            words = OTHER_API.format(name=name, guess=guess)
            raise Incorrect(words, link="event source")
        raise NotAttempted(NO_API.format(name=name))
    if len(ids[name]) > 1:
        words = TWO_APIS.format(name=name, number=len(ids[name]))
        raise Incorrect(words, link="event source")
    stages = aws.get_stages(restApiId=ids[name][0])["item"]
    return Api(
        ids[name][0],
        name,
        _methods(aws, ids[name][0]),
        tuple(sorted(stage["stageName"] for stage in stages)),
    )


def _methods(aws: Any, api: str) -> tuple[Method, ...]:
    pages = aws.get_paginator("get_resources").paginate(restApiId=api, embed=["methods"])
    return tuple(
        _method(resource["path"], verb, method.get("methodIntegration") or {})
        for page in pages
        for resource in page["items"]
        for verb, method in sorted((resource.get("resourceMethods") or {}).items())
    )


def _method(path: str, verb: str, integration: Mapping[str, Any]) -> Method:
    return Method(verb, path, integration.get("type", ""), _function(integration.get("uri", "")))


def _function(uri: str) -> str:
    """
    >>> _function("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    ...     "arn:aws:lambda:us-east-1:123456789012:function:shop/invocations")
    'shop'
    """
    arn = uri.partition("/functions/")[2].rpartition("/invocations")[0]
    return arn.split(":function:")[-1] if arn else ""


def stage_url(probe: Probe, api: str, stage: str) -> str:
    """Where that stage answers: an address of its own on AWS, another form on LocalStack."""
    meta = probe.client("apigateway").meta
    if meta.endpoint_url.endswith(".amazonaws.com"):
        return f"https://{api}.execute-api.{meta.region_name}.amazonaws.com/{stage}"
    return f"{meta.endpoint_url}/_aws/execute-api/{api}/{stage}"


def method_arn(probe: Probe, api: str, stage: str, verb: str, path: str) -> str:
    """The source ARN with which API Gateway invokes a function for that request."""
    aws = probe.client("sts")
    account = aws.get_caller_identity()["Account"]
    return f"arn:aws:execute-api:{aws.meta.region_name}:{account}:{api}/{stage}/{verb}{path}"


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
    """Send one request, and give back whatever the answer is. `body` goes as it is, or `json`.

    Raises Incorrect, link "effect", if there is none within `deadline` seconds.
    """
    sent = {"Content-Type": "application/json", **(headers or {})}
    data = json_text.dumps(json) if json is not None else body
    try:
        with requests.Session() as session:
            session.trust_env = False  # a proxy variable must not catch a call to this machine
            got = session.request(verb, url + path, data=data, headers=sent, timeout=deadline)
    except requests.Timeout:
        words = NO_ANSWER.format(verb=verb, path=path or "/", seconds=deadline)
        raise Incorrect(words, link="effect") from None
    except requests.ConnectionError as error:
        words = CUT_OFF.format(verb=verb, path=path or "/", error=error)
        raise Incorrect(words, link="effect") from None
    return Answer(got.status_code, got.headers, got.text, f"{verb} {path or '/'}")
