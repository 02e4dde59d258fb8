"""Events about objects bear the key as AWS writes it.

In an S3 notification a key is encoded like a form's field, `a b.txt` as `a+b.txt`, where LocalStack
writes `a%20b.txt`: a function that forgets the plus would work here and fail there. An EventBridge
event bears the key itself, and filters compare it.
"""

import dataclasses
from typing import Any
from urllib.parse import quote_plus

from localstack.services.s3 import notifications
from localstack.services.s3.notifications import BaseNotifier, S3EventNotificationContext


def install() -> None:
    notifications.quote = str  # the key itself, for filters and EventBridge
    BaseNotifier._get_event_payload = staticmethod(_payload)


_payload_of = BaseNotifier._get_event_payload


def _payload(context: S3EventNotificationContext, config_id: str) -> Any:
    key = quote_plus(context.key_name, safe="/")
    return _payload_of(dataclasses.replace(context, key_name=key), config_id)
