"""Read what functions logged.

Each line of a log is a log event of its own. Lambda itself writes these lines:

    INIT_START Runtime Version: python:3.13.v50
    START RequestId: 8f507cfc-… Version: $LATEST
    whatever the function prints
    END RequestId: 8f507cfc-…
    REPORT RequestId: 8f507cfc-…\tDuration: 1.52 ms\tBilled Duration: 98 ms\tMemory Size: 128 MB
        \tMax Memory Used: 38 MB\tInit Duration: 96.10 ms\t        (all of it one line)
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
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
    """A function's log: all of it as `text`, and invocation by invocation."""

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
    """Return the function's log as soon as at least that many invocations in it have ended.

    Logs arrive a moment after the response. After `timeout` seconds, return what there is. With
    `contains`, keep only the invocations that printed it. Raises NoSuchFunction.
    """
    logs = _fetch(client, function)
    if not logs.text and function not in function_names(client):
        raise no_such_function(client, function)

    def is_complete() -> bool:
        nonlocal logs
        logs = _fetch(client, function)
        ended = sum(invocation.report is not None for invocation in logs.invocations)
        return ended >= max(at_least, len(logs.invocations))

    with suppress(TimeoutError):
        wait_for(is_complete, timeout=timeout, every=0.1, clock=clock)
    if not contains:
        return logs
    kept = tuple(each for each in logs.invocations if contains in each.printed)
    return Logs(function, "".join(each.printed for each in kept), kept)


def _fetch(client: Client, function: str) -> Logs:
    streams: dict[str, list[dict[str, Any]]] = {}
    for event in _events(client, f"/aws/lambda/{function}"):
        streams.setdefault(event["logStreamName"], []).append(event)
    # by time, and by name where two streams began at the same moment
    ordered = sorted(
        streams.items(),
        key=lambda stream: (min(each["timestamp"] for each in stream[1]), stream[0]),
    )
    texts = [_joined(events) for _, events in ordered]
    invocations = [invocation for text in texts for invocation in parse_log(text)]
    return Logs(function, "".join(texts), tuple(invocations))


def _events(client: Client, group: str) -> Iterator[dict[str, Any]]:
    """Yield every log event of the log group; none if there is no such group yet."""
    pages = client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    try:
        for page in pages:
            yield from page["events"]
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise


def _joined(events: Iterable[dict[str, Any]]) -> str:
    lines = (event["message"] for event in events)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
