"""The services that send webhooks: what they send is what real ones would, down to the bytes."""

import hashlib
import hmac
import json

import pytest

from helpers.labs.webhooks.post import post
from helpers.labs.webhooks.senders import Codeyard, Paywell
from tests.receiver import receiver

SECRET = "whsec_between_us"


def hexdigest(message: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def test_a_payment_says_what_was_paid():
    payment = Paywell("", SECRET).payment("A-1001", cents=1250)
    told = json.loads(payment.body)
    paid = told["data"]["object"]
    assert told["id"] == payment.id
    assert (paid["metadata"]["order"], paid["amount"]) == ("A-1001", 1250)
    assert paid["payment_method"]["card"]["brand"] == "visa"


def test_the_same_payment_is_the_same_event_and_another_is_another():
    paywell = Paywell("", SECRET)
    assert paywell.payment("A-1001") == paywell.payment("A-1001")
    assert paywell.payment("A-1001").id != paywell.payment("A-1002").id


def test_a_gift_card_is_no_card():
    payment = Paywell("", SECRET).payment("A-1001", gift_card=True)
    assert json.loads(payment.body)["data"]["object"]["payment_method"]["card"] is None


@pytest.mark.parametrize(
    "body",
    [
        Paywell("", SECRET).payment("A-1001").body,
        Paywell("", SECRET).payment("A-1001", gift_card=True).body,
        Codeyard("", SECRET).push("c0ffee").body,
    ],
)
@pytest.mark.parametrize(
    "style",
    [
        {},
        {"indent": 2},
        {"separators": (",", ":")},
        {"separators": (",", ":"), "ensure_ascii": False},
        {"indent": 2, "ensure_ascii": False},
    ],
)
def test_a_payload_that_is_read_and_written_again_has_other_bytes(body, style):
    assert len(body) > 3000
    assert json.dumps(json.loads(body), **style).encode() != body


def test_paywell_signs_time_stamp_and_body():
    paywell = Paywell("", SECRET)
    payment = paywell.payment("A-1001")
    headers = paywell.headers(payment, secret=SECRET, moment=1781512203.9)
    signature = hexdigest(b"1781512203." + payment.body)
    assert headers["Paywell-Signature"] == f"t=1781512203,v1={signature}"


def test_codeyard_signs_the_body_and_numbers_the_delivery():
    codeyard = Codeyard("", SECRET)
    push = codeyard.push("c0ffee")
    headers = codeyard.headers(push, secret=SECRET, moment=0)
    assert headers["X-Codeyard-Signature-256"] == f"sha256={hexdigest(push.body)}"
    assert headers["X-Codeyard-Delivery"] == push.id
    assert json.loads(push.body)["after"] == "c0ffee"


def test_a_delivery_that_is_answered_is_sent_once():
    with receiver(202) as there:
        sent = Paywell(there.url, SECRET, attempts=3).send(Paywell("", "").payment("A-1001"))
    assert sent.accepted
    assert sent.status == 202
    assert len(there.got) == 1
    assert repr(sent).splitlines() == [
        "✓ Paywell sent payment.succeeded: accepted",
        "  attempt 1: answered 202",
    ]


def test_what_is_not_accepted_is_sent_again_and_signed_anew():
    with receiver(500, 503, 200) as there:
        paywell = Paywell(there.url, SECRET, attempts=3)
        sent = paywell.send(paywell.payment("A-1001"))
    assert [attempt.status for attempt in sent.attempts] == [500, 503, 200]
    assert len({body for _, body in there.got}) == 1


def test_a_sender_waits_no_longer_than_its_time_out():
    with receiver(None, None) as there:
        paywell = Paywell(there.url, SECRET, timeout=0.1, attempts=2)
        sent = paywell.send(paywell.payment("A-1001"))
    assert sent.status is None
    assert repr(sent).splitlines() == [
        "✗ Paywell sent payment.succeeded: not accepted",
        "  attempt 1: no answer within 0.1 s",
        "  attempt 2: no answer within 0.1 s",
    ]


def test_a_forger_can_change_body_secret_and_moment():
    with receiver(401) as there:
        paywell = Paywell(there.url, SECRET)
        payment = paywell.payment("A-1001")
        paywell.send(payment, body=b"{}", secret="guessed", moment=17)
    headers, body = there.got[0]
    assert body == b"{}"
    assert headers["Paywell-Signature"] == f"t=17,v1={hexdigest(b'17.' + payment.body, 'guessed')}"


def test_nobody_at_home_is_no_answer():
    attempt = post("http://127.0.0.1:9/", b"", {}, timeout=1)
    assert attempt.status is None
    assert str(attempt).startswith("failed: ")
