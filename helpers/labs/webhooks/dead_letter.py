"""Exercise dead-letter: what fails again and again is put aside, and does not get lost."""

import json
from difflib import get_close_matches

from botocore.exceptions import ClientError

from helpers.aws.errors import is_missing
from helpers.checks.links.mapping import see_mapping
from helpers.checks.links.queue import Queue, find_queue, take
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.labs.webhooks.scene import QUEUE, WORKER, paywell_at, see_answered
from helpers.labs.webhooks.senders import Delivery

DEAD = "deliveries-dead"
LEAST, MOST = 2, 10

TODO = "The queue `deliveries` has no dead-letter queue yet."
NO_QUEUE = "There is no queue `deliveries-dead`.{guess}"
NO_POLICY = """\
There is a queue `deliveries-dead`, but nothing leads to it: the queue `deliveries` has no \
`RedrivePolicy`. Set it with `sqs.set_queue_attributes(QueueUrl=queue_url, ...)`."""
WRONG_WAY = """\
The policy is on the wrong queue: `deliveries-dead` sends what it can't get rid of to `{target}`. \
It belongs to `deliveries`, whose messages are to be put aside."""
OTHER_TARGET = """\
The queue `deliveries` puts messages aside into `{target}`. That should be `deliveries-dead`: \
`deadLetterTargetArn` is `arn_of(...)` of that queue."""
AT_ONCE = """\
With a `maxReceiveCount` of 1, a message is put aside after its first failure, and every small \
mishap needs a person. Allow for 2 tries."""
TOO_OFTEN = """\
With a `maxReceiveCount` of {count}, a message that can never succeed is tried {count} times \
before it is put aside. Allow for 2 tries here."""
NOT_THERE = """\
A payment that no worker can make anything of was sent, and did not arrive in `deliveries-dead`. \
{why}"""
TAKEN = "The worker took it without an error, so its message was deleted: was an error caught?"
STILL_TRIED = "It is still in the queue `deliveries`, or on its way through the worker."
DONE = "What can't be worked off is put aside after {count} tries, and is not lost."


def check(probe: Probe) -> str:
    queue = find_queue(probe, QUEUE)
    dead = _find_dead(probe, queue)
    count = _see_policy(queue, dead)
    see_mapping(probe, queue.arn, WORKER)
    _see_put_aside(probe, dead, count)
    return DONE.format(count=count)


def _find_dead(probe: Probe, queue: Queue) -> Queue:
    try:
        return find_queue(probe, DEAD)
    except Incorrect:
        urls = probe.client("sqs").list_queues().get("QueueUrls", [])
        names = [each.rpartition("/")[2] for each in urls]
        others = [each for each in names if each != QUEUE]
        if not others and queue.redrive is None:
            raise NotAttempted(TODO) from None
        near = get_close_matches(DEAD, others, n=1) or sorted(others)
        guess = f" Is `{near[0]}` meant to be it?" if near else ""
        raise Incorrect(NO_QUEUE.format(guess=guess), link="queue") from None


def _see_policy(queue: Queue, dead: Queue) -> int:
    if dead.redrive is not None:
        words = WRONG_WAY.format(target=_name(dead.redrive[0]))
        raise Incorrect(words, link="configuration")
    if queue.redrive is None:
        raise Incorrect(NO_POLICY, link="configuration")
    target, count = queue.redrive
    evidence = f"RedrivePolicy: {queue.attributes['RedrivePolicy']}"
    if target != dead.arn:
        words = OTHER_TARGET.format(target=_name(target))
        raise Incorrect(words, link="configuration", evidence=evidence)
    if not LEAST <= count <= MOST:
        words = AT_ONCE if count < LEAST else TOO_OFTEN.format(count=count)
        raise Incorrect(words, link="configuration", evidence=evidence)
    return count


def _name(arn: str) -> str:
    return arn.rpartition(":")[2]


def _see_put_aside(probe: Probe, dead: Queue, count: int) -> None:
    """Send a payment without its data, and find it where what fails should end."""
    paywell = paywell_at(probe)
    event = probe.unique("evt")
    body = json.dumps({"id": event, "type": "payment.succeeded", "data": {}}).encode()
    sent = paywell.send(Delivery(event, "payment.succeeded", body))
    see_answered(probe, paywell, sent)
    patience = 4 + 2 * count * _visibility(probe)
    probe.afterwards(_forget, probe, event)
    try:
        probe.wait_for(lambda: take(probe, dead, event), timeout=patience, every=0.2)
    except TimeoutError:
        left = find_queue(probe, QUEUE).waiting
        why = STILL_TRIED if left else TAKEN
        raise Incorrect(NOT_THERE.format(why=why), link="effect") from None


def _visibility(probe: Probe) -> int:
    return int(find_queue(probe, QUEUE).attributes["VisibilityTimeout"])


def _forget(probe: Probe, event: str) -> None:
    """Take it out, should it arrive after all."""
    try:
        take(probe, find_queue(probe, DEAD), event)
    except ClientError as error:
        if not is_missing(error):
            raise
