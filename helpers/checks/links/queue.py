"""A queue: that it is there, where it moves what fails, and a check's own messages in it.

queue = require_queue(probe, "orders")
dead = require_queue(probe, "orders-dead")
tries = require_redrive(queue, dead, least=2, most=10)
probe.wait_for(lambda: take_messages(probe, dead, order))
"""

import json
from dataclasses import dataclass

from botocore.exceptions import ClientError

from helpers.aws.errors import is_missing
from helpers.checks.diagnosis import Diagnosis, require
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Link

COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


class Queue(Diagnosis):
    MISSING = Link.QUEUE("There is no queue `{name}`.{others}")
    NO_REDRIVE = Link.QUEUE("""
        The queue `{name}` has no `RedrivePolicy`, so nothing is ever moved to `{dead}`. Set it with
        `sqs.set_queue_attributes`, on the address of `{name}`.""")
    REDRIVES_BACKWARDS = Link.QUEUE("""
        The policy is on the wrong queue: `{dead}` moves its messages to `{target}`. It belongs to
        the queue `{name}`, whose messages are to be moved.""")
    OTHER_DEAD_LETTER_QUEUE = Link.QUEUE("""
        The queue `{name}` moves its messages to `{target}`. It should be `{dead}`: the policy's
        `deadLetterTargetArn` is the ARN of that queue.""")
    TOO_FEW_TRIES = Link.QUEUE("""
        With a `maxReceiveCount` of {count}, a message is moved away after too few failures, and
        every small mishap needs a person. Allow {least} tries.""")
    TOO_MANY_TRIES = Link.QUEUE("""
        With a `maxReceiveCount` of {count}, a message that can never succeed is tried {count} times
        before it is moved. Allow {least} tries.""")


@dataclass(frozen=True)
class SqsQueue:
    """A queue as it is now; `attributes` as AWS gives them, all of them strings."""

    name: str
    url: str
    attributes: dict[str, str]

    @property
    def arn(self) -> str:
        return self.attributes["QueueArn"]

    @property
    def waiting(self) -> int:
        """Return how many messages are in it: visible, in flight or delayed."""
        return sum(int(self.attributes.get(each, 0)) for each in COUNTS)

    @property
    def redrive(self) -> tuple[str, int] | None:
        """Return the ARN of its dead-letter queue and `maxReceiveCount`; None without a policy."""
        policy = json.loads(self.attributes.get("RedrivePolicy") or "{}")
        if not policy:
            return None
        return str(policy["deadLetterTargetArn"]), int(policy["maxReceiveCount"])


def find_queue(probe: Probe, name: str) -> SqsQueue | None:
    """Return the queue, None if there is none of that name."""
    aws = probe.client("sqs")
    try:
        url = aws.get_queue_url(QueueName=name)["QueueUrl"]
        found = aws.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    except ClientError as error:
        if not is_missing(error):
            raise
        return None
    return SqsQueue(name, url, dict(found["Attributes"]))


def require_queue(probe: Probe, name: str) -> SqsQueue:
    """Return the queue. Raises Queue.MISSING, which names those that there are."""
    if queue := find_queue(probe, name):
        return queue
    others = ", ".join(f"`{other}`" for other in queue_names(probe))
    raise Queue.MISSING(name=name, others=f" There is: {others}." if others else "")


def queue_names(probe: Probe) -> list[str]:
    """Return the names of all queues."""
    pages = probe.client("sqs").get_paginator("list_queues").paginate()
    return sorted(url.rpartition("/")[2] for page in pages for url in page.get("QueueUrls", []))


def require_redrive(queue: SqsQueue, dead: SqsQueue, *, least: int, most: int) -> int:
    """Return after how many tries the queue moves a message to `dead`.

    Raises the diagnosis of what its policy lacks, or if it allows fewer than `least` or more than
    `most` tries.
    """
    words: dict[str, object] = {"name": queue.name, "dead": dead.name, "least": least}
    if dead.redrive:
        raise Queue.REDRIVES_BACKWARDS(**words, target=_name(dead.redrive[0]))
    if not queue.redrive:
        raise Queue.NO_REDRIVE(**words)
    (target, count), evidence = queue.redrive, f"RedrivePolicy: {queue.attributes['RedrivePolicy']}"
    is_meant = target == dead.arn
    require(is_meant, Queue.OTHER_DEAD_LETTER_QUEUE, evidence, **words, target=_name(target))
    require(count >= least, Queue.TOO_FEW_TRIES, evidence, **words, count=count)
    require(count <= most, Queue.TOO_MANY_TRIES, evidence, **words, count=count)
    return count


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]


def take_messages(probe: Probe, queue: SqsQueue, contains: str) -> list[str]:
    """Receive and delete the messages that contain that string, the check's own; return them.

    The others become visible again at once. Only for a queue without a dead-letter queue: each
    look at a message counts as one of its tries.
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
