"""Exercise signature: a delivery is taken if its sender has signed it, and only then."""

import base64
import json
import time
from collections.abc import Callable

from helpers.checks.permission import see_public
from helpers.checks.probe import Probe
from helpers.checks.webhooks.comparing import see_constant_time
from helpers.checks.webhooks.scene import (
    RECEIVER,
    is_refused,
    new_payment,
    parcels,
    paywell_at,
    secret_of,
    see_answered,
    see_uploaded,
    see_written,
)
from helpers.exercises import Exercise, Incorrect
from helpers.post import Attempt, post
from helpers.senders import Delivery, Paywell, sign

FILE = "paywell.py"

TODO = "`is_genuine` in `webhooks/paywell.py` is still empty, so the receiver refuses everybody."
PARSED = """\
Honest payments are refused. What you sign is not the body that came, but the body parsed and \
written again: a delivery that was signed over *that* was taken. Sign the bytes in `body`."""
BODY_ALONE = """\
Honest payments are refused. You sign the body alone; Paywell signs the time stamp, a dot and the \
body: `f"{t}.".encode() + body`."""
BASE64 = """\
Honest payments are refused. What you sign is the body in base64, as it stands in the event. Sign \
the bytes in `body`, which `body_of` has decoded."""
NO_DOT = """\
Honest payments are refused. Between the time stamp and the body there has to be a dot: \
`f"{t}.".encode() + body`."""
WITH_PREFIX = """\
Honest payments are refused. Compare with the digits of `v1` alone: `parts_of(signature)["v1"]`, \
not with the whole header."""
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


def check_signature(probe: Probe) -> str:
    see_written(probe, FILE, "is_genuine", todo=TODO)
    files = see_uploaded(probe, RECEIVER, FILE)
    see_public(probe, RECEIVER)
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


# Why an honest payment is refused: what would have had to be signed?


def why_refused(probe: Probe, paywell: Paywell) -> str | None:
    """What the learner's code signs instead: deliveries signed in other ways are tried."""
    _, payment = new_payment(probe, paywell)
    for words, message in MISTAKES:
        stamp = int(time.time())
        signature = sign(paywell.secret, message(stamp, payment.body))
        header = f"t={stamp},v1={signature}"
        if _post(paywell, payment.body, header).taken:
            return words
    whole = sign(paywell.secret, b"." + payment.body)  # a header of digits alone has no `t`
    return WITH_PREFIX if _post(paywell, payment.body, whole).taken else None


def _again(style: Callable[[object], str]) -> Callable[[int, bytes], bytes]:
    return lambda stamp, body: f"{stamp}.{style(json.loads(body))}".encode()


MISTAKES: tuple[tuple[str, Callable[[int, bytes], bytes]], ...] = (
    (BODY_ALONE, lambda stamp, body: body),
    (NO_DOT, lambda stamp, body: str(stamp).encode() + body),
    (BASE64, lambda stamp, body: f"{stamp}.".encode() + base64.b64encode(body)),
    (PARSED, _again(json.dumps)),
    (PARSED, _again(lambda told: json.dumps(told, ensure_ascii=False))),
    (PARSED, _again(lambda told: json.dumps(told, separators=(",", ":")))),
    (PARSED, _again(lambda told: json.dumps(told, indent=2))),
    (PARSED, _again(lambda told: json.dumps(told, indent=2, ensure_ascii=False))),
    (PARSED, _again(lambda told: json.dumps(told, separators=(",", ":"), ensure_ascii=False))),
    (PARSED, _again(lambda told: json.dumps(told, sort_keys=True))),
    (PARSED, _again(str)),
)


# What a forger tries


def _guessed(paywell: Paywell, payment: Delivery) -> Attempt:
    return paywell.send(payment, secret="whsec_guessed").attempts[-1]


def _tampered(paywell: Paywell, payment: Delivery) -> Attempt:
    changed = payment.body.replace(b'"amount": 4990', b'"amount": 4991')
    return paywell.send(payment, body=changed).attempts[-1]


def _unsigned(paywell: Paywell, payment: Delivery) -> Attempt:
    return _post(paywell, payment.body, None)


def _shortened(paywell: Paywell, payment: Delivery) -> Attempt:
    return _post(paywell, payment.body, _header(paywell, payment)[: len("t=1781512203,v1=") + 8])


def _restamped(paywell: Paywell, payment: Delivery) -> Attempt:
    header = _header(paywell, payment)
    return _post(paywell, payment.body, f"t={int(time.time()) - 1},{header.split(',')[1]}")


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


def _post(paywell: Paywell, body: bytes, signature: str | None) -> Attempt:
    headers = {"Content-Type": "application/json"}
    return post(
        paywell.url, body, headers | ({"Paywell-Signature": signature} if signature else {})
    )


def _see_no_literal(files: dict[str, str], secret: str) -> None:
    for file, text in files.items():
        if secret in text:
            raise Incorrect(IN_THE_CODE.format(file=file), link="code")


SIGNATURE = Exercise(
    "signature",
    "Believe only what Paywell has signed",
    (
        "Do what Paywell did, with the bytes that you got: you have done it by hand above, in "
        "`signed`. Then compare.",
        "Take the header apart with `parts_of(signature)`. The message is the time stamp `t`, a "
        "dot and the body, as bytes. `hmac.new(key, message, hashlib.sha256).hexdigest()` makes "
        "the digits, and the key is `secret.encode()`.",
        "`message = f\"{parts['t']}.\".encode() + body`, then `expected = "
        "hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()`. Return "
        '`hmac.compare_digest(expected, parts["v1"])`.',
    ),
    check_signature,
)
