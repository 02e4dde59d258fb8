"""The links of a schedule's chain: the rule, its expression, its target and its permission.

expression = require_rule(probe, "nightly-report", variable="nightly")
target = require_target(probe, "nightly-report", "report")
require_invited(probe, "nightly-report", "report")
let_fire(probe, "nightly-report", datetime(2028, 2, 29, 17, tzinfo=UTC))
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from helpers.aws import schedule_in_words
from helpers.aws.errors import error_code
from helpers.aws.schedule import due_times
from helpers.checks.diagnosis import Diagnosis, require
from helpers.checks.links.permission import require_permission
from helpers.cloud.clock import fire
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import CantCheck, Link, NotAttempted

EVENTBRIDGE = "events.amazonaws.com"
MOST_FIRINGS = 3000  # more than any exercise's rule has in the time that is looked at

NOT_YET = "There is no rule `{name}` yet."
CANT_FIRE = """\
Only the clock of the embedded cloud can let a rule fire at once. On other clouds, wait until it \
is due, and look at the effect."""

Target = Mapping[str, Any]


class Schedule(Diagnosis):
    NOT_STRING = Link.EVENT_SOURCE("`{variable}` has to be a string, between quotes.")
    NOT_SCHEDULE = Link.EVENT_SOURCE(schedule_in_words.NEITHER)
    NO_NUMBER = Link.EVENT_SOURCE(schedule_in_words.NO_NUMBER)
    PLURAL = Link.EVENT_SOURCE(schedule_in_words.PLURAL)
    SIX_FIELDS = Link.EVENT_SOURCE(schedule_in_words.SIX_FIELDS)
    TWO_DAYS = Link.EVENT_SOURCE(schedule_in_words.TWO_DAYS)
    BAD_FIELD = Link.EVENT_SOURCE(schedule_in_words.BAD_FIELD)
    UNREADABLE = Link.EVENT_SOURCE(schedule_in_words.UNREADABLE)
    NO_RULE = Link.EVENT_SOURCE("""
        AWS accepts the expression, but there is no rule `{name}`. Create it with `events.put_rule`,
        with `Name` and `ScheduleExpression`.""")
    OTHER_NAME = Link.EVENT_SOURCE("There is a rule `{other}`, but it must be called `{name}`.")
    DISABLED = Link.EVENT_SOURCE("""
        The rule `{name}` is disabled: it never fires. Enable it with `events.enable_rule`.""")
    EVENT_PATTERN = Link.EVENT_SOURCE("""
        The rule `{name}` has no schedule: it waits for events that match a pattern. Give it a
        `ScheduleExpression`.""")
    NO_TARGET = Link.EVENT_SOURCE("""
        The rule `{name}` fires but has no target, so nothing is invoked. Give it one with
        `events.put_targets`. (If AWS refused your target, its message names the reason.)""")
    OTHER_TARGET = Link.EVENT_SOURCE("""
        The rule `{name}` does not invoke the function `{function}`. Its target is below; give it
        the function's ARN.""")


def require_rule(probe: Probe, name: str, variable: str) -> str:
    """Return the expression of the rule, which exists and is enabled.

    `variable` is the learner's, which holds the expression: AWS may have refused it. Raises
    NotAttempted as long as there is neither.
    """
    try:
        rule = probe.client("events").describe_rule(Name=name)
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise _no_rule(probe, name, variable) from None
    require(rule["State"] != "DISABLED", Schedule.DISABLED, name=name)
    require(rule.get("ScheduleExpression"), Schedule.EVENT_PATTERN, name=name)
    return str(rule["ScheduleExpression"])


def require_target(probe: Probe, name: str, function: str) -> Target:
    """Return the rule's target that is this function."""
    targets: Sequence[Target] = probe.client("events").list_targets_by_rule(Rule=name)["Targets"]
    require(targets, Schedule.NO_TARGET, name=name)
    found = [target for target in targets if target["Arn"].endswith(f":function:{function}")]
    evidence = "\n".join(map(describe_target, targets))
    require(found, Schedule.OTHER_TARGET, evidence, name=name, function=function)
    return found[0]


def describe_target(target: Target) -> str:
    """Return the target, or a part of it, as JSON."""
    return json.dumps(dict(target), indent=1)


def require_invited(probe: Probe, name: str, function: str) -> None:
    """Raise what the function's policy lacks unless the rule may invoke it."""
    arn = probe.client("events").describe_rule(Name=name)["Arn"]
    require_permission(probe, function, EVENTBRIDGE, arn)


def firings(expression: str, after: datetime, until: datetime) -> Sequence[datetime]:
    """Return when a rule with this expression would fire between these times; UTC."""
    times = due_times(expression, since=after, after=after, until=until)
    return list(islice(times, MOST_FIRINGS))


def let_fire(probe: Probe, name: str, at: datetime) -> None:
    """Let the rule fire as if it were `at`; what it invokes has run when this returns."""
    if not fire(probe.engine, name, at):
        raise CantCheck(CANT_FIRE)


def _no_rule(probe: Probe, name: str, variable: str) -> Exception:
    """Return why there is no rule: its expression was refused, or it has another name."""
    given = probe.namespace.get(variable)
    if not given:
        return NotAttempted(NOT_YET.format(name=name))
    if not isinstance(given, str):
        return Schedule.NOT_STRING(repr(given)[:200], variable=variable)
    try:
        schedule_in_words.require_schedule(given)
    except schedule_in_words.InvalidSchedule as error:
        (refused,) = (each for each in Schedule if each.text == error.reason)
        return refused(given, **error.words)
    for rule in probe.client("events").list_rules()["Rules"]:
        is_same = rule.get("ScheduleExpression") == given
        if is_same and _plain(rule["Name"]) == _plain(name):
            return Schedule.OTHER_NAME(given, other=rule["Name"], name=name)
    return Schedule.NO_RULE(given, name=name)


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
