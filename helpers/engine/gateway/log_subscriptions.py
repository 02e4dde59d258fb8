"""A log group's subscription delivers only to functions and streams that let it.

A function has to let CloudWatch Logs invoke it, and the subscription's role has to allow it to put
records into a stream. LocalStack takes any, and where they can't be reached the log itself is not
kept. AWS tries when the subscription is made, and afterwards fails in silence.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html (2026-11-27)
"""

import importlib
import logging
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to
from localstack.services.lambda_.api_utils import is_role_arn
from localstack.utils.patch import patch
from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogGroup, LogsBackend, LogStream

from helpers.engine.gateway.authorization import denied_to_role, record

LOG = logging.getLogger(__name__)

REFUSED = (
    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to "
    "execute your function."
)


UNREACHABLE = {
    "kinesis": "Could not deliver test message to specified Kinesis stream. Check if the given "
    "kinesis stream is in ACTIVE state.",
    "firehose": "Could not deliver test message to specified Firehose stream. Check if the given "
    "Firehose stream is in ACTIVE state.",
}


def install() -> None:
    importlib.import_module("localstack.services.logs.provider")  # its own changes come first
    patch(LogsBackend.put_subscription_filter)(_put_if_allowed)
    patch(LogStream.put_log_events)(_keep_whatever_becomes_of_it)
    patch(LogGroup.create_log_stream)(_create_stream)


def _put_if_allowed(put: Any, backend: LogsBackend, *arguments: Any) -> Any:
    group, _, _, destination, role = arguments
    if ":lambda:" in destination and not role:
        source = f"arn:aws:logs:{backend.region_name}:{backend.account_id}:log-group:{group}"
        client = connect_to(region_name=backend.region_name).lambda_.request_metadata(
            source_arn=source, service_principal="logs"
        )
        try:
            client.invoke(FunctionName=destination, InvocationType="DryRun")
        except ClientError as error:
            if error.response["Error"]["Code"] == "AccessDeniedException":
                raise InvalidParameterException(REFUSED) from error
    _require_the_right_to_deliver(role, destination)
    return put(backend, *arguments)


def _require_the_right_to_deliver(role: str | None, destination: str) -> None:
    service = destination.split(":")[2] if destination.count(":") >= 5 else ""
    if service not in UNREACHABLE or not role or not is_role_arn(role):
        return
    denied = denied_to_role(role, f"{service}:PutRecord", destination)
    if denied:
        record(role.split(":")[4], denied)
        raise InvalidParameterException(UNREACHABLE[service])


def _create_stream(create: Any, group: LogGroup, name: str) -> None:
    """LocalStack makes the stream, and then fails to read the pattern of the subscription."""
    try:
        create(group, name)
    except TypeError:
        first = next(iter(group.subscription_filters.values()))
        group.streams[name].filter_pattern = first.filter_pattern


def _keep_whatever_becomes_of_it(put: Any, stream: LogStream, *events: Any) -> str:
    try:
        return str(put(stream, *events))
    except ClientError as error:  # the events are kept by then, and then passed on
        LOG.info("A subscription could not be served: %s", error)
        return f"{stream.upload_sequence_token:056d}"
