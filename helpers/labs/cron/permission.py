"""Exercise permission: the function lets the rule invoke it, and the whole chain works."""

import json
from contextlib import suppress

from helpers.aws.iam.resource_policy import ACCOUNT, SOURCE, condition_values
from helpers.checks import Diagnosis, Link, NotAttempted, Probe, require
from helpers.checks.function import configuration
from helpers.checks.links.permission import describe_policy, read_policy
from helpers.checks.links.schedule import let_fire, require_invited, require_rule, require_target
from helpers.checks.logs import Runs
from helpers.labs.cron.shop import FUNCTION, ONE_DAY, RULE, VARIABLE, Shop, at_one, some_day

NOT_YET = "Nobody may invoke `report` yet: it has no policy of its own."
DONE = "The rule fires, names the function, may invoke it, and the function runs."


class Permission(Diagnosis):
    IN_ROLE = Link.PERMISSION("""
        You have given the permission to the function's *role*. That says what the function may do
        itself: invoke others. Who may invoke `report` is written in the function's own policy:
        `lambda_.add_permission`.""")
    WITH_INPUT = Link.EVENT_SOURCE("""
        The rule sends its target a constant `Input` in the place of the event, and the time is lost
        with it. Put the target again, with `Id` and `Arn` alone.""")
    OPEN = Link.PERMISSION("""
        The rule may invoke `report`, and so may every rule of every account that knows the
        function's name. Say on behalf of which rule: `SourceArn=rule_arn`.""")
    DID_NOT_RUN = Link.FUNCTION("""
        Rule, target and permission are there, and the rule was fired, but `report` has not run.""")


def check(probe: Probe) -> str:
    configuration(probe, FUNCTION)  # says so if there is no function at all
    policy = read_policy(probe, FUNCTION)
    if not policy:
        raise _nobody_may(probe)
    require_rule(probe, RULE, VARIABLE)
    target = require_target(probe, RULE, FUNCTION)
    require("Input" not in target, Permission.WITH_INPUT, target.get("Input", ""))
    require_invited(probe, RULE, FUNCTION)
    sources = [condition_values(one, key) for one in policy for key in (SOURCE, ACCOUNT)]
    require(any(sources), Permission.OPEN, describe_policy(policy))
    _require_run(probe)
    return DONE


def _nobody_may(probe: Probe) -> Exception:
    """Return where the permission was given instead, if anywhere."""
    iam, role = probe.client("iam"), f"{FUNCTION}-role"
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        require("lambda:" not in json.dumps(policy), Permission.IN_ROLE, json.dumps(policy))
    return NotAttempted(NOT_YET)


def _require_run(probe: Probe) -> None:
    shop, runs, day = Shop(probe), Runs(probe, FUNCTION), some_day()
    shop.set_books(0, day - 2 * ONE_DAY)
    let_fire(probe, RULE, at_one(day))
    require(runs.new(), Permission.DID_NOT_RUN)


def undo_wrong_answer(probe: Probe) -> None:
    """Free the statement id of the worked answer."""
    lambda_ = probe.client("lambda")
    with suppress(lambda_.exceptions.ResourceNotFoundException):
        lambda_.remove_permission(FunctionName=FUNCTION, StatementId="from-nightly")
