"""moto's CloudWatch Logs: filter patterns are validated, and a subscription never costs log events.

LocalStack leaves filter patterns to plugins, and matches every event. A pattern is validated when
it is given: later, when events arrive, nobody would see the error. And LocalStack doesn't store
what a subscription can't be sent.
"""

import logging
from typing import Any

from botocore.exceptions import ClientError
from localstack.services.logs import provider  # which patches the same classes, and first
from localstack.utils.patch import patch
from moto.logs.models import LogGroup, LogsBackend, LogStream

from helpers.engine.gateway.log_subscriptions import require_delivery
from helpers.engine.invoke.log_patterns import matcher, require_known_pattern

LOG = logging.getLogger(__name__)


def install() -> None:
    provider.get_pattern_matcher = matcher
    patch(LogsBackend.filter_log_events)(_filter_log_events)
    patch(LogsBackend.put_metric_filter)(_put_metric_filter)
    patch(LogsBackend.put_subscription_filter)(_put_subscription_filter)
    patch(LogStream.put_log_events)(_put_log_events)
    patch(LogGroup.create_log_stream)(_create_log_stream)


def _filter_log_events(call: Any, backend: LogsBackend, *arguments: Any) -> Any:
    require_known_pattern(arguments[6])
    return call(backend, *arguments)


def _put_metric_filter(put: Any, backend: LogsBackend, *arguments: Any) -> Any:
    require_known_pattern(arguments[1])
    return put(backend, *arguments)


def _put_subscription_filter(put: Any, backend: LogsBackend, *arguments: Any) -> Any:
    group, _, pattern, destination, role = arguments
    require_known_pattern(pattern)
    require_delivery(backend, group, destination, role)
    return put(backend, *arguments)


def _put_log_events(put: Any, stream: LogStream, *events: Any) -> str:
    """Store events, even if a subscription can't be served."""
    try:
        return str(put(stream, *events))
    except ClientError as error:  # they are stored first, and then sent
        LOG.info("A subscription could not be served: %s", error)
        return f"{stream.upload_sequence_token:056d}"


def _create_log_stream(create: Any, group: LogGroup, name: str) -> None:
    """Create a stream; LocalStack does so, and then fails to read the subscription's pattern."""
    try:
        create(group, name)
    except TypeError:
        first = next(iter(group.subscription_filters.values()))
        group.streams[name].filter_pattern = first.filter_pattern
