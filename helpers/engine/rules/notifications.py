"""What S3 and EventBridge tell their targets, where LocalStack tells it otherwise.

- In an S3 notification a key is encoded like a form's field, `a b.txt` as `a+b.txt`; LocalStack
  writes `a%20b.txt`, and a function that forgets the plus would work here and fail on AWS. An
  EventBridge event bears the key itself, and filters compare it.
- A disabled rule passes no event on.
- What is wrong with a notification's filters is said before anything of its target.
"""

import dataclasses
from typing import Any
from urllib.parse import quote_plus

from localstack.services.events.models import Rule
from localstack.services.events.provider import EventsProvider
from localstack.services.s3 import notifications
from localstack.services.s3.notifications import BaseNotifier, S3EventNotificationContext
from localstack.utils.patch import patch

_payload_of = BaseNotifier._get_event_payload


def install() -> None:
    notifications.quote = str  # the key itself, for filters and EventBridge
    BaseNotifier._get_event_payload = staticmethod(_payload)
    patch(BaseNotifier._validate_notification)(_validate_filters_first)
    patch(EventsProvider._process_rules)(_process_if_enabled)


def _payload(context: S3EventNotificationContext, config_id: str) -> Any:
    key = quote_plus(context.key_name, safe="/")
    return _payload_of(dataclasses.replace(context, key_name=key), config_id)


def _validate_filters_first(validate: Any, notifier: BaseNotifier, asked: Any) -> None:
    """AWS asks the target only when all else is right; LocalStack asks it first."""
    validate(notifier, dataclasses.replace(asked, skip_destination_validation=True))
    validate(notifier, asked)


def _process_if_enabled(process: Any, provider: EventsProvider, rule: Rule, *event: Any) -> None:
    if rule.state != "DISABLED":
        process(provider, rule, *event)
