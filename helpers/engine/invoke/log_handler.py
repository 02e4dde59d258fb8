"""The log events and the metrics of an invocation, written at less cost.

LocalStack writes both through clients of its own services, which costs more processor time than the
invocation itself. Here log events go straight to the store behind CloudWatch Logs, and metrics are
added up and published once a second.
"""

import threading
import time
from collections import Counter
from typing import Any

from localstack.services.lambda_.invocation import metrics
from localstack.services.lambda_.invocation.logs import LogHandler, LogItem
from localstack.services.logs.models import get_moto_logs_backend
from localstack.utils.aws.arns import extract_account_id_from_arn
from localstack.utils.patch import patch

from helpers.engine.gateway.function_roles import is_denied
from helpers.engine.meter.meter import count_log

PUBLISH_EVERY = 1.0  # seconds

_localstack_start = LogHandler.start_subscriber


def install() -> None:
    patch(LogHandler.start_subscriber)(_start_later)
    patch(LogHandler.add_logs)(_write)
    metrics.publish_lambda_metric = Metrics(metrics.publish_lambda_metric).count


def _start_later(start: Any, handler: LogHandler) -> None:
    """Start no thread: most functions never need it, and `_write` starts it where one does."""


def _write(add_logs: Any, handler: LogHandler, item: LogItem) -> None:
    """Write the log of an invocation, if the function's role may. AWS is silent if not."""
    store = get_moto_logs_backend(extract_account_id_from_arn(handler.role_arn), handler.region)
    if any(is_denied(handler.role_arn, *needed) for needed in _permissions(store, handler, item)):
        return
    count_log(store.account_id, item.logs.events)
    group = store.groups.get(item.log_group)
    # These two see only what passes through the Logs service.
    if store.filters.metric_filters or (group and group.subscription_filters):
        if handler._thread is None:
            _localstack_start(handler)
        add_logs(handler, item)
        return
    if item.log_group not in store.groups:  # which other invocations may have created meanwhile
        store.create_log_group(item.log_group, {})
    if item.log_stream not in store.groups[item.log_group].streams:
        store.create_log_stream(item.log_group, item.log_stream)
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": event} for event in item.logs.events]
    store.put_log_events(item.log_group, item.log_stream, events)


def _permissions(store: Any, handler: LogHandler, item: LogItem) -> list[tuple[str, str]]:
    """Return the actions, and their resources, that the function's role needs for its log."""
    arn = f"arn:aws:logs:{handler.region}:{store.account_id}:log-group:{item.log_group}"
    group = store.groups.get(item.log_group)
    needed = [("logs:PutLogEvents", f"{arn}:log-stream:{item.log_stream}")]
    if group is None or item.log_stream not in group.streams:
        needed.insert(0, ("logs:CreateLogStream", f"{arn}:*"))
    if group is None:
        needed.insert(0, ("logs:CreateLogGroup", f"{arn}:*"))
    return needed


class Metrics:
    """Counts what would have been a call each, and publishes the sums."""

    def __init__(self, publish: Any) -> None:
        self._publish = publish
        self._counts: Counter[tuple[str, str, str | None, str | None]] = Counter()
        self._lock = threading.Lock()

    def count(
        self,
        metric: str,
        value: int,
        kwargs: dict[str, str],
        account_id: str | None = None,
        region_name: str | None = None,
    ) -> None:
        with self._lock:
            if not self._counts:
                timer = threading.Timer(PUBLISH_EVERY, self._publish_all)
                timer.daemon = True
                timer.start()
            self._counts[metric, kwargs["func_name"], account_id, region_name] += value

    def _publish_all(self) -> None:
        with self._lock:
            counts, self._counts = self._counts, Counter()
        for (metric, function, account, region), value in counts.items():
            self._publish(metric, value, {"func_name": function}, account, region)
