"""Lab 01's checks: right answers in other words, what must not be touched, and the way ahead.

The wrong answers are in wrong_answers.py; the proofs run them in the sheet itself.
"""

import json

import pytest

from helpers.checks.package import is_same_code
from helpers.course.project import find_project
from helpers.exercises.exercise import find_exercise
from helpers.exercises.verdict import Outcome
from helpers.labs.first_function import given
from tests.checks.desk import Shop, zip_of

GREETER = """\
import os


def handler(event, context):
    greeting = os.environ.get("GREETING", "Hello")
    name = event.get("name") or "stranger"
    return {"message": f"{greeting}, {name}!" + os.environ.get("WELCOME", "")}
"""
WITH_SHOP = GREETER.replace(
    """os.environ.get("WELCOME", "")""", """f" Welcome to {os.environ['SHOP']}.\""""
)
FIXED = given.RECEIPT.replace("total / pieces", "total / pieces if pieces else 0")
GOODBYE = 'def handler(event, context):\n    return {"message": "Goodbye!"}\n'


@pytest.fixture
def shop(client, tmp_path):
    return Shop(client, tmp_path)


# handler

HANDLERS = {
    "with if": """\
def handler(event, context):
    if "name" in event and event["name"]:
        return {"message": "Hello, " + event["name"] + "!"}
    return {"message": "Hello, stranger!"}
""",
    "with a print": """\
def handler(event, _):
    name = event.get("name", "") or "stranger"
    print("greeting", name)
    return dict(message="Hello, %s!" % name)
""",
    "with a helper": """\
import boto3
def greet(name):
    return f"Hello, {name}!"
handler = lambda event, context=None: {"message": greet(event.get("name") or "stranger")}
""",
}


@pytest.mark.parametrize("how", HANDLERS)
def test_a_handler_may_be_written_in_any_way(shop, how):
    shop.write("greeter.py", HANDLERS[how])
    assert shop.check("handler").correct


def test_without_a_file_nothing_was_attempted(shop):
    assert shop.check("handler").outcome is Outcome.NOT_ATTEMPTED


@pytest.mark.parametrize("code", ["", "   \n", "def handler(", "handler = 3\n", "\0", "🙂 = 1"])
def test_whatever_the_file_holds_there_is_a_verdict(shop, code):
    shop.write("greeter.py", code)
    assert shop.check("handler").outcome is Outcome.INCORRECT


# create


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"Runtime": "python3.11", "Timeout": 900, "MemorySize": 512, "Description": "mine"},
        {"Code": {"ZipFile": zip_of({"greeter.py": GREETER, "notes.txt": "more"})}},
        {
            "Handler": "shop.greeter.handler",
            "Code": {"ZipFile": zip_of({"shop/__init__.py": "", "shop/greeter.py": GREETER})},
        },
    ],
)
def test_a_function_may_be_created_in_any_way_that_works(shop, settings):
    shop.create("greeter", GREETER, Role=shop.role(), **settings)
    assert shop.check("create").correct


def test_greeter_is_still_right_when_the_lab_has_gone_on(shop):
    variables = {"GREETING": "Bonjour", "WELCOME": " Welcome to Corner shop."}
    shop.create("greeter", GREETER, Role=shop.role(), Environment={"Variables": variables})
    assert shop.check("create").correct


def test_a_function_that_knows_one_name_by_heart_is_found_out(shop):
    code = 'def handler(event, context):\n    return {"message": "Hello, Ada!"}\n'
    shop.create("greeter", code, Role=shop.role())
    assert shop.check("create").link == "code"


def test_a_function_that_never_answers_is_given_up(shop):
    loop = "def handler(event, context):\n    while True: pass\n"
    shop.create("greeter", loop, Role=shop.role(), Timeout=1)
    assert shop.check("create").link == "time-out"


def trusting(shop, service):
    """The ARN of `greeter-role`, which that service may take on, and no other."""
    arn = shop.role()
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    shop.client("iam").update_assume_role_policy(
        RoleName="greeter-role",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    return arn


def test_a_role_that_lambda_may_not_take_on_explains_why_there_is_no_function(shop):
    assert shop.check("create").outcome is Outcome.NOT_ATTEMPTED
    arn = trusting(shop, "ec2.amazonaws.com")
    assert shop.check("create").outcome is Outcome.NOT_ATTEMPTED  # the sheet's cells have not run
    shop.namespace["role_arn"] = arn
    verdict = shop.check("create")
    assert verdict.link == "role"
    assert "ec2.amazonaws.com" in verdict.evidence
    trusting(shop, "lambda.amazonaws.com")
    assert shop.check("create").outcome is Outcome.NOT_ATTEMPTED


def test_a_role_that_lambda_may_not_take_on_any_more_is_told(shop):
    shop.create("greeter", GREETER)
    trusting(shop, "ec2.amazonaws.com")
    assert "Lambda may not take on the role" in shop.check("create").message


# fix

FIXES = {
    "where it is divided": FIXED,
    "before it is divided": given.RECEIPT.replace(
        "    return", '    if not pieces:\n        return {"total": 0, "average": 0.0}\n    return'
    ),
    "to the cent": FIXED.replace("total / pieces if", "round(total / pieces, 2) if"),
    "the one error caught": """\
def handler(event, context):
    total = sum(item["price"] * item["quantity"] for item in event["items"])
    pieces = sum(item["quantity"] for item in event["items"])
    try:
        return {"average": total / pieces, "total": total}
    except ZeroDivisionError:
        return {"average": 0, "total": 0}
""",
}


@pytest.mark.parametrize("how", FIXES)
def test_the_receipt_may_be_mended_in_any_way(shop, how):
    shop.create("receipt", given.RECEIPT)
    assert shop.check("fix").outcome is Outcome.NOT_ATTEMPTED
    shop.upload("receipt", FIXES[how])
    assert shop.check("fix").correct


WRONG_FIXES = {
    "an answer that is wrong": FIXED.replace("pieces if pieces else 0", "3"),
    "an error": FIXED.replace("total / pieces if", "totla / pieces if"),
    "a slip in the writing": FIXED.replace("(event, context):", "(event, context)"),
    "an import that there is not": "import numpy\n" + FIXED,
    "another name": FIXED.replace("def handler", "def handle"),
}


@pytest.mark.parametrize("wrong", WRONG_FIXES)
def test_a_file_that_was_corrected_after_its_upload_is_to_be_uploaded_again(shop, wrong):
    shop.create("receipt", WRONG_FIXES[wrong])
    assert "has changed since" not in shop.check("fix").message
    shop.write("receipt.py", FIXED)
    verdict = shop.check("fix")
    assert (verdict.outcome, verdict.link) == (Outcome.INCORRECT, "package")
    assert "has changed since" in verdict.message


def test_a_file_that_is_as_it_was_given_is_not_to_be_uploaded_again(shop):
    shop.create("receipt", WRONG_FIXES["an error"])
    shop.write("receipt.py", given.RECEIPT)
    assert shop.check("fix").link == "code"


def test_a_file_that_changed_after_an_upload_that_is_right_does_no_harm(shop):
    shop.create("receipt", FIXED)
    shop.write("receipt.py", "def handler(")
    assert shop.check("fix").correct


def test_a_file_that_is_gone_does_not_matter_to_the_cloud(shop):
    shop.create("receipt", FIXED)
    (shop.folder / "receipt.py").unlink()
    assert shop.check("fix").correct


# environment


def test_more_variables_than_asked_for_do_no_harm(shop):
    variables = {"SHOP": "Corner shop", "GREETING": "Bonjour", "COLOUR": "red"}
    shop.create("greeter", WITH_SHOP, Environment={"Variables": variables})
    assert shop.check("environment").correct


def test_code_that_does_not_read_the_variable_is_found_out(shop):
    variables = {"SHOP": "Corner shop", "GREETING": "Bonjour"}
    shop.create(
        "greeter", WITH_SHOP.replace('"GREETING"', '"G"'), Environment={"Variables": variables}
    )
    assert shop.check("environment").link == "code"


# time-out and memory


@pytest.mark.parametrize("timeout", [2, 10])
def test_every_time_out_from_2_to_10_seconds_is_right(shop, timeout):
    shop.create("slow_report", given.SLOW_REPORT, Timeout=timeout)
    assert shop.check("time-out").correct


@pytest.mark.parametrize("memory", [192, 512])
def test_memory_is_right_from_what_is_needed_to_512_mb(shop, memory):
    shop.create("resize_plan", given.RESIZE_PLAN, MemorySize=memory)
    assert shop.check("memory").correct


def test_a_plan_that_only_claims_to_hold_the_picture_is_found_out(shop):
    code = 'def handler(event, context):\n    return {"held": event["megabytes"], "limit": 256}\n'
    shop.create("resize_plan", code, MemorySize=256)
    assert shop.check("memory").link == "code"


# rollback


@pytest.fixture
def rolled_out(shop):
    """`greeter` with a good version and a bad one, and `live` on the bad."""
    shop.create("greeter", GREETER)
    shop.aws.publish_version(FunctionName="greeter")
    shop.upload("greeter", GOODBYE)
    shop.aws.publish_version(FunctionName="greeter")
    shop.aws.create_alias(FunctionName="greeter", Name="live", FunctionVersion="2")
    return shop


def test_the_alias_may_be_moved_or_made_anew(rolled_out):
    live = {"FunctionName": "greeter", "Name": "live"}
    assert rolled_out.check("rollback").outcome is Outcome.NOT_ATTEMPTED
    rolled_out.aws.update_alias(**live, FunctionVersion="1")
    assert rolled_out.check("rollback").correct
    rolled_out.aws.delete_alias(**live)
    rolled_out.aws.create_alias(**live, FunctionVersion="1")
    assert rolled_out.check("rollback").correct


def test_other_code_beside_the_rollback_is_told_and_does_no_harm(rolled_out):
    live = {"FunctionName": "greeter", "Name": "live"}
    rolled_out.aws.update_alias(**live, FunctionVersion="1")
    assert "`$LATEST` is as it was" in rolled_out.check("rollback").message
    rolled_out.upload("greeter", GREETER)
    verdict = rolled_out.check("rollback")
    assert verdict.correct
    assert "`$LATEST` holds other code now" in verdict.message


# all of them


@pytest.mark.parametrize("exercise", ["fix", "environment", "time-out", "memory", "rollback"])
def test_a_given_function_that_is_gone_is_said_to_be_gone(shop, exercise):
    verdict = shop.check(exercise)
    assert verdict.outcome is Outcome.INCORRECT
    assert "is gone" in verdict.message


def everything(shop):
    """All that the checks could change: functions, versions, aliases, roles, files."""
    functions = shop.aws.list_functions(FunctionVersion="ALL")["Functions"]
    names = {function["FunctionName"] for function in functions}
    aliases = [shop.aws.list_aliases(FunctionName=name)["Aliases"] for name in sorted(names)]
    roles = shop.client("iam").list_roles()["Roles"]
    files = {file.name: file.read_bytes() for file in shop.folder.rglob("*")}
    return json.dumps([functions, aliases, roles], default=str, sort_keys=True), files


def test_checks_change_nothing_and_say_the_same_again(rolled_out):
    rolled_out.create("receipt", given.RECEIPT, Role=rolled_out.role())
    rolled_out.create("slow_report", given.SLOW_REPORT, Timeout=1)
    rolled_out.create("resize_plan", given.RESIZE_PLAN, MemorySize=150)
    before = everything(rolled_out)
    names = [exercise.name for exercise in rolled_out.exercises]
    first = [rolled_out.check(name) for name in names]
    again = [rolled_out.check(name) for name in names]
    assert [each.message for each in first] == [each.message for each in again]
    assert everything(rolled_out) == before


def test_the_way_to_the_worked_answer_is_cleared_of_a_function_that_went_wrong(shop):
    undo = find_exercise(shop.exercises, "create").undo
    undo(shop.probe)
    shop.create("greeter", GOODBYE)
    undo(shop.probe)
    assert shop.aws.list_functions()["Functions"] == []


def test_a_function_that_others_build_on_is_not_cleared_away(rolled_out):
    find_exercise(rolled_out.exercises, "create").undo(rolled_out.probe)
    assert rolled_out.aws.get_alias(FunctionName="greeter", Name="live")["FunctionVersion"] == "2"


def test_the_way_to_the_worked_answer_has_an_alias_to_move(rolled_out):
    undo = find_exercise(rolled_out.exercises, "rollback").undo
    live = {"FunctionName": "greeter", "Name": "live"}
    half = {"AdditionalVersionWeights": {"1": 0.5}}
    rolled_out.aws.delete_alias(**live)
    undo(rolled_out.probe)
    rolled_out.aws.delete_alias(**live)
    rolled_out.aws.create_alias(**live, FunctionVersion="2", RoutingConfig=half)
    undo(rolled_out.probe)
    rolled_out.aws.update_alias(**live, FunctionVersion="1")
    assert rolled_out.check("rollback").correct


def test_the_sheet_gives_the_code_that_the_checks_know():
    project = find_project()
    text = (project.solutions / project.sheet("first-function").file).read_text("utf-8")
    cells = ["".join(cell["source"]) for cell in json.loads(text)["cells"]]
    for name, code in (
        ("receipt", given.RECEIPT),
        ("slow_report", given.SLOW_REPORT),
        ("resize_plan", given.RESIZE_PLAN),
    ):
        first_line = f"%%writefile first_function/{name}.py\n"
        (written, *_) = [cell for cell in cells if cell.startswith(first_line)]
        assert is_same_code(written.removeprefix(first_line), code), name
