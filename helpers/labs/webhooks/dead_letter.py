"""Exercise dead-letter: what fails again and again is moved aside, and is not lost."""

import json

from helpers.checks import Diagnosis, Link, NotAttempted, Probe
from helpers.checks.links.mapping import require_mapping
from helpers.checks.links.queue import (
    SqsQueue,
    find_queue,
    queue_names,
    require_queue,
    require_redrive,
    take_messages,
)
from helpers.labs.webhooks import scene
from helpers.labs.webhooks.senders import Delivery

DEAD = "deliveries-dead"
LEAST, MOST = 2, 10
KIND = "payment.succeeded"

TODO = "The queue `deliveries` has no dead-letter queue yet."
DONE = "What can't be processed is moved aside after {count} tries, and is not lost."
ACCEPTED = "The worker accepted it without an error, so it was deleted: was an error caught?"
STILL_TRIED = "It is still in the queue `deliveries`, or on its way through the worker."


class DeadLetter(Diagnosis):
    NOT_MOVED = Link.EFFECT("""
        A payment that no worker can make anything of was sent, and did not arrive in
        `deliveries-dead`. {why}""")


def check(probe: Probe) -> str:
    queue = require_queue(probe, scene.QUEUE)
    if queue_names(probe) == [scene.QUEUE] and not queue.redrive:
        raise NotAttempted(TODO)
    dead = require_queue(probe, DEAD)
    count = require_redrive(queue, dead, least=LEAST, most=MOST)
    require_mapping(probe, queue.arn, scene.WORKER)
    patience = 4 + 2 * count * int(queue.attributes["VisibilityTimeout"])
    _require_moved(probe, dead, patience)
    return DONE.format(count=count)


def _require_moved(probe: Probe, dead: SqsQueue, patience: float) -> None:
    """Send a payment without its data, and find it where what fails should end."""
    paywell, id_ = scene.paywell_at(probe), probe.unique("evt")
    body = json.dumps({"id": id_, "type": KIND, "data": {}}).encode()
    delivery = Delivery(id_, KIND, body)
    sent = paywell.send(delivery)
    scene.require_answered(probe, sent, scene.url_event(paywell, delivery))
    probe.afterwards(take_messages, probe, dead, id_)  # should it arrive after all
    try:
        probe.wait_for(lambda: take_messages(probe, dead, id_), timeout=patience, every=0.2)
    except TimeoutError:
        queue = find_queue(probe, scene.QUEUE)
        why = STILL_TRIED if queue and queue.waiting else ACCEPTED
        raise DeadLetter.NOT_MOVED(why=why) from None


def undo_wrong_answer(probe: Probe) -> None:
    """Remove a policy of the dead-letter queue itself, which the worked answer would leave."""
    dead = find_queue(probe, DEAD)
    if dead and dead.redrive:
        nothing = {"RedrivePolicy": ""}
        probe.client("sqs").set_queue_attributes(QueueUrl=dead.url, Attributes=nothing)
