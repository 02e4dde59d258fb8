"""A task of a state machine that names a role in its Credentials runs with that role.

On AWS the execution's role assumes it. In LocalStack Step Functions itself does, which the trust
policy of such a role doesn't allow.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
"""

from typing import Any

from localstack.aws.connect import connect_to
from localstack.utils.patch import patch

from helpers.engine.first_use import when_loaded


class TaskRole(str):
    """The ARN of a task's role, with that of the execution's role."""

    execution_role: str


class RoleChain:
    """LocalStack's clients, with the task's role assumed by the execution's role."""

    def with_assumed_role(self, *, role_arn: str, **named: Any) -> Any:
        if not isinstance(role_arn, TaskRole):
            return connect_to.with_assumed_role(role_arn=role_arn, **named)
        execution = connect_to.with_assumed_role(role_arn=role_arn.execution_role, **named)
        session = f"{role_arn.rpartition('/')[2]}-task"[-64:]
        assumed = execution.sts.assume_role(RoleArn=str(role_arn), RoleSessionName=session)
        return connect_to(
            region_name=named.get("region_name"),
            aws_access_key_id=assumed["Credentials"]["AccessKeyId"],
            aws_secret_access_key=assumed["Credentials"]["SecretAccessKey"],
            aws_session_token=assumed["Credentials"]["SessionToken"],
            config=named.get("config"),
        )


def install() -> None:
    when_loaded("stepfunctions", _chain_roles)


def _chain_roles() -> None:
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task import (
        state_task,
    )
    from localstack.services.stepfunctions.asl.utils import boto_client

    boto_client.connect_to = RoleChain()
    patch(state_task.StateTask._eval_state_credentials)(_add_execution_role)


def _add_execution_role(evaluate: Any, task: Any, env: Any) -> Any:
    credentials = evaluate(task, env)
    own = env.aws_execution_details.role_arn
    if credentials.role_arn != own:
        credentials.role_arn = TaskRole(credentials.role_arn)
        credentials.role_arn.execution_role = own
    return credentials
