"""Exercise queue: the delivery is safe before the sender is told so, and the work comes after."""

from dataclasses import replace

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.checks.denied import require_needed
from helpers.checks.faults import copy_of
from helpers.checks.function import configuration, failure, variables
from helpers.checks.links.mapping import readers, remove_mappings, require_mapping
from helpers.checks.links.queue import SqsQueue, require_queue
from helpers.checks.logs import Runs, printed
from helpers.checks.roles import copy_of_role
from helpers.labs.webhooks import scene
from helpers.labs.webhooks.senders import Paywell

FILE = "intake.py"
NOWHERE = "-is-not-here"
NOT_THERE = ("NonExistentQueue", "QueueDoesNotExist")  # as SQS names it, in its two protocols

DONE = "The answer comes when the delivery is safe, and the parcel is packed after that."


class Queue(Diagnosis):
    OTHER_QUEUE = Link.CONFIGURATION("""
        The environment variable `QUEUE_URL` of `receiver` is not the address of the queue
        `deliveries`. Run the cell with `lab.deploy` again.""")
    NOT_READ = Link.CODE("""
        The address of a queue belongs in the configuration, but `take_in` does not read the
        environment variable `QUEUE_URL`: `os.environ["QUEUE_URL"]`.""")
    TOO_EARLY = Link.CODE("""
        A copy of your receiver, whose queue does not exist, answered {status}: the sender believes
        that you have got the payment, and it is nowhere. Send the message first, let an error
        through, and answer after that.""")
    WRONG_BLAME = Link.CODE("""
        A copy of your receiver, whose queue does not exist, answered {status}, as if the sender had
        made a mistake, and many give up at that. Let the error through: then the answer is 502, and
        the sender tries again later.""")
    NO_STATUS = Link.CODE("""
        `take_in` returned {given}, but the sender needs a status: return `{{"statusCode": 202}}`
        after the message was sent.""")
    BEYOND = Link.CODE("""
        `take_in` asks AWS for `{action}`, which the role of `receiver` does not allow. It only has
        to send the message: packing is the worker's task.""")
    OTHERS_TOO = Link.EVENT_SOURCE("""
        The queue `deliveries` is read for {others}, too, and each message goes to one function
        only. Find the UUID of that mapping with `lambda_.list_event_source_mappings()`, and remove
        it with `lambda_.delete_event_source_mapping(UUID=...)`.""")
    REFUSED = Link.CODE("""
        An honest payment got the answer {status}. Once the message is in the queue, answer with
        `{{"statusCode": 202}}`.""")
    IN_THE_RECEIVER = Link.CODE("""
        When the sender had its answer, the parcel was packed already: the receiver does the work
        itself, or waits for it. Let it only put the message into the queue.""")
    WORKER_FAILED = Link.FUNCTION("""
        The message reached the worker, which stopped with the error below. It expects the string in
        `message`, as it is made in `take_in`.""")
    NEVER_SENT = Link.EFFECT("""
        The receiver answered {status}, but nothing came of it: no parcel was packed, and the worker
        was not even invoked. Does `take_in` send the message, without a delay?""")


def check(probe: Probe) -> str:
    text = scene.own_files(probe, scene.RECEIVER, FILE)[FILE]
    queue = require_queue(probe, scene.QUEUE)
    is_slow = "PACKING_SECONDS" in variables(configuration(probe, scene.WORKER))
    address = variables(configuration(probe, scene.RECEIVER)).get("QUEUE_URL")
    require(address == queue.url, Queue.OTHER_QUEUE)
    require("QUEUE_URL" in text, Queue.NOT_READ)
    paywell = scene.paywell_at(probe)
    _require_safe_first(probe, paywell, queue)
    require_mapping(probe, queue.arn, scene.WORKER)
    others = [f"`{name}`" for name in readers(probe, queue.arn) if name != scene.WORKER]
    require(not others, Queue.OTHERS_TOO, others=" and ".join(others))
    _require_packed_later(probe, paywell, is_slow)
    return DONE


def _require_safe_first(probe: Probe, paywell: Paywell, queue: SqsQueue) -> None:
    """Look at what a copy of the receiver answers when its queue accepts nothing."""
    _, payment = scene.new_payment(probe, paywell)
    resource = f"{queue.arn}{NOWHERE}"
    to_send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": resource}
    role = copy_of_role(probe, configuration(probe, scene.RECEIVER)["Role"], to_send)
    copy = copy_of(probe, scene.RECEIVER, role=role, QUEUE_URL=f"{queue.url}{NOWHERE}")
    answer = probe.invoke(copy, scene.url_event(paywell, payment))
    if answer.error:
        if not any(name in str(answer.error) for name in NOT_THERE):
            require_needed(answer, Queue.BEYOND, "sqs:")
            raise failure(probe, replace(answer, function=scene.RECEIVER))
        return
    status = answer.result.get("statusCode") if isinstance(answer.result, dict) else None
    if not isinstance(status, int):
        raise Queue.NO_STATUS(given=answer.result)
    require(status >= 400, Queue.TOO_EARLY, status=status)
    require(status >= 500, Queue.WRONG_BLAME, status=status)


def _require_packed_later(probe: Probe, paywell: Paywell, is_slow: bool) -> None:
    runs = Runs(probe, scene.WORKER)
    order, sent = scene.pay(probe, paywell, Queue.REFUSED)
    require(not (is_slow and scene.parcels(probe, order)), Queue.IN_THE_RECEIVER)
    require(sent.attempts[-1].text != "null", Queue.NO_STATUS, given=None)
    try:
        probe.wait_for(lambda: scene.parcels(probe, order), timeout=scene.PATIENCE)
    except TimeoutError:
        log = printed(runs.new())
        require("[ERROR]" not in log, Queue.WORKER_FAILED, log[log.find("[ERROR]") :][:600])
        raise Queue.NEVER_SENT(status=sent.status) from None


def undo_wrong_answer(probe: Probe) -> None:
    """Remove the mapping, which the worked answer creates itself."""
    aws, arn = probe.client("lambda"), require_queue(probe, scene.QUEUE).arn
    remove_mappings(
        probe, lambda: aws.list_event_source_mappings(EventSourceArn=arn)["EventSourceMappings"]
    )
