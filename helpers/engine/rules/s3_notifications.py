"""S3's event notifications, where LocalStack's differ from AWS's.

- In a notification a key is encoded like a form field, `a b.txt` as `a+b.txt`; LocalStack writes
  `a%20b.txt`, so a function that forgets the plus would work here and fail on AWS. An EventBridge
  event has the key itself, and filters compare that.
- A function is invoked in the trace in which the object was put. LocalStack passes the trace on to
  other targets only.
- AWS validates a notification's filters before its target, LocalStack after it.
"""

import dataclasses
import threading
from typing import Any
from urllib.parse import quote_plus

from localstack.aws.connect import connect_to
from localstack.services.s3 import notifications
from localstack.services.s3.notifications import (
    BaseNotifier,
    LambdaNotifier,
    S3EventNotificationContext,
)
from localstack.utils.patch import patch

_localstack_payload = BaseNotifier._get_event_payload
_notifying = threading.local()  # the trace of the object that a bucket is reporting


def install() -> None:
    notifications.quote = str  # leaves the key as it is, for filters and EventBridge
    BaseNotifier._get_event_payload = staticmethod(_payload)
    patch(BaseNotifier._validate_notification)(_validate_filters_first)
    patch(LambdaNotifier.notify)(_notify_in_the_trace)
    connect_to._session.events.register("before-call.lambda.Invoke", _send_trace)


def _payload(context: S3EventNotificationContext, config_id: str) -> Any:
    key = quote_plus(context.key_name, safe="/")
    return _localstack_payload(dataclasses.replace(context, key_name=key), config_id)


def _validate_filters_first(validate: Any, notifier: BaseNotifier, notification: Any) -> None:
    without_target = dataclasses.replace(notification, skip_destination_validation=True)
    validate(notifier, without_target)
    validate(notifier, notification)


def _notify_in_the_trace(notify: Any, notifier: Any, context: Any, config: Any) -> None:
    _notifying.trace = context.xray
    try:
        notify(notifier, context, config)
    finally:
        _notifying.trace = None


def _send_trace(params: dict[str, Any], **_: Any) -> None:
    trace = getattr(_notifying, "trace", None)
    if trace:
        params["headers"]["X-Amzn-Trace-Id"] = trace
