"""Exercise once: the note and the parcel in one transaction, never one without the other."""

import json
import time
from dataclasses import replace
from decimal import Decimal

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.checks.denied import require_needed
from helpers.checks.faults import LEARNERS, copy_behind, copy_of
from helpers.checks.function import ask, configuration, failure, variables
from helpers.checks.roles import copy_of_role
from helpers.checks.sample_events import sqs_event
from helpers.functions.invoke import Invocation
from helpers.labs.webhooks import scene
from helpers.labs.webhooks.senders import Delivery

FILE = "once.py"
DAY = 24 * 3600
LEAST, MOST = 3 * DAY, 60 * DAY
MISSING = "no-such-table"
TO_PUT = "dynamodb:PutItem"
TRIES = 3
# Another transaction in the way can't be had on demand, so a copy of the worker plays it.
CONFLICT = """
REASONS = [{"Code": "None"}, {"Code": "TransactionConflict"}]


def refuse(self, operation, arguments):
    if operation not in ("TransactWriteItems", "ExecuteTransaction"):
        return call(self, operation, arguments)
    error = {"Code": "TransactionCanceledException", "Message": "[None, TransactionConflict]"}
    answer = {"Error": error, "CancellationReasons": REASONS}
    raise self.exceptions.TransactionCanceledException(answer, operation)


BaseClient._make_api_call, handler = refuse, learners
"""

DONE = "Each payment is one parcel, however often it comes and wherever the worker dies."


class Once(Diagnosis):
    NO_TABLE = Link.CONFIGURATION("""
        `worker` has no environment variable `{name}`. Run the cell with `lab.deploy` and
        `environment=stores` again.""")
    NO_PARCEL = Link.EFFECT("""
        The worker ran without an error, but no parcel was packed. The transaction needs two writes:
        the note, and `{{"Put": put}}`.""")
    PACKED_TWICE = Link.EFFECT("""
        The same delivery came twice, and {count} parcels were packed. Put the note only if its key
        is not there yet (`ConditionExpression`), and nothing at all if it is.""")
    DUPLICATE_FAILS = Link.CODE("""
        A delivery that comes again makes the worker stop with the error below, so it would come
        again and again. Catch what the transaction raises if the note was there already, and return
        False.""")
    NO_NOTE = Link.EFFECT("""
        The parcel was packed, but the table `deliveries` has no note of the delivery.""")
    NO_EXPIRY = Link.EFFECT("""
        The note has no number in `expires`, so it would be kept for ever. Add the time at which it
        may go, as `{{"N": str(...)}}`.""")
    MILLISECONDS = Link.EFFECT("""
        `expires` is {expires}, which are milliseconds. DynamoDB reads seconds, and would keep this
        row for more than fifty thousand years.""")
    OTHER_EXPIRY = Link.EFFECT("""
        `expires` has to be a moment in about a week: `int(time.time()) + WEEK`. Yours is {when},
        and a sender may try again for three days.""")
    LOOKS_FIRST = Link.CODE("""
        So far no parcel was packed twice, but it can be: two workers at the same time would both
        find no note, and both pack. Put the condition into the write: `"ConditionExpression":
        IS_NEW`.""")
    BEYOND = Link.CODE("""
        `once` asks AWS for `{action}`, which the role of `worker` does not allow. Put both rows in
        one transaction, the note with its condition: between a look and a write, or a write and its
        removal, another worker can do the same.""")
    SWALLOWED = Link.CODE("""
        A copy of your worker, whose table `{table}` does not exist, said that all is well: the
        message is deleted, and the payment lost. Catch only what says that the note was there
        already.""")
    NOTE_FIRST = Link.EFFECT("""
        A copy of your worker, whose table `parcels` does not exist, died after it had made the
        note. When the message came again no parcel was packed: the payment is lost. Put both into
        one transaction.""")
    PARCEL_FIRST = Link.EFFECT("""
        A copy of your worker, whose table `deliveries` does not exist, died after it had packed the
        parcel. When the message comes again it is packed once more. Put both into one
        transaction.""")
    ANY_REASON = Link.CODE("""
        A copy of your worker, whose transaction was cancelled for another reason, said that all is
        well, and the payment is lost. It is a duplicate only if the first reason's `"Code"` is
        `"ConditionalCheckFailed"`; otherwise, `raise`.""")


def check(probe: Probe) -> str:
    text = scene.own_files(probe, scene.WORKER, FILE)[FILE]
    found = variables(configuration(probe, scene.WORKER))
    for name in ("PARCELS", "DELIVERIES"):
        require(name in found, Once.NO_TABLE, name=name)
    paywell = scene.paywell_at(probe)
    _require_one_of_two(probe, *scene.new_payment(probe, paywell))
    is_conditional = "ConditionExpression" in text or "execute_transaction" in text
    require(is_conditional, Once.LOOKS_FIRST)
    _require_nothing_lost(probe, *scene.new_payment(probe, paywell))
    _require_nothing_packed(probe, *scene.new_payment(probe, paywell))
    _, payment = scene.new_payment(probe, paywell)
    copy = copy_behind(probe, scene.WORKER, "in_conflict", LEARNERS + CONFLICT)
    require(work(probe, copy, payment).error, Once.ANY_REASON, "Code: TransactionConflict")
    order, _ = scene.pay(probe, paywell)
    scene.require_parcel(probe, order)
    _require_one_parcel(probe, order)
    return DONE


def _require_one_of_two(probe: Probe, order: str, payment: Delivery) -> None:
    """Invoke the worker twice with the same message."""
    first = work(probe, scene.WORKER, payment)
    if first.error:
        require_needed(first, Once.BEYOND, TO_PUT)
        raise failure(probe, first)
    require(scene.parcels(probe, order), Once.NO_PARCEL)
    again = work(probe, scene.WORKER, payment)
    require_needed(again, Once.BEYOND, TO_PUT)
    require(not again.error, Once.DUPLICATE_FAILS, str(again.error))
    _require_one_parcel(probe, order)
    _require_note(probe, payment)


def _require_one_parcel(probe: Probe, order: str) -> None:
    count = len(scene.parcels(probe, order))
    require(count == 1, Once.PACKED_TWICE, count=count)


def _require_note(probe: Probe, payment: Delivery) -> None:
    found = scene.notes(probe, payment.id)
    require(found, Once.NO_NOTE)
    expires, evidence = found[0].get("expires"), json.dumps(found[0], default=str)
    if not isinstance(expires, Decimal):
        raise Once.NO_EXPIRY(evidence)
    left = float(expires) - time.time()
    require(left < 1000 * 365 * DAY, Once.MILLISECONDS, evidence, expires=expires)
    when = f"in {left / DAY:.1f} days" if left > 0 else "over already"
    require(LEAST < left < MOST, Once.OTHER_EXPIRY, evidence, when=when)


def _require_nothing_lost(probe: Probe, order: str, payment: Delivery) -> None:
    """Let a worker die when it packs: the next try has to pack."""
    copy = _copy_without(probe, "PARCELS")
    require(work(probe, copy, payment).error, Once.SWALLOWED, table="parcels")
    again = work(probe, scene.WORKER, payment)
    if again.error:
        raise failure(probe, again)
    require(scene.parcels(probe, order), Once.NOTE_FIRST)


def _require_nothing_packed(probe: Probe, order: str, payment: Delivery) -> None:
    """Let a worker die when it makes the note: it must not have packed already."""
    answer = work(probe, _copy_without(probe, "DELIVERIES"), payment)
    require(not scene.parcels(probe, order), Once.PARCEL_FIRST)
    require(answer.error, Once.SWALLOWED, table="deliveries")


def _copy_without(probe: Probe, table: str) -> str:
    """Return a copy of the worker that may put rows into a table which is not there."""
    described = probe.client("dynamodb").describe_table(TableName=scene.PARCELS)["Table"]
    arn = described["TableArn"].replace(scene.PARCELS, MISSING)
    to_put = {"Effect": "Allow", "Action": TO_PUT, "Resource": arn}
    role = copy_of_role(probe, configuration(probe, scene.WORKER)["Role"], to_put)
    return copy_of(probe, scene.WORKER, role=role, **{table: MISSING})


def work(probe: Probe, function: str, payment: Delivery) -> Invocation:
    """Return what the worker, or a copy, makes of the message that the queue would hand it.

    The worker has one second, which a cold start on a busy machine may use up: then the message
    comes again, as it would from the queue. Raises the diagnosis if it times out each time.
    """
    body = payment.body.decode()
    message = json.dumps({"sender": "paywell", "delivery": payment.id, "body": body})
    for _ in range(TRIES):
        answer = ask(probe, function, sqs_event(message))
        if not answer.error or answer.error.type != "Sandbox.Timedout":
            return answer
    raise failure(probe, replace(answer, function=scene.WORKER))
