"""The permissions that a log group needs to deliver its events to a subscription's destination.

A function's policy must allow CloudWatch Logs to invoke it, and the subscription's role must be
allowed to put records into a stream. LocalStack accepts any destination. AWS sends a test message
when the subscription is created; later failures are silent.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html (2026-11-27)
"""

from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to
from localstack.services.lambda_.api_utils import is_role_arn
from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogsBackend

from helpers.engine.gateway.authorization import denied_to_role, record

FUNCTION_REFUSED = (
    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to "
    "execute your function."
)
STREAM_REFUSED = {
    "kinesis": "Could not deliver test message to specified Kinesis stream. Check if the given "
    "kinesis stream is in ACTIVE state.",
    "firehose": "Could not deliver test message to specified Firehose stream. Check if the given "
    "Firehose stream is in ACTIVE state.",
}


def require_delivery(backend: LogsBackend, group: str, destination: str, role: str | None) -> None:
    """Refuse a destination that the log group, or the subscription's role, may not reach."""
    if ":lambda:" in destination and not role:
        _require_invocation(backend, group, destination)
    service = destination.split(":")[2] if destination.count(":") >= 5 else ""
    if service in STREAM_REFUSED and role and is_role_arn(role):
        denied = denied_to_role(role, f"{service}:PutRecord", destination)
        if denied:
            record(role.split(":")[4], denied)
            raise InvalidParameterException(STREAM_REFUSED[service])


def _require_invocation(backend: LogsBackend, group: str, function: str) -> None:
    source = f"arn:aws:logs:{backend.region_name}:{backend.account_id}:log-group:{group}"
    client = connect_to(region_name=backend.region_name).lambda_.request_metadata(
        source_arn=source, service_principal="logs"
    )
    try:
        client.invoke(FunctionName=function, InvocationType="DryRun")
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDeniedException":
            raise InvalidParameterException(FUNCTION_REFUSED) from error
