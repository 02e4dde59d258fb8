"""Exercise key: the partition key that keeps a visitor's clicks in order, and spreads visitors."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, compare, require
from helpers.checks.deadline import TookTooLong, within
from helpers.checks.links.stream import own_stream
from helpers.labs.streams.clicks import DAMAGED, body

VISITORS, CLICKS = 40, 8
LONGEST = 256  # characters of a key
SECONDS = 5  # that one key may take
Click = tuple[str, str]
KeyOf = Callable[[str, str], Any]

NOT_THERE = "There is no function `partition_key` yet that returns a key."
DONE = """\
{visitors} visitors went over both shards, each visitor's clicks stayed together, and in order."""


class Key(Diagnosis):
    NO_FUNCTION = Link.CODE("""
        `partition_key` is not a function any more. Run the cell that defines it again.""")
    FAILED = Link.CODE("""
        `partition_key` stops with an error for this click. Every click needs a key, whatever the
        browser sent: without one it never reaches the stream.""")
    NOT_STRING = Link.RESULT("""
        A partition key has to be a string, and `partition_key` returns something else.""")
    EMPTY = Link.RESULT("""
        A partition key has at least one character, and `partition_key` returns an empty string.""")
    TOO_LONG = Link.RESULT("""
        A partition key has 256 characters at most, and `partition_key` returns {length}.""")
    ONE_SHARD = Link.STREAM("""
        All clicks went into one shard, and the other is empty: `partition_key` returns the same key
        for everybody. Order is kept, but however many shards you pay for, only one works.""")
    SCATTERED = Link.STREAM("""
        The clicks of one visitor were spread over both shards, and read shard by shard they are out
        of order. Give all clicks of a visitor the same key.""")
    FEW = Link.STREAM("""
        Each visitor's clicks stay in order, but {visitors} visitors had only {keys} different keys,
        and a stream can't use more shards than there are keys. Give each visitor a key of their
        own.""")


def check(probe: Probe) -> str:
    key_of = _partition_key(probe)
    clicks = _clicks()
    keys = [_key(key_of, click) for click in clicks]
    shards = _shards(probe, clicks, keys)
    _require_together(clicks, shards)
    require(len(set(shards)) > 1, Key.ONE_SHARD, f"{shards[0]}: {len(clicks)} clicks")
    own = sorted(set(keys))
    is_spread = len(own) >= VISITORS / 2
    require(is_spread, Key.FEW, ", ".join(own), visitors=VISITORS, keys=len(own))
    for text in DAMAGED.values():
        _key(key_of, ("v001", text))
    return DONE.format(visitors=VISITORS)


def _partition_key(probe: Probe) -> KeyOf:
    """Return the learner's function. Raises NotAttempted as long as it returns nothing."""
    function = probe.namespace.get("partition_key")
    if function is None:
        raise NotAttempted(NOT_THERE)
    require(callable(function), Key.NO_FUNCTION, f"partition_key = {function!r}")
    if _call(function, ("v001", body("assam"))) is None:
        raise NotAttempted(NOT_THERE)
    key_of: KeyOf = function
    return key_of


def _clicks() -> list[Click]:
    """Return what visitors do, mixed; in each minute each visitor clicks once."""
    visitors = [f"v{number}" for number in random.sample(range(500, 900), VISITORS)]
    teas = random.sample(["assam", "mint", "sencha", "rooibos"] * 2, CLICKS)
    return [
        (visitor, body(tea, minute, random.choice(["view", "add"])))
        for minute, tea in enumerate(teas)
        for visitor in random.sample(visitors, VISITORS)
    ]


def _key(key_of: KeyOf, click: Click) -> str:
    key = _call(key_of, click)
    require(isinstance(key, str), Key.NOT_STRING, repr(key)[:200])
    require(key, Key.EMPTY)
    require(len(key) <= LONGEST, Key.TOO_LONG, key[:200], length=len(key))
    return str(key)


def _call(key_of: KeyOf, click: Click) -> Any:
    try:
        return within(SECONDS, lambda: key_of(*click))
    except TookTooLong as error:
        raise Key.FAILED(str(error)) from None
    except Exception as error:  # noqa: BLE001 - it is the learner's code
        shown = f"{type(error).__name__}: {error}"
        raise Key.FAILED(compare(visitor=click[0], body=click[1], error=shown)) from None


def _shards(probe: Probe, clicks: Sequence[Click], keys: Sequence[str]) -> list[str]:
    """Put the clicks into a stream of two shards; return to which each of them went."""
    stream, paired = own_stream(probe, 2), zip(clicks, keys, strict=True)
    records = [{"Data": text, "PartitionKey": key} for (_, text), key in paired]
    answer = probe.client("kinesis").put_records(StreamName=stream, Records=records)
    return [record["ShardId"] for record in answer["Records"]]


def _require_together(clicks: Sequence[Click], shards: Sequence[str]) -> None:
    """Require that each visitor's clicks are in one shard: only there do they stay in order."""
    paths = defaultdict(list)
    for (visitor, text), shard in zip(clicks, shards, strict=True):
        paths[visitor].append((shard, f"{shard}  {visitor} {text[7:23]}"))
    for path in paths.values():
        evidence = "\n".join(line for _, line in sorted(path))
        require(len({shard for shard, _ in path}) == 1, Key.SCATTERED, evidence)
