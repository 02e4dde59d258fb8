"""The panel that sends webhooks: to a real little receiver, whose work is in the test's hand."""

import json
from collections import Counter
from collections.abc import Callable
from html import unescape

import pytest

from helpers.errors import LabError
from helpers.labs.webhooks.panel import SenderPanel
from helpers.labs.webhooks.post import Attempt
from helpers.labs.webhooks.senders import Delivery, Paywell, Sent
from tests.fakes import FakeTime

SECRET = "whsec_between_us"
NOW = 1_800_000_000.0


class Service(Paywell):
    """Sends to a function of the test's instead of over the network."""

    def __init__(self, receive: Callable[[bytes, str], int | None]) -> None:
        super().__init__("http://receiver", SECRET)
        self.receive = receive
        self.patience: list[tuple[float, int]] = []

    def send(self, delivery: Delivery, *, body=None, secret=None, moment=None) -> Sent:
        self.patience.append((self.timeout, self.attempts))
        headers = self.headers(
            delivery, secret=secret or self.secret, moment=NOW if moment is None else moment
        )
        sent = delivery.body if body is None else body
        status = self.receive(sent, headers["Paywell-Signature"])
        return Sent(self.name, delivery, (Attempt(status, timeout=self.timeout),))


class Receiver:
    """Verifies or doesn't, notices duplicates or doesn't, and works off at once or never."""

    def __init__(self, *, verifies: bool = True, dedupes: bool = True, works: bool = True) -> None:
        self.verifies, self.dedupes, self.works = verifies, dedupes, works
        self.done: Counter[str] = Counter()
        self.service = Service(self.receive)

    def receive(self, body: bytes, signature: str) -> int:
        told = json.loads(body)
        order = told["data"]["object"]["metadata"]["order"]
        if self.verifies and not self._is_good(body, signature, order):
            return 401
        if self.works and not (self.dedupes and order in self.done):
            self.done[order] += 1
        return 202

    def _is_good(self, body: bytes, signature: str, order: str) -> bool:
        signed = self.service.payment(order)
        wanted = self.service.headers(signed, secret=SECRET, moment=NOW)["Paywell-Signature"]
        return body == signed.body and signature == wanted


def sent(receiver: Receiver, *switches: str, many: bool = False) -> SenderPanel:
    panel = SenderPanel(
        receiver.service, lambda: dict(receiver.done), clock=FakeTime().clock, now=lambda: NOW
    )
    for switch in switches:
        getattr(panel, switch).value = True
    (panel.many if many else panel.button).click()
    return panel


def test_an_honest_delivery_is_accepted_and_processed_once():
    panel = sent(Receiver())
    assert "Accepted and processed once" in panel.answer.value
    assert "The receiver: answered 202." in panel.answer.value
    assert "Processed: 1 time." in panel.answer.value


@pytest.mark.parametrize("switch", ["tamper", "wrong_secret", "replay"])
def test_each_forgery_is_refused_by_a_receiver_that_verifies(switch):
    panel = sent(Receiver(), switch)
    assert "Refused, and nothing was done" in panel.answer.value
    assert "answered 401" in panel.answer.value


@pytest.mark.parametrize("switch", ["tamper", "wrong_secret", "replay"])
def test_each_forgery_is_told_where_it_gets_through(switch):
    assert "was processed" in sent(Receiver(verifies=False), switch).answer.value
    panel = sent(Receiver(verifies=False, works=False), switch)
    assert "sender sends was accepted" in panel.answer.value


def test_a_duplicate_is_worked_off_once_or_that_is_told():
    assert "processed once" in sent(Receiver(), "duplicate").answer.value
    panel = sent(Receiver(dedupes=False), "duplicate")
    assert "One payment was processed 2 times" in panel.answer.value
    assert "answered 202, then answered 202" in panel.answer.value


def test_a_payment_that_is_accepted_and_never_processed_is_told():
    assert "nothing was done within 5.1 s" in sent(Receiver(works=False)).answer.value


def test_a_hundred_are_waited_for_as_long_as_one_after_the_other_is_worked_off():
    """A busy computer takes longer than any patience set beforehand."""
    fake, accepted = FakeTime(), []
    service = Service(lambda body, _: accepted.append(json.loads(body)) or 202)

    def done() -> dict[str, int]:
        orders = [told["data"]["object"]["metadata"]["order"] for told in accepted]
        return dict.fromkeys(orders[: int(fake.passed)], 1)

    panel = SenderPanel(service, done, clock=fake.clock, now=lambda: NOW)
    panel.many.click()
    assert fake.passed > 100
    assert "all went as they should" in panel.answer.value


def test_an_honest_payment_that_is_refused_is_told():
    receiver = Receiver()
    receiver.service.receive = lambda body, signature: 500
    assert "The sender gives up" in sent(receiver).answer.value


def test_an_impatient_sender_waits_less_and_tries_more_often_this_time_only():
    receiver = Receiver()
    panel = sent(receiver, "impatient")
    panel.impatient.value = False
    panel.button.click()
    assert receiver.service.patience == [(0.2, 3), (10, 1)]


def test_a_hundred_are_counted_by_what_became_of_them():
    receiver = Receiver()
    panel = sent(receiver, many=True)
    assert sum(receiver.done.values()) == 100
    assert "100 sent in" in panel.answer.value
    assert "all went as they should" in panel.answer.value
    assert panel.progress.value == 100


def test_of_a_hundred_those_that_went_wrong_come_first():
    receiver = Receiver()
    answers = iter([503] * 7)

    def receive(body: bytes, signature: str) -> int:
        return next(answers, None) or Receiver.receive(receiver, body, signature)

    receiver.service.receive = receive
    shown = unescape(sent(receiver, many=True).answer.value)
    assert "7 went wrong" in shown
    assert shown.index("✗ 7") < shown.index("✓ 93")


def test_what_goes_wrong_while_looking_is_shown_and_not_raised():
    def refuse() -> dict[str, int]:
        raise LabError("there is no table")

    panel = SenderPanel(Receiver().service, refuse, clock=FakeTime().clock, now=lambda: NOW)
    panel.button.click()
    assert "there is no table" in panel.answer.value
    assert not panel.button.disabled


def test_a_receiver_that_never_comes_to_rest_is_not_watched_for_ever():
    time, looks = FakeTime(), Counter[str]()

    def once_more() -> dict[str, int]:
        looks["other"] += 1
        return dict(looks)

    SenderPanel(Receiver().service, once_more, clock=time.clock, now=lambda: NOW).button.click()
    assert time.passed == pytest.approx(120, abs=1)


def test_each_control_has_a_name_for_those_who_hear_it():
    panel = SenderPanel(Receiver().service, dict)
    parts = (panel.tamper, panel.wrong_secret, panel.replay, panel.duplicate, panel.impatient)
    assert all(part.description for part in parts)
    assert [part.description for part in (panel.button, panel.many)] == ["Send", "Send a hundred"]


def test_without_widgets_it_says_how_to_do_the_same():
    panel = SenderPanel(Receiver().service, dict)
    assert panel._repr_mimebundle_()["text/plain"] == repr(panel)
    assert 'paywell.send(paywell.payment("A-1"))' in repr(panel)
