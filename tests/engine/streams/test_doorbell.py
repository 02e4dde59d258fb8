"""When pollers look at streams."""

from helpers.engine.streams.doorbell import ASLEEP, AWAKE, Doorbell


def test_a_poller_that_never_looked_looks_at_once() -> None:
    assert Doorbell().is_time_to_look(now=0, last_look=float("-inf"))


def test_without_a_bell_it_looks_again_after_a_while_only() -> None:
    bell = Doorbell()
    assert not bell.is_time_to_look(now=10 + ASLEEP / 2, last_look=10)
    assert bell.is_time_to_look(now=10 + ASLEEP, last_look=10)


def test_after_the_bell_every_chance_is_used() -> None:
    bell = Doorbell()
    bell.ring(now=10)
    assert bell.is_time_to_look(now=10.1, last_look=10.0)
    assert bell.is_time_to_look(now=10.2, last_look=10.1)


def test_some_time_after_the_bell_it_sleeps_again() -> None:
    bell = Doorbell()
    bell.ring(now=10)
    assert not bell.is_time_to_look(now=10 + AWAKE + 0.1, last_look=10 + AWAKE)
