"""Exercise replay: what was signed too long ago, or will be, is not taken."""

import time

from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.webhooks.files import see_uploaded, see_written
from helpers.labs.webhooks.scene import (
    RECEIVER,
    is_refused,
    new_payment,
    parcels,
    paywell_at,
    see_answered,
)
from helpers.labs.webhooks.senders import Paywell, Sent

FILE = "freshness.py"
MINUTE = 60

TODO = "`is_fresh` in `webhooks/freshness.py` is still empty."
REFUSES_ALL = """\
A payment that was signed this very moment is refused. Both numbers are seconds since 1970, and \
their difference is what counts. Does `is_fresh` return True within five minutes?"""
OLD_TAKEN = """\
A payment that was signed {words} ago is taken. Whoever gets hold of an old delivery can send it \
again: refuse what is older than five minutes."""
FUTURE_TAKEN = """\
A payment whose time stamp is {words} ahead of now is taken: it would stay good for that long. \
Look at the distance from now in both directions, with `abs`."""
TOO_STRICT = """\
A payment that was signed {words} {way} is refused. Clocks are never quite the same and networks \
are slow at times: take what is within five minutes."""
NOT_REFUSED = """\
A payment that was signed {words} {way} got the answer {status}, as if something had broken: the \
sender would try again. `is_fresh` should return False there."""
DONE = "What was signed within five minutes is taken, and nothing older or newer."

NEAR = ((-4 * MINUTE, "4 minutes"), (4 * MINUTE, "4 minutes"))
FAR = (
    (-3600, "an hour"),
    (-7 * MINUTE, "7 minutes"),
    (3600, "an hour"),
    (7 * MINUTE, "7 minutes"),
)


def check(probe: Probe) -> str:
    see_written(probe, FILE, "is_fresh", todo=TODO)
    see_uploaded(probe, RECEIVER, FILE)
    paywell = paywell_at(probe)
    order, sent = _send(probe, paywell, 0)
    see_answered(probe, paywell, sent)
    if not sent.taken:
        raise Incorrect(REFUSES_ALL, link="code", evidence=f"answered {sent.status}")
    for seconds, words in FAR:
        _see_refused(probe, paywell, seconds, words)
    for seconds, words in NEAR:
        _see_taken(probe, paywell, seconds, words)
    probe.wait_for(lambda: parcels(probe, order), timeout=8, what=f"The parcel for {order}")
    return DONE


def _send(probe: Probe, paywell: Paywell, seconds: int) -> tuple[str, Sent]:
    order, payment = new_payment(probe, paywell)
    return order, paywell.send(payment, moment=time.time() + seconds)


def _see_refused(probe: Probe, paywell: Paywell, seconds: int, words: str) -> None:
    _, sent = _send(probe, paywell, seconds)
    if sent.taken:
        text = OLD_TAKEN if seconds < 0 else FUTURE_TAKEN
        raise Incorrect(text.format(words=words), link="code", evidence=_shown(seconds, sent))
    if not is_refused(sent.attempts[-1]):
        told = NOT_REFUSED.format(words=words, way=_way(seconds), status=sent.status)
        raise Incorrect(told, link="code")


def _see_taken(probe: Probe, paywell: Paywell, seconds: int, words: str) -> None:
    order, sent = _send(probe, paywell, seconds)
    if not sent.taken:
        told = TOO_STRICT.format(words=words, way=_way(seconds))
        raise Incorrect(told, link="code", evidence=_shown(seconds, sent))
    probe.wait_for(lambda: parcels(probe, order), timeout=8, what=f"The parcel for {order}")


def _way(seconds: int) -> str:
    return "ago" if seconds < 0 else "from now"


def _shown(seconds: int, sent: Sent) -> str:
    return f"t = now {seconds:+d} s: {sent.attempts[-1]}"
