"""Exercise replay: what was signed too long ago, or for later, is not accepted."""

import time

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.labs.webhooks import scene
from helpers.labs.webhooks.senders import Paywell

FILE = "freshness.py"
MINUTE = 60
NEAR, FAR = (-4 * MINUTE, 4 * MINUTE), (-60 * MINUTE, -7 * MINUTE, 60 * MINUTE, 7 * MINUTE)

DONE = "Payments are accepted if they were signed within five minutes of now, and no others."


class Replay(Diagnosis):
    REFUSES_ALL = Link.CODE("""
        A payment that was signed this very moment is refused. Both numbers are seconds since 1970:
        does `is_fresh` return True where they differ by five minutes or less?""")
    OLD_ACCEPTED = Link.CODE("""
        A payment that was signed {minutes} minutes ago is accepted. Whoever gets hold of an old
        delivery can send it again: refuse what is older than five minutes.""")
    FUTURE_ACCEPTED = Link.CODE("""
        A payment whose time stamp is {minutes} minutes ahead of now is accepted, and stays valid
        for that long. Look in both directions from now, with `abs`.""")
    TOO_STRICT = Link.CODE("""
        A payment whose time stamp is {minutes} minutes away from now is refused. Clocks differ and
        networks are slow at times: accept what is within five minutes.""")
    NOT_REFUSED = Link.CODE("""
        A payment whose time stamp is {minutes} minutes away from now got the answer {status}, and
        the sender would try again. `is_fresh` should return False there, not raise.""")


def check(probe: Probe) -> str:
    scene.own_files(probe, scene.RECEIVER, FILE)
    paywell = scene.paywell_at(probe)
    orders = [scene.pay(probe, paywell, Replay.REFUSES_ALL)[0]]
    for seconds in FAR:
        _require_refused(probe, paywell, seconds)
    orders += [scene.pay(probe, paywell, Replay.TOO_STRICT, ahead=seconds)[0] for seconds in NEAR]
    for order in orders:
        scene.require_parcel(probe, order)
    return DONE


def _require_refused(probe: Probe, paywell: Paywell, seconds: int) -> None:
    _, payment = scene.new_payment(probe, paywell)
    (attempt,) = paywell.send(payment, moment=time.time() + seconds).attempts
    evidence = f"t = now {seconds:+d} s: {attempt}"
    words = {"minutes": abs(seconds) // MINUTE, "status": attempt.status}
    accepted = Replay.OLD_ACCEPTED if seconds < 0 else Replay.FUTURE_ACCEPTED
    require(not attempt.accepted, accepted, evidence, **words)
    require(attempt.refused, Replay.NOT_REFUSED, evidence, **words)
