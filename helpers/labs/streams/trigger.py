"""Exercise trigger: the event source mapping from the stream of clicks to the function."""

from collections.abc import Mapping
from typing import Any

from helpers.checks.links.mapping import find_mapping, remove_mappings, see_mapping
from helpers.checks.tables import rows
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.labs.streams.clicks import (
    FUNCTION,
    STREAM,
    TABLE,
    body,
    new_product,
    stream_arn,
    total,
)

LEAST, MOST = 100, 1000  # records
CLICKS = 6
PATIENCE = 15.0  # seconds

NOT_THERE = "Nothing reads the stream `clicks` for `count_clicks` yet."
LATEST = """\
The mapping begins with what comes from now on (`LATEST`), and the clicks of Monday were there \
before. Where a mapping begins can't be changed: run `start_over()`, and make one that begins at \
`TRIM_HORIZON`."""
AT_TIME = """\
The mapping begins at a point in time. The shop wants every click of Monday: run \
`start_over()`, and make one that begins at `TRIM_HORIZON`, the oldest record that is there."""
SMALL = """\
Your batches hold {size} records at most, so a flood of clicks becomes a flood of invocations. The \
shop wants {least} to {most}."""
LARGE = """\
Your batches hold up to {size} records. If one of them fails, all of them are tried again, and the \
function may run out of time: the shop wants {least} to {most}."""
NO_WINDOW = """\
The mapping does not wait: when clicks are few, each of them invokes the function by itself. Give \
it a window of one or two seconds, with `MaximumBatchingWindowInSeconds`."""
SLOW = """\
The mapping may gather clicks for {window} seconds, and the counts would be as old as that. The \
shop wants a window of one or two seconds."""
NOT_COUNTED = """\
The mapping is as it should be, but clicks that the check put into the stream were not counted \
within {seconds:g} seconds. The log of the function may say why: `lab.logs("count_clicks")`."""
TWICE = "The clicks that the check put into the stream were counted more than once."
DONE = "Clicks from both shards were counted, in batches of up to {size}."


def check(probe: Probe) -> str:
    source = stream_arn(probe)
    if find_mapping(probe, source, FUNCTION) is None and not _attempts(probe):
        raise NotAttempted(NOT_THERE)
    mapping = see_mapping(probe, source, FUNCTION)
    _see_settings(mapping)
    _see_effect(probe)
    return DONE.format(size=mapping["BatchSize"])


def _attempts(probe: Probe) -> list[dict[str, Any]]:
    """Mappings from the stream to another function, or from another stream to this one."""
    found = probe.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    return [
        each
        for each in found
        if each["EventSourceArn"].endswith(f"stream/{STREAM}")
        or each["FunctionArn"].endswith(f":{FUNCTION}")
    ]


def _see_settings(mapping: Mapping[str, Any]) -> None:
    start, size = mapping.get("StartingPosition"), mapping["BatchSize"]
    window = mapping.get("MaximumBatchingWindowInSeconds") or 0
    words = {"size": size, "least": LEAST, "most": MOST, "window": window}
    if start != "TRIM_HORIZON":
        text = LATEST if start == "LATEST" else AT_TIME
        raise _wrong(text, f"StartingPosition: {start}")
    if size < LEAST or size > MOST:
        text = SMALL if size < LEAST else LARGE
        raise _wrong(text.format(**words), f"BatchSize: {size}")
    if window < 1 or window > 2:
        text = SLOW if window else NO_WINDOW
        raise _wrong(text.format(**words), f"MaximumBatchingWindowInSeconds: {window}")


def _wrong(words: str, evidence: str) -> Incorrect:
    return Incorrect(words, link="event source", evidence=evidence)


def _see_effect(probe: Probe) -> None:
    """Clicks on a product that nobody sells go into both shards, and have to be counted."""
    product = new_product(probe)
    records = [{"Data": body(product), "PartitionKey": f"check-{n}"} for n in range(CLICKS)]
    probe.client("kinesis").put_records(StreamName=STREAM, Records=records)
    try:
        found = probe.wait_for(
            lambda: (number := total(probe, product)) >= CLICKS and number, timeout=PATIENCE
        )
    except TimeoutError:
        words = NOT_COUNTED.format(seconds=PATIENCE)
        evidence = f"{total(probe, product)} of {CLICKS} clicks counted"
        raise Incorrect(words, link="effect", evidence=evidence) from None
    if found > CLICKS:
        raise Incorrect(TWICE, link="effect", evidence=f"{CLICKS} clicks, {found} counted")


def undo_wrong_answer(probe: Probe) -> None:
    """Remove mappings that went wrong, and what they have counted: a new one counts it again."""
    remove_mappings(probe, lambda: _attempts(probe))
    for item in rows(probe, TABLE):
        key = {name: {"S": item[name]} for name in ("product", "minute")}
        probe.client("dynamodb").delete_item(TableName=TABLE, Key=key)
