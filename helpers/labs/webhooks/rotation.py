"""Exercise rotation: two values of a secret are valid, and what is remembered can grow stale."""

from typing import Any

from helpers.checks.denied import denied_action
from helpers.checks.faults import copy_behind
from helpers.checks.function import configuration, failure, variables
from helpers.checks.roles import Statement, copy_of_role
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.webhooks.files import see_uploaded, see_written
from helpers.labs.webhooks.scene import (
    RECEIVER,
    new_payment,
    parcels,
    paywell_at,
    see_answered,
    url_event,
)
from helpers.labs.webhooks.senders import Paywell

FILE = "keys.py"
DAY = 24 * 3600
TO_READ = "secretsmanager:GetSecretValue"
CLOCK = """\
import time

ahead = 0
clocks = {name: getattr(time, name) for name in ("time", "monotonic")}
for name, clock in clocks.items():
    setattr(time, name, lambda clock=clock: clock() + ahead)

import receiver


def handler(event, context):
    global ahead
    ahead = event["ahead"]
    try:
        return receiver.handler(event, context)
    finally:
        ahead = 0
"""

TODO = "`ask` and `find` in `webhooks/keys.py` are still empty."
NOT_SET = """\
`receiver` has no environment variable `SECRETS`, so it can't know where the secrets are. Run the \
cell with `lab.deploy` again."""
FIRST_REFUSED = """\
A payment that was signed with the secret's only value is refused. `ask(sender)` should give a \
list with it, and `find` should give back what `try_with` returns for it."""
NO_PREVIOUS = """\
Your receiver stops with an error while the secret has had one value only, so that there is no \
previous one yet. `value` gives None then: leave it out of the list."""
STALE = """\
The secret was changed while your receiver was warm. A payment that was signed with the new value \
is refused: the receiver still goes by what it remembers. If nothing fits, ask again, and try once \
more."""
OLD_DROPPED = """\
The secret was changed, and a payment that was signed with the value before it is refused. It was \
on its way at that moment, and is lost. `ask` should give both stages: `AWSCURRENT` and \
`AWSPREVIOUS`."""
GUESSED = """\
A payment that was signed with a guessed secret is taken. `find` should give None if none of the \
values fits."""
NOTHING_KEPT = """\
Secrets Manager did not answer for a moment, and your receiver, which had just asked it, refused \
an honest payment. So it asks for each delivery, and pays for each. Remember the values in \
`known`."""
KEPT_FOR_EVER = """\
The secret was withdrawn, and a day later your receiver, still warm, takes a payment that was \
signed with it. What is remembered is good for `KEPT` seconds: after that ask again, even if one \
of the values would fit."""
BEYOND = """\
`keys.py` asks AWS for `{action}`, which the role of `receiver` does not allow, and need not. \
`value(sender, stage)` reads the secret's value at a stage, and that is all that has to be asked."""
LOST = "An honest payment at your own receiver got the answer {status}."
FAILED = "A copy of your receiver, with a secret of the check's own, stopped with an error. {why}"
DONE = "A new secret is known at once, the old one is good for the overlap, and no other is."


def check(probe: Probe) -> str:
    see_written(probe, FILE, "ask", "find", todo=TODO)
    see_uploaded(probe, RECEIVER, FILE)
    if "SECRETS" not in variables(configuration(probe, RECEIVER)):
        raise Incorrect(NOT_SET, link="configuration")
    _Rotation(probe).see()
    _see_own(probe)
    return DONE


class _Rotation:
    """A copy of the receiver, with a secret and a queue of the check's own."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self.vault = probe.client("secretsmanager")
        prefix = probe.unique("check") + "/"
        self.name = f"{prefix}paywell"
        self.values = [probe.unique("whsec") for _ in range(2)]
        queue = self._queue()
        role = copy_of_role(
            probe, configuration(probe, RECEIVER)["Role"], self._to_read(), _to_send(probe, queue)
        )
        self.copy = copy_behind(
            probe, RECEIVER, "by_my_clock", CLOCK, role=role, SECRETS=prefix, QUEUE_URL=queue
        )

    def _queue(self) -> str:
        sqs = self.probe.client("sqs")
        url = str(sqs.create_queue(QueueName=self.probe.unique("check"))["QueueUrl"])
        self.probe.afterwards(sqs.delete_queue, QueueUrl=url)
        return url

    def _to_read(self) -> Statement:
        """Make the secret, and allow to read it: also when it is gone, and has no ARN any more."""
        arn = self.vault.create_secret(Name=self.name, SecretString=self.values[0])["ARN"]
        self.probe.afterwards(self._delete)
        resources = [arn, arn.rpartition("-")[0]]
        return {"Effect": "Allow", "Action": TO_READ, "Resource": resources}

    def see(self) -> None:
        first, second = self.values
        self._see_taken(first, FIRST_REFUSED)
        if self._status("whsec_guessed", NO_PREVIOUS) != 401:
            raise Incorrect(GUESSED, link="code")
        self.vault.put_secret_value(SecretId=self.name, SecretString=second)
        self._see_taken(second, STALE)
        self._see_taken(first, OLD_DROPPED)
        if self._status("whsec_guessed", GUESSED) != 401:
            raise Incorrect(GUESSED, link="code")
        self._delete()
        self._see_taken(second, NOTHING_KEPT, if_it_fails=NOTHING_KEPT)
        if self._status(second, FAILED, ahead=DAY) != 401:
            raise Incorrect(KEPT_FOR_EVER, link="code")

    def _delete(self) -> None:
        self.vault.delete_secret(SecretId=self.name, ForceDeleteWithoutRecovery=True)

    def _see_taken(self, secret: str, words: str, if_it_fails: str = FAILED) -> None:
        status = self._status(secret, if_it_fails)
        if status is None or not 200 <= status < 300:
            raise Incorrect(words, link="code", evidence=f"statusCode {status}")

    def _status(self, secret: str, if_it_fails: str, ahead: int = 0) -> int | None:
        paywell = Paywell("", secret)
        payment = paywell.payment(self.probe.unique("check"))
        event = url_event(paywell, payment, ahead=ahead)
        answer = self.probe.invoke(self.copy, event | {"ahead": ahead})
        action = denied_action(answer)
        if action and action != TO_READ:
            raise Incorrect(BEYOND.format(action=action), link="code")
        if answer.error:
            broken = failure(self.probe, answer)
            why = str(broken).replace(self.copy, RECEIVER)
            words = if_it_fails.format(why=why)
            raise Incorrect(words, link=broken.link, evidence=broken.evidence)
        result: Any = answer.result
        return result.get("statusCode") if isinstance(result, dict) else None


def _to_send(probe: Probe, queue: str) -> Statement:
    asked = {"QueueUrl": queue, "AttributeNames": ["QueueArn"]}
    arn = probe.client("sqs").get_queue_attributes(**asked)["Attributes"]["QueueArn"]
    return {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn}


def _see_own(probe: Probe) -> None:
    """The learner's receiver with the learner's secret, by its URL."""
    paywell = paywell_at(probe)
    order, payment = new_payment(probe, paywell)
    sent = paywell.send(payment)
    see_answered(probe, paywell, sent)
    if not sent.taken:
        raise Incorrect(LOST.format(status=sent.status), link="configuration")
    probe.wait_for(lambda: parcels(probe, order), timeout=8, what=f"The parcel for {order}")
