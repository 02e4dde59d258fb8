"""A function that invokes itself is stopped after sixteen times, unless that is meant."""

import json

from tests.engine.support import Aws, until

ON_AND_ON = """
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


def test_a_loop_ends_after_sixteen_invocations(aws: Aws) -> None:
    aws.deploy(ON_AND_ON)
    aws.lambda_.put_function_event_invoke_config(FunctionName="function", MaximumRetryAttempts=0)
    aws.invoke(event={"n": 1, "to": 100})
    until(lambda: any("RecursiveInvocationException" in line for line in aws.logs()))
    assert numbers(aws) == list(range(1, 17))


def test_a_chain_that_is_meant_goes_on(aws: Aws) -> None:
    aws.deploy(ON_AND_ON)
    aws.lambda_.put_function_recursion_config(FunctionName="function", RecursiveLoop="Allow")
    aws.invoke(event={"n": 1, "to": 20})
    until(lambda: 20 in numbers(aws))


def test_invocations_that_are_no_chain_are_not_counted_together(aws: Aws) -> None:
    aws.deploy(ON_AND_ON)
    for _ in range(20):
        assert not aws.invoke(event={"n": 1, "to": 1}).error


def test_a_chain_may_be_as_long_as_that(aws: Aws) -> None:
    aws.deploy(ON_AND_ON)
    answer = aws.lambda_.invoke(
        FunctionName="function", InvocationType="Event", Payload=json.dumps({"n": 1, "to": 16})
    )
    assert answer["StatusCode"] == 202
    until(lambda: 16 in numbers(aws))


def test_a_loop_through_a_bucket_ends_too_and_each_upload_begins_a_chain_of_its_own(
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

    for key, in_all in (("a", 17), ("b", 34)):
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"once")
        until(lambda in_all=in_all: objects() == in_all, timeout=30)
    aws.s3.put_object(Bucket=bucket, Key="c", Body=b"once")
    until(lambda: objects() == 51, timeout=30)
