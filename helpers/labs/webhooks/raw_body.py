"""Exercise raw-body: the bytes that were sent, and a header whatever its case."""

import base64
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from helpers.aws.iam.resource_policy import INVOKE_URL
from helpers.checks import (
    Diagnosis,
    Incorrect,
    Link,
    NotAttempted,
    Probe,
    compare,
    first_of,
    require,
)
from helpers.checks.faults import function_of
from helpers.checks.function import ask, configuration
from helpers.checks.given import is_given
from helpers.checks.random_inputs import any_name
from helpers.functions.crash import Crash, crash_of
from helpers.labs.webhooks import scene
from helpers.labs.webhooks.post import post

FILE, HEADER, SIGNED = "request.py", "Paywell-Signature", "t=1,v1=2"
PROBE = """\
import hashlib
import json

import request


def handler(event, context):
    seen = {name: request.header(event, name) for name in ("Paywell-Signature", "X-Nobody")}
    body = request.body_of(event)
    raw = bytes(body) if isinstance(body, (bytes, bytearray)) else str(body).encode()
    seen |= {"kind": type(body).__name__, "begin": repr(body)[:60]}
    seen |= {"sha256": hashlib.sha256(raw).hexdigest()}
    return {"statusCode": 200, "body": json.dumps(seen)}
"""

TODO = "`body_of` and `header` in `webhooks/request.py` are still empty."
DONE = "You have the bytes as they were sent, and find a header in whatever case it comes."


class RawBody(Diagnosis):
    RAISES = Link.CODE("""
        With {what}, your file stops with the error below: the sender would get a 502, and try again
        and again.""")
    NOT_NONE = Link.CODE("""
        `header` does not return None where that header was not sent, and that is what a forger
        sends first.""")
    CASE = Link.CODE("""
        `header` does not find `Paywell-Signature` when it arrives as `{name}`. Compare the names in
        one case, with `.lower()` on both sides.""")
    NOT_DECODED = Link.CODE("""
        Here `isBase64Encoded` is true, and `body_of` returned the base64 string itself. Decode it
        with `base64.b64decode`.""")
    DECODED_ANYWAY = Link.CODE("""
        Here `isBase64Encoded` is false, and the body was decoded all the same. Look at the flag: a
        string can look like base64 and not be it.""")
    STRING = Link.CODE("""
        `body_of` returned a string (`str`), but a signature is made over bytes: return what
        `base64.b64decode` gives, or `.encode()`.""")
    OTHER_TYPE = Link.CODE("""
        `body_of` returned a value of the type `{kind}`. Return the body itself: the bytes that were
        sent.""")
    OTHER_BYTES = Link.CODE("""
        `body_of` returned bytes, but not those that were sent. Was the body parsed, and written
        again? Return the bytes as they came.""")
    NO_ANSWER = Link.CODE("""
        Your file is right with events of the check's own, but over HTTP it brings the function
        down: {attempt}.""")


@dataclass(frozen=True)
class Case:
    """An event, in words, and the body that it carries."""

    what: str
    body: bytes
    encoded: bool
    name: str

    @property
    def event(self) -> dict[str, Any]:
        text = base64.b64encode(self.body) if self.encoded else self.body
        headers = {"Host": "shop.example", self.name: SIGNED, "Accept": "*/*"}
        return {"headers": headers, "body": text.decode(), "isBase64Encoded": self.encoded}


def check(probe: Probe) -> str:
    path = probe.folder / FILE
    text = path.read_text("utf-8", errors="replace") if path.is_file() else ""
    if not text or is_given(probe, FILE, text):
        raise NotAttempted(TODO)
    role = configuration(probe, scene.RECEIVER)["Role"]
    name = function_of(probe, {FILE: text, "probe.py": PROBE}, "probe.handler", role)
    cases = (
        Case("a base64 body", _any_body(), True, HEADER.lower()),
        Case("a body that is an ordinary string", _any_body(), False, HEADER),
        Case("a header in capitals", _any_body(), True, HEADER.upper()),
        Case("a string that looks like base64", any_name().encode(), False, HEADER.lower()),
    )
    for case in cases:
        answer = ask(probe, name, case.event)
        if answer.error:
            raise _failed(case, crash_of(answer.error))
        _require_read(case, json.loads(answer.result["body"]))
    _require_read_over_http(probe, name)
    return DONE


def _any_body() -> bytes:
    """Return JSON that is not the same when it is parsed and written again."""
    return f'{{"name":  "{any_name()} Łukasiewicz", "rate": 1.10, "dash": "\\u2013"}}'.encode()


def _failed(case: Case, crash: Crash) -> Incorrect:
    error = str(crash.error)
    found = first_of(
        (RawBody.NOT_NONE, "x-nobody" in error.lower()),
        (RawBody.CASE, error.startswith(f"KeyError: '{HEADER}'")),
        (RawBody.DECODED_ANYWAY, "base64" in crash.code and not case.encoded),
    )
    return (found or RawBody.RAISES)(str(crash), what=case.what, name=case.name)


def _require_read(case: Case, seen: dict[str, str]) -> None:
    kind, body = seen["kind"], case.body
    same = seen["sha256"] == sha256(body).hexdigest()
    is_as_sent = seen["sha256"] == sha256(base64.b64encode(body)).hexdigest()
    found = first_of(
        (RawBody.CASE, seen[HEADER] != SIGNED),
        (RawBody.NOT_DECODED, case.encoded and is_as_sent),
        (RawBody.STRING, same and kind == "str"),
        (RawBody.OTHER_TYPE, kind not in ("bytes", "str")),
        (RawBody.DECODED_ANYWAY, not (same or case.encoded or body.startswith(b"{"))),
        (RawBody.OTHER_BYTES, not same),
        (RawBody.NOT_NONE, seen["X-Nobody"] is not None),
    )
    if found:
        headers = {name: seen[name] for name in (HEADER, "X-Nobody")}
        evidence = compare(sent=repr(body)[:60], body_of=seen["begin"], header=headers)
        raise found(evidence, name=case.name, kind=kind)


def _require_read_over_http(probe: Probe, name: str) -> None:
    """Require the same once more of what a function URL really makes of a request."""
    aws = probe.client("lambda")
    url = aws.create_function_url_config(FunctionName=name, AuthType="NONE")["FunctionUrl"]
    probe.afterwards(aws.delete_function_url_config, FunctionName=name)
    everybody = {"Principal": "*", "Action": INVOKE_URL, "FunctionUrlAuthType": "NONE"}
    aws.add_permission(FunctionName=name, StatementId="check", **everybody)
    case = Case("a request over HTTP", _any_body(), True, HEADER)
    attempt = post(url, case.body, {"Content-Type": "application/json", HEADER: SIGNED})
    require(attempt.status == 200, RawBody.NO_ANSWER, attempt.text[:300], attempt=attempt)
    _require_read(case, json.loads(attempt.text))
