"""Read what functions logged.

Each line of a log is an event of its own; the lines that Lambda writes are these:

    INIT_START Runtime Version: python:3.13.v50
    START RequestId: 8f507cfc-… Version: $LATEST
    whatever the function prints
    END RequestId: 8f507cfc-…
    REPORT RequestId: 8f507cfc-…\tDuration: 1.52 ms\tBilled Duration: 98 ms\tMemory Size: 128 MB
        \tMax Memory Used: 38 MB\tInit Duration: 96.10 ms\t        (all of it one line)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.aws.report import LoggedInvocation, parse_log
from helpers.cloud.clients import Client
from helpers.cloud.waiting import wait_for
from helpers.display import Card, Shown, Tone, counted
from helpers.functions.lookup import function_names, no_such_function
from helpers.system.clock import CLOCK, Clock

NOTHING_LOGGED = "nothing yet: it has not run, or its role may not write logs"


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
