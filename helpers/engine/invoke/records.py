"""What an invocation leaves behind, its log lines and its metrics, written without a detour.

LocalStack writes both through clients of its own services, which costs more processor time than
the invocation itself. Here log lines go straight to the store behind CloudWatch Logs, and metrics
are summed up and sent once a second.
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

SENT_EVERY = 1.0  # seconds between two deliveries of the metrics


def install() -> None:
    """Take over from LocalStack's own log thread and metric calls."""
    patch(LogHandler.start_subscriber)(_start_no_thread)
    patch(LogHandler.add_logs)(_write_at_once)
    metrics.publish_lambda_metric = _Metrics(metrics.publish_lambda_metric).count


def _start_no_thread(start: Any, handler: LogHandler) -> None:
    """Most functions never need the thread; `_write_at_once` starts it where one does."""


def _write_at_once(add_logs: Any, handler: LogHandler, item: LogItem) -> None:
    account = extract_account_id_from_arn(handler.role_arn)
    store = get_moto_logs_backend(account, handler.region)
    if not _may_log(store, handler, item):
        return
    count_log(account, item.logs.events)
    if _someone_listens(store, item.log_group):
        if handler._thread is None:
            start = LogHandler.start_subscriber
            getattr(start, "__wrapped__", start)(handler)
        add_logs(handler, item)
        return
    _make_stream(store, item)
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": event} for event in item.logs.events]
    store.put_log_events(item.log_group, item.log_stream, events)


def _may_log(store: Any, handler: LogHandler, item: LogItem) -> bool:
    """Whether the function's role allows its log. On AWS, too, nobody hears of it if not."""
    group = f"arn:aws:logs:{handler.region}:{store.account_id}:log-group:{item.log_group}"
    stream = f"{group}:log-stream:{item.log_stream}"
    needed = {"logs:PutLogEvents": stream}
    if item.log_group not in store.groups:
        needed = {
            "logs:CreateLogGroup": f"{group}:*",
            "logs:CreateLogStream": f"{group}:*",
        } | needed
    elif item.log_stream not in store.groups[item.log_group].streams:
        needed = {"logs:CreateLogStream": f"{group}:*"} | needed
    return not any(
        is_denied(handler.role_arn, action, resource) for action, resource in needed.items()
    )


def _someone_listens(store: Any, log_group: str) -> bool:
    """Metric and subscription filters work only on what passes through the Logs service."""
    group = store.groups.get(log_group)
    return bool(store.filters.metric_filters) or bool(group and group.subscription_filters)


def _make_stream(store: Any, item: LogItem) -> None:
    if item.log_group not in store.groups:
        store.create_log_group(item.log_group, {})
    if item.log_stream not in store.groups[item.log_group].streams:
        store.create_log_stream(item.log_group, item.log_stream)


class _Metrics:
    """Counts what would have been a call each, and sends the sums."""

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
                timer = threading.Timer(SENT_EVERY, self._send)
                timer.daemon = True
                timer.start()
            self._counts[metric, kwargs["func_name"], account_id, region_name] += value

    def _send(self) -> None:
        with self._lock:
            counts, self._counts = self._counts, Counter()
        for (metric, function, account, region), value in counts.items():
            self._publish(metric, value, {"func_name": function}, account, region)
