"""Lab 01's checks, where a sheet can't show it; the proofs try wrong and right answers there."""

import json

import pytest

from helpers.exercises.exercise import find_exercise
from helpers.exercises.verdict import Outcome
from helpers.functions.deploy import TRUST_LAMBDA
from tests.checks.desk import Shop
from tests.labs.first_function.wrong_answers import GIVEN_RECEIPT, worked

GREETER = worked.answer("handler")[0].partition("\n")[2]
GOODBYE = 'def handler(event, context):\n    return {"message": "Goodbye!"}\n'
RECEIPT, FIXED = (cell.partition("\n")[2] for cell in (GIVEN_RECEIPT, worked.answer("fix")[0]))
SLEEP = 'import time\ndef handler(event, context):\n    time.sleep(event["seconds"])\n'


@pytest.fixture
def shop(client, tmp_path):
    return Shop(client, tmp_path)


@pytest.fixture
def rolled_out(shop):
    """`greeter` with a good version and a bad one, and `live` on the bad."""
    shop.create("greeter", GREETER)
    shop.aws.publish_version(FunctionName="greeter")
    shop.upload("greeter", GOODBYE)
    shop.aws.publish_version(FunctionName="greeter")
    shop.aws.create_alias(FunctionName="greeter", Name="live", FunctionVersion="2")
    return shop


def test_without_a_file_nothing_was_attempted(shop):
    assert shop.check("handler").outcome is Outcome.NOT_ATTEMPTED


@pytest.mark.parametrize("code", ["", "   \n", "def handler(", "handler = 3\n", "\0", "🙂 = 1"])
def test_whatever_the_file_holds_there_is_a_verdict(shop, code):
    shop.write("greeter.py", code)
    assert shop.check("handler").outcome is Outcome.INCORRECT


def test_a_function_that_knows_one_name_by_heart_is_found_out(shop):
    code = 'def handler(event, context):\n    return {"message": "Hello, Ada!"}\n'
    shop.create("greeter", code, Role=shop.role())
    assert shop.check("create").diagnosis == "create.wrong-answer"


def test_a_function_that_never_answers_is_given_up(shop):
    loop = "def handler(event, context):\n    while True: pass\n"
    shop.create("greeter", loop, Role=shop.role(), Timeout=1)
    assert shop.check("create").diagnosis == "function.timed-out"


def test_a_role_without_trust_explains_why_there_is_no_function(shop):
    arn, iam = shop.role(), shop.client("iam")

    def trust(service: str) -> None:
        policy = json.dumps(TRUST_LAMBDA).replace("lambda.amazonaws.com", service)
        iam.update_assume_role_policy(RoleName="greeter-role", PolicyDocument=policy)

    trust("ec2.amazonaws.com")
    assert shop.check("create").outcome is Outcome.NOT_ATTEMPTED  # the sheet's cells have not run
    shop.namespace["role_arn"] = arn
    verdict = shop.check("create")
    assert verdict.diagnosis == "create.no-trust"
    assert "ec2.amazonaws.com" in verdict.evidence
    trust("lambda.amazonaws.com")
    assert shop.check("create").outcome is Outcome.NOT_ATTEMPTED


WRONG_FIXES = {
    "result: fix.other-receipt": FIXED.replace("total / pieces", "3"),
    "code: fix.fails": FIXED.replace("total / pieces", "totla / pieces"),
    "code: function.syntax": FIXED.replace("(event, context):", "(event, context)"),
    "package: function.no-module": "import numpy\n" + FIXED,
    "configuration: function.no-handler": FIXED.replace("def handler", "def handle"),
}


@pytest.mark.parametrize("says", WRONG_FIXES)
def test_a_file_that_was_corrected_after_its_upload_is_to_be_uploaded_again(shop, says):
    shop.create("receipt", WRONG_FIXES[says])
    verdict = shop.check("fix")
    assert f"{verdict.link}: {verdict.diagnosis}" == says
    shop.write("receipt.py", FIXED)
    assert shop.check("fix").diagnosis == "code.not-deployed"


def test_a_file_that_changed_or_went_after_a_right_upload_does_no_harm(shop):
    shop.create("receipt", FIXED)
    shop.write("receipt.py", "def handler(")
    assert shop.check("fix").correct
    (shop.folder / "receipt.py").unlink()
    assert shop.check("fix").correct


def test_work_that_is_only_claimed_is_found_out(shop):
    claim = 'def handler(event, context):\n    return {"held": event["megabytes"], "slept": 1.5}\n'
    shop.create("resize_plan", claim, MemorySize=256)
    assert shop.check("memory").diagnosis == "limits.less-work"


def test_an_alias_on_a_version_that_was_never_good_is_told(shop):
    shop.create("greeter", GOODBYE)
    for _ in range(2):
        shop.aws.publish_version(FunctionName="greeter")
    shop.aws.create_alias(FunctionName="greeter", Name="live", FunctionVersion="1")
    assert shop.check("rollback").diagnosis == "rollback.still-wrong"


def test_other_code_beside_the_rollback_is_told_and_does_no_harm(rolled_out):
    rolled_out.aws.update_alias(FunctionName="greeter", Name="live", FunctionVersion="1")
    assert "`$LATEST` is as it was" in rolled_out.check("rollback").message
    rolled_out.upload("greeter", GREETER)
    verdict = rolled_out.check("rollback")
    assert verdict.correct
    assert "`$LATEST` holds other code now" in verdict.message


@pytest.mark.parametrize("exercise", ["fix", "environment", "time-out", "memory", "rollback"])
def test_a_given_function_that_is_gone_is_said_to_be_gone(shop, exercise):
    assert shop.check(exercise).diagnosis == "function.gone"


def everything(shop):
    """Return all that the checks could change: functions, versions, aliases, roles, files."""
    functions = shop.aws.list_functions(FunctionVersion="ALL")["Functions"]
    names = {function["FunctionName"] for function in functions}
    aliases = [shop.aws.list_aliases(FunctionName=name)["Aliases"] for name in sorted(names)]
    roles = shop.client("iam").list_roles()["Roles"]
    files = {file.name: file.read_bytes() for file in shop.folder.rglob("*")}
    return json.dumps([functions, aliases, roles], default=str, sort_keys=True), files


def test_checks_change_nothing_and_say_the_same_again(rolled_out):
    rolled_out.create("receipt", RECEIPT, Role=rolled_out.role())
    rolled_out.create("slow_report", SLEEP, Timeout=1)
    rolled_out.create("resize_plan", GREETER, MemorySize=150)
    before = everything(rolled_out)
    names = [exercise.name for exercise in rolled_out.exercises]
    first = [rolled_out.check(name) for name in names]
    again = [rolled_out.check(name) for name in names]
    assert [each.message for each in first] == [each.message for each in again]
    assert everything(rolled_out) == before


def test_only_a_function_that_nothing_is_built_on_is_cleared_away(shop):
    undo = find_exercise(shop.exercises, "create").undo
    undo(shop.probe)
    shop.create("greeter", GOODBYE)
    undo(shop.probe)
    assert shop.aws.list_functions()["Functions"] == []
    shop.create("greeter", GREETER)
    shop.aws.publish_version(FunctionName="greeter")
    undo(shop.probe)
    assert [each["FunctionName"] for each in shop.aws.list_functions()["Functions"]] == ["greeter"]
