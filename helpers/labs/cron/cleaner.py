"""Exercise cleaner: a rate, and an input made of the event's time and a constant."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from helpers.checks.logs import Runs, printed
from helpers.checks.tables import put_row, rows
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.cron.rules import Target, let_fire, runs, see_invited, see_rule, see_target
from helpers.labs.cron.shop import at_one, some_day

RULE, VARIABLE, FUNCTION, TABLE = "cart-cleaner", "twice_a_day", "cleaner", "carts"
APART = timedelta(hours=12)
AGES = {"fresh": (1, 30, 47), "stale": (49, 80)}  # hours

OTHER_PACE = "This rule fires {pace}, and every 12 hours is asked for."
CONSTANT = """\
The target has a constant `Input`. It takes the place of the whole event, and is the same at each \
run: a time that is written into it stands still. Use an `InputTransformer` instead."""
WHOLE_EVENT = """\
The target sends the whole event, in which the cleaner finds neither `now` nor `days`. Give it an \
`InputTransformer`."""
FAILED = """\
The rule was fired, and the cleaner stopped with an error. What it was sent is made of the \
template below: compare it with what the handler reads."""
DID_NOT_RUN = """\
The rule was fired, and the cleaner has not run. What the template makes may not be JSON, or be \
empty: a value's name in angle brackets stands without quotes."""
ALL_GONE = """\
The cleaner also removed carts that had been touched shortly before the run was due. Is `now` the \
time of the event, `$.time`, and `days` 2?"""
NONE_GONE = """\
The cleaner left carts that had not been touched for more than two days when the run was due. Is \
`now` the time of the event, `$.time`, and `days` 2?"""
DONE = "Twice a day, stale carts go and the others stay, by the time at which the run was due."


def check(probe: Probe) -> str:
    expression = see_rule(probe, RULE, VARIABLE)
    _see_pace(expression)
    target = see_target(probe, RULE, FUNCTION)
    if "Input" in target:
        raise Incorrect(CONSTANT, link="target", evidence=target["Input"])
    if "InputTransformer" not in target:
        raise Incorrect(WHOLE_EVENT, link="target", evidence=_shown(target))
    see_invited(probe, RULE, FUNCTION)
    _keep_carts(probe)
    for _ in range(2):
        _see_cleaned(probe, at_one(some_day()), target)
    return DONE


def _see_pace(expression: str) -> None:
    begin = datetime(2027, 1, 1, tzinfo=UTC)
    fired = runs(expression, begin, begin + timedelta(days=8))
    gaps = {later - earlier for earlier, later in pairwise(fired)}
    if gaps != {APART}:
        pace = f"{len(fired)} times in eight days" if fired else "never in eight days"
        words = OTHER_PACE.format(pace=pace)
        raise Incorrect(words, link="event source", evidence=expression)


def _keep_carts(probe: Probe) -> None:
    """Whatever a run removes of the learner's carts is put back."""
    dynamodb = probe.client("dynamodb")
    rows(probe, TABLE)  # says so if there is no table
    for item in dynamodb.scan(TableName=TABLE)["Items"]:
        probe.afterwards(dynamodb.put_item, TableName=TABLE, Item=item)


def _see_cleaned(probe: Probe, now: datetime, target: Target) -> None:
    put = {kind: [_put(probe, now, hours) for hours in ages] for kind, ages in AGES.items()}
    cleaned = Runs(probe, FUNCTION)
    let_fire(probe, RULE, now)
    left = {item["cart"] for item in rows(probe, TABLE)}
    if left >= set(put["fresh"]) and not left & set(put["stale"]):
        return
    _see_run(cleaned, target)
    words = NONE_GONE if left >= set(put["fresh"]) else ALL_GONE
    raise Incorrect(words, link="effect", evidence=_shown(target["InputTransformer"]))


def _put(probe: Probe, now: datetime, hours: int) -> str:
    name = probe.unique("cart")
    touched = (now - timedelta(hours=hours)).isoformat()
    put_row(probe, TABLE, ("cart",), cart=name, touched=touched, product="assam", quantity=1)
    return name


def _see_run(cleaned: Runs, target: Target) -> None:
    """Raises Incorrect if the cleaner did not run, or failed."""
    new: Sequence[Any] = cleaned.new()
    template = _shown(target["InputTransformer"])
    if not new:
        raise Incorrect(DID_NOT_RUN, link="target", evidence=template)
    if "[ERROR]" in printed(new):
        evidence = f"{printed(new).strip()[-400:]}\n{template}"
        raise Incorrect(FAILED, link="target", evidence=evidence)


def _shown(target: Any) -> str:
    return json.dumps(dict(target), indent=1)
