"""What the checks of this lab work with: the shop's receiver and worker, its stores and senders."""

import time
from typing import Any

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, require
from helpers.checks.code import submitted
from helpers.checks.function import configuration, failure, variables
from helpers.checks.links.function_url import require_public_url
from helpers.checks.sample_events import function_url_event
from helpers.checks.tables import all_rows, forget_rows, rows_with
from helpers.labs.webhooks.senders import Delivery, Paywell, Sender, Sent

RECEIVER, WORKER = "receiver", "worker"
PARCELS, DELIVERIES = "parcels", "deliveries"
QUEUE = "deliveries"
PATIENCE = 15.0  # seconds until a parcel is packed, even if the worker times out and tries again

NO_FILE = "There is no file `webhooks/{file}` yet. Run the cell that writes it."

Row = dict[str, Any]


class Receiver(Diagnosis):
    NO_SECRET = Link.CONFIGURATION("""
        `receiver` has no environment variable `{name}`, so it does not know the secret. Run the
        cell with `lab.deploy` and `environment=settings` again.""")
    NO_ANSWER = Link.FUNCTION("The receiver did not answer within {seconds:g} seconds.")
    SERVER_ERROR = Link.RESULT("""
        An honest delivery got the answer {status}, though the receiver did not stop with an error.
        A status of 5xx tells the sender to try again.""")
    REFUSED = Link.RESULT("The receiver refused an honest payment: it answered {status}.")


def own_files(probe: Probe, function: str, file: str) -> dict[str, str]:
    """Return the files of the function's package, of which the learner has written that one."""
    if not (probe.folder / file).is_file():
        raise NotAttempted(NO_FILE.format(file=file))
    return submitted(probe, function, file)


def secret_of(probe: Probe, sender: str) -> str:
    """Return the secret that the receiver shares with that sender, wherever it is kept by now."""
    found = variables(configuration(probe, RECEIVER))
    name = f"{sender.upper()}_SECRET"
    if name in found:
        return found[name]
    require("SECRETS" in found, Receiver.NO_SECRET, name=name)
    vault = probe.client("secretsmanager")
    return str(vault.get_secret_value(SecretId=found["SECRETS"] + sender)["SecretString"])


def paywell_at(probe: Probe) -> Paywell:
    """Return Paywell, as it would send to the learner's function URL, which everybody may call."""
    return Paywell(require_public_url(probe, RECEIVER), secret_of(probe, "paywell"))


def new_payment(probe: Probe, paywell: Paywell) -> tuple[str, Delivery]:
    """Return an order that nobody had before, and its payment; both leave the tables afterwards."""
    order = probe.unique("check")
    payment = paywell.payment(order)
    forget_rows(probe, PARCELS, lambda: parcels(probe, order), "order", "parcel")
    forget_note(probe, payment)
    return order, payment


def pay(
    probe: Probe, paywell: Paywell, refused: Diagnosis = Receiver.REFUSED, *, ahead: float = 0
) -> tuple[str, Sent]:
    """Send an honest payment, signed so many seconds ahead of now, which must be accepted.

    Return its order, and what came of sending it.
    """
    order, payment = new_payment(probe, paywell)
    sent = paywell.send(payment, moment=time.time() + ahead)
    require_answered(probe, sent, url_event(paywell, payment, ahead=ahead))
    evidence = f"t = now {ahead:+g} s: {sent.attempts[-1]}"
    require(sent.accepted, refused, evidence, status=sent.status, minutes=f"{abs(ahead) / 60:g}")
    return order, sent


def require_answered(probe: Probe, sent: Sent, event: Any) -> None:
    """Raise why the receiver gave no answer of its own; `event` is what it got."""
    last = sent.attempts[-1]
    if last.status is None:
        raise Receiver.NO_ANSWER(str(last), seconds=last.timeout)
    if last.status >= 500:
        answer = probe.invoke(RECEIVER, event)
        require(answer.error, Receiver.SERVER_ERROR, last.text[:300], status=last.status)
        raise failure(probe, answer)


def url_event(sender: Sender, delivery: Delivery, *, ahead: float = 0) -> dict[str, Any]:
    """Return the event that a function URL would make of a delivery sent so many seconds ahead."""
    headers = sender.headers(delivery, secret=sender.secret, moment=time.time() + ahead)
    return function_url_event(delivery.body, headers)


def parcels(probe: Probe, order: str) -> list[Row]:
    """Return the parcels that were packed for an order."""
    return rows_with(probe, PARCELS, order=order)


def require_parcel(probe: Probe, order: str) -> None:
    """Wait for the parcel; without one the verdict is that it was not seen."""
    probe.wait_for(lambda: parcels(probe, order), timeout=PATIENCE, what=f"The parcel for {order}")


def notes(probe: Probe, delivery: str) -> list[Row]:
    """Return the rows of the table of deliveries whose key ends in that id."""
    return [row for row in all_rows(probe, DELIVERIES) if row["delivery"].endswith(delivery)]


def forget_note(probe: Probe, delivery: Delivery) -> None:
    """Have the note of that delivery removed when the check is over."""
    forget_rows(probe, DELIVERIES, lambda: notes(probe, delivery.id), "delivery")
