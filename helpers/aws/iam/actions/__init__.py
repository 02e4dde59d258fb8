"""The IAM actions and resources that an API operation needs permission for.

As AWS's Service Authorization Reference says, whose pages the modules name:
docs.aws.amazon.com/service-authorization/latest/reference/

Pure: nothing here asks a service. What only a service knows (a role's path, the end of a secret's
ARN, the key behind an alias, the function of a mapping) is for the engine to add.

>>> request = {"Bucket": "photos", "Key": "a.jpg"}
>>> accesses(Call("s3", "HeadObject", request, account="123456789012", region="eu-west-1"))
[Access(action='s3:GetObject', resource='arn:aws:s3:::photos/a.jpg', context={})]
"""

from collections.abc import Mapping

from helpers.aws.iam.actions import (
    analytics,
    compute,
    database,
    gateways,
    management,
    messaging,
    monitoring,
    security,
    storage,
    workflows,
)
from helpers.aws.iam.actions.event_sources import (
    EVENT_SOURCE_ACTIONS,
    EVENT_SOURCE_REFUSALS,
    REFUSED_WITHOUT,
    refusal,
)
from helpers.aws.iam.actions.model import EVERYTHING, Access, Call
from helpers.aws.iam.actions.roles import PASSED_TO, passed_roles
from helpers.aws.iam.actions.rules import Service, request_tags

__all__ = [
    "EVENT_SOURCE_ACTIONS",
    "EVENT_SOURCE_REFUSALS",
    "PASSED_TO",
    "REFUSED_WITHOUT",
    "Access",
    "Call",
    "accesses",
    "passed_roles",
    "refusal",
]

SERVICES: Mapping[str, Service] = {
    "apigateway": gateways.API_GATEWAY,
    "apigatewaymanagementapi": gateways.API_CONNECTIONS,
    "apigatewayv2": gateways.API_GATEWAY,
    "cloudformation": management.CLOUDFORMATION,
    "cloudwatch": monitoring.CLOUDWATCH,
    "dynamodb": database.DYNAMODB,
    "dynamodbstreams": database.STREAMS,
    "events": workflows.EVENTS,
    "firehose": analytics.FIREHOSE,
    "iam": security.IAM,
    "iot-data": gateways.IOT_DATA,
    "kinesis": analytics.KINESIS,
    "kms": security.KMS,
    "lambda": compute.SERVICE,
    "logs": monitoring.LOGS,
    "s3": storage.SERVICE,
    "scheduler": workflows.SCHEDULER,
    "secretsmanager": security.SECRETS_MANAGER,
    "ses": messaging.SES,
    "sns": messaging.SNS,
    "sqs": messaging.SQS,
    "ssm": management.SSM,
    "stepfunctions": workflows.STATES,
    "sts": security.STS,
}

PREFIXES: Mapping[str, str] = {
    "bedrock-runtime": "bedrock",
    "cloudcontrol": "cloudformation",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "keyspaces": "cassandra",
    "mwaa": "airflow",
    "opensearch": "es",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sesv2": "ses",
    "timestream-query": "timestream",
    "timestream-write": "timestream",
}
"""The IAM prefixes of services without a table, where they are not botocore's names."""


def accesses(call: Call) -> list[Access]:
    """Return the accesses that the call needs, all of them; none where it needs no permission.

    The one that AWS names first in a refusal comes first. An operation that is in no table needs
    the action of its own name on "*".
    """
    service = SERVICES.get(call.service)
    if service:
        return service.accesses(call)
    prefix = PREFIXES.get(call.service, call.service)
    return [Access(f"{prefix}:{call.operation}", EVERYTHING, request_tags(call))]
