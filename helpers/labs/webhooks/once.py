"""Exercise once: the note and the parcel in one transaction, never one without the other."""

import json
import time
from typing import Any

from helpers.checks.denied import denied_action
from helpers.checks.faults import copy_behind, copy_of
from helpers.checks.function import ask, configuration, failure, result_of, variables
from helpers.checks.roles import copy_of_role
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.functions.invoke import Invocation
from helpers.labs.webhooks.files import see_uploaded, see_written
from helpers.labs.webhooks.scene import (
    PARCELS,
    WORKER,
    new_payment,
    notes,
    parcels,
    paywell_at,
    see_answered,
)
from helpers.labs.webhooks.senders import Delivery, Paywell

FILE = "once.py"
DAY = 24 * 3600
LEAST, MOST = 3 * DAY, 60 * DAY
MISSING = "no-such-table"
TO_PUT = "dynamodb:PutItem"
CONFLICT = """\
from botocore.client import BaseClient

call = BaseClient._make_api_call
REASONS = [{"Code": "None"}, {"Code": "TransactionConflict"}]


def refuse(self, operation, arguments):
    if operation not in ("TransactWriteItems", "ExecuteTransaction"):
        return call(self, operation, arguments)
    error = {"Code": "TransactionCanceledException", "Message": "[None, TransactionConflict]"}
    answer = {"Error": error, "CancellationReasons": REASONS}
    raise self.exceptions.TransactionCanceledException(answer, operation)


BaseClient._make_api_call = refuse
from worker import handler
"""

TODO = "`once` in `webhooks/once.py` is still empty, so the worker does nothing."
NO_TABLES = """\
`worker` has no environment variable `{name}`. Run the cell with `lab.deploy` and \
`environment=stores` again."""
NO_PARCEL = """\
The worker ran without an error, but no parcel was packed. In the transaction there have to be two \
writes: the note, and `{"Put": put}`."""
TWICE = """\
The same delivery came twice, and {count} parcels were packed. Put the note only if its key is not \
there yet (`ConditionExpression`), and nothing at all if it is."""
DUPLICATE_FAILS = """\
A delivery that comes again makes the worker stop with the error below, so its message would be \
tried again, and again. It is no error: catch what the transaction raises if the note was there \
already, and return False."""
NO_NOTE = """\
The parcel was packed, but there is no note of the delivery in the table `deliveries`."""
NO_EXPIRY = """\
The note has no number in `expires`, so it would be kept for ever. Note the time at which it may \
go, as `{"N": str(...)}`."""
IN_MILLISECONDS = """\
`expires` is {expires}, which are milliseconds. DynamoDB reads seconds: this row would stay for \
more than fifty thousand years."""
WRONG_EXPIRY = """\
`expires` has to be a moment in about a week: `int(time.time()) + WEEK`. Yours is {words}. A \
sender may try again for three days."""
LOOKS_FIRST = """\
So far no parcel was packed twice, but it can be: nothing in `once.py` makes the note on the \
condition that it is new. Two workers that run at the same time would both find nothing, and both \
pack. Put the condition into the write: `"ConditionExpression": IS_NEW`."""
BEYOND = """\
`once` asks AWS for `{action}`, which the role of `worker` does not allow, and need not. Put both \
rows in one transaction, the note with its condition. A worker that looks first, or takes back \
what it has put, leaves a gap in which another one can do the same."""
SWALLOWED = """\
A copy of your worker, whose table of parcels does not exist, said that all is well. Then the \
message is deleted, and the payment is lost. Catch only what says that the note was there \
already."""
NOTE_FIRST = """\
A copy of your worker, whose table of parcels does not exist, died after it had made the note. \
When the message came again, the note was found, and no parcel was packed: the payment is lost. \
Put both into one transaction."""
WORK_FIRST = """\
A copy of your worker, whose table of deliveries does not exist, died, and the parcel was packed \
already. When the message comes again it is packed once more. Put both into one transaction."""
ANY_REASON = """\
A copy of your worker, whose transaction was cancelled for another reason, said that all is well. \
Nothing was written, and the payment is lost. It is a duplicate only if the first reason's \
`"Code"` is `"ConditionalCheckFailed"`; otherwise, `raise`."""
DONE = "Each payment is one parcel, however often it comes and wherever the worker dies."


def check(probe: Probe) -> str:
    text = see_written(probe, FILE, "once", todo=TODO)
    see_uploaded(probe, WORKER, FILE)
    _see_tables(probe)
    paywell = paywell_at(probe)
    _see_by_itself(probe, paywell)
    if "attribute_not_exists" not in text and "IS_NEW" not in text.replace("IS_NEW =", ""):
        raise Incorrect(LOOKS_FIRST, link="code")
    _see_note_without_parcel(probe, paywell)
    _see_parcel_without_note(probe, paywell)
    _see_other_reason(probe, paywell)
    _see_chain(probe, paywell)
    return DONE


def _see_tables(probe: Probe) -> None:
    found = variables(configuration(probe, WORKER))
    for name in ("PARCELS", "DELIVERIES"):
        if name not in found:
            raise Incorrect(NO_TABLES.format(name=name), link="configuration")


def _see_by_itself(probe: Probe, paywell: Paywell) -> None:
    """The worker alone, called twice with the same message."""
    order, payment = new_payment(probe, paywell)
    first = ask(probe, WORKER, _event(payment))
    if first.error:
        raise _beyond(first) or failure(probe, first)
    if not parcels(probe, order):
        raise Incorrect(NO_PARCEL, link="effect")
    again = ask(probe, WORKER, _event(payment))
    if again.error:
        raise _beyond(again) or Incorrect(DUPLICATE_FAILS, link="code", evidence=str(again.error))
    _see_one(probe, order)
    _see_note(probe, payment)


def _beyond(answer: Invocation) -> Incorrect | None:
    """What to say of a call that AWS denied because `once` does not need it."""
    action = denied_action(answer)
    if not action or action == TO_PUT:
        return None
    return Incorrect(BEYOND.format(action=action), link="code")


def _see_one(probe: Probe, order: str) -> None:
    count = len(parcels(probe, order))
    if count != 1:
        raise Incorrect(TWICE.format(count=count), link="effect")


def _see_note(probe: Probe, payment: Delivery) -> None:
    found = notes(probe, payment.id)
    if not found:
        raise Incorrect(NO_NOTE, link="effect")
    evidence = json.dumps(found[0])
    expires = found[0].get("expires", {}).get("N")
    if expires is None:
        raise Incorrect(NO_EXPIRY, link="effect", evidence=evidence)
    left = float(expires) - time.time()
    if left > 1000 * 365 * DAY:
        raise Incorrect(IN_MILLISECONDS.format(expires=expires), link="effect")
    if not LEAST < left < MOST:
        words = f"in {left / DAY:.1f} days" if left > 0 else "over already"
        raise Incorrect(WRONG_EXPIRY.format(words=words), link="effect", evidence=evidence)


def _see_note_without_parcel(probe: Probe, paywell: Paywell) -> None:
    """A worker that dies when it packs: does the next try still pack?"""
    order, payment = new_payment(probe, paywell)
    copy = _copy_without(probe, "PARCELS")
    if not ask(probe, copy, _event(payment)).error:
        raise Incorrect(SWALLOWED, link="code")
    result_of(probe, WORKER, _event(payment))
    if not parcels(probe, order):
        raise Incorrect(NOTE_FIRST, link="effect")


def _see_parcel_without_note(probe: Probe, paywell: Paywell) -> None:
    """A worker that dies when it makes the note: has it packed already?"""
    order, payment = new_payment(probe, paywell)
    copy = _copy_without(probe, "DELIVERIES")
    answer = ask(probe, copy, _event(payment))
    if parcels(probe, order):
        raise Incorrect(WORK_FIRST, link="effect")
    if not answer.error:
        raise Incorrect(SWALLOWED, link="code")


def _copy_without(probe: Probe, table: str) -> str:
    """A copy of the worker that may put rows into a table which is not there."""
    described = probe.client("dynamodb").describe_table(TableName=PARCELS)["Table"]
    arn = described["TableArn"].replace(PARCELS, MISSING)
    to_put = {"Effect": "Allow", "Action": TO_PUT, "Resource": arn}
    role = copy_of_role(probe, configuration(probe, WORKER)["Role"], to_put)
    return copy_of(probe, WORKER, role=role, **{table: MISSING})


def _see_other_reason(probe: Probe, paywell: Paywell) -> None:
    """A transaction that is in another one's way, which can't be had on demand: it is played."""
    _, payment = new_payment(probe, paywell)
    if not ask(probe, copy_behind(probe, WORKER, "in_conflict", CONFLICT), _event(payment)).error:
        raise Incorrect(ANY_REASON, link="code", evidence="Code: TransactionConflict")


def _see_chain(probe: Probe, paywell: Paywell) -> None:
    """The whole way, from the sender to the parcel."""
    order, payment = new_payment(probe, paywell)
    see_answered(probe, paywell, paywell.send(payment))
    probe.wait_for(lambda: parcels(probe, order), timeout=8, what=f"The parcel for {order}")
    _see_one(probe, order)


def _event(payment: Delivery) -> dict[str, Any]:
    """As the queue hands a delivery to the worker."""
    body = payment.body.decode()
    message = json.dumps({"sender": "paywell", "delivery": payment.id, "body": body})
    return {"Records": [{"messageId": payment.id, "body": message, "eventSource": "aws:sqs"}]}
