"""Exercise signature: a delivery is taken if its sender has signed it, and only then."""

import time
from collections.abc import Callable

from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.webhooks.comparing import see_constant_time
from helpers.labs.webhooks.files import see_uploaded, see_written
from helpers.labs.webhooks.mistakes import post_signed, why_refused
from helpers.labs.webhooks.post import Attempt
from helpers.labs.webhooks.scene import (
    RECEIVER,
    is_refused,
    new_payment,
    parcels,
    paywell_at,
    secret_of,
    see_answered,
)
from helpers.labs.webhooks.senders import Delivery, Paywell

FILE = "paywell.py"

TODO = "`is_genuine` in `webhooks/paywell.py` is still empty, so the receiver refuses everybody."
HONEST_REFUSED = """\
Honest payments are refused. Their signature is the HMAC-SHA256, in hexadecimal digits, of the \
time stamp, a dot and the body, with the secret as the key."""
EVERYBODY = """\
Your receiver takes a payment that was signed with a guessed secret. It answers {status} to \
everybody: compare what you have calculated with `v1`, and return whether they are the same."""
TAMPERED = """\
Your receiver takes a payment whose body was changed after it was signed. The body has to be part \
of what you sign."""
UNSIGNED = "Your receiver takes a payment without any signature."
PREFIX = """\
Your receiver takes a payment with the first eight digits of a signature only. All of them have to \
be there: eight can be guessed."""
STAMP_FREE = """\
Your receiver takes a payment whose time stamp was changed after it was signed. The time stamp has \
to be part of what you sign, or anybody can make an old delivery new."""
IN_THE_CODE = """\
The secret stands in your code, in `{file}`. Whoever can read the code could sign, and a new \
secret would need new code. Use the `secret` that `is_genuine` is given."""
NOT_REFUSED = """\
A payment {what} was not taken, but not refused either: the answer was {status}, as if something \
had broken, and a sender would try again. `is_genuine` should return False there, not raise."""
NO_PARCEL = """\
An honest payment was answered with {status}, but no parcel was packed for its order."""
PACKED_ANYWAY = "A payment {what} was refused, and its parcel was packed all the same."
DONE = "Honest payments come through, and nobody else's."


def check(probe: Probe) -> str:
    see_written(probe, FILE, "is_genuine", todo=TODO)
    files = see_uploaded(probe, RECEIVER, FILE)
    paywell = paywell_at(probe)
    order = _see_honest(probe, paywell)
    for forgery in FORGERIES:
        _see_refused(probe, paywell, forgery)
    _see_no_literal(files, secret_of(probe, "paywell"))
    see_constant_time(files, FILE)
    probe.wait_for(lambda: parcels(probe, order), timeout=8, what=f"The parcel for {order}")
    return DONE


def _see_honest(probe: Probe, paywell: Paywell) -> str:
    order, payment = new_payment(probe, paywell)
    sent = paywell.send(payment)
    see_answered(probe, paywell, sent)
    if not sent.taken:
        words = why_refused(probe, paywell) or HONEST_REFUSED
        raise Incorrect(words, link="code", evidence=f"answered {sent.status}")
    return order


# What a forger tries


def _guessed(paywell: Paywell, payment: Delivery) -> Attempt:
    return paywell.send(payment, secret="whsec_guessed").attempts[-1]


def _tampered(paywell: Paywell, payment: Delivery) -> Attempt:
    changed = payment.body.replace(b'"amount": 4990', b'"amount": 4991')
    return paywell.send(payment, body=changed).attempts[-1]


def _unsigned(paywell: Paywell, payment: Delivery) -> Attempt:
    return post_signed(paywell, payment.body, None)


def _shortened(paywell: Paywell, payment: Delivery) -> Attempt:
    return post_signed(
        paywell, payment.body, _header(paywell, payment)[: len("t=1781512203,v1=") + 8]
    )


def _restamped(paywell: Paywell, payment: Delivery) -> Attempt:
    header = _header(paywell, payment)
    return post_signed(paywell, payment.body, f"t={int(time.time()) - 1},{header.split(',')[1]}")


FORGERIES = (
    ("signed with a guessed secret", _guessed, EVERYBODY),
    ("without a signature", _unsigned, UNSIGNED),
    ("that was changed after it was signed", _tampered, TAMPERED),
    ("with the beginning of a signature", _shortened, PREFIX),
    ("whose time stamp was changed", _restamped, STAMP_FREE),
)


def _see_refused(
    probe: Probe,
    paywell: Paywell,
    forgery: tuple[str, Callable[[Paywell, Delivery], Attempt], str],
) -> None:
    what, send, words = forgery
    order, payment = new_payment(probe, paywell)
    attempt = send(paywell, payment)
    if attempt.taken:
        told = words.format(status=attempt.status)
        raise Incorrect(told, link="code", evidence=f"a payment {what}: {attempt}")
    if not is_refused(attempt):
        raise Incorrect(NOT_REFUSED.format(what=what, status=attempt.status), link="code")
    if parcels(probe, order):
        raise Incorrect(PACKED_ANYWAY.format(what=what), link="effect")


def _header(paywell: Paywell, payment: Delivery) -> str:
    given = paywell.headers(payment, secret=paywell.secret, moment=time.time())
    return given["Paywell-Signature"]


def _see_no_literal(files: dict[str, str], secret: str) -> None:
    for file, text in files.items():
        if secret in text:
            raise Incorrect(IN_THE_CODE.format(file=file), link="code")
