"""The queue of asynchronous invocations.

An update of a function starts a new poller at the same queue. The old one, which is still waiting
for a response, receives the next message as it ends: LocalStack drops it, and the invocation is
retried only when the message becomes visible again, a minute later. Here the old poller puts it
back.

The invocations in the queue are also counted, so that the clock can wait for the effects of a rule.
"""

import logging
import threading
import time
from collections import defaultdict
from typing import Any

from localstack.services.lambda_.invocation.event_manager import (
    LambdaEventManager,
    Poller,
    SQSInvocation,
    get_sqs_client,
)
from localstack.utils.patch import patch

LOG = logging.getLogger(__name__)

LONG_POLL = 2  # seconds
VISIBILITY = 60  # seconds, beyond the function's timeout, for which a message stays invisible
RETRY_AFTER = 1.0  # seconds after an error


class Pending:
    """The asynchronous invocations that were accepted and have not ended, by account."""

    def __init__(self) -> None:
        self._requests: dict[str, set[str]] = defaultdict(set)
        self._changed = threading.Condition()

    def add(self, account: str, request_id: str) -> None:
        with self._changed:
            self._requests[account].add(request_id)

    def remove(self, account: str, request_id: str) -> None:
        with self._changed:
            self._requests[account].discard(request_id)
            self._changed.notify_all()

    def wait(self, account: str, timeout: float) -> None:
        """Wait until none is pending in the account."""
        with self._changed:
            self._changed.wait_for(lambda: not self._requests[account], timeout)


PENDING = Pending()


def install() -> None:
    patch(LambdaEventManager.enqueue_event)(_enqueue)
    patch(Poller.run)(_run)
    patch(Poller.handle_message)(_handle)


def _enqueue(enqueue_event: Any, manager: LambdaEventManager, invocation: Any) -> None:
    PENDING.add(manager.version_manager.function_version.id.account, invocation.request_id)
    enqueue_event(manager, invocation)


def _handle(handle_message: Any, poller: Poller, message: dict[str, Any]) -> None:
    try:
        handle_message(poller, message)
    finally:
        account = poller.version_manager.function_version.id.account
        PENDING.remove(account, SQSInvocation.decode(message["Body"]).invocation.request_id)


def _run(_: Any, poller: Poller, *args: Any, **named: Any) -> None:
    while not poller._shutdown_event.is_set():
        try:
            messages = _receive(poller)
        except Exception:
            if poller._shutdown_event.is_set():
                return
            LOG.exception("The queue %s could not be read", poller.event_queue_url)
            time.sleep(RETRY_AFTER)
            continue
        for message in messages:
            if not _submit(poller, message):
                _put_back(poller, message)


def _receive(poller: Poller) -> list[dict[str, Any]]:
    version = poller.version_manager.function_version
    response = get_sqs_client(version).receive_message(
        QueueUrl=poller.event_queue_url,
        WaitTimeSeconds=LONG_POLL,
        MaxNumberOfMessages=10,
        VisibilityTimeout=version.config.timeout + VISIBILITY,
    )
    return response.get("Messages") or []


def _submit(poller: Poller, message: dict[str, Any]) -> bool:
    """Submit a message for invocation, and return False if the poller has ended meanwhile."""
    if poller._shutdown_event.is_set():
        return False
    try:
        poller.invoker_pool.submit(poller.handle_message, message)
    except RuntimeError:  # the pool was shut down between the two
        return False
    return True


def _put_back(poller: Poller, message: dict[str, Any]) -> None:
    """Put a message back, for the poller after this one."""
    queue, url = get_sqs_client(poller.version_manager.function_version), poller.event_queue_url
    queue.send_message(QueueUrl=url, MessageBody=message["Body"])
    queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
