"""Exercise trigger: the event source mapping from the stream of clicks to the function."""

from helpers.checks import Diagnosis, Link, Probe, compare, require
from helpers.checks.effects import find_effect
from helpers.checks.links.mapping import (
    Settings,
    attempts,
    remove_mappings,
    require_batches,
    require_mapping,
    require_oldest_first,
    require_unfiltered,
)
from helpers.checks.links.stream import require_stream
from helpers.checks.tables import all_rows
from helpers.labs.streams.clicks import FUNCTION, KEY, STREAM, TABLE, body, counts, new_product

CLICKS = 6
PATIENCE = 15.0  # seconds

NOT_THERE = "Nothing reads the stream `clicks` for `count_clicks` yet."
DONE = "Clicks from both shards were counted, in batches of up to {size}."


class Trigger(Diagnosis):
    NOT_COUNTED = Link.EFFECT("""
        The mapping is as it should be, but clicks that the check put into the stream were not
        counted within {seconds:g} seconds. The function's log may say why:
        `lab.logs("count_clicks")`.""")
    TWICE = Link.EFFECT("Clicks that the check put into the stream were counted more than once.")


def check(probe: Probe) -> str:
    mapping = require_mapping(probe, require_stream(probe, STREAM), FUNCTION, not_yet=NOT_THERE)
    require_oldest_first(mapping, again="run `start_over()`")
    require_batches(mapping, size=(100, 1000), window=(1, 2))
    _require_counted(probe, mapping)
    return DONE.format(size=mapping["BatchSize"])


def _require_counted(probe: Probe, mapping: Settings) -> None:
    """Put clicks on a product that nobody sells into both shards; they have to be counted."""
    product = new_product(probe)
    bodies = [body(product, minute) for minute in range(CLICKS)]
    records = [{"Data": text, "PartitionKey": f"check-{text}"} for text in bodies]
    probe.client("kinesis").put_records(StreamName=STREAM, Records=records)
    has_all = find_effect(probe, lambda: len(counts(probe, product)) == CLICKS, within=PATIENCE)
    found = counts(probe, product)
    if not has_all:
        require_unfiltered(mapping)
        raise Trigger.NOT_COUNTED(f"{len(found)} of {CLICKS} clicks counted", seconds=PATIENCE)
    require([*found.values()] == [1] * CLICKS, Trigger.TWICE, compare(clicks=CLICKS, counted=found))


def undo_wrong_answer(probe: Probe) -> None:
    """Remove mappings that went wrong, and what they have counted: a new one counts it again."""
    remove_mappings(probe, lambda: attempts(probe, source=STREAM, function=FUNCTION))
    for item in all_rows(probe, TABLE):
        key = {name: {"S": item[name]} for name in KEY}
        probe.client("dynamodb").delete_item(TableName=TABLE, Key=key)
