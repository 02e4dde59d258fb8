"""A function that invokes itself is stopped after sixteen times, unless recursion is allowed."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.engine.support import Aws, until

INVOKE_ITSELF = """
import json

import boto3

def handler(event, context):
    print("saw " + json.dumps(event))
    if event["n"] < event["to"]:
        boto3.client("lambda").invoke(
            FunctionName=context.function_name,
            InvocationType="Event",
            Payload=json.dumps({"n": event["n"] + 1, "to": event["to"]}),
        )
"""


COPY = """
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
        s3.put_object(Bucket=bucket, Key=key + "+", Body=b"again")
"""


def numbers(aws: Aws) -> list[int]:
    return sorted(event["n"] for event in aws.seen())


def test_a_loop_is_stopped_after_sixteen_invocations(aws: Aws) -> None:
    aws.deploy(INVOKE_ITSELF)
    aws.lambda_.put_function_event_invoke_config(FunctionName="function", MaximumRetryAttempts=0)
    aws.invoke(event={"n": 1, "to": 100})
    until(lambda: any("RecursiveInvocationException" in line for line in aws.logs()))
    assert numbers(aws) == list(range(1, 17))


def test_a_chain_continues_where_recursion_is_allowed(aws: Aws) -> None:
    aws.deploy(INVOKE_ITSELF)
    aws.lambda_.put_function_recursion_config(FunctionName="function", RecursiveLoop="Allow")
    aws.invoke(event={"n": 1, "to": 20})
    until(lambda: 20 in numbers(aws))


def test_separate_invocations_are_not_counted_as_a_chain(aws: Aws) -> None:
    aws.deploy(INVOKE_ITSELF)
    for _ in range(20):
        assert not aws.invoke(event={"n": 1, "to": 1}).error


def test_a_chain_of_sixteen_invocations_is_allowed(aws: Aws) -> None:
    aws.deploy(INVOKE_ITSELF)
    answer = aws.lambda_.invoke(
        FunctionName="function", InvocationType="Event", Payload=json.dumps({"n": 1, "to": 16})
    )
    assert answer["StatusCode"] == 202
    until(lambda: 16 in numbers(aws))


def test_a_refused_event_does_not_count_as_part_of_a_chain(aws: Aws) -> None:
    aws.deploy(INVOKE_ITSELF)

    def send_trace(params: dict[str, Any], **_: Any) -> None:
        params["headers"]["X-Amzn-Trace-Id"] = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"

    aws.lambda_.meta.events.register("before-call.lambda.Invoke", send_trace)
    for _ in range(20):
        with pytest.raises(ClientError, match="Could not parse request body into json"):
            aws.lambda_.invoke(FunctionName="function", Payload=b"not JSON")
    for _ in range(16):
        assert not aws.invoke(event={"n": 1, "to": 1}).error
    with pytest.raises(ClientError, match="RecursiveInvocationException"):
        aws.lambda_.invoke(FunctionName="function", Payload=b'{"n": 1, "to": 1}')


def test_a_loop_through_a_bucket_is_stopped_too_and_each_upload_starts_a_new_chain(
    aws: Aws,
) -> None:
    bucket = f"bucket-{aws.account}"
    aws.s3.create_bucket(Bucket=bucket)
    function = aws.deploy(COPY)
    aws.allow("s3.amazonaws.com", f"arn:aws:s3:::{bucket}")
    rule = {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
    aws.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [rule]}
    )

    def objects() -> int:
        return int(aws.s3.list_objects_v2(Bucket=bucket)["KeyCount"])

    for key, total in (("a", 17), ("b", 34)):
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"once")
        until(lambda total=total: objects() == total, timeout=30)
    aws.s3.put_object(Bucket=bucket, Key="c", Body=b"once")
    until(lambda: objects() == 51, timeout=30)
