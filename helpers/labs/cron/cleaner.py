"""Exercise cleaner: a rate, and an input made of the event's time and a constant."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.checks.links.schedule import (
    Target,
    describe_target,
    firings,
    let_fire,
    require_invited,
    require_rule,
    require_target,
)
from helpers.checks.logs import Runs, printed
from helpers.checks.tables import all_rows, keep_rows, put_row
from helpers.labs.cron.shop import at_one, some_day

RULE, VARIABLE, FUNCTION, TABLE = "cart-cleaner", "twice_a_day", "cleaner", "carts"
APART = timedelta(hours=12)
AGES = {"fresh": (1, 30, 47), "stale": (49, 80)}  # hours

DONE = "Twice a day, stale carts go and the others stay, by the time at which the run was due."


class Cleaner(Diagnosis):
    OTHER_PACE = Link.EVENT_SOURCE("""
        This rule fires {count} times in eight days, but it has to fire every 12 hours.""")
    CONSTANT = Link.EVENT_SOURCE("""
        The target has a constant `Input`. It takes the place of the whole event, and is the same at
        each run: a time that is written into it stands still. Use an `InputTransformer`
        instead.""")
    WHOLE_EVENT = Link.EVENT_SOURCE("""
        The target sends the whole event, in which the cleaner finds neither `now` nor `days`. Give
        it an `InputTransformer`.""")
    DID_NOT_RUN = Link.EVENT_SOURCE("""
        The rule was fired, but the cleaner has not run: what the template makes is not JSON. Names
        stand in double quotes, and a value from the event in angle brackets: `"now": <now>`.""")
    FAILED = Link.EVENT_SOURCE("""
        The rule was fired, and the cleaner stopped with an error. What it was sent is made of the
        template below: compare it with what the handler reads.""")
    ALL_GONE = Link.EFFECT("""
        The cleaner also removed carts that had been touched shortly before the run was due. Is
        `now` the time of the event, `$.time`, and `days` 2?""")
    NONE_GONE = Link.EFFECT("""
        The cleaner left carts that had not been touched for more than two days when the run was
        due. Is `now` the time of the event, `$.time`, and `days` 2?""")


def check(probe: Probe) -> str:
    _require_pace(require_rule(probe, RULE, VARIABLE))
    target = require_target(probe, RULE, FUNCTION)
    require("Input" not in target, Cleaner.CONSTANT, target.get("Input", ""))
    require("InputTransformer" in target, Cleaner.WHOLE_EVENT, describe_target(target))
    require_invited(probe, RULE, FUNCTION)
    keep_rows(probe, TABLE)
    for _ in range(2):
        _require_clean(probe, at_one(some_day()), target)
    return DONE


def _require_pace(expression: str) -> None:
    begin = datetime(2027, 1, 1, tzinfo=UTC)
    fired = firings(expression, begin, begin + timedelta(days=8))
    gaps = {later - earlier for earlier, later in pairwise(fired)}
    require(gaps == {APART}, Cleaner.OTHER_PACE, expression, count=len(fired))


def _require_clean(probe: Probe, now: datetime, target: Target) -> None:
    put = {kind: {_put(probe, now, hours) for hours in ages} for kind, ages in AGES.items()}
    runs = Runs(probe, FUNCTION)
    let_fire(probe, RULE, now)
    left = {item["cart"] for item in all_rows(probe, TABLE)}
    if left >= put["fresh"] and not left & put["stale"]:
        return
    new, template = runs.new(), describe_target(target["InputTransformer"])
    said = printed(new)
    require(new, Cleaner.DID_NOT_RUN, template)
    require("[ERROR]" not in said, Cleaner.FAILED, f"{said.strip()[-400:]}\n{template}")
    raise (Cleaner.NONE_GONE if left >= put["fresh"] else Cleaner.ALL_GONE)(template)


def _put(probe: Probe, now: datetime, hours: int) -> str:
    """Put a cart that was touched so many hours ago; return its name."""
    name = probe.unique("cart")
    touched = (now - timedelta(hours=hours)).isoformat()
    put_row(probe, TABLE, ("cart",), cart=name, touched=touched, product="assam", quantity=1)
    return name
