"""The lines and errors that the Lambda service itself writes, in its own words; and their reader.

START RequestId: 8f50… Version: $LATEST
END RequestId: 8f50…
REPORT RequestId: 8f50…	Duration: 1.52 ms	Billed Duration: 98 ms	Memory Size: 128 MB
    Max Memory Used: 38 MB	Init Duration: 96.10 ms
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from helpers.display import Card, Shown, Tone, milliseconds


@dataclass(frozen=True)
class Failure:
    """An error that the service, not the function's code, answers with."""

    type: str
    message: str
    status: str = "error"  # as the REPORT line gives it
    told: bytes = b""  # the runtime client's own words for it, where it had any
    names_request: bool = True

    def payload(self, request_id: str) -> bytes:
        """The body that stands in the result's place."""
        if self.told:
            return self.told
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


def told_by_the_runtime(body: bytes) -> Failure:
    """A handler that could not be loaded: the runtime client has found out why."""
    error = json.loads(body)
    return Failure(error["errorType"], error["errorMessage"], told=body)


def init_start(runtime: str) -> str:
    return f"INIT_START Runtime Version: {runtime}\n"


def start(request_id: str, version: str) -> str:
    return f"START RequestId: {request_id} Version: {version}\n"


def failure(request_id: str, failed: Failure | None) -> str:
    """The service's own line about a failure, unless the runtime client has written one."""
    if failed is None or failed.told:
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
    """The END and REPORT lines.

    A cold start's initialisation has been billed too since 1 August 2025
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
    """An invocation's whole log, and the events that CloudWatch Logs shows for it.

    The runtime client joins the lines of one message, a traceback say, by carriage returns: they
    are one event, and several lines to read.
    """

    events: list[str]

    def __new__(cls, parts: Iterable[str]) -> "Log":
        lines = [line for part in parts for line in part.split("\n") if line]
        events = [line.replace("\r", "\n") + "\n" for line in lines]
        log = super().__new__(cls, "".join(events))
        log.events = events
        return log


FIELD = re.compile(r"(?:^|\t)\s*([A-Z][A-Za-z ]*): ([^\t\n]*)")
STARTED = re.compile(r"START RequestId: (\S+)(?: Version: (\S+))?")
ENDED = re.compile(r"END RequestId: (\S+)")


@dataclass(frozen=True, repr=False)
class Report(Shown):
    """Lambda's own account of one invocation, from its REPORT line.

    Times are in milliseconds, memory in MB. `init_ms` is there after a cold start only;
    `status` is "timeout" or "error" where Lambda had to end the invocation.
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
        """One line, without what differs from one machine to another except times."""
        start = "warm invocation"
        if self.init_ms is not None:
            start = f"cold start, {milliseconds(self.init_ms)} to initialise"
        ran = milliseconds(self.duration_ms)
        return (
            f"{start} · ran {ran} · billed {self.billed_ms:.0f} ms · {self.memory_mb} MB of memory"
        )


@dataclass(frozen=True)
class LoggedInvocation:
    """One invocation as the log tells it; `report` is None as long as it has not ended."""

    request_id: str
    version: str
    printed: str
    report: Report | None = None


def parse_log(text: str) -> list[LoggedInvocation]:
    """The invocations in a log, in their order; a log may begin in the middle of one."""
    lines = text.splitlines()
    reports = {report.request_id: report for report in map(parse_report, lines) if report}
    return [LoggedInvocation(*part, reports.get(part[0])) for part in _parts(lines)]


def _parts(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Request id, version and printed lines, from each START to its END or to the next START."""
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
    """The last REPORT line in the text, None where there is none."""
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
