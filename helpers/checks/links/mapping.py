"""Event source mappings as checks look at them: which source a function reads, and how."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect

READY, BUSY = "Enabled", {"Creating", "Enabling", "Updating"}

NONE = """\
Nothing reads from {source} for `{function}`: there is no event source mapping between them."""
OTHER_FUNCTION = """\
{source} is read for {others}, but not for `{function}`: the event source mapping belongs to \
another function."""
OTHER_SOURCE = """\
`{function}` reads from another source. The one that it reads and the one that is needed are \
below, one under the other."""
NOT_AT_WORK = """\
There is an event source mapping from {source} to `{function}`, but it is not at work: its state \
is {state}. Enable it, with `update_event_source_mapping(UUID=..., Enabled=True)`."""


def find_mapping(probe: Probe, source: str, function: str) -> dict[str, Any] | None:
    """The event source mapping from that ARN to that function, None if there is none."""
    for each in _all(probe):
        if each["EventSourceArn"] == source and _name(each) == function:
            return each
    return None


def see_mapping(probe: Probe, source: str, function: str) -> dict[str, Any]:
    """The event source mapping from that ARN to that function, at work.

    Raises Incorrect, link "event source", which tells of the mapping that there is instead.
    """
    found = find_mapping(probe, source, function)
    if found is None:
        raise _missing(probe, source, function)
    if found["State"] in BUSY:
        found = probe.wait_for(
            lambda: _settled(probe, found["UUID"]), what="The event source mapping"
        )
    if found["State"] != READY:
        words = NOT_AT_WORK.format(source=in_words(source), function=function, state=found["State"])
        raise Incorrect(words, link="event source", evidence=f"UUID: {found['UUID']}")
    return found


def readers(probe: Probe, source: str) -> list[str]:
    """The functions that read from that ARN."""
    return sorted({_name(each) for each in _all(probe) if each["EventSourceArn"] == source})


def remove_mappings(probe: Probe, found: Callable[[], Iterable[Mapping[str, Any]]]) -> None:
    """Delete the event source mappings that `found` gives, and wait until it gives none."""
    for each in found():
        probe.client("lambda").delete_event_source_mapping(UUID=each["UUID"])
    probe.wait_for(lambda: not list(found()), what="The end of the old mapping")


def _missing(probe: Probe, source: str, function: str) -> Incorrect:
    others = readers(probe, source)
    words = {"source": in_words(source), "function": function}
    if others:
        listed = " and ".join(f"`{name}`" for name in others)
        return Incorrect(OTHER_FUNCTION.format(**words, others=listed), link="event source")
    own = sorted(each["EventSourceArn"] for each in _all(probe) if _name(each) == function)
    if own:
        evidence = f"reads   {', '.join(own)}\nneeded  {source}"
        return Incorrect(OTHER_SOURCE.format(**words), link="event source", evidence=evidence)
    return Incorrect(NONE.format(**words), link="event source")


def _all(probe: Probe) -> list[dict[str, Any]]:
    pages = probe.client("lambda").get_paginator("list_event_source_mappings").paginate()
    found = [dict(each) for page in pages for each in page["EventSourceMappings"]]
    return [each for each in found if each.get("State") != "Deleting"]


def _settled(probe: Probe, uuid: str) -> dict[str, Any] | None:
    found = dict(probe.client("lambda").get_event_source_mapping(UUID=uuid))
    return None if found["State"] in BUSY else found


def _name(mapping: Mapping[str, Any]) -> str:
    """The function's name, with the version or alias if the mapping is to one."""
    return str(mapping["FunctionArn"]).split(":function:")[-1]


def in_words(arn: str) -> str:
    """
    >>> in_words("arn:aws:kinesis:us-east-1:123456789012:stream/clicks")
    'the stream `clicks`'
    """
    service, rest = arn.split(":")[2], arn.split(":", 5)[-1]
    if service == "sqs":
        return f"the queue `{rest}`"
    if service == "dynamodb":
        return f"the stream of the table `{rest.split('/')[1]}`"
    return f"the stream `{rest.rpartition('/')[2]}`"
