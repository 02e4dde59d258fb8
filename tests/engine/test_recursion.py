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
