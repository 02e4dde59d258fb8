"""A wish to stop is heard, and never between two lines that belong together."""

import os
import signal
from threading import Thread

import pytest

from helpers.system.interrupts import held, raised_by_all_signals


def wish(number: int = signal.SIGINT) -> None:
    """Ctrl-C, or what `kill` and a closed terminal send."""
    os.kill(os.getpid(), number)


def test_a_wish_waits_until_the_block_is_done() -> None:
    done = []

    def work() -> None:
        with held():
            wish()
            wish(signal.SIGTERM)
            done.append("the last line")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["the last line"]


def test_without_a_wish_nothing_happens() -> None:
    before = signal.getsignal(signal.SIGINT)
    with held():
        pass
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_wish_is_heard_as_ctrl_c(number: int) -> None:
    with pytest.raises(KeyboardInterrupt), raised_by_all_signals():
        wish(number)


def test_what_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raised_by_all_signals():
            wish(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread_there_is_nothing_to_put_off() -> None:
    done = []

    def work() -> None:
        with held():
            done.append("worked")

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["worked"]


def test_a_block_hears_of_the_wishes_and_an_inner_one_leaves_the_end_to_it() -> None:
    heard = []

    def work() -> None:
        with held() as outer:
            with held() as inner:
                wish()
                heard.extend(inner)
            heard.append("the outer block goes on")
            assert outer == inner

    with pytest.raises(KeyboardInterrupt):
        work()
    assert heard == [signal.SIGINT, "the outer block goes on"]


def test_an_impatient_finger_says_the_same_wish_once() -> None:
    cleared = []

    def work() -> None:
        with raised_by_all_signals():
            try:
                wish()
            finally:
                wish()
                cleared.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert cleared == ["all of it"]
