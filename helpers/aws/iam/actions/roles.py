"""The roles that an operation passes to a service, each of which needs iam:PassRole:
docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

import re
from collections.abc import Iterator
from typing import Any

from helpers.aws.iam.actions.model import Call, as_list, as_mapping, as_text, find_all, mappings

_ROLE = re.compile(r"arn:[\w-]+:iam::\d*:role/.")

PASSED_ROLES = {
    "apigateway:CreateAuthorizer": ("authorizerCredentials",),
    "apigateway:PutIntegration": ("credentials",),
    "cloudformation:ContinueUpdateRollback": ("RoleARN",),
    "cloudformation:CreateChangeSet": ("RoleARN",),
    "cloudformation:CreateStack": ("RoleARN",),
    "cloudformation:CreateStackSet": ("AdministrationRoleARN",),
    "cloudformation:DeleteStack": ("RoleARN",),
    "cloudformation:RollbackStack": ("RoleARN",),
    "cloudformation:UpdateStack": ("RoleARN",),
    "cloudformation:UpdateStackSet": ("AdministrationRoleARN",),
    "cloudwatch:PutMetricStream": ("RoleArn",),
    "events:CreateEndpoint": ("RoleArn",),
    "events:PutRule": ("RoleArn",),
    "events:PutTargets": ("Targets[].RoleArn",),
    "events:UpdateEndpoint": ("RoleArn",),
    "lambda:CreateFunction": ("Role",),
    "lambda:UpdateFunctionConfiguration": ("Role",),
    "logs:PutDestination": ("roleArn",),
    "logs:PutSubscriptionFilter": ("roleArn",),
    "s3:PutBucketReplication": ("ReplicationConfiguration.Role",),
    "scheduler:CreateSchedule": ("Target.RoleArn",),
    "scheduler:UpdateSchedule": ("Target.RoleArn",),
    "ses:CreateReceiptRule": ("Rule.Actions[].S3Action.IamRoleArn",),
    "ses:UpdateReceiptRule": ("Rule.Actions[].S3Action.IamRoleArn",),
    "ssm:RegisterTaskWithMaintenanceWindow": ("ServiceRoleArn",),
    "ssm:SendCommand": ("ServiceRoleArn",),
    "stepfunctions:CreateStateMachine": ("roleArn",),
    "stepfunctions:TestState": ("roleArn",),
    "stepfunctions:UpdateStateMachine": ("roleArn",),
}
"""Operation -> where its request names a role."""

SCATTERED = {
    "firehose:CreateDeliveryStream",
    "firehose:UpdateDestination",
    "iot:CreateTopicRule",
    "iot:ReplaceTopicRule",
    "ses:CreateConfigurationSetEventDestination",
    "ses:UpdateConfigurationSetEventDestination",
    "sns:CreatePlatformApplication",
    "sns:CreateTopic",
    "sns:SetPlatformApplicationAttributes",
    "sns:Subscribe",
}
"""Operations that name roles in many places, always by a name that ends with RoleArn."""

PATCHED = {
    "apigateway:UpdateAccount": "/cloudwatchRoleArn",
    "apigateway:UpdateAuthorizer": "/authorizerCredentials",
    "apigateway:UpdateIntegration": "/credentials",
}
"""Operation -> the path of the patch that names a role."""

ATTRIBUTES = {"sns:SetTopicAttributes", "sns:SetSubscriptionAttributes"}

PASSED_TO = {
    "apigateway": "apigateway.amazonaws.com",
    "cloudformation": "cloudformation.amazonaws.com",
    "cloudwatch": "streams.metrics.cloudwatch.amazonaws.com",
    "events": "events.amazonaws.com",
    "firehose": "firehose.amazonaws.com",
    "iam": "ec2.amazonaws.com",
    "iot": "iot.amazonaws.com",
    "lambda": "lambda.amazonaws.com",
    "logs": "logs.amazonaws.com",
    "s3": "s3.amazonaws.com",
    "scheduler": "scheduler.amazonaws.com",
    "ses": "ses.amazonaws.com",
    "sns": "sns.amazonaws.com",
    "ssm": "ssm.amazonaws.com",
    "stepfunctions": "states.amazonaws.com",
}
"""Service -> iam:PassedToService, the condition key of iam:PassRole."""


def passed_roles(call: Call) -> list[str]:
    """Return the ARNs of the roles that the operation passes to a service, each once."""
    return list(dict.fromkeys(role for role in _named(call) if _ROLE.match(role)))


def _named(call: Call) -> Iterator[str]:
    operation = f"{call.service}:{call.operation}"
    for path in PASSED_ROLES.get(operation, ()):
        yield from find_all(call.request, path)
    if operation in SCATTERED:
        yield from _within(call.request)
    elif operation in PATCHED:
        for patch in mappings(call.get("patchOperations")):
            if patch.get("path") == PATCHED[operation]:
                yield as_text(patch.get("value"))
    elif operation in ATTRIBUTES and call.text("AttributeName").endswith("RoleArn"):
        yield call.text("AttributeValue")
    elif operation == "iam:AddRoleToInstanceProfile" and call.text("RoleName"):
        yield f"arn:aws:iam::{call.account}:role/{call.text('RoleName')}"


def _within(value: Any) -> Iterator[str]:
    """Yield the parameters at any depth whose name ends with RoleArn or RoleARN."""
    for name, inner in as_mapping(value).items():
        if as_text(name).lower().endswith("rolearn"):
            yield as_text(inner)
        else:
            yield from _within(inner)
    for one in as_list(value):
        yield from _within(one)
