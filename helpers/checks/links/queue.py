"""Queues as checks look at them, without taking anything of the learner's out of them."""

import json
from dataclasses import dataclass

from botocore.exceptions import ClientError

from helpers.aws.errors import is_missing
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect

COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)

NO_QUEUE = "There is no queue `{name}`."


@dataclass(frozen=True)
class Queue:
    """A queue: `attributes` as AWS gives them, all of them strings."""

    name: str
    url: str
    attributes: dict[str, str]

    @property
    def arn(self) -> str:
        return self.attributes["QueueArn"]

    @property
    def waiting(self) -> int:
        """How many messages are in it, visible, in flight or delayed."""
        return sum(int(self.attributes.get(each, 0)) for each in COUNTS)

    @property
    def redrive(self) -> tuple[str, int] | None:
        """The ARN of its dead-letter queue, and after how many receptions a message goes there."""
        policy = json.loads(self.attributes.get("RedrivePolicy") or "{}")
        if not policy:
            return None
        return str(policy["deadLetterTargetArn"]), int(policy["maxReceiveCount"])


def find_queue(probe: Probe, name: str) -> Queue:
    """The queue as it is now. Raises Incorrect, link "queue", if it is not there."""
    aws = probe.client("sqs")
    try:
        url = aws.get_queue_url(QueueName=name)["QueueUrl"]
        told = aws.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    except ClientError as error:
        if not is_missing(error):
            raise
        raise Incorrect(NO_QUEUE.format(name=name), link="queue") from None
    return Queue(name, url, dict(told["Attributes"]))


def take(probe: Probe, queue: Queue, contains: str) -> list[str]:
    """The messages that hold those words (the check's own) are taken out; the others stay.

    Only for a queue without a dead-letter queue: to look at a message counts as a reception.
    """
    aws, received = probe.client("sqs"), []
    wanted = {"QueueUrl": queue.url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 30}
    while batch := aws.receive_message(**wanted).get("Messages"):
        received += batch
    own = [message for message in received if contains in message["Body"]]
    for message in received:
        which = {"QueueUrl": queue.url, "ReceiptHandle": message["ReceiptHandle"]}
        if message in own:
            aws.delete_message(**which)
        else:
            aws.change_message_visibility(**which, VisibilityTimeout=0)
    return [message["Body"] for message in own]
