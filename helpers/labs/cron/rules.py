"""The links of a schedule's chain: the rule, its target, the permission; and to let it fire."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.aws.schedule import due_times
from helpers.aws.schedule_in_words import NoSchedule, check
from helpers.checks.links.permission import see_permission
from helpers.cloud.clock import fire
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import CantCheck, Incorrect, NotAttempted

EVENTBRIDGE = "events.amazonaws.com"
MOST_RUNS = 3000  # more than any exercise's rule has in the time that is looked at

NOT_YET = "There is no rule `{name}` yet."
NO_RULE = """\
The expression is one that AWS takes, but there is no rule `{name}`. Make it with \
`events.put_rule`, with `Name` and `ScheduleExpression`."""
OTHER_NAME = "There is a rule `{other}`, but it must be called `{name}`."
NOT_TEXT = "`{variable}` has to be a text, between quotes."
DISABLED = """\
The rule `{name}` is disabled: it never fires. Enable it with `events.enable_rule`."""
NO_SCHEDULE = "The rule `{name}` has no schedule: it waits for events that match a pattern."
NO_TARGET = """\
The rule `{name}` fires, and calls nobody: it has no target. Give it one with \
`events.put_targets`. (If AWS refused your target, its message names the reason.)"""
OTHER_TARGET = """\
The rule `{name}` does not call the function `{function}`. Its target is below; give it the \
function's ARN."""
CANT_FIRE = """\
Only the clock of the embedded cloud can let a rule fire at once. On other clouds, wait until it \
is due, and look at the effect."""

Target = Mapping[str, Any]


def see_rule(probe: Probe, name: str, variable: str) -> str:
    """The expression of the rule, which is there and enabled.

    `variable` is the learner's, with the expression: AWS may have refused it.
    """
    try:
        rule = probe.client("events").describe_rule(Name=name)
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise _without_rule(probe, name, variable) from None
    if rule["State"] == "DISABLED":
        raise Incorrect(DISABLED.format(name=name), link="event source")
    if not rule.get("ScheduleExpression"):
        raise Incorrect(NO_SCHEDULE.format(name=name), link="event source")
    return str(rule["ScheduleExpression"])


def _without_rule(probe: Probe, name: str, variable: str) -> Exception:
    """Why the rule is not there: was its expression refused, or does it have another name?"""
    given = probe.namespace.get(variable)
    if not given:
        return NotAttempted(NOT_YET.format(name=name))
    if not isinstance(given, str):
        words = NOT_TEXT.format(variable=variable)
        return Incorrect(words, link="event source", evidence=repr(given)[:200])
    try:
        check(given)
    except NoSchedule as error:
        return Incorrect(str(error), link="event source", evidence=given)
    return Incorrect(_not_made(probe, name, given), link="event source", evidence=given)


def _not_made(probe: Probe, name: str, expression: str) -> str:
    for rule in probe.client("events").list_rules()["Rules"]:
        if rule.get("ScheduleExpression") == expression and _alike(rule["Name"], name):
            return OTHER_NAME.format(other=rule["Name"], name=name)
    return NO_RULE.format(name=name)


def _alike(one: str, other: str) -> bool:
    plain = [name.lower().replace("_", "").replace("-", "") for name in (one, other)]
    return plain[0] == plain[1]


def runs(expression: str, after: datetime, until: datetime) -> Sequence[datetime]:
    """When the rule would fire between these times; UTC."""
    times = due_times(expression, since=after, after=after, until=until)
    return list(islice(times, MOST_RUNS))


def see_target(probe: Probe, name: str, function: str) -> Target:
    """The rule's target that is this function."""
    targets: Sequence[Target] = probe.client("events").list_targets_by_rule(Rule=name)["Targets"]
    if not targets:
        raise Incorrect(NO_TARGET.format(name=name), link="target")
    for target in targets:
        if target["Arn"].endswith(f":function:{function}"):
            return target
    words = OTHER_TARGET.format(name=name, function=function)
    raise Incorrect(words, link="target", evidence="\n".join(map(_shown, targets)))


def _shown(target: Target) -> str:
    return json.dumps(dict(target), indent=1)


def see_invited(probe: Probe, name: str, function: str) -> None:
    """The function lets the rule invoke it."""
    arn = probe.client("events").describe_rule(Name=name)["Arn"]
    see_permission(probe, function, EVENTBRIDGE, arn)


def let_fire(probe: Probe, name: str, at: datetime) -> None:
    """Let the rule fire as if it were `at`; what it calls has run when this returns."""
    if not fire(probe.engine, name, at):
        raise CantCheck(CANT_FIRE)
