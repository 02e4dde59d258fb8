"""Exercise rotation: two values of a secret are valid, and what is remembered can grow stale."""

from dataclasses import replace

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.checks.denied import require_needed
from helpers.checks.faults import copy_behind
from helpers.checks.function import configuration, failure, variables
from helpers.checks.roles import copy_of_role
from helpers.labs.webhooks import scene
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

DONE = "A new secret is known at once, the old one is valid for the overlap, and no other is."


class Rotation(Diagnosis):
    NOT_SET = Link.CONFIGURATION("""
        `receiver` has no environment variable `SECRETS`, so it can't know where the secrets are.
        Run the cell with `lab.deploy` again.""")
    FIRST_REFUSED = Link.CODE("""
        A payment that was signed with the secret's only value is refused. `ask(sender)` should
        return a list with it, and `find` what `try_with` returns for it.""")
    NO_PREVIOUS = Link.CODE("""
        Your receiver stops with an error while the secret has had one value only. `value` returns
        None for the previous one then: leave it out of the list.""")
    STALE = Link.CODE("""
        The secret was changed while your receiver was warm, and a payment that was signed with the
        new value is refused: the receiver goes by what it remembers. If nothing fits, ask again,
        and try once more.""")
    OLD_DROPPED = Link.CODE("""
        The secret was changed, and a payment that was already on its way, signed with the value
        before it, is lost. `ask` should return the values of both stages, `AWSCURRENT` and
        `AWSPREVIOUS`.""")
    GUESSED = Link.CODE("""
        A payment that was signed with a guessed secret is accepted. `find` should return None if
        none of the values fits.""")
    NOTHING_KEPT = Link.CODE("""
        Secrets Manager did not answer for a moment, and your receiver, which had just asked it,
        refused an honest payment: it asks for each delivery, and pays for each. Remember the values
        in `known`.""")
    KEPT_FOR_EVER = Link.CODE("""
        The secret was withdrawn, and a day later your receiver, still warm, accepts a payment that
        was signed with it. After `KEPT` seconds ask again, even if one of the values would fit.""")
    BEYOND = Link.CODE("""
        `keys.py` asks AWS for `{action}`, which the role of `receiver` does not allow.
        `value(sender, stage)` reads the secret's value at a stage, and nothing else is needed.""")


def check(probe: Probe) -> str:
    scene.own_files(probe, scene.RECEIVER, FILE)
    settings = configuration(probe, scene.RECEIVER)
    require("SECRETS" in variables(settings), Rotation.NOT_SET)
    _Trial(probe, settings["Role"]).go()
    order, _ = scene.pay(probe, scene.paywell_at(probe))
    scene.require_parcel(probe, order)
    return DONE


class _Trial:
    """A copy of the receiver, with a secret and a queue of the check's own."""

    def __init__(self, probe: Probe, role: str) -> None:
        self.probe, self.vault = probe, probe.client("secretsmanager")
        prefix = probe.unique("check") + "/"
        self.name, self.values = f"{prefix}paywell", [probe.unique("whsec") for _ in range(2)]
        secret = self.vault.create_secret(Name=self.name, SecretString=self.values[0])["ARN"]
        probe.afterwards(self._withdraw)
        sqs = probe.client("sqs")
        queue = sqs.create_queue(QueueName=probe.unique("check"))["QueueUrl"]
        probe.afterwards(sqs.delete_queue, QueueUrl=queue)
        asked = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        may = [
            (TO_READ, [secret, secret.rpartition("-")[0]]),  # without its end once it is withdrawn
            ("sqs:SendMessage", asked["Attributes"]["QueueArn"]),
        ]
        more = [{"Effect": "Allow", "Action": what, "Resource": which} for what, which in may]
        own = {"SECRETS": prefix, "QUEUE_URL": queue, "role": copy_of_role(probe, role, *more)}
        self.copy = copy_behind(probe, scene.RECEIVER, "by_my_clock", CLOCK, **own)

    def go(self) -> None:
        first, second = self.values
        self._require(True, first, Rotation.FIRST_REFUSED)
        self._require(False, "guessed", Rotation.GUESSED, if_it_fails=Rotation.NO_PREVIOUS)
        self.vault.put_secret_value(SecretId=self.name, SecretString=second)
        self._require(True, second, Rotation.STALE)
        self._require(True, first, Rotation.OLD_DROPPED)
        self._require(False, "guessed", Rotation.GUESSED)
        self._withdraw()
        self._require(True, second, Rotation.NOTHING_KEPT, if_it_fails=Rotation.NOTHING_KEPT)
        self._require(False, second, Rotation.KEPT_FOR_EVER, ahead=DAY)

    def _withdraw(self) -> None:
        self.vault.delete_secret(SecretId=self.name, ForceDeleteWithoutRecovery=True)

    def _require(
        self,
        accepted: bool,
        secret: str,
        otherwise: Diagnosis,
        *,
        if_it_fails: Diagnosis | None = None,
        ahead: int = 0,
    ) -> None:
        """Require that a payment signed with that secret is accepted, or else gets a 401."""
        paywell = Paywell("", secret)
        event = scene.url_event(paywell, paywell.payment(self.probe.unique("check")), ahead=ahead)
        answer = self.probe.invoke(self.copy, event | {"ahead": ahead})
        require_needed(answer, Rotation.BEYOND, TO_READ)
        if answer.error:
            why = failure(self.probe, replace(answer, function=scene.RECEIVER))
            raise if_it_fails(why.evidence) if if_it_fails else why
        status = answer.result.get("statusCode") if isinstance(answer.result, dict) else None
        is_as_it_should_be = status in range(200, 300) if accepted else status == 401
        require(is_as_it_should_be, otherwise, f"statusCode {status}")
