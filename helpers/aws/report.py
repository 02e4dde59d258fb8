"""The log lines and errors of the Lambda service itself: how it writes them, and how to read them.

    START RequestId: 8f50… Version: $LATEST
    END RequestId: 8f50…
    REPORT RequestId: 8f50…	Duration: 1.52 ms	Billed Duration: 98 ms	Memory Size: 128 MB
        Max Memory Used: 38 MB	Init Duration: 96.10 ms        (all of it one line)

The engine writes them, with the functions of the first part. Labs and checks read them, on any
cloud, with those of the second.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from helpers.display import Card, Shown, Tone, milliseconds

# Writing


@dataclass(frozen=True)
class Failure:
    """An error that the service returns, not the function's code."""

    type: str
    message: str
    status: str = "error"  # as in the REPORT line
    reported: bytes = b""  # the runtime client's own report of the error, if it sent one
    names_request: bool = True

    def payload(self, request_id: str) -> bytes:
        """Return the payload that the caller receives in place of a result."""
        if self.reported:
            return self.reported
        message = self.message
        if self.names_request:
            message = f"RequestId: {request_id} Error: {message}"
        return json.dumps({"errorType": self.type, "errorMessage": message}).encode()


def timed_out(seconds: float) -> Failure:
    message = f"Task timed out after {seconds:.2f} seconds"
    return Failure("Sandbox.Timedout", message, status="timeout")


def exited(reason: str) -> Failure:
    return Failure("Runtime.ExitError", reason)


def out_of_memory() -> Failure:
    return Failure("Runtime.OutOfMemory", "Runtime exited with error: signal: killed")


def response_too_large(limit: int) -> Failure:
    message = f"Response payload size exceeded maximum allowed payload size ({limit} bytes)."
    return Failure("Function.ResponseSizeTooLarge", message, names_request=False)


def reported_by_runtime(body: bytes) -> Failure:
    """Return the failure that the runtime client reports if it can't load the handler."""
    error = json.loads(body)
    return Failure(error["errorType"], error["errorMessage"], reported=body)


def init_start(runtime: str) -> str:
    return f"INIT_START Runtime Version: {runtime}\n"


def start(request_id: str, version: str) -> str:
    return f"START RequestId: {request_id} Version: {version}\n"


def failure(request_id: str, failed: Failure | None) -> str:
    """Return the service's log lines about a failure, unless the runtime client writes them."""
    if failed is None or failed.reported:
        return ""
    if failed.status == "timeout":
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        return f"{now}Z {request_id} {failed.message}\n\n"
    return f"RequestId: {request_id} Error: {failed.message}\n{failed.type}\n"


def end(
    request_id: str,
    *,
    duration_ms: float,
    init_ms: float | None,
    memory_mb: int,
    max_memory_mb: int,
    failed: Failure | None,
) -> tuple[str, str]:
    """Return the END and REPORT lines.

    Since 1 August 2025 the initialisation of a cold start has been billed as well
    (https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/).
    """
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration_ms:.2f} ms",
        f"Billed Duration: {math.ceil(duration_ms + (init_ms or 0))} ms",
        f"Memory Size: {memory_mb} MB",
        f"Max Memory Used: {min(max_memory_mb, memory_mb)} MB",
    ]
    if init_ms is not None:
        fields.append(f"Init Duration: {init_ms:.2f} ms")
    if failed:
        fields.append(f"Status: {failed.status}")
        if failed.status == "error":
            fields.append(f"Error Type: {failed.type}")
    return f"END RequestId: {request_id}\n", "\t".join(fields) + "\t\n"


class Log(str):
    """The whole log of an invocation, and the log events that CloudWatch Logs shows for it.

    The runtime client joins the lines of one message, such as a traceback, by carriage returns:
    they become one log event of several lines.
    """

    events: list[str]

    def __new__(cls, parts: Iterable[str]) -> "Log":
        lines = [line for part in parts for line in part.split("\n") if line]
        events = [line.replace("\r", "\n") + "\n" for line in lines]
        log = super().__new__(cls, "".join(events))
        log.events = events
        return log


# Reading

FIELD = re.compile(r"(?:^|\t)\s*([A-Z][A-Za-z ]*): ([^\t\n]*)")
STARTED = re.compile(r"START RequestId: (\S+)(?: Version: (\S+))?")
ENDED = re.compile(r"END RequestId: (\S+)")


@dataclass(frozen=True, repr=False)
class Report(Shown):
    """The figures of one invocation, from its REPORT line.

    Times are in milliseconds, memory in MB. `init_ms` is None unless it was a cold start;
    `status` is "timeout" or "error" if Lambda had to end the invocation.
    """

    request_id: str
    duration_ms: float
    billed_ms: float
    memory_mb: int
    max_memory_mb: int
    init_ms: float | None = None
    status: str | None = None

    @property
    def cold(self) -> bool:
        return self.init_ms is not None

    def _card(self) -> Card:
        return Card(Tone.PLAIN, self.summary())

    def summary(self) -> str:
        """Return one line, in which only times differ from one machine to another."""
        start = "warm invocation"
        if self.init_ms is not None:
            start = f"cold start, {milliseconds(self.init_ms)} to initialise"
        ran = milliseconds(self.duration_ms)
        return (
            f"{start} · ran {ran} · billed {self.billed_ms:.0f} ms · {self.memory_mb} MB of memory"
        )


@dataclass(frozen=True)
class LoggedInvocation:
    """One invocation in a log; `report` is None until the invocation has ended."""

    request_id: str
    version: str
    printed: str
    report: Report | None = None


def parse_log(text: str) -> list[LoggedInvocation]:
    """Return the invocations in a log, in order. A log may begin in the middle of one."""
    lines = text.splitlines()
    reports = {report.request_id: report for report in map(parse_report, lines) if report}
    return [LoggedInvocation(*part, reports.get(part[0])) for part in _parts(lines)]


def _parts(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield request id, version and printed lines from each START to its END or the next START."""
    request_id, version, printed = "", "", ""
    for line in lines:
        started, ended = STARTED.match(line), ENDED.match(line)
        if (started or ended) and request_id:
            yield request_id, version, printed
            request_id = ""
        if started:
            request_id, version, printed = started[1], started[2] or "", ""
        elif request_id:
            printed += f"{line}\n"
    if request_id:
        yield request_id, version, printed


def parse_report(text: str) -> Report | None:
    """Return the last REPORT line in the text; None if there is none."""
    lines = [line for line in text.splitlines() if line.startswith("REPORT RequestId: ")]
    if not lines:
        return None
    fields = dict(FIELD.findall(lines[-1].removeprefix("REPORT ")))
    return Report(
        request_id=fields["RequestId"].strip(),
        duration_ms=_number(fields["Duration"]),
        billed_ms=_number(fields["Billed Duration"]),
        memory_mb=int(_number(fields["Memory Size"])),
        max_memory_mb=int(_number(fields["Max Memory Used"])),
        init_ms=_number(fields["Init Duration"]) if "Init Duration" in fields else None,
        status=fields.get("Status", "").strip() or None,
    )


def _number(quantity: str) -> float:
    return float(quantity.split()[0])
