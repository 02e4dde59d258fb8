"""The link from a stream or a queue to a function: an event source mapping, and how it reads."""

from collections.abc import Callable, Iterable
from typing import Any

from helpers.checks.diagnosis import Diagnosis, require
from helpers.checks.evidence import compare
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Link, NotAttempted

READY, BUSY = "Enabled", {"Creating", "Enabling", "Updating"}
FOR_EVER = -1  # how AWS writes "no limit" where a number of retries is asked for

Settings = dict[str, Any]  # a mapping, as AWS describes it
Bounds = tuple[int, int]  # the least and the most that an exercise accepts


class Mapping(Diagnosis):
    NONE = Link.EVENT_SOURCE("""
        Nothing reads {source} for `{function}`: there is no event source mapping between them.""")
    OTHER_FUNCTION = Link.EVENT_SOURCE("""
        The event source mapping from {source} invokes {others}, and not `{function}`.""")
    OTHER_SOURCE = Link.EVENT_SOURCE("""
        `{function}` reads from another source. Compare what it reads with what it should read,
        below.""")
    DISABLED = Link.EVENT_SOURCE("""
        The event source mapping from {source} to `{function}` does not read: its state is {state}.
        Enable it with `update_event_source_mapping(UUID=..., Enabled=True)`.""")
    LATEST = Link.EVENT_SOURCE("""
        The mapping starts with what comes from now on (`LATEST`), and never reads what was in the
        stream before. A starting position can't be changed: {again}, and create a mapping that
        starts at `TRIM_HORIZON`.""")
    AT_TIME = Link.EVENT_SOURCE("""
        The mapping starts at a point in time, and never reads what was in the stream before it. A
        starting position can't be changed: {again}, and create a mapping that starts at
        `TRIM_HORIZON`, the oldest record.""")
    SMALL_BATCHES = Link.EVENT_SOURCE("""
        `BatchSize` is {size}, so a flood of records becomes a flood of invocations. Choose from
        {least} to {most}.""")
    LARGE_BATCHES = Link.EVENT_SOURCE("""
        `BatchSize` is {size}. If one record of a batch fails, all of them are tried again, and the
        function may run out of time. Choose from {least} to {most}.""")
    NO_WINDOW = Link.EVENT_SOURCE("""
        The mapping does not wait: when records are few, each of them invokes the function by
        itself. Set `MaximumBatchingWindowInSeconds`, from {least} to {most}.""")
    LONG_WINDOW = Link.EVENT_SOURCE("""
        The mapping may gather records for {window} seconds, and what the function makes of them
        comes as late as that. Choose from {least} to {most}.""")
    FILTERED = Link.EVENT_SOURCE("""
        The mapping has a filter, below, and what the check sent did not reach the function: a
        record that matches no pattern is dropped in silence.""")
    REPORTS_IGNORED = Link.EVENT_SOURCE("""
        The mapping does not read what the function reports: Lambda takes every answer for a
        success, so a damaged record and all behind it in its batch are lost. Set
        `FunctionResponseTypes=["ReportBatchItemFailures"]`.""")
    RETRIES_FOR_EVER = Link.EVENT_SOURCE("""
        The mapping retries a bad record until it is a day old, and everything behind it waits:
        `MaximumRetryAttempts` is not set.""")
    MANY_RETRIES = Link.EVENT_SOURCE("""
        The mapping retries a bad record {retries} times, and its shard stands still meanwhile.
        Choose from {least} to {most} for `MaximumRetryAttempts`.""")
    NO_RETRY = Link.EVENT_SOURCE("""
        The mapping gives up at the first failure: a table that can't be reached for a moment would
        cost whole batches of good records. Choose from {least} to {most} for
        `MaximumRetryAttempts`.""")
    NO_BISECT = Link.EVENT_SOURCE("""
        The mapping does not split a batch that fails, so all good records behind the bad one are
        given up with it. Set `BisectBatchOnFunctionError`.""")
    NO_DESTINATION = Link.EVENT_SOURCE("""
        The mapping gives a record up without a trace, and nobody learns that it is lost. Name the
        queue in `DestinationConfig`.""")
    OTHER_DESTINATION = Link.EVENT_SOURCE("""
        The note about what is given up goes somewhere else. Compare where it goes with where it
        should go, below.""")


def find_mapping(probe: Probe, source: str, function: str) -> Settings | None:
    """Return the event source mapping from that ARN to that function, None if there is none."""
    found = (each for each in _lasting(probe) if each["EventSourceArn"] == source)
    return next((each for each in found if _name(each) == function), None)


def require_mapping(probe: Probe, source: str, function: str, *, not_yet: str = "") -> Settings:
    """Return the event source mapping from that ARN to that function, which reads.

    Where there is none, and none that was meant for it, raises NotAttempted with the words of
    `not_yet`, if there are any.
    """
    words = {"source": describe_source(source), "function": function}
    found = find_mapping(probe, source, function)
    if found is None:
        raise _missing(probe, source, words, not_yet)
    if found["State"] in BUSY:
        uuid = found["UUID"]
        found = probe.wait_for(lambda: _settled(probe, uuid), what="The event source mapping")
    is_ready, evidence = found["State"] == READY, f"UUID: {found['UUID']}"
    require(is_ready, Mapping.DISABLED, evidence, **words, state=found["State"])
    return found


def readers(probe: Probe, source: str) -> list[str]:
    """Return the names of the functions that read from that ARN."""
    return sorted({_name(each) for each in _lasting(probe) if each["EventSourceArn"] == source})


def remove_mappings(probe: Probe, found: Callable[[], Iterable[Settings]]) -> None:
    """Delete the event source mappings that `found` gives, and wait until it gives none."""
    for each in found():
        probe.client("lambda").delete_event_source_mapping(UUID=each["UUID"])
    probe.wait_for(lambda: not list(found()), what="The end of the old mapping")


def attempts(probe: Probe, *, source: str = "", function: str = "") -> list[Settings]:
    """Return the mappings from the source of that name, and those to that function.

    Mappings that are being deleted are among them.
    """
    name = f"`{source}`"
    return [
        each
        for each in _all(probe)
        if _name(each) == function or name in describe_source(each["EventSourceArn"])
    ]


def require_oldest_first(mapping: Settings, *, again: str) -> None:
    """Require that it starts with the oldest record; `again` says how the learner deletes it."""
    start = mapping.get("StartingPosition")
    diagnosis = Mapping.LATEST if start == "LATEST" else Mapping.AT_TIME
    require(start == "TRIM_HORIZON", diagnosis, f"StartingPosition: {start}", again=again)


def require_batches(mapping: Settings, *, size: Bounds, window: Bounds) -> None:
    """Require a batch size and a batching window, in seconds, within these bounds."""
    found = mapping["BatchSize"]
    small_or_large = Mapping.SMALL_BATCHES if found < size[0] else Mapping.LARGE_BATCHES
    _require_within(size, found, small_or_large, f"BatchSize: {found}", size=found)
    found = mapping.get("MaximumBatchingWindowInSeconds") or 0
    none_or_long = Mapping.LONG_WINDOW if found else Mapping.NO_WINDOW
    evidence = f"MaximumBatchingWindowInSeconds: {found}"
    _require_within(window, found, none_or_long, evidence, window=found)


def is_reading_reports(mapping: Settings) -> bool:
    """Return whether Lambda reads which records of a batch the function reports as failed."""
    return "ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or [])


def require_reports_read(mapping: Settings) -> None:
    """Require that Lambda reads which records of a batch the function reports as failed."""
    evidence = f"FunctionResponseTypes: {mapping.get('FunctionResponseTypes') or 'not set'}"
    require(is_reading_reports(mapping), Mapping.REPORTS_IGNORED, evidence)


def require_retries(mapping: Settings, retries: Bounds) -> None:
    """Require that a bad record is retried so many times, and alone in the end."""
    found = mapping.get("MaximumRetryAttempts", FOR_EVER)
    require(found != FOR_EVER, Mapping.RETRIES_FOR_EVER)
    none_or_many = Mapping.MANY_RETRIES if found else Mapping.NO_RETRY
    evidence = f"MaximumRetryAttempts: {found}"
    _require_within(retries, found, none_or_many, evidence, retries=found)
    require(mapping.get("BisectBatchOnFunctionError"), Mapping.NO_BISECT)


def failure_destination(mapping: Settings) -> str:
    """Return the ARN of where notes about given-up records go, "" if nowhere."""
    return str((mapping.get("DestinationConfig") or {}).get("OnFailure", {}).get("Destination", ""))


def require_failure_destination(mapping: Settings, arn: str) -> None:
    """Require that notes about given-up records go to the queue of that ARN."""
    found = failure_destination(mapping)
    require(found, Mapping.NO_DESTINATION)
    require(found == arn, Mapping.OTHER_DESTINATION, compare(goes_to=found, needed=arn))


def require_unfiltered(mapping: Settings) -> None:
    """Blame the mapping's filter, if it has one, for what did not reach the function."""
    filters = (mapping.get("FilterCriteria") or {}).get("Filters", [])
    require(not filters, Mapping.FILTERED, "\n".join(each["Pattern"] for each in filters))


def describe_source(arn: str) -> str:
    """Return what a learner calls the source of that ARN.

    >>> describe_source("arn:aws:kinesis:us-east-1:123456789012:stream/clicks")
    'the stream `clicks`'
    """
    service, rest = arn.split(":")[2], arn.split(":", 5)[-1]
    if service == "sqs":
        return f"the queue `{rest}`"
    if service == "dynamodb":
        return f"the stream of the table `{rest.split('/')[1]}`"
    return f"the stream `{rest.rpartition('/')[2]}`"


def _missing(probe: Probe, source: str, words: dict[str, str], not_yet: str) -> Exception:
    """Return what to say of the mapping that there is in its place, if any."""
    if others := readers(probe, source):
        listed = " and ".join(f"`{name}`" for name in others)
        return Mapping.OTHER_FUNCTION(**words, others=listed)
    found = (each["EventSourceArn"] for each in _lasting(probe) if _name(each) == words["function"])
    if own := sorted(found):
        return Mapping.OTHER_SOURCE(compare(reads=", ".join(own), needed=source), **words)
    return NotAttempted(not_yet) if not_yet else Mapping.NONE(**words)


def _require_within(
    bounds: Bounds, found: int, otherwise: Diagnosis, evidence: str, **words: object
) -> None:
    least, most = bounds
    require(least <= found <= most, otherwise, evidence, **words, least=least, most=most)


def _all(probe: Probe) -> list[Settings]:
    pages = probe.client("lambda").get_paginator("list_event_source_mappings").paginate()
    return [dict(each) for page in pages for each in page["EventSourceMappings"]]


def _lasting(probe: Probe) -> list[Settings]:
    """Return the mappings that are not being deleted."""
    return [each for each in _all(probe) if each.get("State") != "Deleting"]


def _settled(probe: Probe, uuid: str) -> Settings | None:
    found = dict(probe.client("lambda").get_event_source_mapping(UUID=uuid))
    return None if found["State"] in BUSY else found


def _name(mapping: Settings) -> str:
    """Return the function's name, with the version or alias if the mapping is to one."""
    return str(mapping["FunctionArn"]).split(":function:")[-1]
