"""Exercise key: the partition key that keeps a visitor's clicks in order, and spreads visitors."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpers.checks.deadline import TookTooLong, within
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.labs.streams.clicks import DAMAGED, body, own_stream

VISITORS, CLICKS = 40, 8
LONGEST = 256  # letters of a key
Click = tuple[str, str]

NOT_THERE = "There is no function `partition_key` yet that returns a key."
NO_FUNCTION = "`partition_key` is no function any more: run the cell that defines it again."
RAISED = """\
`partition_key` stops with an error for this click. A key is needed for whatever the browser sent, \
also if it is damaged: a click that gets no key never reaches the stream."""
NOT_TEXT = "A partition key has to be a text, and `partition_key` returns something else."
EMPTY = "A partition key has to have at least one letter; `partition_key` returns an empty text."
TOO_LONG = "A partition key may have 256 letters at most, and `partition_key` returns {length}."
ONE_SHARD = """\
All clicks went into one shard, and the other one is empty: `partition_key` gives the same key to \
everybody. Order is kept, but however many shards you pay for, only one works."""
SCATTERED = """\
The clicks of one visitor were spread over both shards, and read shard by shard they are out of \
order. Give all clicks of a visitor the same key."""
FEW = """\
Each visitor's clicks stay in order, but {visitors} visitors had only {keys} different keys. A \
stream can't make use of more shards than there are keys: give each visitor a key of their own."""
DONE = """\
{visitors} visitors went over both shards, each visitor's clicks stayed together, and in order."""


def check(probe: Probe) -> str:
    key_of = _function(probe)
    clicks = _clicks()
    keys = [_key(key_of, click) for click in clicks]
    shards = _shards(probe, clicks, keys)
    ends = _where(shards)
    scattered = [visitor for visitor, there in ends.items() if len(there) > 1]
    if scattered:
        evidence = _as_read(shards, scattered[0])
        raise Incorrect(SCATTERED, link="partition key", evidence=evidence)
    used = [shard for shard, records in shards.items() if records]
    if len(used) == 1:
        raise Incorrect(ONE_SHARD, link="partition key", evidence=f"{used[0]}: {len(clicks)}")
    if len(set(keys)) < VISITORS / 2:
        words = FEW.format(visitors=VISITORS, keys=len(set(keys)))
        raise Incorrect(words, link="partition key", evidence=", ".join(sorted(set(keys))))
    _see_damaged(key_of)
    return DONE.format(visitors=VISITORS)


def _function(probe: Probe) -> Callable[[str, str], Any]:
    function = probe.namespace.get("partition_key")
    if function is None:
        raise NotAttempted(NOT_THERE)
    if not callable(function):
        raise Incorrect(NO_FUNCTION, link="code", evidence=f"partition_key = {function!r}")
    called: Callable[[str, str], Any] = function
    if _call(called, ("v001", body("assam"))) is None:
        raise NotAttempted(NOT_THERE)
    return called


def _clicks() -> list[Click]:
    """What visitors do, one after another and mixed; in each minute each visitor clicks once."""
    visitors = [f"v{number}" for number in random.sample(range(500, 900), VISITORS)]
    teas = random.sample(["assam", "mint", "sencha", "rooibos"] * 2, CLICKS)
    return [
        (visitor, body(tea, minute, random.choice(["view", "add"])))
        for minute, tea in enumerate(teas)
        for visitor in random.sample(visitors, VISITORS)
    ]


def _call(key_of: Callable[[str, str], Any], click: Click) -> Any:
    try:
        return within(5, lambda: key_of(*click))
    except TookTooLong as error:
        raise Incorrect(RAISED, link="code", evidence=str(error)) from None
    except Exception as error:  # noqa: BLE001 - it is the learner's code
        evidence = f"visitor  {click[0]}\nbody     {click[1]}\n{type(error).__name__}: {error}"
        raise Incorrect(RAISED, link="code", evidence=evidence) from None


def _key(key_of: Callable[[str, str], Any], click: Click) -> str:
    key = _call(key_of, click)
    if not isinstance(key, str):
        raise Incorrect(NOT_TEXT, link="partition key", evidence=repr(key)[:200])
    if not key:
        raise Incorrect(EMPTY, link="partition key")
    if len(key) > LONGEST:
        words = TOO_LONG.format(length=len(key))
        raise Incorrect(words, link="partition key", evidence=key[:200])
    return key


def _see_damaged(key_of: Callable[[str, str], Any]) -> None:
    for text in DAMAGED.values():
        _key(key_of, ("v001", text))


def _shards(probe: Probe, clicks: Sequence[Click], keys: Sequence[str]) -> dict[str, list[str]]:
    """Put the clicks into a stream of two shards, and read them: who and when, by shard."""
    aws, name = probe.client("kinesis"), own_stream(probe, 2)
    records = [
        {"Data": f"{visitor} {text[7:23]}", "PartitionKey": key}
        for (visitor, text), key in zip(clicks, keys, strict=True)
    ]
    aws.put_records(StreamName=name, Records=records)
    return {
        shard["ShardId"]: _read(aws, name, shard["ShardId"])
        for shard in aws.list_shards(StreamName=name)["Shards"]
    }


def _read(aws: Any, stream: str, shard: str) -> list[str]:
    bookmark = aws.get_shard_iterator(
        StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    found: list[str] = []
    while bookmark:  # a shard may answer with nothing although there is more
        answer = aws.get_records(ShardIterator=bookmark)
        found += [record["Data"].decode() for record in answer["Records"]]
        bookmark = answer["NextShardIterator"] if answer.get("MillisBehindLatest") else None
    return found


def _where(shards: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """In which shards each visitor's clicks are."""
    found: dict[str, set[str]] = defaultdict(set)
    for shard, records in shards.items():
        for record in records:
            found[record.split()[0]].add(shard)
    return found


def _as_read(shards: Mapping[str, Sequence[str]], visitor: str) -> str:
    return "\n".join(
        f"{shard}  {record}"
        for shard, records in shards.items()
        for record in records
        if record.split()[0] == visitor
    )
