"""Pushes of Codeyard's that are signed otherwise: by a learner's mistake, or by a forger."""

import base64
import json

from helpers.labs.webhooks.post import Attempt, post
from helpers.labs.webhooks.senders import Codeyard, Delivery, sign

HEADER = "X-Codeyard-Signature-256"

STAMPED = """\
Honest pushes are refused. You sign a time stamp with the body, as Paywell does; Codeyard has none \
and signs the body alone."""
BARE = """\
Honest pushes are refused. The header has `sha256=` before the digits, and what you compare it \
with has not. Put it before yours."""
PARSED = """\
Honest pushes are refused. What you sign is not the body that came, but the body parsed and \
written again. Sign the bytes in `body`."""


def why_refused(codeyard: Codeyard, push: Delivery) -> str | None:
    """What the learner's code signs instead: pushes that are signed in other ways are tried."""
    right, written = sign(codeyard.secret, push.body), json.dumps(json.loads(push.body)).encode()
    plain = json.dumps(json.loads(push.body), ensure_ascii=False).encode()
    in_base64 = base64.b64encode(bytes.fromhex(right)).decode()
    tries = (
        (BARE, right),
        (BARE, in_base64),
        (PARSED, f"sha256={sign(codeyard.secret, written)}"),
        (PARSED, f"sha256={sign(codeyard.secret, plain)}"),
        (STAMPED, f"sha256={sign(codeyard.secret, b'.' + push.body)}"),
    )
    return next((words for words, header in tries if _post(codeyard, push, header).taken), None)


def _post(codeyard: Codeyard, push: Delivery, signature: str | None) -> Attempt:
    headers = codeyard.headers(push, secret=codeyard.secret, moment=0)
    del headers[HEADER]
    return post(codeyard.url, push.body, headers | ({HEADER: signature} if signature else {}))


def guessed(codeyard: Codeyard, push: Delivery) -> Attempt:
    return codeyard.send(push, secret="guessed").attempts[-1]


def tampered(codeyard: Codeyard, push: Delivery) -> Attempt:
    changed = push.body.replace(b"refs/heads/main", b"refs/heads/evil")
    return codeyard.send(push, body=changed).attempts[-1]


def unsigned(codeyard: Codeyard, push: Delivery) -> Attempt:
    return _post(codeyard, push, None)


def shortened(codeyard: Codeyard, push: Delivery) -> Attempt:
    return _post(codeyard, push, f"sha256={sign(codeyard.secret, push.body)[:8]}")
