"""Two services that send webhooks, invented ones that do as real ones do.

Paywell     a payment service, which signs as Stripe does: over "<time stamp>.<body>"
            Paywell-Signature: t=1781512203,v1=5257a869…
Codeyard    a repository host, which signs as GitHub does: over the body
            X-Codeyard-Signature-256: sha256=8f1e2c07…

paywell = Paywell(url, secret)
paywell.send(paywell.payment("A-1001"))
"""

from __future__ import annotations

import hashlib
import hmac
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from helpers.course.project import find_project
from helpers.display import Card, Shown, Tone
from helpers.labs.webhooks.post import Attempt, post

# What stands in the files, and is replaced by what a delivery is about.
EVENTS = ("evt_1QmT4XKz0b7RfPq2", "evt_1QnB7YKz0b7RfPq2")
ORDER, CENTS = "A-1000", "4990"
COMMIT = "b7e6a90d15c4f8230a9d64ce77b1508fe2c3d946"


@dataclass(frozen=True)
class Delivery:
    """One thing that happened, as it is sent: again and again under the same id, if need be."""

    id: str
    kind: str
    body: bytes


@dataclass(frozen=True, repr=False)
class Sent(Shown):
    """What came of sending a delivery: each attempt, and whether the receiver accepted it."""

    sender: str
    delivery: Delivery
    attempts: tuple[Attempt, ...]

    @property
    def status(self) -> int | None:
        """Return the status of the last answer, None if there was none in time."""
        return self.attempts[-1].status

    @property
    def accepted(self) -> bool:
        return self.attempts[-1].accepted

    def _card(self) -> Card:
        outcome = "accepted" if self.accepted else "not accepted"
        title = f"{self.sender} sent {self.delivery.kind}: {outcome}"
        lines = [f"attempt {n}: {attempt}" for n, attempt in enumerate(self.attempts, 1)]
        return Card(Tone.GOOD if self.accepted else Tone.WRONG, title, lines)


class Sender(ABC):
    """A service that sends to one address, and signs with the secret shared with its receiver.

    `timeout` is how many seconds it waits for an answer, `attempts` how often it tries in all:
    until the answer is a status of 2xx.
    """

    name: str
    signature_header: str

    def __init__(self, url: str, secret: str, *, timeout: float = 10, attempts: int = 1) -> None:
        self.url, self.secret = url, secret
        self.timeout, self.attempts = timeout, attempts

    @abstractmethod
    def signature(self, body: bytes, *, secret: str, moment: float) -> str:
        """Return the value of the signature's header for a body that is sent at that moment."""

    @abstractmethod
    def headers(self, delivery: Delivery, *, secret: str, moment: float) -> dict[str, str]:
        """Return the headers of a delivery that is sent at that moment, its signature included."""

    def send(
        self,
        delivery: Delivery,
        *,
        body: bytes | None = None,
        secret: str | None = None,
        moment: float | None = None,
    ) -> Sent:
        """Sign it and send it; each attempt is signed anew.

        An honest sender gives nothing else. A forger may send another `body` than the signed one,
        sign with another `secret`, or send what was signed at another `moment` (epoch seconds).
        """
        tries: list[Attempt] = []
        while len(tries) < self.attempts and not any(each.accepted for each in tries):
            at = time.time() if moment is None else moment
            headers = self.headers(delivery, secret=secret or self.secret, moment=at)
            sent = delivery.body if body is None else body
            tries.append(post(self.url, sent, headers, timeout=self.timeout))
        return Sent(self.name, delivery, tuple(tries))

    def forge(
        self, delivery: Delivery, signature: str | None, body: bytes | None = None
    ) -> Attempt:
        """Send it once, with this signature or, if it is None, without any."""
        headers = self.headers(delivery, secret=self.secret, moment=0)
        del headers[self.signature_header]
        signed = {} if signature is None else {self.signature_header: signature}
        sent = delivery.body if body is None else body
        return post(self.url, sent, headers | signed, timeout=self.timeout)


class Paywell(Sender):
    """A payment service. It signs the time stamp and the body, as Stripe does."""

    name = "Paywell"
    signature_header = "Paywell-Signature"

    def payment(self, order: str, *, cents: int = 4990, gift_card: bool = False) -> Delivery:
        """A customer has paid that order; the same payment is always the same event."""
        body = template("payment_by_gift_card.json" if gift_card else "payment_succeeded.json")
        event = f"evt_{digest('paid', order)[:16]}"
        for old in EVENTS:
            body = body.replace(old.encode(), event.encode())
        body = body.replace(ORDER.encode(), order.encode())
        body = body.replace(CENTS.encode(), str(cents).encode())
        return Delivery(event, "payment.succeeded", body)

    def signature(self, body: bytes, *, secret: str, moment: float) -> str:
        stamp = int(moment)
        return f"t={stamp},v1={sign(secret, f'{stamp}.'.encode() + body)}"

    def headers(self, delivery: Delivery, *, secret: str, moment: float) -> dict[str, str]:
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Paywell/1.0",
            self.signature_header: self.signature(delivery.body, secret=secret, moment=moment),
        }


class Codeyard(Sender):
    """A repository host. It signs the body, as GitHub does, and numbers its deliveries."""

    name = "Codeyard"
    signature_header = "X-Codeyard-Signature-256"

    def push(self, commit: str) -> Delivery:
        """Somebody has pushed; `commit` is the newest one's id, a word of hexadecimal digits."""
        body = template("push.json").replace(COMMIT.encode(), commit.encode())
        return Delivery(str(uuid5(NAMESPACE_URL, commit)), "push", body)

    def signature(self, body: bytes, *, secret: str, moment: float) -> str:
        return f"sha256={sign(secret, body)}"

    def headers(self, delivery: Delivery, *, secret: str, moment: float) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "Codeyard-Hookshot/7c1b8f6",
            "X-Codeyard-Event": delivery.kind,
            "X-Codeyard-Delivery": delivery.id,
            self.signature_header: self.signature(delivery.body, secret=secret, moment=moment),
        }


def sign(secret: str, message: bytes) -> str:
    """Return the HMAC-SHA256 of the message, in hexadecimal digits."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def template(name: str) -> bytes:
    """Return a payload as such a service really sends it, byte by byte."""
    return (find_project().data("webhooks") / name).read_bytes()


def digest(*words: str) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()
