"""Deploy to the running engine, and to a fake where AWS is slow or returns errors."""

from functools import cache
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, WaiterError

from helpers.errors import LabError, NotDeployed, NotPackaged
from helpers.functions.deploy import (
    RUNTIME,
    Deployment,
    Function,
    FunctionSpec,
    deploy,
    name_of,
    spec_from,
)
from helpers.functions.invoke import invoke
from helpers.functions.package import package
from tests.fakes import FakeService, FakeTime, aws_error, clients

CODE = "import os\ndef handler(event, context):\n    return os.environ.get('GREETING')\n"
ROLE = "arn:aws:iam::123456789012:role/greeter-role"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "greeter.py"
    path.write_text(CODE)
    return path


@pytest.fixture
def door(client):
    return cache(client)


def test_a_new_function_gets_a_role_and_can_be_invoked_at_once(door, file):
    greeter = deploy(door, spec_from(file))
    assert invoke(door, greeter.name).error is None
    trusted = door("iam").get_role(RoleName="greeter-role")["Role"]["AssumeRolePolicyDocument"]
    assert trusted["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}
    allowed = door("iam").list_attached_role_policies(RoleName="greeter-role")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in allowed] == ["AWSLambdaBasicExecutionRole"]
    assert greeter.steps == (
        "package greeter.py",
        "create the role greeter-role, which Lambda may take on",
        "allow the role to write logs",
        "create the function",
        "wait until it is active",
    )


def test_the_function_is_configured_as_specified(door, file):
    greeter = deploy(
        door, spec_from(file, "hi", timeout=7, memory=256, environment={"GREETING": "Hei"})
    )
    assert (greeter.name, greeter.timeout, greeter.memory) == ("hi", 7, 256)
    assert greeter.sha256 == package(file).sha256
    assert door("lambda").get_function_configuration(FunctionName="hi")["Runtime"] == RUNTIME
    assert invoke(door, "hi").result == "Hei"


def test_deploying_again_changes_only_what_differs(door, file):
    deploy(door, spec_from(file))
    assert deploy(door, spec_from(file)).steps[1:] == (
        "use the role greeter-role",
        "change nothing: it is as wanted already",
    )
    file.write_text(CODE + "\n")
    assert deploy(door, spec_from(file)).steps[2:] == ("update the code",)
    changed = spec_from(file, memory=512, environment={"GREETING": "Hei"})
    assert deploy(door, changed).steps[2:] == (
        "update the configuration: memory, environment variables",
    )
    assert invoke(door, "greeter").result == "Hei"


def test_a_setting_that_is_left_out_stays_as_it_is(door, file):
    deploy(door, spec_from(file, timeout=9, environment={"GREETING": "Hei"}))
    file.write_text(CODE + "\n")
    again = deploy(door, spec_from(file))
    assert (again.steps[2:], again.timeout) == (("update the code",), 9)
    assert invoke(door, "greeter").result == "Hei"


def test_a_plan_can_be_inspected_before_anything_is_done(door, file):
    steps = Deployment(door, spec_from(file), 0, FakeTime().clock).plan()
    assert len(steps) == 5
    assert door("lambda").list_functions()["Functions"] == []
    assert door("iam").list_roles()["Roles"] == []


def test_a_role_of_the_learners_own_is_used_by_name_or_arn(door, file):
    made = deploy(door, spec_from(file)).role
    assert deploy(door, spec_from(file, "second", role="greeter-role")).role == made
    assert deploy(door, spec_from(file, "third", role=made)).role == made


def test_a_missing_role_is_reported_with_the_nearest_name(door, file):
    deploy(door, spec_from(file))
    with pytest.raises(LabError, match=r"no role 'greter-role' .* Did you mean 'greeter-role'\?"):
        deploy(door, spec_from(file, role="greter-role"))


def test_a_role_without_the_policy_for_logs_gets_it(door, file):
    deploy(door, spec_from(file))
    (policy,) = door("iam").list_attached_role_policies(RoleName="greeter-role")["AttachedPolicies"]
    door("iam").detach_role_policy(RoleName="greeter-role", PolicyArn=policy["PolicyArn"])
    assert "allow the role to write logs" in deploy(door, spec_from(file)).steps


def test_a_function_shows_its_name_its_size_and_its_steps():
    greeter = Function("greeter", "", "", "", 128, 3, 99, "", ("package it", "create it"), 212.44)
    assert repr(greeter) == (
        "✓ Function greeter is ready: 128 MB, 3 s, deployed in 212.4 ms\n"
        "  ✓ package it\n"
        "  ✓ create it"
    )
    assert name_of(greeter) == name_of("greeter") == "greeter"


NEW = {
    "get_role": aws_error("NoSuchEntity"),
    "create_role": {"Role": {"Arn": ROLE}},
    "attach_role_policy": {},
}
DEPLOYED = {
    "FunctionName": "greeter",
    "FunctionArn": "",
    "Handler": "greeter.handler",
    "Role": ROLE,
    "MemorySize": 128,
    "Timeout": 3,
    "CodeSize": 9,
    "CodeSha256": "",
}
NOT_YET = aws_error("InvalidParameterValueException", "The role cannot be assumed by Lambda.")


def service(create: object, active: object = None) -> FakeService:
    missing = aws_error("ResourceNotFoundException")
    return FakeService(
        get_function_configuration=[missing, DEPLOYED],
        create_function=create,
        function_active_v2=active,
    )


def wanted(file: Path, role: str | None = None) -> FunctionSpec:
    return FunctionSpec("greeter", "greeter.handler", package(file), role=role)


def test_on_aws_it_waits_until_lambda_can_assume_the_role(file):
    time, functions = FakeTime(), service([NOT_YET, NOT_YET, {}])
    door = clients(lambda_=functions, iam=FakeService(**NEW))
    assert deploy(door, wanted(file), role_timeout=30, clock=time.clock).took_ms == 2000
    assert len(functions.asked("create_function")) == 3


def test_on_aws_it_gives_up_at_the_deadline_with_awss_error(file):
    time = FakeTime()
    door = clients(lambda_=service(NOT_YET), iam=FakeService(**NEW))
    with pytest.raises(ClientError, match="cannot be assumed"):
        deploy(door, wanted(file), role_timeout=30, clock=time.clock)
    assert time.passed == 30


def test_it_does_not_wait_on_other_clouds_or_for_a_role_of_the_learner(file):
    for role, patience in ((None, 0), (ROLE, 30)):
        time = FakeTime()
        door = clients(lambda_=service(NOT_YET), iam=FakeService(**NEW))
        with pytest.raises(ClientError):
            deploy(door, wanted(file, role), role_timeout=patience, clock=time.clock)
        assert time.passed == 0


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ({"State": "Failed", "StateReason": "the image is broken"}, "the image is broken"),
        ({"Error": {"Code": "TooMany", "Message": "slow down"}}, "TooMany: slow down"),
        ({"State": "Pending"}, "Pending"),
    ],
)
def test_a_function_that_does_not_become_active_says_why(file, last, words):
    failed = WaiterError("function_active_v2", "Max attempts exceeded", last)
    door = clients(lambda_=service({}, failed), iam=FakeService(**NEW))
    with pytest.raises(NotDeployed, match=f"greeter was created or updated, but .*: {words}"):
        deploy(door, wanted(file), clock=FakeTime().clock)


def test_other_client_errors_are_raised_unchanged(file):
    door = clients(iam=FakeService(get_role=aws_error("AccessDenied")), lambda_=FakeService())
    with pytest.raises(ClientError, match="AccessDenied"):
        deploy(door, wanted(file))


def test_function_and_handler_are_named_after_the_file(file):
    assert (spec_from(file).name, spec_from(file).handler) == ("greeter", "greeter.handler")
    assert spec_from(file, handler="greeter.other").handler == "greeter.other"


def test_a_folders_handler_is_its_only_module_or_the_one_with_its_name(file):
    assert spec_from(file.parent).handler == "greeter.handler"
    code = file.parent / "code"
    code.mkdir()
    for name in ("code.py", "other.py"):
        (code / name).write_text("")
    assert spec_from(code).handler == "code.handler"


def test_if_the_handler_is_ambiguous_it_asks(file):
    file.with_name("other.py").write_text("")
    with pytest.raises(NotPackaged, match=r"There is greeter\.py, other\.py"):
        spec_from(file.parent)
    assert spec_from(file.parent, handler="other.run").name == "other"
