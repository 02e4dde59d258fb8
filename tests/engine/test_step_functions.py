"""Step Functions: a workflow whose tasks are functions."""

import json
from typing import Any

from tests.engine.support import Aws, until

PAY = """
class CardDeclined(Exception): pass

def handler(event, context):
    if event["amount"] > 100:
        raise CardDeclined("too much")
    return {"paid": event["amount"]}
"""


def run(aws: Aws, definition: dict[str, Any], event: Any) -> dict[str, Any]:
    """Run a workflow to its end, and return the description of the execution."""
    machine = aws.stepfunctions.create_state_machine(
        name="machine", definition=json.dumps(definition), roleArn=aws.role
    )["stateMachineArn"]
    execution = aws.stepfunctions.start_execution(stateMachineArn=machine, input=json.dumps(event))[
        "executionArn"
    ]

    def ended() -> dict[str, Any] | None:
        description: dict[str, Any] = aws.stepfunctions.describe_execution(executionArn=execution)
        return None if description["status"] == "RUNNING" else description

    description: dict[str, Any] = until(ended)
    return description


def one_task(function: str, **more: Any) -> dict[str, Any]:
    task = {"Type": "Task", "Resource": function, "End": True} | more
    return {"StartAt": "Pay", "States": {"Pay": task}}


def test_a_task_passes_its_input_to_a_function_and_returns_the_result(aws: Aws) -> None:
    description = run(aws, one_task(aws.deploy(PAY)), {"amount": 12})
    assert description["status"] == "SUCCEEDED"
    assert json.loads(description["output"]) == {"paid": 12}


def test_the_invoke_integration_wraps_the_payload(aws: Aws) -> None:
    aws.deploy(PAY)
    task = one_task(
        "arn:aws:states:::lambda:invoke",
        Parameters={"FunctionName": "function", "Payload.$": "$"},
        ResultSelector={"paid.$": "$.Payload.paid"},
    )
    description = run(aws, task, {"amount": 12})
    assert json.loads(description["output"]) == {"paid": 12}


def test_an_exception_is_caught_by_its_name(aws: Aws) -> None:
    definition = one_task(
        aws.deploy(PAY), Catch=[{"ErrorEquals": ["CardDeclined"], "Next": "Apologise"}]
    )
    definition["States"]["Apologise"] = {"Type": "Pass", "Result": "sorry", "End": True}
    description = run(aws, definition, {"amount": 500})
    assert (description["status"], json.loads(description["output"])) == ("SUCCEEDED", "sorry")


def test_an_uncaught_exception_fails_the_execution(aws: Aws) -> None:
    description = run(aws, one_task(aws.deploy(PAY)), {"amount": 500})
    assert (description["status"], description["error"]) == ("FAILED", "CardDeclined")
    assert json.loads(description["cause"])["errorMessage"] == "too much"


def test_a_task_is_retried(aws: Aws) -> None:
    retry = {"ErrorEquals": ["CardDeclined"], "IntervalSeconds": 1, "MaxAttempts": 1}
    description = run(aws, one_task(aws.deploy(PAY), Retry=[retry]), {"amount": 500})
    assert description["status"] == "FAILED"
    assert sum(line.startswith("REPORT") for line in aws.logs()) == 2


def test_a_choice_and_a_map_invoke_functions(aws: Aws) -> None:
    each = one_task(aws.deploy(PAY))
    definition = {
        "StartAt": "Any?",
        "States": {
            "Any?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$[0]", "IsPresent": True, "Next": "All"}],
                "Default": "None",
            },
            "All": {"Type": "Map", "ItemProcessor": each, "End": True},
            "None": {"Type": "Succeed"},
        },
    }
    description = run(aws, definition, [{"amount": 1}, {"amount": 2}])
    assert json.loads(description["output"]) == [{"paid": 1}, {"paid": 2}]
