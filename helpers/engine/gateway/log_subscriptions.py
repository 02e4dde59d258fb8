"""A log group's subscription invokes only functions that let CloudWatch Logs do so.

LocalStack takes any function, and where it can't be invoked the log itself is not kept. AWS tries
when the subscription is made, and afterwards fails in silence.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html (2026-11-27)
"""

import logging
from typing import Any

from botocore.exceptions import ClientError
from localstack.aws.connect import connect_to
from localstack.utils.patch import patch
from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogsBackend, LogStream

LOG = logging.getLogger(__name__)

REFUSED = (
    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to "
    "execute your function."
)


def install() -> None:
    patch(LogsBackend.put_subscription_filter)(_put_if_allowed)
    patch(LogStream.put_log_events)(_keep_whatever_becomes_of_it)


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
    return put(backend, *arguments)


def _keep_whatever_becomes_of_it(put: Any, stream: LogStream, *events: Any) -> str:
    try:
        return str(put(stream, *events))
    except ClientError as error:  # the events are kept by then, and then passed on
        LOG.info("A subscription could not be served: %s", error)
        return f"{stream.upload_sequence_token:056d}"
