"""A function is created, updated, published and deleted, and invoked right after each."""

from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

from helpers.cloud.model import Cloud
from tests.engine.support import ECHO, Aws, package, until

FIRST = "def handler(event, context): return 'first'"
SECOND = "def handler(event, context): return 'second'"
SETTINGS = """
import os

def handler(event, context):
    return [os.environ.get("COLOUR"), int(context.memory_limit_in_mb),
            context.get_remaining_time_in_millis()]
"""


def test_a_function_is_ready_when_create_function_returns(aws: Aws) -> None:
    aws.deploy(ECHO)
    assert aws.invoke(event={"n": 1}).result == {"n": 1}


def test_a_created_function_can_be_looked_up(aws: Aws) -> None:
    arn = aws.deploy(ECHO, Description="says it again", Timeout=7, MemorySize=256)
    actual = aws.lambda_.get_function(FunctionName="function")["Configuration"]
    assert actual["FunctionArn"] == arn
    assert (actual["Description"], actual["Timeout"]) == ("says it again", 7)
    assert (actual["MemorySize"], actual["CodeSize"]) == (256, len(package(ECHO)))
    assert (actual["State"], actual["LastUpdateStatus"]) == ("Active", "Successful")
    assert [function["FunctionName"] for function in aws.lambda_.list_functions()["Functions"]] == [
        "function"
    ]


def test_code_can_come_from_a_bucket(aws: Aws) -> None:
    aws.s3.create_bucket(Bucket="code-of-a-function")
    aws.s3.put_object(Bucket="code-of-a-function", Key="f.zip", Body=package(FIRST))
    aws.lambda_.create_function(
        FunctionName="function",
        Runtime="python3.12",
        Handler="main.handler",
        Role=aws.role,
        Code={"S3Bucket": "code-of-a-function", "S3Key": "f.zip"},
    )
    assert aws.invoke().result == "first"


def test_a_handler_can_be_deep_in_its_package(aws: Aws) -> None:
    cart = "from shop import tax\ndef handler(event, context): return tax.RATE"
    files = {"shop/__init__.py": "", "shop/cart.py": cart, "shop/tax.py": "RATE = 19"}
    aws.deploy(files, Handler="shop.cart.handler")
    assert aws.invoke().result == 19


@pytest.mark.parametrize(
    "configuration",
    [
        {"Runtime": "nodejs22.x", "Handler": "index.handler"},
        {"PackageType": "Image", "Code": {"ImageUri": "image:latest"}},
    ],
)
def test_other_runtimes_than_python_are_refused_with_the_reason(
    aws: Aws, configuration: dict[str, Any]
) -> None:
    wanted = {"Role": aws.role, "Code": {"ZipFile": package(ECHO)}} | configuration
    with pytest.raises(ClientError, match="runs functions in Python only"):
        aws.lambda_.create_function(FunctionName="function", **wanted)
    assert aws.lambda_.list_functions()["Functions"] == []


def test_new_code_runs_right_after_the_update(aws: Aws) -> None:
    aws.deploy(FIRST)
    assert aws.invoke().result == "first"
    aws.lambda_.update_function_code(FunctionName="function", ZipFile=package(SECOND))
    assert aws.invoke().result == "second"


def test_a_new_configuration_applies_right_after_the_update(aws: Aws) -> None:
    aws.deploy(SETTINGS, Environment={"Variables": {"COLOUR": "red"}})
    colour, memory, remaining = aws.invoke().result
    assert (colour, memory) == ("red", 128)
    assert 2000 < remaining <= 3000
    aws.lambda_.update_function_configuration(
        FunctionName="function",
        Environment={"Variables": {"COLOUR": "blue"}},
        MemorySize=512,
        Timeout=9,
    )
    colour, memory, remaining = aws.invoke().result
    assert (colour, memory) == ("blue", 512)
    assert 8000 < remaining <= 9000


def test_code_and_configuration_can_change_in_turn(aws: Aws) -> None:
    aws.deploy(FIRST)
    for source, expected in [(SECOND, "second"), (FIRST, "first")]:
        aws.lambda_.update_function_code(FunctionName="function", ZipFile=package(source))
        aws.lambda_.update_function_configuration(FunctionName="function", Description=expected)
        assert aws.invoke().result == expected


def test_a_version_keeps_its_code_and_its_configuration(aws: Aws) -> None:
    aws.deploy(SETTINGS, Environment={"Variables": {"COLOUR": "red"}})
    version = aws.lambda_.publish_version(FunctionName="function")["Version"]
    aws.lambda_.update_function_configuration(
        FunctionName="function", Environment={"Variables": {"COLOUR": "blue"}}
    )
    published = aws.invoke(Qualifier=version)
    assert (version, published.version, published.result[0]) == ("1", "1", "red")
    latest = aws.invoke()
    assert (latest.version, latest.result[0]) == ("$LATEST", "blue")


def test_publishing_unchanged_code_creates_no_new_version(aws: Aws) -> None:
    aws.deploy(FIRST)
    versions = [aws.lambda_.publish_version(FunctionName="function")["Version"] for _ in range(2)]
    aws.lambda_.update_function_code(FunctionName="function", ZipFile=package(SECOND), Publish=True)
    listed = aws.lambda_.list_versions_by_function(FunctionName="function")["Versions"]
    assert versions == ["1", "1"]
    assert [version["Version"] for version in listed] == ["$LATEST", "1", "2"]


def test_an_alias_can_be_moved_forward_and_rolled_back(aws: Aws) -> None:
    aws.deploy(FIRST, Publish=True)
    aws.lambda_.update_function_code(FunctionName="function", ZipFile=package(SECOND), Publish=True)
    aws.lambda_.create_alias(FunctionName="function", Name="live", FunctionVersion="1")
    answers = [aws.invoke(Qualifier="live").result]
    for version in ("2", "1"):
        aws.lambda_.update_alias(FunctionName="function", Name="live", FunctionVersion=version)
        answers.append(aws.invoke(Qualifier="live").result)
    assert answers == ["first", "second", "first"]


def test_an_alias_can_split_its_invocations_between_two_versions(aws: Aws) -> None:
    aws.deploy(FIRST, Publish=True)
    aws.lambda_.update_function_code(FunctionName="function", ZipFile=package(SECOND), Publish=True)
    aws.lambda_.create_alias(
        FunctionName="function",
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}},
    )
    # that one version answers all 40 happens once in 10 to the power of 12
    assert {aws.invoke(Qualifier="live").result for _ in range(40)} == {"first", "second"}


@pytest.mark.xfail(strict=True, reason="LocalStack deletes it")
def test_a_version_with_an_alias_cannot_be_deleted(aws: Aws) -> None:
    aws.deploy(FIRST, Publish=True)
    aws.lambda_.create_alias(FunctionName="function", Name="live", FunctionVersion="1")
    with pytest.raises(aws.lambda_.exceptions.ResourceConflictException):
        aws.lambda_.delete_function(FunctionName="function", Qualifier="1")


def test_deleting_one_version_leaves_the_others(aws: Aws) -> None:
    aws.deploy(FIRST, Publish=True)
    aws.invoke(Qualifier="1")
    aws.lambda_.delete_function(FunctionName="function", Qualifier="1")
    assert aws.invoke().result == "first"
    with pytest.raises(aws.lambda_.exceptions.ResourceNotFoundException):
        aws.invoke(Qualifier="1")


def test_a_deleted_function_is_gone_and_its_name_is_free(aws: Aws) -> None:
    aws.deploy(FIRST)
    aws.invoke()
    aws.lambda_.delete_function(FunctionName="function")
    with pytest.raises(aws.lambda_.exceptions.ResourceNotFoundException):
        aws.invoke()
    aws.deploy(SECOND)
    assert aws.invoke().result == "second"


def test_a_deleted_function_leaves_no_process(aws: Aws, cloud: Cloud) -> None:
    aws.deploy("import os\ndef handler(event, context): return os.getpid()")
    pid = aws.invoke().result
    assert psutil.Process(pid).ppid() == cloud.pid
    aws.lambda_.delete_function(FunctionName="function")
    until(lambda: not psutil.pid_exists(pid))
