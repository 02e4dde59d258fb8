"""Exercise signature: a delivery is accepted if its sender has signed it, and only then."""

import base64
import time
from collections.abc import Iterator

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.labs.webhooks import scene, signing
from helpers.labs.webhooks.senders import Delivery, Paywell, sign

FILE = "paywell.py"
AMOUNT = b'"amount": 4990', b'"amount": 4991'

DONE = "Honest payments are accepted, and nobody else's."


class Signature(Diagnosis):
    REFUSED = Link.CODE("""
        Honest payments are refused. Their signature is the HMAC-SHA256, in hexadecimal digits, of
        the time stamp, a dot and the body, with the secret as the key.""")
    BODY_ALONE = Link.CODE("""
        Honest payments are refused. You sign the body alone; Paywell signs the time stamp, a dot
        and the body: `f"{{t}}.".encode() + body`.""")
    NO_DOT = Link.CODE("""
        Honest payments are refused. There has to be a dot between the time stamp and the body:
        `f"{{t}}.".encode() + body`.""")
    BASE64 = Link.CODE("""
        Honest payments are refused. You sign the body in base64, as it is in the event. Sign the
        bytes in `body`, which `body_of` has decoded.""")
    WHOLE_HEADER = Link.CODE("""
        Honest payments are refused. Compare with the digits of `v1` alone,
        `parts_of(signature)["v1"]`, not with the whole header.""")
    RESTAMPED = Link.CODE("""
        Your receiver accepts a payment whose time stamp was changed after it was signed. Sign the
        time stamp, too, or anybody can make an old delivery new.""")
    PACKED_ANYWAY = Link.EFFECT("A payment {what} was refused, but its parcel was packed.")
    IN_THE_CODE = Link.CODE("""
        The secret is in your code, in `{file}`, for everybody to read. Use the `secret` that is
        passed to `is_genuine`.""")


def check(probe: Probe) -> str:
    files = scene.own_files(probe, scene.RECEIVER, FILE)
    paywell = scene.paywell_at(probe)
    order, payment = scene.new_payment(probe, paywell)
    event, mistakes = scene.url_event(paywell, payment), _mistakes(paywell, payment)
    signing.require_accepted(probe, paywell, payment, event, mistakes, Signature.REFUSED)
    _require_forgeries_refused(probe, paywell)
    for file, text in files.items():
        require(paywell.secret not in text, Signature.IN_THE_CODE, file=file)
    signing.require_constant_time(files, FILE)
    scene.require_parcel(probe, order)
    return DONE


def _mistakes(paywell: Paywell, payment: Delivery) -> Iterator[tuple[Diagnosis, str]]:
    """Yield the signatures of known mistakes, as they would stand in the header."""
    stamp, body = int(time.time()), payment.body
    dotted = f"{stamp}.".encode()
    signed = [
        (Signature.BODY_ALONE, body),
        (Signature.NO_DOT, str(stamp).encode() + body),
        (Signature.BASE64, dotted + base64.b64encode(body)),
        *((signing.Signing.PARSED, dotted + again) for again in signing.written_again(body)),
    ]
    for diagnosis, message in signed:
        yield diagnosis, f"t={stamp},v1={sign(paywell.secret, message)}"
    yield Signature.WHOLE_HEADER, sign(paywell.secret, b"." + body)  # digits alone have no `t`


def _require_forgeries_refused(probe: Probe, paywell: Paywell) -> None:
    order, payment = scene.new_payment(probe, paywell)
    now = int(time.time())
    digits = paywell.signature(payment.body, secret=paywell.secret, moment=now).partition(",")[2]
    words, earlier = "whose time stamp was changed", f"t={now - 1},{digits}"
    restamped = signing.Forgery(words, Signature.RESTAMPED, earlier, payment.body)
    for forgery in (*signing.forgeries(paywell, payment, *AMOUNT), restamped):
        signing.require_refused(paywell, payment, forgery)
        is_packed = scene.parcels(probe, order)
        require(not is_packed, Signature.PACKED_ANYWAY, what=forgery.what)
