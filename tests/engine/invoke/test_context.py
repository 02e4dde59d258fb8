"""The context object of an invocation, and the runtime's environment variables."""

import base64
import json
import re
from typing import Any

import pytest

from tests.engine.support import Aws

CONTEXT = """
import os, time

def handler(event, context):
    before = context.get_remaining_time_in_millis()
    time.sleep(0.05)
    return {
        "names": [context.function_name, context.function_version],
        "arn": context.invoked_function_arn,
        "memory": context.memory_limit_in_mb,
        "request": context.aws_request_id,
        "log": [context.log_group_name, context.log_stream_name],
        "remaining": [before, context.get_remaining_time_in_millis()],
        "client": vars(context.client_context)["custom"] if context.client_context else None,
        "environ": dict(os.environ),
    }
"""


def test_the_context_describes_the_invocation(aws: Aws) -> None:
    arn = aws.deploy(CONTEXT, MemorySize=192)
    reply = aws.invoke()
    seen = reply.result
    assert seen["names"] == ["function", "$LATEST"]
    assert seen["arn"] == arn
    assert int(seen["memory"]) == 192
    assert seen["request"] == reply.request_id
    group, stream = seen["log"]
    assert group == "/aws/lambda/function"
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream)


def test_the_context_has_the_invoked_arn(aws: Aws) -> None:
    arn = aws.deploy(CONTEXT, Publish=True)
    aws.lambda_.create_alias(FunctionName="function", Name="live", FunctionVersion="1")
    seen = aws.invoke(Qualifier="live").result
    assert seen["arn"] == f"{arn}:live"
    assert seen["names"] == ["function", "1"]


def test_the_remaining_time_counts_down_from_the_timeout(aws: Aws) -> None:
    aws.deploy(CONTEXT, Timeout=30)
    for _ in range(2):  # a cold start, which has its own time, and a warm one
        before, after = aws.invoke().result["remaining"]
        assert 29_000 < before <= 30_000
        assert 40 <= before - after < 1000


@pytest.mark.xfail(strict=True, reason="LocalStack does not pass it on to the runtime")
def test_a_client_can_send_a_context_of_its_own(aws: Aws) -> None:
    aws.deploy(CONTEXT)
    own = base64.b64encode(json.dumps({"custom": {"colour": "red"}}).encode()).decode()
    assert aws.invoke(ClientContext=own).result["client"] == {"colour": "red"}


def test_the_runtime_sets_its_variables(aws: Aws, account: str) -> None:
    aws.deploy(CONTEXT, Environment={"Variables": {"COLOUR": "red"}}, MemorySize=192)
    environ: Any = aws.invoke().result["environ"]
    expected = {
        "COLOUR": "red",
        "AWS_LAMBDA_FUNCTION_NAME": "function",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "192",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/function",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
        "_HANDLER": "main.handler",
        "TZ": ":UTC",
    }
    assert {name: environ.get(name) for name in expected} == expected
    assert environ["LAMBDA_TASK_ROOT"]
    assert environ["AWS_ACCESS_KEY_ID"]


def test_boto3_in_a_function_works_in_the_functions_account(aws: Aws, account: str) -> None:
    aws.deploy(
        "import boto3\n"
        "def handler(event, context):\n"
        "    return boto3.client('sts').get_caller_identity()['Account']"
    )
    assert aws.invoke().result == account
