"""Invoke a function, and show the whole response: result or error, log and report."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.aws.report import Report, parse_log, parse_report
from helpers.cloud.clients import Client
from helpers.display import Card, Shown, Tone
from helpers.errors import LabError, did_you_mean
from helpers.functions.lookup import no_such_function

KINDS = {
    "RequestResponse": "the caller waits for the result",
    "Event": "the caller does not wait",
    "DryRun": "nothing runs; AWS only looks whether it could",
}

# In a traceback, a learner needs the file's name, but not its folder.
IN_FILE = re.compile(r'File "[^"]*/([^/"]+)"')

ACCEPTED = {"Event": "accepted, it runs by itself", "DryRun": "it could be invoked; nothing ran"}

WIDE = 120  # characters of a result that still fit on one line

NO_KIND = "There is no kind of invocation {kind!r}.{guess}"
NOT_JSON = """\
An event has to be JSON, and this one is not: {error}. Build it from dict, list, str, int, float, \
bool and None."""


@dataclass(frozen=True)
class FunctionError:
    """The error that a function returns when it fails: AWS's fields, under the same names."""

    type: str
    message: str
    stack_trace: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.type}: {self.message}"


@dataclass(frozen=True, repr=False)
class Invocation(Shown):
    """One invocation: `result` is what the handler returned, `error` is None unless it failed.

    `log` holds the last 4 KB of the function's log and `report` the figures of Lambda's REPORT
    line; both are empty if the caller did not wait (`kind` "Event" or "DryRun").
    """

    function: str
    kind: str
    status: int
    request_id: str
    result: Any = None
    error: FunctionError | None = None
    log: str = ""
    report: Report | None = None
    version: str = ""

    @property
    def cold(self) -> bool:
        """Return whether a new execution environment had to be started for it."""
        return self.report is not None and self.report.cold

    @property
    def printed(self) -> str:
        """Return what the function itself printed, without Lambda's own lines."""
        return "".join(run.printed for run in parse_log(self.log))

    def _card(self) -> Card:
        foot = self.report.summary() if self.report else ""
        if self.error:
            trace = IN_FILE.sub(r'File "\1"', "".join(self.error.stack_trace)).rstrip("\n")
            return Card(Tone.WRONG, f"{self.function} failed: {self.error}", (), trace, foot)
        if self.kind != "RequestResponse":
            return Card(Tone.GOOD, f"{self.function}: {ACCEPTED[self.kind]} ({self.status})")
        printed, returned = self.printed.strip("\n"), json.dumps(self.result, ensure_ascii=False)
        if len(returned) <= WIDE:
            return Card(Tone.GOOD, f"{self.function} returned `{returned}`", (), printed, foot)
        pretty = json.dumps(self.result, ensure_ascii=False, indent=2)
        block = f"{printed}\n{pretty}".lstrip("\n")
        return Card(Tone.GOOD, f"{self.function} returned:", (), block, foot)


def invoke(
    client: Client,
    function: str,
    event: Any = None,
    *,
    kind: str = "RequestResponse",
    qualifier: str | None = None,
) -> Invocation:
    """Send the event to the function. If the function fails, nothing is raised: see `.error`.

    `kind` is "RequestResponse", "Event" or "DryRun"; `qualifier` is a version or an alias.
    Raises NoSuchFunction, or LabError if the event is not JSON.
    """
    if kind not in KINDS:
        raise LabError(NO_KIND.format(kind=kind, guess=did_you_mean(kind, KINDS)))
    request: dict[str, Any] = {"FunctionName": function, "InvocationType": kind}
    request |= {"Payload": _payload(event), **({"Qualifier": qualifier} if qualifier else {})}
    if kind == "RequestResponse":
        request["LogType"] = "Tail"
    try:
        answer = client("lambda").invoke(**request)
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise no_such_function(client, function, qualifier) from None
    return _invocation(function, kind, answer)


def _payload(event: Any) -> bytes:
    try:
        return json.dumps({} if event is None else event).encode()
    except (TypeError, ValueError) as error:
        raise LabError(NOT_JSON.format(error=error)) from None


def _invocation(function: str, kind: str, answer: Any) -> Invocation:
    payload = answer["Payload"].read()
    body = json.loads(payload) if payload else None
    failed = "FunctionError" in answer
    log = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
    return Invocation(
        function=function,
        kind=kind,
        status=answer["StatusCode"],
        request_id=answer["ResponseMetadata"]["RequestId"],
        result=None if failed else body,
        error=_error(body) if failed else None,
        log=log,
        report=parse_report(log),
        version=answer.get("ExecutedVersion", ""),
    )


def _error(body: Any) -> FunctionError:
    fields = body if isinstance(body, dict) else {"errorMessage": str(body)}
    trace = tuple(fields.get("stackTrace") or ())
    return FunctionError(fields.get("errorType", "Error"), fields.get("errorMessage", ""), trace)
