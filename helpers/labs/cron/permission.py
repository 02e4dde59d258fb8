"""Exercise permission: the function lets the rule in, and the whole chain works."""

import json
from contextlib import suppress

from helpers.aws.iam.resource_policy import ACCOUNT, SOURCE, condition_values, in_words
from helpers.checks.function import configuration
from helpers.checks.links.permission import read_policy
from helpers.checks.logs import Runs
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.labs.cron.rules import let_fire, see_invited, see_rule, see_target
from helpers.labs.cron.shop import FUNCTION, ONE_DAY, Shop, at_one, some_day

RULE, VARIABLE = "nightly-report", "nightly"

NOT_YET = "Nobody may invoke `report` yet: it has no policy of its own."
IN_ROLE = """\
You have given the permission to the function's *role*. That says what the function may do itself: \
invoke others. Who may invoke `report` is written at the function: `lambda_.add_permission`."""
WITH_INPUT = """\
The rule sends its target a constant `Input` in the place of the event, and the time is lost with \
it. Put the target again, with `Id` and `Arn` alone."""
OPEN = """\
The rule is let in, and with it every rule of every account that knows the function's name. Say on \
behalf of which rule: `SourceArn=rule_arn`."""
DID_NOT_RUN = """\
Rule, target and permission are there, and the rule was fired, but `report` has not run."""
DONE = "The rule fires, names the function, is let in, and the function runs."


def check(probe: Probe) -> str:
    configuration(probe, FUNCTION)  # says so if there is no function at all
    if not read_policy(probe, FUNCTION):
        raise _nobody_may(probe)
    see_rule(probe, RULE, VARIABLE)
    target = see_target(probe, RULE, FUNCTION)
    if "Input" in target:
        raise Incorrect(WITH_INPUT, link="target", evidence=target["Input"])
    see_invited(probe, RULE, FUNCTION)
    _see_closed(probe)
    _see_run(probe)
    return DONE


def _nobody_may(probe: Probe) -> Exception:
    iam, role = probe.client("iam"), f"{FUNCTION}-role"
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        if "lambda:" in json.dumps(policy):
            return Incorrect(IN_ROLE, link="permission", evidence=json.dumps(policy))
    return NotAttempted(NOT_YET)


def _see_closed(probe: Probe) -> None:
    policy = read_policy(probe, FUNCTION)
    if not any(
        condition_values(each, SOURCE) or condition_values(each, ACCOUNT) for each in policy
    ):
        evidence = "\n".join(in_words(statement) for statement in policy)
        raise Incorrect(OPEN, link="permission", evidence=evidence)


def _see_run(probe: Probe) -> None:
    shop, runs, day = Shop(probe), Runs(probe, FUNCTION), some_day()
    shop.set_books(0, day - 2 * ONE_DAY)
    let_fire(probe, RULE, at_one(day))
    if not runs.new():
        raise Incorrect(DID_NOT_RUN, link="function")


def undo_wrong_answer(probe: Probe) -> None:
    """The worked answer's statement id must be free; nobody may have taken it yet."""
    lambda_ = probe.client("lambda")
    with suppress(lambda_.exceptions.ResourceNotFoundException):
        lambda_.remove_permission(FunctionName=FUNCTION, StatementId="from-nightly")
