"""Exercise raw-body: the bytes that were sent, and a header whatever its case."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from helpers.aws.iam.resource_policy import INVOKE_URL
from helpers.checks.faults import function_of
from helpers.checks.function import ask, configuration
from helpers.checks.random_inputs import any_name
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.webhooks.files import see_written
from helpers.labs.webhooks.post import post
from helpers.labs.webhooks.scene import RECEIVER

FILE = "request.py"
HEADER = "Paywell-Signature"
PROBE = """\
import hashlib
import json
import traceback


def handler(event, context):
    try:
        import request

        seen = {"header": request.header(event, "Paywell-Signature")}
        seen["none"] = request.header(event, "X-Nobody")
        body = request.body_of(event)
        seen["kind"] = type(body).__name__
        raw = bytes(body) if isinstance(body, (bytes, bytearray)) else str(body).encode()
        seen |= {"sha256": hashlib.sha256(raw).hexdigest(), "begin": repr(body)[:60]}
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [each.line for each in frames if each.filename.endswith("request.py")]
        seen = {"error": f"{type(error).__name__}: {error}", "line": (lines or [""])[-1]}
    return {"statusCode": 200, "body": json.dumps(seen)}
"""

TODO = "`body_of` and `header` in `webhooks/request.py` are still empty."
RAISES = """\
With {what}, your file stops with the error below. A receiver that raises answers 502, and the \
sender tries again and again."""
HEADER_RAISES = """\
`header` raises where that header was not sent. It should return None: a delivery without a \
signature is no accident, it is what a forger sends first."""
CASE = """\
`header` finds `Paywell-Signature` only if it is written in one way. Here it arrived as `{name}`, \
and it gave {given}. Compare the names in one case, with `.lower()` on both sides."""
NOT_DECODED = """\
Here `isBase64Encoded` is true, and `body_of` gave the base64 text itself. Decode it, with \
`base64.b64decode`."""
DECODED_ANYWAY = """\
Here `isBase64Encoded` is false: the body came as text, and has to be taken as it is. Yours was \
decoded all the same. Look at the flag; a text can look like base64 and not be it."""
TEXT = """\
`body_of` gave a text (`str`). A signature is made over bytes: return what `base64.b64decode` \
gives, and for a text what `.encode()` gives."""
OTHER_KIND = """\
`body_of` gave a value of the type `{kind}`. What is wanted is the body itself, as bytes: the same \
bytes that were sent."""
OTHER_BYTES = """\
`body_of` gave bytes, but not those that were sent. Was the body parsed, and written again? Then \
spaces and letters change. Return the bytes as they came."""
NO_HTTP = "The function's URL did not answer: {attempt}."
DONE = "You have the bytes as they were sent, and find a header in whatever case it comes."


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
        headers = {"Host": "shop.example", self.name: "t=1,v1=2", "Accept": "*/*"}
        return {"headers": headers, "body": text.decode(), "isBase64Encoded": self.encoded}


def check(probe: Probe) -> str:
    text = see_written(probe, FILE, "body_of", "header", todo=TODO)
    role = configuration(probe, RECEIVER)["Role"]
    name = function_of(probe, {FILE: text, "probe.py": PROBE}, "probe.handler", role)
    for case in _cases():
        seen = ask(probe, name, case.event).result
        _see(case, json.loads(seen["body"]))
    _see_over_http(probe, name)
    return DONE


def _cases() -> list[Case]:
    return [
        Case("a base64 body", _any_body(), True, HEADER.lower()),
        Case("a body of plain text", _any_body(), False, HEADER),
        Case("a header in capitals", _any_body(), True, HEADER.upper()),
        Case("a text that looks like base64", any_name().encode(), False, HEADER.lower()),
    ]


def _any_body() -> bytes:
    """JSON that is not the same when it is parsed and written again."""
    return f'{{"name":  "{any_name()} Łukasiewicz", "rate": 1.10, "dash": "\\u2013"}}'.encode()


def _see(case: Case, seen: dict[str, Any]) -> None:
    if "error" in seen:
        raise _raised(case, seen)
    if seen["header"] != "t=1,v1=2":
        words = CASE.format(name=case.name, given=repr(seen["header"]))
        raise Incorrect(words, link="code")
    if seen["sha256"] != hashlib.sha256(case.body).hexdigest():
        raise Incorrect(_other(case, seen), link="code", evidence=_compared(case, seen))
    if seen["kind"] != "bytes":
        words = TEXT if seen["kind"] == "str" else OTHER_KIND.format(kind=seen["kind"])
        raise Incorrect(words, link="code", evidence=_compared(case, seen))
    if seen["none"] is not None:
        evidence = f"header(event, 'X-Nobody') = {seen['none']!r}"
        raise Incorrect(HEADER_RAISES, link="code", evidence=evidence)


def _raised(case: Case, seen: dict[str, Any]) -> Incorrect:
    evidence = f"{seen['error']}\n{seen['line']}".strip()
    if "X-Nobody" in seen["error"] or "x-nobody" in seen["error"]:
        return Incorrect(HEADER_RAISES, link="code", evidence=evidence)
    if seen["error"].startswith("KeyError: 'Paywell-Signature'"):
        return Incorrect(CASE.format(name=case.name, given="an error"), link="code")
    if "base64" in seen["line"] and not case.encoded:
        return Incorrect(DECODED_ANYWAY, link="code", evidence=evidence)
    return Incorrect(RAISES.format(what=case.what), link="code", evidence=evidence)


def _other(case: Case, seen: dict[str, Any]) -> str:
    if seen["kind"] not in ("bytes", "str"):
        return OTHER_KIND.format(kind=seen["kind"])
    text = base64.b64encode(case.body)
    if case.encoded and seen["sha256"] == hashlib.sha256(text).hexdigest():
        return NOT_DECODED
    return OTHER_BYTES if case.encoded or case.body.startswith(b"{") else DECODED_ANYWAY


def _compared(case: Case, seen: dict[str, Any]) -> str:
    return f"sent  {repr(case.body)[:60]}\nfound {seen['begin']}"


def _see_over_http(probe: Probe, name: str) -> None:
    """The same once more, with what a function URL really makes of a request."""
    aws = probe.client("lambda")
    url = aws.create_function_url_config(FunctionName=name, AuthType="NONE")["FunctionUrl"]
    probe.afterwards(aws.delete_function_url_config, FunctionName=name)
    aws.add_permission(
        FunctionName=name,
        StatementId="check",
        Action=INVOKE_URL,
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    case = Case("a request over HTTP", _any_body(), True, HEADER)
    headers = {"Content-Type": "application/json", HEADER: "t=1,v1=2"}
    attempt = post(url, case.body, headers)
    if attempt.status != 200:
        raise Incorrect(NO_HTTP.format(attempt=attempt), link="event source")
    _see(case, json.loads(attempt.text))
