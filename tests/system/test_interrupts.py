"""A wish to stop is heard, and never between two lines that belong together."""

import os
import signal
from threading import Thread

import pytest

from helpers.system.interrupts import held, raised_by_all_signals


def wish(number: int = signal.SIGINT) -> None:
    """Ctrl-C, or what `kill` and a closed terminal send."""
    os.kill(os.getpid(), number)


def test_a_stop_signal_waits_until_the_block_is_done() -> None:
    done = []

    def work() -> None:
        with held():
            wish()
            wish(signal.SIGTERM)
            done.append("the last line")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["the last line"]


def test_without_a_signal_nothing_happens() -> None:
    before = signal.getsignal(signal.SIGINT)
    with held():
        pass
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_stop_signal_raises_keyboard_interrupt(number: int) -> None:
    with pytest.raises(KeyboardInterrupt), raised_by_all_signals():
        wish(number)


def test_ignored_signals_stay_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raised_by_all_signals():
            wish(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread_there_is_nothing_to_defer() -> None:
    done = []

    def work() -> None:
        with held():
            done.append("worked")

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["worked"]


def test_a_block_sees_the_signals_and_an_inner_one_leaves_raising_to_the_outer() -> None:
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


def test_signals_in_quick_succession_raise_once() -> None:
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
