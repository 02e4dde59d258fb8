"""Exercise create: the function in the cloud, made of the package, a role and a handler setting."""

import json
import re
from difflib import get_close_matches
from typing import Any

from botocore.exceptions import ClientError

from helpers.checks.deployed import configuration, is_outdated, result_of
from helpers.checks.first_function.given import FUNCTIONS
from helpers.checks.inputs import any_name
from helpers.checks.probe import Probe
from helpers.clients import error_code
from helpers.exercises import Exercise, Incorrect, NotAttempted
from helpers.known import function_names

NAME = "greeter"
ROLE = "greeter-role"

NOT_THERE = "There is no function `greeter` in the cloud yet."
OTHER_NAME = """\
There is a function `{name}`, but it must be called `greeter`, letter by letter. Remove it with \
`lambda_.delete_function(FunctionName="{name}")`, and create `greeter`."""
NO_ROLE = """\
`greeter` is to run with the role `{role}`, but there is no such role: the function would not be \
allowed to do anything, not even to write its log. Give it the ARN of `greeter-role`, which is in \
`role_arn`."""
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


def check_create(probe: Probe) -> str:
    names = function_names(probe.client)
    if NAME not in names:
        raise _no_function(names)
    try:
        _see_function(probe)
    except Incorrect as error:
        words = f"{error}\n{AGAIN}"
        raise Incorrect(words, link=error.link, evidence=error.evidence) from None
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
    role = arn.rpartition("/")[2]
    evidence = f"Role: {arn}"
    try:
        probe.client("iam").get_role(RoleName=role)
    except ClientError as error:
        if error_code(error) != "NoSuchEntity":
            raise
        words = NO_ROLE.format(role=role)
        raise Incorrect(words, link="permission", evidence=evidence) from None
    if role != ROLE:
        raise Incorrect(OTHER_ROLE.format(role=role), link="permission", evidence=evidence)


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


def make_way(probe: Probe) -> None:
    """Remove a `greeter` that went wrong, as long as nothing has been built on it."""
    aws = probe.client("lambda")
    if NAME not in function_names(probe.client):
        return
    versions = aws.list_versions_by_function(FunctionName=NAME)["Versions"]
    if len(versions) == 1:  # $LATEST alone
        aws.delete_function(FunctionName=NAME)


CREATE = Exercise(
    "create",
    "Create the function",
    (
        "Everything is there: the package, the role, and the name of what Lambda has to call. One "
        "call puts them together.",
        "`lambda_.create_function` takes `FunctionName`, `Runtime`, `Role` (an ARN), `Handler` and "
        "`Code`. `Handler` is the handler's address: the file's name without `.py`, a dot, and the "
        "name of the function in it.",
        'The handler\'s address is `Handler="greeter.handler"`. The other arguments of '
        '`lambda_.create_function` are `FunctionName="greeter"`, `Runtime="python3.13"`, '
        '`Role=role_arn` and `Code={"ZipFile": package}`.',
    ),
    check_create,
    make_way,
)
