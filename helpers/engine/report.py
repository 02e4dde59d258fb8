"""The lines and errors that the Lambda service itself writes, in its own words.

START RequestId: 8f50… Version: $LATEST
END RequestId: 8f50…
REPORT RequestId: 8f50…	Duration: 1.52 ms	Billed Duration: 98 ms	Memory Size: 128 MB
    Max Memory Used: 38 MB	Init Duration: 96.10 ms
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


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
