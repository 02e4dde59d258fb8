"""Why an honest payment is refused: what does the learner's code sign instead?"""

import base64
import json
import time
from collections.abc import Callable

from helpers.exercises.probe import Probe
from helpers.labs.webhooks.post import Attempt, post
from helpers.labs.webhooks.scene import new_payment
from helpers.labs.webhooks.senders import Paywell, sign

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


def why_refused(probe: Probe, paywell: Paywell) -> str | None:
    """What the learner's code signs instead: deliveries signed in other ways are tried."""
    _, payment = new_payment(probe, paywell)
    for words, message in MISTAKES:
        stamp = int(time.time())
        signature = sign(paywell.secret, message(stamp, payment.body))
        header = f"t={stamp},v1={signature}"
        if post_signed(paywell, payment.body, header).taken:
            return words
    whole = sign(paywell.secret, b"." + payment.body)  # a header of digits alone has no `t`
    return WITH_PREFIX if post_signed(paywell, payment.body, whole).taken else None


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


def post_signed(paywell: Paywell, body: bytes, signature: str | None) -> Attempt:
    headers = {"Content-Type": "application/json"}
    return post(
        paywell.url, body, headers | ({"Paywell-Signature": signature} if signature else {})
    )
