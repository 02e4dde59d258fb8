"""The poller of an event source mapping for a stream, which polls each shard on its own.

- LocalStack reads the shards in turn, so a record that fails in one blocks all of them. Here each
  shard has a lane of its own, with its own thread.
- LocalStack counts a batching window from the previous one; here, as on AWS, it begins with its
  first record.
- LocalStack pauses after a full batch; here the next batch follows at once.
- LocalStack accepts AT_TIMESTAMP and ignores it.

The delivery of a batch is in batches.py, the life of a mapping in workers.py.
"""

import threading
import time
from collections import defaultdict
from copy import copy
from typing import Any

from localstack.services.lambda_.event_source_mapping.event_processor import PipeInternalError
from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import DynamoDBPoller
from localstack.services.lambda_.event_source_mapping.pollers.kinesis_poller import KinesisPoller
from localstack.services.lambda_.event_source_mapping.pollers.stream_poller import (
    Batcher,  # whose own module has another name in other releases
    StreamPoller,
)

from helpers.aws.iam.actions.event_sources import FAILURE_ACTIONS
from helpers.engine.gateway.function_roles import is_denied
from helpers.engine.streams.batches import BatchDelivery, NotingProgress
from helpers.engine.streams.doorbell import BELL
from helpers.engine.streams.mapping_progress import Progress


class Window(Batcher[Any]):
    """Gathers records; the batching window begins with the first."""

    def add(self, records: Any, **more: Any) -> bool:
        if not self._batch:
            self._last_batch_time = time.monotonic()
        return bool(super().add(records, **more))


class ShardPoller(BatchDelivery, StreamPoller):
    """Polls all shards at the same time. The mapping's worker sets the first three."""

    config: Any
    role: str
    progress: Progress
    shards: dict[str, str]  # an iterator for each

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.lanes: list[Lane] = []
        self.last_poll = float("-inf")
        self.shard_batcher: dict[str, Window] = defaultdict(
            lambda: Window(
                max_count=self.stream_parameters.get("BatchSize", 100),
                max_window=self.stream_parameters.get("MaximumBatchingWindowInSeconds", 0),
            )
        )

    @property
    def is_waiting(self) -> bool:
        """True while a poller that this one has replaced is still processing records."""
        return self.progress.has_others(self)

    def poll_events(self) -> None:
        now = time.monotonic()
        if not BELL.is_time_to_poll(now, self.last_poll) or self.is_waiting:
            return
        self.last_poll = now
        self.open_lanes()
        for lane in self.lanes:
            lane.poll(self)

    def open_lanes(self) -> None:
        if not self.shards:
            self.shards = self.initialize_shards()
            self.lanes = [Lane(self, shard) for shard in self.shards]

    def initialize_shards(self) -> dict[str, str]:
        """Return an iterator for each shard: after the last processed record, if there is one."""
        after = self.progress.after
        return {
            shard: self._iterator_after(shard, after[shard]) if shard in after else iterator
            for shard, iterator in self.starting_iterators().items()
        }

    def starting_iterators(self) -> dict[str, str]:
        """Return an iterator for each shard, at the mapping's starting position."""
        return dict(super().initialize_shards())

    def send_events_to_dlq(self, shard_id: str, events: Any, context: Any) -> None:
        """Send failed records to the failure destination.

        Where the role doesn't allow that, they are lost; AWS reports nothing either.
        """
        destination = self.stream_parameters.get("DeadLetterConfig", {}).get("Arn") or ""
        service = destination.split(":")[2] if destination else ""
        resource = f"{destination}/aws/lambda/" if service == "s3" else destination
        action = FAILURE_ACTIONS.get(service)
        if not (action and is_denied(self.role, action, resource)):
            super().send_events_to_dlq(shard_id, events, context)

    def close(self) -> None:
        """Return when nothing is in progress: only then is the mapping disabled, or deleted."""
        super().close()
        self.progress.wait_for(self)

    def _iterator_after(self, shard: str, number: str) -> str:
        is_kinesis = self.event_source() == "aws:kinesis"
        response = self.source_client.get_shard_iterator(
            ShardId=shard,
            ShardIteratorType="AFTER_SEQUENCE_NUMBER",
            **{
                "StreamARN" if is_kinesis else "StreamArn": self.source_arn,
                "StartingSequenceNumber" if is_kinesis else "SequenceNumber": number,
            },
        )
        return str(response["ShardIterator"])


class KinesisShards(ShardPoller, KinesisPoller):
    def starting_iterators(self) -> dict[str, str]:
        if self.config["StartingPosition"] != "AT_TIMESTAMP":
            return super().starting_iterators()
        return {
            shard["ShardId"]: self.source_client.get_shard_iterator(
                StreamARN=self.source_arn,
                ShardId=shard["ShardId"],
                ShardIteratorType="AT_TIMESTAMP",
                Timestamp=self.config["StartingPositionTimestamp"],
            )["ShardIterator"]
            for shard in self.source_client.list_shards(StreamARN=self.source_arn)["Shards"]
        }


class DynamoDBShards(ShardPoller, DynamoDBPoller):
    pass


class Lane:
    """One shard of a mapping, polled in a thread unless the previous poll is still in progress."""

    def __init__(self, poller: ShardPoller, shard: str) -> None:
        # A copy, for this shard alone: delivering a batch changes some of its attributes.
        self._own = copy(poller)
        self._own.processor = NotingProgress(poller, shard)
        self._shard = shard
        self._error: Exception | None = None

    def poll(self, poller: ShardPoller) -> None:
        """Start a poll. Raises what the previous one raised."""
        error, self._error = self._error, None
        if error:
            raise error
        thread = threading.Thread(target=self._poll, name=f"lane-{self._shard}", daemon=True)
        poller.progress.start(poller, self._shard, thread)

    def _poll(self) -> None:
        own = self._own
        own.has_delivered = True
        try:
            while own.has_delivered and not own._is_shutdown.is_set():
                own.has_delivered = False
                own.poll_events_from_shard(self._shard, own.shards[self._shard])
        except PipeInternalError:
            pass  # the next poll retries
        except Exception as error:  # noqa: BLE001 - the next poll raises it
            self._error = error
