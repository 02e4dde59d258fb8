"""Exercise create: the function in the cloud, made of the package, a role and a handler setting."""

import json
import re
from difflib import get_close_matches
from typing import Any

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.aws.iam.resource_policy import Call, is_allowed, statements
from helpers.checks.deployed import configuration, is_outdated, result_of
from helpers.checks.inputs import any_name
from helpers.checks.runs import Runs
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.lookup import function_names
from helpers.labs.first_function.given import FUNCTIONS

NAME = "greeter"
ROLE = "greeter-role"
TAKE_ON = Call("lambda.amazonaws.com", action="sts:AssumeRole")

NOT_THERE = """\
There is no function `greeter` in the cloud yet. (If AWS refused your call, the last line of the \
error says why.)"""
OTHER_NAME = """\
There is a function `{name}`, but it must be called `greeter`, letter by letter. Remove it with \
`lambda_.delete_function(FunctionName="{name}")`, and create `greeter`."""
NO_ROLE = """\
`greeter` is to run with the role `{role}`, but there is no such role: Lambda can't take it on, so \
the function can't run. Give it the ARN of `greeter-role`, which is in `role_arn`."""
OTHER_ARN = """\
`role_arn` is not the ARN of the role `greeter-role`, so AWS finds no role there, and creates no \
function with it. Both are below. Take it from IAM: \
`role_arn = iam.get_role(RoleName="greeter-role")["Role"]["Arn"]`."""
NO_TRUST = """\
Lambda may not take on the role `greeter-role`, so no function can run with it: the role's trust \
policy, below, does not allow `sts:AssumeRole` to `lambda.amazonaws.com`. Replace it: \
`iam.update_assume_role_policy(RoleName="greeter-role", \
PolicyDocument=json.dumps(trust_lambda))`."""
NO_LOG = """\
`greeter` answers, but has written no log: its role does not allow that. Attach the policy \
`AWSLambdaBasicExecutionRole` to `greeter-role`, with the cell before this exercise."""
OTHER_ROLE = """\
`greeter` runs with the role `{role}`. The one that was made for it is `greeter-role`: it allows \
what is needed and no more. Its ARN is in `role_arn`."""
OLD_CODE = """\
The function does not run what `first_function/greeter.py` holds now: the file has changed since \
the package was made. Make the package again, and upload that."""
WRONG_ANSWER = """\
The function runs, but does not answer as it should. Correct the file, for which \
`lab.check("handler")` helps; then make the package again, and upload that."""
AGAIN = """\
Before you create it again, remove it: `lambda_.delete_function(FunctionName="greeter")`"""
DONE = "`greeter` is in the cloud and greets whoever calls it."


def check(probe: Probe) -> str:
    names = function_names(probe.client)
    if NAME not in names:
        raise _no_usable_role(probe) or _no_function(names)
    runs = Runs(probe, NAME)
    try:
        _see_function(probe)
    except Incorrect as error:
        words = f"{error}\n{AGAIN}"
        raise Incorrect(words, link=error.link, evidence=error.evidence) from None
    if not runs.new():
        raise Incorrect(NO_LOG, link="role")
    return DONE


def _see_function(probe: Probe) -> None:
    settings = configuration(probe, NAME)
    _see_role(probe, settings["Role"])
    try:
        for event in ({"name": any_name()}, {"name": any_name()}, {}):
            _see_answer(probe, event)
    except Incorrect as error:
        if is_outdated(probe, NAME):
            raise Incorrect(OLD_CODE, link="package", evidence=error.evidence) from None
        raise


def _no_function(names: list[str]) -> Exception:
    own = {name.lower(): name for name in names if name not in FUNCTIONS}
    if not own:
        return NotAttempted(NOT_THERE)
    nearest = (get_close_matches(NAME, own, n=1) or sorted(own))[0]
    return Incorrect(OTHER_NAME.format(name=own[nearest]), link="function")


def _see_role(probe: Probe, arn: str) -> None:
    name, evidence = arn.rpartition("/")[2], f"Role: {arn}"
    role = _find_role(probe, name)
    if role is None:
        raise Incorrect(NO_ROLE.format(role=name), link="role", evidence=evidence)
    if name != ROLE:
        raise Incorrect(OTHER_ROLE.format(role=name), link="role", evidence=evidence)
    if distrust := _distrust(role):
        raise distrust


def _no_usable_role(probe: Probe) -> Incorrect | None:
    """Why AWS refuses to create a function with the role of the sheet; None if it does not."""
    role, given = _find_role(probe, ROLE), probe.namespace.get("role_arn")
    if role is None or given is None:  # the cells before the exercise have not run
        return None
    if given != role["Arn"]:
        evidence = f"role_arn      {given}\ngreeter-role  {role['Arn']}"
        return Incorrect(OTHER_ARN, link="role", evidence=evidence)
    return _distrust(role)


def _find_role(probe: Probe, name: str) -> dict[str, Any] | None:
    try:
        return dict(probe.client("iam").get_role(RoleName=name)["Role"])
    except ClientError as error:
        if error_code(error) != "NoSuchEntity":
            raise
        return None


def _distrust(role: dict[str, Any]) -> Incorrect | None:
    """What to say if the role's trust policy does not let Lambda take it on."""
    trust = role["AssumeRolePolicyDocument"]
    if is_allowed(statements(trust), TAKE_ON):
        return None
    return Incorrect(NO_TRUST, link="role", evidence=json.dumps(trust, indent=2))


def _see_answer(probe: Probe, event: dict[str, str]) -> None:
    result, name = result_of(probe, NAME, event), event.get("name", "stranger")
    if is_greeting(result, name):
        return
    wanted = json.dumps({"message": f"Hello, {name}!"})
    returned = json.dumps(result, ensure_ascii=False)
    shown = f"event     {json.dumps(event)}\nreturned  {returned}\nshould be {wanted}"
    raise Incorrect(WRONG_ANSWER, link="code", evidence=shown)


def is_greeting(result: Any, name: str) -> bool:
    """Whether it greets that name, as `greeter` does in the beginning and in the lab's course."""
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
