"""Exercise create: the function in the cloud, made of the package, a role and a handler setting."""

import json
import re
from difflib import get_close_matches
from typing import Any

from botocore.exceptions import ClientError

from helpers.aws.errors import is_missing
from helpers.aws.iam.resource_policy import Call, is_allowed, statements
from helpers.checks import Diagnosis, Incorrect, Link, NotAttempted, Probe, compare, require
from helpers.checks.code import submission
from helpers.checks.function import configuration, result_of
from helpers.checks.logs import Runs
from helpers.checks.random_inputs import any_name
from helpers.functions.lookup import function_names
from helpers.labs.first_function.limits import GIVEN

NAME, FILE, ROLE = "greeter", "greeter.py", "greeter-role"
TAKE_ON = Call("lambda.amazonaws.com", action="sts:AssumeRole")

NOT_THERE = """\
There is no function `greeter` in the cloud yet. (If AWS refused your call, the last line of the \
error says why.)"""
AGAIN = 'Before you create it again, remove it: `lambda_.delete_function(FunctionName="greeter")`'
DONE = "`greeter` is in the cloud and greets whoever calls it."


class Create(Diagnosis):
    OTHER_NAME = Link.FUNCTION("""
        There is a function `{name}`, but it must be called `greeter`, letter by letter. Remove it
        with `lambda_.delete_function(FunctionName="{name}")`, and create `greeter`.""")
    NO_ROLE = Link.ROLE("""
        `greeter` is to run with the role `{role}`, but there is no such role: Lambda can't assume
        it, so the function can't run. Give it the ARN of `greeter-role`, which is in
        `role_arn`.""")
    OTHER_ARN = Link.ROLE("""
        `role_arn` is not the ARN of the role `greeter-role`, so AWS finds no role there, and
        creates no function with it. Both are below. Take it from IAM:
        `role_arn = iam.get_role(RoleName="greeter-role")["Role"]["Arn"]`.""")
    OTHER_ROLE = Link.ROLE("""
        `greeter` runs with the role `{role}`. The one that was made for it is `greeter-role`: it
        allows what is needed and no more. Its ARN is in `role_arn`.""")
    NO_TRUST = Link.ROLE("""
        Lambda can't assume the role `greeter-role`, so no function can run with it: the role's
        trust policy, below, does not allow `sts:AssumeRole` to `lambda.amazonaws.com`. Replace it:
        `iam.update_assume_role_policy(RoleName="greeter-role",
        PolicyDocument=json.dumps(trust_lambda))`.""")
    NO_LOG = Link.ROLE("""
        `greeter` answers, but has written no log: its role does not allow that. Attach the policy
        `AWSLambdaBasicExecutionRole` to `greeter-role`, with the cell before this exercise.""")
    WRONG_ANSWER = Link.RESULT("""
        The function runs, but does not answer as it should. Correct the file, for which
        `lab.check("handler")` helps; then make the package again, and upload that.""")


def check(probe: Probe) -> str:
    names = function_names(probe.client)
    if NAME not in names:
        _require_usable_role(probe)
        raise _no_function(names)
    runs = Runs(probe, NAME)
    try:
        with submission(probe, NAME, FILE):
            _require_function(probe)
    except Incorrect as error:
        words = f"{error} {AGAIN}"
        raise Incorrect(words, link=error.link, evidence=error.evidence, id=error.id) from None
    require(runs.new(), Create.NO_LOG)
    return DONE


def _require_function(probe: Probe) -> None:
    arn = configuration(probe, NAME)["Role"]
    name, evidence = arn.rpartition("/")[2], f"Role: {arn}"
    role = _find_role(probe, name)
    require(role, Create.NO_ROLE, evidence, role=name)
    require(name == ROLE, Create.OTHER_ROLE, evidence, role=name)
    _require_trust(role)
    for event in ({"name": any_name()}, {"name": any_name()}, {}):
        result, name = result_of(probe, NAME, event), event.get("name", "stranger")
        wanted = {"message": f"Hello, {name}!"}
        evidence = compare(event=event, returned=result, should_be=wanted)
        require(is_greeting(result, name), Create.WRONG_ANSWER, evidence)


def _require_usable_role(probe: Probe) -> None:
    """Say why AWS refuses to create a function with the role of the sheet, where it does."""
    role, given = _find_role(probe, ROLE), probe.namespace.get("role_arn")
    if not role or given is None:  # the cells before the exercise have not run
        return
    require(given == role["Arn"], Create.OTHER_ARN, compare(role_arn=given, needed=role["Arn"]))
    _require_trust(role)


def _find_role(probe: Probe, name: str) -> dict[str, Any]:
    """Return the role, empty if there is none."""
    try:
        return dict(probe.client("iam").get_role(RoleName=name)["Role"])
    except ClientError as error:
        if not is_missing(error):
            raise
        return {}


def _require_trust(role: dict[str, Any]) -> None:
    trust = role["AssumeRolePolicyDocument"]
    evidence = json.dumps(trust, indent=2)
    require(is_allowed(statements(trust), TAKE_ON), Create.NO_TRUST, evidence)


def _no_function(names: list[str]) -> Exception:
    own = {name.lower(): name for name in names if name not in GIVEN}
    if not own:
        return NotAttempted(NOT_THERE)
    nearest = (get_close_matches(NAME, own, n=1) or sorted(own))[0]
    return Create.OTHER_NAME(name=own[nearest])


def is_greeting(result: Any, name: str) -> bool:
    """Return whether it greets that name, as `greeter` does in the lab's course."""
    message = result.get("message") if isinstance(result, dict) else None
    return isinstance(message, str) and bool(re.match(rf"\w+, {re.escape(name)}!", message))


def undo_wrong_answer(probe: Probe) -> None:
    """Remove a `greeter` that went wrong, as long as nothing has been built on it."""
    aws = probe.client("lambda")
    if NAME not in function_names(probe.client):
        return
    versions = aws.list_versions_by_function(FunctionName=NAME)["Versions"]
    if len(versions) == 1:  # $LATEST alone
        aws.delete_function(FunctionName=NAME)
