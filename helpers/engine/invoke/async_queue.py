"""The queue of asynchronous invocations loses none while a function is being updated.

An update starts a new poller at the same queue, and the old one, which is still waiting inside its
last call, takes the next message along as it ends: LocalStack drops it, and the event is seen again
only when it may be received anew, a minute later. Here the old poller puts it back.
"""

import logging
import time
from typing import Any

from localstack.services.lambda_.invocation.event_manager import Poller, get_sqs_client
from localstack.utils.patch import patch

LOG = logging.getLogger(__name__)

LONG_POLL = 2  # seconds
HIDDEN = 60  # seconds, beyond the function's time-out, for which nobody else gets the message
PAUSE = 1.0  # seconds after an error


def install() -> None:
    patch(Poller.run)(_run)


def _run(_: Any, poller: Poller, *args: Any, **named: Any) -> None:
    while not poller._shutdown_event.is_set():
        try:
            messages = _receive(poller)
        except Exception:
            if poller._shutdown_event.is_set():
                return
            LOG.exception("The queue %s could not be read", poller.event_queue_url)
            time.sleep(PAUSE)
            continue
        for message in messages:
            _hand_over(poller, message)


def _receive(poller: Poller) -> list[dict[str, Any]]:
    version = poller.version_manager.function_version
    answer = get_sqs_client(version).receive_message(
        QueueUrl=poller.event_queue_url,
        WaitTimeSeconds=LONG_POLL,
        MaxNumberOfMessages=10,
        VisibilityTimeout=version.config.timeout + HIDDEN,
    )
    return answer.get("Messages") or []


def _hand_over(poller: Poller, message: dict[str, Any]) -> None:
    """To the function, or, where this poller has been ended meanwhile, to the one after it."""
    if not poller._shutdown_event.is_set():
        try:
            poller.invoker_pool.submit(poller.handle_message, message)
            return
        except RuntimeError:  # ended between the two
            pass
    queue, url = get_sqs_client(poller.version_manager.function_version), poller.event_queue_url
    queue.send_message(QueueUrl=url, MessageBody=message["Body"])
    queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
