"""What happens later: waiting for it, and reading what functions logged about it.

Each line of a log is an event of its own; the lines that Lambda writes are these:

    INIT_START Runtime Version: python:3.13.v50
    START RequestId: 8f507cfc-… Version: $LATEST
    whatever the function prints
    END RequestId: 8f507cfc-…
    REPORT RequestId: 8f507cfc-…\tDuration: 1.52 ms\tBilled Duration: 98 ms\tMemory Size: 128 MB
        \tMax Memory Used: 38 MB\tInit Duration: 96.10 ms\t        (all of it one line)
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from helpers.clients import Client, error_code, error_words
from helpers.clock import CLOCK, Clock
from helpers.display import Card, Shown, Tone, counted, milliseconds
from helpers.known import function_names, no_such_function

Seen = TypeVar("Seen")

FIELD = re.compile(r"(?:^|\t)\s*([A-Z][A-Za-z ]*): ([^\t\n]*)")
STARTED = re.compile(r"START RequestId: (\S+)(?: Version: (\S+))?")
ENDED = re.compile(r"END RequestId: (\S+)")

NOT_SEEN = "{what} did not happen within {timeout:g} s. Seen last: {seen}"
NOTHING_LOGGED = "nothing yet: it has not run, or its role may not write logs"


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


@dataclass(frozen=True, repr=False)
class Logs(Shown):
    """What a function logged: all of it as `text`, and invocation by invocation."""

    function: str
    text: str
    invocations: tuple[LoggedInvocation, ...]

    def __str__(self) -> str:
        return self.text

    def _card(self) -> Card:
        if not self.text:
            return Card(Tone.WAITING, f"Log of {self.function}: {NOTHING_LOGGED}")
        title = f"Log of {self.function}: {counted(len(self.invocations), 'invocation')}"
        return Card(Tone.PLAIN, title, block=self.text.rstrip("\n"))


def wait_for(
    condition: Callable[[], Seen | None],
    *,
    timeout: float = 10,
    every: float = 0.05,
    what: str = "What was waited for",
    clock: Clock = CLOCK,
) -> Seen:
    """Ask `condition` until its answer is true, and return that answer.

    An error that AWS answers counts as "not yet": what is asked for may not exist so far.
    `timeout` and `every` are seconds. Raises TimeoutError, which says what was seen last.
    """
    deadline = clock.now() + timeout
    while True:
        try:
            answer = condition()
            if answer:
                return answer
            seen = repr(answer)
        except ClientError as error:
            seen = error_words(error)
        if clock.now() >= deadline:
            raise TimeoutError(NOT_SEEN.format(what=what, timeout=timeout, seen=_short(seen)))
        clock.sleep(every)


def _short(text: str, length: int = 300) -> str:
    return text if len(text) <= length else f"{text[:length]}…"


def read_logs(
    client: Client,
    function: str,
    *,
    at_least: int = 1,
    contains: str = "",
    timeout: float = 5,
    clock: Clock = CLOCK,
) -> Logs:
    """The function's log so far, once at least that many invocations have ended in it.

    Logs arrive a moment after the answer does. Waits `timeout` seconds at most and then gives
    what there is. `contains` keeps the invocations that printed it. Raises NoSuchFunction.
    """
    seen = [_fetch(client, function)]
    if not seen[0].text and function not in function_names(client):
        raise no_such_function(client, function)

    def complete() -> bool:
        seen[0] = _fetch(client, function)
        ended = sum(run.report is not None for run in seen[0].invocations)
        return ended >= max(at_least, len(seen[0].invocations))

    try:
        wait_for(complete, timeout=timeout, every=0.1, clock=clock)
    except TimeoutError:
        return _only(seen[0], contains)  # what there is, and it says so itself
    return _only(seen[0], contains)


def _fetch(client: Client, function: str) -> Logs:
    streams: dict[str, list[dict[str, Any]]] = {}
    for event in _events(client, f"/aws/lambda/{function}"):
        streams.setdefault(event["logStreamName"], []).append(event)
    texts = [_joined(events) for _, events in sorted(streams.items(), key=_began)]
    runs = [run for text in texts for run in parse_log(text)]
    return Logs(function, "".join(texts), tuple(runs))


def _events(client: Client, group: str) -> Iterator[dict[str, Any]]:
    """Every event of the log group; none as long as there is no such group."""
    pages = client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    try:
        for page in pages:
            yield from page["events"]
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise


def _began(stream: tuple[str, list[dict[str, Any]]]) -> tuple[int, str]:
    return min(event["timestamp"] for event in stream[1]), stream[0]


def _joined(events: Iterable[dict[str, Any]]) -> str:
    lines = (event["message"] for event in events)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _only(logs: Logs, contains: str) -> Logs:
    if not contains:
        return logs
    kept = tuple(run for run in logs.invocations if contains in run.printed)
    return Logs(logs.function, "".join(run.printed for run in kept), kept)


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
