"""Retries, destinations and dead-letter queues of asynchronous invocations."""

import json
from typing import Any

from tests.engine.support import TELL, Aws, Queue, package, until

FAIL = """
def handler(event, context):
    print("saw", 1)
    raise ValueError("no")
"""
FAIL_ONCE = """
import pathlib, tempfile

def handler(event, context):
    been_here = pathlib.Path(tempfile.gettempdir(), event)
    if not been_here.exists():
        been_here.touch()
        raise ValueError("the first time")
    been_here.unlink()
"""
SLOW = """
import time

def handler(event, context):
    time.sleep(0.3)
    print("saw", 1)
"""
SAY_OK = "def handler(event, context): return {'said': event}"


def send(aws: Aws, event: Any, **configuration: Any) -> None:
    """Configure the function's event invokes, and invoke it asynchronously."""
    if configuration:
        aws.lambda_.put_function_event_invoke_config(FunctionName="function", **configuration)
    aws.lambda_.invoke(FunctionName="function", InvocationType="Event", Payload=json.dumps(event))


def only_message(aws: Aws, queue: Queue) -> Any:
    (body,) = until(lambda: aws.received(queue))
    return json.loads(body)


def test_a_failed_invocation_is_retried_with_the_same_request_id(aws: Aws) -> None:
    aws.deploy(FAIL_ONCE)
    send(aws, f"first-{aws.account}")
    until(lambda: sum(line.startswith("REPORT") for line in aws.logs()) == 2)
    errors = [line for line in aws.logs() if line.startswith("[ERROR]")]
    starts = [line.split()[2] for line in aws.logs() if line.startswith("START")]
    assert len(errors) == 1
    assert len(starts) == 2
    assert len(set(starts)) == 1


def test_there_can_be_no_retries(aws: Aws) -> None:
    aws.deploy(FAIL)
    failed = aws.queue("failed")
    send(aws, 1, MaximumRetryAttempts=0, DestinationConfig=on(failure=failed))
    only_message(aws, failed)
    assert len(aws.seen()) == 1


def on(**queues: Queue) -> dict[str, Any]:
    return {f"On{name.title()}": {"Destination": queue.arn} for name, queue in queues.items()}


def test_a_success_is_sent_to_its_destination(aws: Aws) -> None:
    arn = aws.deploy(SAY_OK)
    done = aws.queue("done")
    send(aws, {"n": 1}, DestinationConfig=on(success=done))
    record = only_message(aws, done)
    assert record["requestContext"]["condition"] == "Success"
    assert record["requestContext"]["functionArn"] == f"{arn}:$LATEST"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["requestPayload"] == {"n": 1}
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert record["responsePayload"] == {"said": {"n": 1}}


def test_a_failure_is_sent_to_its_destination_after_all_retries(aws: Aws) -> None:
    aws.deploy(FAIL)
    failed = aws.queue("failed")
    send(aws, {"n": 1}, MaximumRetryAttempts=1, DestinationConfig=on(failure=failed))
    record = only_message(aws, failed)
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["requestPayload"] == {"n": 1}
    assert record["responseContext"]["functionError"] == "Unhandled"
    assert record["responsePayload"]["errorType"] == "ValueError"


def test_a_success_is_not_sent_to_the_failure_destination(aws: Aws) -> None:
    aws.deploy(SAY_OK)
    done, failed = aws.queue("done"), aws.queue("failed")
    send(aws, 1, DestinationConfig=on(success=done, failure=failed))
    only_message(aws, done)
    assert aws.received(failed) == []


def test_a_destination_can_be_another_function(aws: Aws) -> None:
    aws.deploy(SAY_OK)
    next_one = aws.deploy(TELL, "next")
    destination = {"OnSuccess": {"Destination": next_one}}
    send(aws, "hello", DestinationConfig=destination)
    (event,) = until(lambda: aws.seen("next"))
    assert event["responsePayload"] == {"said": "hello"}


def test_an_event_that_fails_is_sent_to_the_dead_letter_queue(aws: Aws) -> None:
    dead = aws.queue("dead")
    aws.deploy(FAIL, DeadLetterConfig={"TargetArn": dead.arn})
    send(aws, {"n": 1}, MaximumRetryAttempts=0)
    assert only_message(aws, dead) == {"n": 1}


def test_a_throttled_event_waits(aws: Aws) -> None:
    aws.deploy(
        "import time\ndef handler(event, context):\n    time.sleep(0.3)\n    print('saw', 1)"
    )
    aws.lambda_.put_function_concurrency(FunctionName="function", ReservedConcurrentExecutions=1)
    for n in range(2):
        send(aws, n)
    until(lambda: len(aws.seen()) == 2)


def test_no_event_is_lost_while_the_function_is_being_updated(aws: Aws) -> None:
    """Right after an update the old version's poller is still waiting at the same queue."""
    aws.deploy(TELL)
    for n in range(4):
        aws.lambda_.update_function_code(FunctionName="function", ZipFile=package(TELL + f"# {n}"))
        send(aws, {"n": n})
    until(lambda: len(aws.seen()) == 4, timeout=8)
    assert sorted(event["n"] for event in aws.seen()) == [0, 1, 2, 3]
