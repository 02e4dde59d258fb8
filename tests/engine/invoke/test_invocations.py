"""Synchronous and asynchronous invocations, dry runs, size limits and concurrency."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.engine.support import ECHO, TELL, Aws, Reply, until

MIB = 1024 * 1024
SIZE = "def handler(event, context): return len(event)"
MAKE = "def handler(event, context): return 'x' * (event - 2)"
SLEEP = """
import time

def handler(event, context):
    time.sleep(event)
    return context.log_stream_name
"""


def test_a_synchronous_invocation_returns_the_result(aws: Aws) -> None:
    aws.deploy(ECHO)
    answer = aws.lambda_.invoke(FunctionName="function", Payload='{"ä": [1.5, null]}')
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert json.load(answer["Payload"]) == {"ä": [1.5, None]}


def test_an_invocation_without_a_payload_has_an_empty_event(aws: Aws) -> None:
    aws.deploy(ECHO)
    assert json.load(aws.lambda_.invoke(FunctionName="function")["Payload"]) == {}


def test_a_payload_that_is_not_json_is_refused(aws: Aws) -> None:
    aws.deploy(ECHO)
    with pytest.raises(aws.lambda_.exceptions.InvalidRequestContentException):
        aws.lambda_.invoke(FunctionName="function", Payload="{'not': json}")


def test_the_tail_of_the_log_is_returned_on_request(aws: Aws) -> None:
    aws.deploy("def handler(event, context): print('hello', event)")
    assert "LogResult" not in aws.lambda_.invoke(FunctionName="function")
    assert "hello {'n': 1}\n" in aws.invoke(event={"n": 1}).log


def test_the_tail_is_the_last_four_kilobytes(aws: Aws) -> None:
    aws.deploy("def handler(event, context):\n    for n in range(2000): print('line', n)")
    log = aws.invoke().log
    assert len(log) <= 4096
    assert "line 1999\n" in log
    assert "REPORT RequestId" in log
    assert "line 1\n" not in log


def test_an_asynchronous_invocation_is_accepted_and_runs(aws: Aws) -> None:
    aws.deploy(TELL)
    answer = aws.lambda_.invoke(FunctionName="function", InvocationType="Event", Payload="[7]")
    assert answer["StatusCode"] == 202
    assert answer["Payload"].read() == b""
    assert until(aws.seen) == [[7]]


def test_a_dry_run_runs_nothing(aws: Aws) -> None:
    aws.deploy(TELL)
    answer = aws.lambda_.invoke(FunctionName="function", InvocationType="DryRun", Payload="[7]")
    assert answer["StatusCode"] == 204
    aws.invoke(event="after")
    assert aws.seen() == ["after"]


def test_a_missing_function_or_version_is_named(aws: Aws) -> None:
    aws.deploy(ECHO)
    with pytest.raises(aws.lambda_.exceptions.ResourceNotFoundException, match="function:nobody"):
        aws.invoke("nobody")
    with pytest.raises(aws.lambda_.exceptions.ResourceNotFoundException, match="function:7"):
        aws.invoke(Qualifier="7")


def test_a_request_can_have_six_megabytes(aws: Aws) -> None:
    aws.deploy(SIZE)
    largest = json.dumps("x" * (6 * MIB - 2))
    assert json.load(aws.lambda_.invoke(FunctionName="function", Payload=largest)["Payload"])
    with pytest.raises(ClientError) as caught:
        aws.lambda_.invoke(FunctionName="function", Payload=largest + " ")
    assert caught.value.response["Error"]["Code"] == "RequestEntityTooLargeException"


def test_an_event_can_have_one_megabyte(aws: Aws) -> None:
    aws.deploy("def handler(event, context): print('saw', len(event))")
    largest = json.dumps("x" * (MIB - 2))
    send = {"FunctionName": "function", "InvocationType": "Event"}
    assert aws.lambda_.invoke(**send, Payload=largest)["StatusCode"] == 202
    assert until(aws.seen) == [MIB - 2]
    with pytest.raises(ClientError, match="too large for the Event invocation type"):
        aws.lambda_.invoke(**send, Payload=largest + " ")


def test_a_response_can_have_six_megabytes(aws: Aws) -> None:
    aws.deploy(MAKE)
    assert len(aws.invoke(event=6 * MIB).raw) == 6 * MIB
    too_large = aws.invoke(event=6 * MIB + 101)
    assert too_large.result["errorType"] == "Function.ResponseSizeTooLarge"
    assert len(aws.invoke(event=5).raw) == 5


def test_ten_invocations_run_concurrently(aws: Aws) -> None:
    aws.deploy(
        "import time, os\ndef handler(event, context):\n    time.sleep(0.5)\n    return os.getpid()"
    )
    with ThreadPoolExecutor(10) as pool:
        streams = list(pool.map(lambda _: aws.invoke(event=0.5).result, range(10)))
    assert len(set(streams)) == 10  # each in an execution environment of its own


def test_reserved_concurrency_throttles_further_invocations(aws: Aws) -> None:
    aws.deploy(SLEEP, Timeout=10)
    aws.lambda_.put_function_concurrency(FunctionName="function", ReservedConcurrentExecutions=2)
    with ThreadPoolExecutor(3) as pool:
        replies = list(pool.map(lambda _: _invoke_once(aws), range(3)))
    throttled = [reply for reply in replies if isinstance(reply, ClientError)]
    (error,) = throttled
    assert error.response["Error"]["Code"] == "TooManyRequestsException"
    assert error.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert aws.invoke(event=0).error is None


def _invoke_once(aws: Aws) -> Reply | ClientError:
    try:
        return aws.invoke(event=1)
    except ClientError as error:
        return error


def test_reserved_concurrency_of_zero_stops_a_function_until_it_is_removed(aws: Aws) -> None:
    aws.deploy(ECHO)
    aws.lambda_.put_function_concurrency(FunctionName="function", ReservedConcurrentExecutions=0)
    assert isinstance(_invoke_once(aws), ClientError)
    aws.lambda_.delete_function_concurrency(FunctionName="function")
    assert aws.invoke(event=1).result == 1
