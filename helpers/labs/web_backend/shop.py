"""The shop's API as the checks of its exercises call it, and whose fault it is if it fails."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from helpers.checks.function import ask, configuration, failure
from helpers.checks.links.permission import see_permission
from helpers.checks.links.rest_api import Answer, find_api, method_arn, send, stage_url
from helpers.checks.package import is_same_code, package_files
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.invoke import Invocation
from helpers.labs.web_backend.given import given_texts

NAME, STAGE = "shop", "live"
PROXY = "/{proxy+}"
PRINCIPAL = "apigateway.amazonaws.com"
NOT_SENDABLE = "Runtime.MarshalError"  # what the handler returned can't become JSON
GATEWAYS_OWN = "x-amzn-ErrorType"  # a header of answers that no function gave

AS_GIVEN = "In {files}, nothing has changed so far."
NOT_DEPLOYED = """\
{files} changed since the shop was last brought to the cloud, where the old code still runs. Run \
`lab.deploy("web_backend/shop")`."""
NO_METHOD = """\
The API `shop` has no resource `{path}` with a method for every request. Run the cells that make \
it again."""
NO_STAGE = """\
The API `shop` is not deployed to the stage `live`: `gateway.create_deployment` does that."""
OLD_STAGE = """\
API Gateway itself answered, and no function. The stage `live` serves an older copy of the API: \
deploy it again with `gateway.create_deployment`."""
NO_FORM = """\
`shop` ran, but what it returned has not the form that API Gateway needs: a dictionary with \
`statusCode`, `headers` and a `body` that is a text. `reply` makes one; return that."""


class Shop:
    """The API behind its address. `ask` sends a request; only a function's answer comes back."""

    def __init__(self, probe: Probe) -> None:
        configuration(probe, NAME)  # waits for an update that is under way
        self.probe = probe
        self.api = find_api(probe, NAME)
        self.url = stage_url(probe, self.api.id, STAGE)
        self._last: tuple[Answer, str, str, Mapping[str, Any]] | None = None

    def ask(self, verb: str, path: str, **request: Any) -> Answer:
        """Raises Incorrect, which names the broken link, where no function has answered."""
        answer = send(self.url, verb, path, **request)
        self._last = answer, verb, path, request
        if GATEWAYS_OWN in answer.headers or STAGE not in self.api.stages:
            self._see_chain(verb)
            raise self._no_answer(answer, verb, path, request)
        return answer

    def invoke(self, verb: str, path: str, **request: Any) -> Invocation:
        """The same request, given to the function directly: so its log can be read."""
        return ask(self.probe, NAME, event_of(verb, path, **request))

    def explained(self, error: Incorrect) -> Incorrect:
        """The same, and what the log says of it, if the last answer was the shop's own 500."""
        if error.link != "code" or not self._last or self._last[0].status != 500:
            return error
        _, verb, path, request = self._last
        line = last_line(self.invoke(verb, path, **request))
        if not line or line in error.evidence or line == f"{verb} {path}":
            return error
        evidence = f"{error.evidence}\n{line}".strip()
        return Incorrect(str(error), link=error.link, evidence=evidence)

    def _see_chain(self, verb: str) -> None:
        method = self.api.method(verb, PROXY)
        if method is None or method.function != NAME:
            raise Incorrect(NO_METHOD.format(path=PROXY), link="event source")
        arn = method_arn(self.probe, self.api.id, STAGE, method.verb, PROXY)
        see_permission(self.probe, NAME, PRINCIPAL, arn)
        if STAGE not in self.api.stages:
            raise Incorrect(NO_STAGE, link="deployment")

    def _no_answer(
        self, answer: Answer, verb: str, path: str, request: Mapping[str, Any]
    ) -> Incorrect:
        if answer.status != 502:
            return Incorrect(OLD_STAGE, link="deployment", evidence=str(answer))
        run = self.invoke(verb, path, **request)
        if run.error and run.error.type != NOT_SENDABLE:
            return failure(self.probe, run)
        returned = run.error or json.dumps(run.result)
        evidence = f"{answer}\nreturned {returned}"
        return Incorrect(NO_FORM, link="result", evidence=evidence)


def last_line(run: Invocation) -> str:
    """What the function printed last: of a traceback, the line that names the error."""
    return (run.printed.strip().splitlines() or [""])[-1]


def event_of(
    verb: str,
    path: str,
    *,
    json: Any = None,
    body: str | bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What API Gateway makes of that request, as far as the shop looks at it."""
    parts = urlsplit(path)
    text = body.decode() if isinstance(body, bytes) else body
    return {
        "httpMethod": verb,
        "path": parts.path,
        "resource": PROXY,
        "pathParameters": {"proxy": parts.path.strip("/")},
        "queryStringParameters": dict(parse_qsl(parts.query)) or None,
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "body": _dumped(json) if json is not None else text or None,
        "isBase64Encoded": False,
    }


def _dumped(value: Any) -> str:
    return json.dumps(value)


def see_work(probe: Probe, files: tuple[str, ...], see: Callable[[Shop], None]) -> None:
    """Run `see`. What it finds is blamed on the code only if that is what the learner wrote.

    `files` are those of the exercise. Raises NotAttempted as long as all are as they were given.
    """
    try:
        _see_explained(Shop(probe), see)
    except Incorrect as error:
        raise _blamed(probe, files, error) from None


def _see_explained(shop: Shop, see: Callable[[Shop], None]) -> None:
    try:
        see(shop)
    except Incorrect as error:
        raise shop.explained(error) from None


def _blamed(probe: Probe, files: tuple[str, ...], error: Incorrect) -> Exception:
    if error.link in ("event source", "permission", "deployment", "table"):
        return error
    written, running = _written(probe), package_files(probe, NAME)
    if all(is_given(file, written.get(file, "")) for file in files):
        return NotAttempted(AS_GIVEN.format(files=_listed(files)))
    changed = [
        file for file, text in written.items() if not is_same_code(text, running.get(file, ""))
    ]
    if changed:
        words = NOT_DEPLOYED.format(files=_listed(changed))
        return Incorrect(words, link="package", evidence=error.evidence)
    return error


def is_given(file: str, text: str) -> bool:
    """Whether that is the file as the sheet gives it, or as the lab began with it."""
    return any(is_same_code(text, given) for given in given_texts(file))


def _written(probe: Probe) -> dict[str, str]:
    folder = probe.folder / NAME
    return {file.name: file.read_text("utf-8", errors="replace") for file in folder.glob("*.py")}


def _listed(files: tuple[str, ...] | list[str]) -> str:
    names = [f"`{file}`" for file in sorted(files)]
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"
