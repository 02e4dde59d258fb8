"""Exercise queue: the delivery is safe before the sender is told so, and the work comes after."""

from helpers.checks.denied import denied_action
from helpers.checks.faults import copy_of
from helpers.checks.function import configuration, failure, variables
from helpers.checks.links.mapping import readers, remove_mappings, see_mapping
from helpers.checks.links.queue import Queue, find_queue
from helpers.checks.package import is_same_code
from helpers.checks.roles import copy_of_role
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.lookup import function_names
from helpers.labs.webhooks.files import see_uploaded, see_written
from helpers.labs.webhooks.scene import (
    QUEUE,
    RECEIVER,
    WORKER,
    new_payment,
    parcels,
    paywell_at,
    see_answered,
    url_event,
)
from helpers.labs.webhooks.senders import Paywell

FILE = "intake.py"
NOWHERE = "-is-not-here"
STUB = """\
import json
import os

import boto3

sqs = boto3.client("sqs")


def take_in(sender, delivery, body):
    \"\"\"Put the delivery where it is safe, and only then say that we have got it.\"\"\"
    message = json.dumps({"sender": sender, "delivery": delivery, "body": body.decode()})
"""

TODO = "`take_in` in `webhooks/intake.py` does not put the message anywhere yet."
NO_WORKER = "There is no function `worker`. Run the cell with `lab.deploy` again."
OTHER_QUEUE = """\
The environment variable `QUEUE_URL` of `receiver` is not the address of the queue `deliveries`. \
Run the cell with `lab.deploy` again."""
NOT_READ = """\
`take_in` does not read the environment variable `QUEUE_URL`. The queue's address differs from \
place to place and belongs in the configuration: `os.environ["QUEUE_URL"]`."""
REFUSED = """\
An honest payment got the answer {status}. Once the message is in the queue, answer with \
`{{"statusCode": 202}}`."""
TOO_EARLY = """\
A copy of your receiver, whose queue does not exist, answered {status}. So the sender believes \
that you have got the payment, and it is nowhere. Send the message first, let an error through, \
and answer after that."""
WRONG_BLAME = """\
A copy of your receiver, whose queue does not exist, answered {status}. A status of 4xx says that \
the sender has made a mistake, and many senders give up at that. Let the error through: then the \
answer is 502, and the sender tries again later."""
NO_STATUS = """\
`take_in` returned {given}. API Gateway and the sender need a status: return \
`{{"statusCode": 202}}` after the message was sent."""
OTHERS_TOO = """\
The queue `deliveries` is read for `worker`, and for {others}, too: each message goes to one of \
them only. Remove the mapping that is too many, with \
`lambda_.delete_event_source_mapping(UUID=...)`; `lambda_.list_event_source_mappings()` tells its \
UUID."""
IN_THE_RECEIVER = """\
When the sender had its answer, the parcel was packed already: the receiver does the work itself, \
or waits for it. Let it only put the message into the queue."""
BEYOND = """\
`take_in` asks AWS for `{action}`, which the role of `receiver` does not allow, and need not. It \
has to send the message and nothing else: packing the parcel is the worker's task."""
NEVER_SENT = """\
The receiver answered {status}, but nothing came of it: no parcel was packed, and the worker was \
not even called. Does `take_in` send the message?"""
WORKER_FAILED = """\
The message reached the worker, which stopped with the error below. It expects the text in \
`message`, as it is made in `take_in`."""
DONE = "The answer comes when the delivery is safe, and the parcel is packed after that."


def check(probe: Probe) -> str:
    text = see_written(probe, FILE, "take_in", todo=TODO)
    if is_same_code(text, STUB):
        raise NotAttempted(TODO)
    see_uploaded(probe, RECEIVER, FILE)
    if WORKER not in function_names(probe.client):
        raise Incorrect(NO_WORKER, link="function")
    queue = find_queue(probe, QUEUE)
    if variables(configuration(probe, RECEIVER)).get("QUEUE_URL") != queue.url:
        raise Incorrect(OTHER_QUEUE, link="configuration")
    if "QUEUE_URL" not in text:
        raise Incorrect(NOT_READ, link="code")
    _see_safe_first(probe, paywell_at(probe), queue)
    see_mapping(probe, queue.arn, WORKER)
    if others := [f"`{name}`" for name in readers(probe, queue.arn) if name != WORKER]:
        raise Incorrect(OTHERS_TOO.format(others=" and ".join(others)), link="event source")
    _see_parcel(probe, paywell_at(probe))
    return DONE


def _see_safe_first(probe: Probe, paywell: Paywell, queue: Queue) -> None:
    """What a receiver like the learner's says when its queue takes nothing."""
    _, payment = new_payment(probe, paywell)
    copy = copy_of(probe, RECEIVER, role=_role(probe, queue), QUEUE_URL=f"{queue.url}{NOWHERE}")
    answer = probe.invoke(copy, url_event(paywell, payment))
    if answer.error:
        if "NonExistentQueue" in str(answer.error) or "QueueDoesNotExist" in str(answer.error):
            return
        action = denied_action(answer)
        if action and not action.startswith("sqs:"):
            raise Incorrect(BEYOND.format(action=action), link="code")
        broken = failure(probe, answer)
        words = str(broken).replace(copy, RECEIVER)
        raise Incorrect(words, link=broken.link, evidence=broken.evidence)
    status = answer.result.get("statusCode") if isinstance(answer.result, dict) else None
    if not isinstance(status, int):
        raise Incorrect(NO_STATUS.format(given=answer.result), link="code")
    if status < 500:
        words = TOO_EARLY if status < 400 else WRONG_BLAME
        raise Incorrect(words.format(status=status), link="code")


def _role(probe: Probe, queue: Queue) -> str:
    """A role that allows what the receiver's does, and to send to the queue that is not there."""
    to_send = {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": f"{queue.arn}{NOWHERE}",
    }
    return copy_of_role(probe, configuration(probe, RECEIVER)["Role"], to_send)


def _see_parcel(probe: Probe, paywell: Paywell) -> None:
    order, payment = new_payment(probe, paywell)
    sent = paywell.send(payment)
    at_once = parcels(probe, order)
    see_answered(probe, paywell, sent)
    if not sent.taken:
        raise Incorrect(REFUSED.format(status=sent.status), link="code")
    if sent.attempts[-1].text == "null":
        raise Incorrect(NO_STATUS.format(given=None), link="code")
    if at_once and "PACKING_SECONDS" in variables(configuration(probe, WORKER)):
        raise Incorrect(IN_THE_RECEIVER, link="code")
    try:
        probe.wait_for(lambda: parcels(probe, order), timeout=6)
    except TimeoutError:
        raise _nothing_came(probe, sent.status) from None


def _nothing_came(probe: Probe, status: int | None) -> Incorrect:
    log = probe.logs(WORKER, timeout=0.1).text
    if "[ERROR]" in log:
        evidence = log[log.rindex("[ERROR]") :][:600]
        return Incorrect(WORKER_FAILED, link="function", evidence=evidence)
    return Incorrect(NEVER_SENT.format(status=status), link="effect")


def undo_wrong_answer(probe: Probe) -> None:
    """The worked answer makes the mapping itself; one that is there already would be in its way."""
    aws = probe.client("lambda")
    arn = find_queue(probe, QUEUE).arn
    remove_mappings(
        probe, lambda: aws.list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
    )
