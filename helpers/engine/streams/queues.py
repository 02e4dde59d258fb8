"""The poller of an event source mapping for a queue.

- LocalStack pauses for a second after an empty response. Here a request waits until a message
  arrives.
- A batching window has no effect in LocalStack unless it is longer than 20 seconds.
- LocalStack rewrites a message body that happens to be JSON: `{"a":1}` arrives as `{"a": 1}`, which
  invalidates any signature of the body.
"""

from typing import Any

from localstack.services.lambda_.event_source_mapping.pollers.sqs_poller import SqsPoller
from localstack.services.sqs.constants import HEADER_LOCALSTACK_SQS_OVERRIDE_WAIT_TIME_SECONDS

LONG_POLL = 1  # seconds, which a mapping may take to stop


class BatchingWindow(int):
    """A batching window in seconds, as distinguished from the wait time of a long poll."""


class QueuePoller(SqsPoller):
    maximum_batching_window: int

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        window = self.maximum_batching_window
        self.maximum_batching_window = BatchingWindow(window) if window else LONG_POLL
        self.source_client.meta.events.register_first(
            "provide-client-params.sqs.ReceiveMessage", _wait_for_window, unique_id="lab-window"
        )
        self._bodies: dict[str, str] = {}  # of the batch in progress, by message ID

    def handle_messages(self, messages: Any) -> None:
        self._bodies = {message["MessageId"]: message["Body"] for message in messages}
        super().handle_messages(messages)

    def add_source_metadata(self, events: Any, extra_metadata: Any = None) -> Any:
        """Restore each body as it was sent; filtering has parsed it and written it anew."""
        for event in events:
            event["body"] = self._bodies[event["messageId"]]
        return super().add_source_metadata(events, extra_metadata)


def _wait_for_window(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    """Have the queue gather messages for the whole batching window, whatever its length."""
    wait = params.get("sqs_override_wait_time_seconds")
    if isinstance(wait, BatchingWindow):
        context[HEADER_LOCALSTACK_SQS_OVERRIDE_WAIT_TIME_SECONDS] = str(int(wait))
