"""The intervals at which pollers poll streams."""

from helpers.engine.streams.doorbell import ASLEEP, AWAKE, Doorbell


def test_a_new_poller_polls_at_once() -> None:
    assert Doorbell().is_time_to_poll(now=0, last_poll=float("-inf"))


def test_without_a_bell_polls_are_far_apart() -> None:
    bell = Doorbell()
    assert not bell.is_time_to_poll(now=10 + ASLEEP / 2, last_poll=10)
    assert bell.is_time_to_poll(now=10 + ASLEEP, last_poll=10)


def test_after_the_bell_no_opportunity_is_left_out() -> None:
    bell = Doorbell()
    bell.ring(now=10)
    assert bell.is_time_to_poll(now=10.1, last_poll=10.0)
    assert bell.is_time_to_poll(now=10.2, last_poll=10.1)


def test_some_time_after_the_bell_polls_are_far_apart_again() -> None:
    bell = Doorbell()
    bell.ring(now=10)
    assert not bell.is_time_to_poll(now=10 + AWAKE + 0.1, last_poll=10 + AWAKE)
