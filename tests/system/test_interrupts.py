"""Stop signals raise KeyboardInterrupt, but never within a block that defers them."""

import os
import signal
from threading import Thread

import pytest

from helpers.system.interrupts import held, raised_by_all_signals


def send_signal(number: int = signal.SIGINT) -> None:
    """Send a stop signal: that of Ctrl-C, of `kill`, or of a closed terminal."""
    os.kill(os.getpid(), number)


def test_a_stop_signal_waits_until_the_block_is_done() -> None:
    done = []

    def work() -> None:
        with held():
            send_signal()
            send_signal(signal.SIGTERM)
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
        send_signal(number)


def test_ignored_signals_stay_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raised_by_all_signals():
            send_signal(signal.SIGHUP)
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
    received = []

    def work() -> None:
        with held() as outer:
            with held() as inner:
                send_signal()
                received.extend(inner)
            received.append("the outer block goes on")
            assert outer == inner

    with pytest.raises(KeyboardInterrupt):
        work()
    assert received == [signal.SIGINT, "the outer block goes on"]


def test_signals_in_quick_succession_raise_once() -> None:
    cleared = []

    def work() -> None:
        with raised_by_all_signals():
            try:
                send_signal()
            finally:
                send_signal()
                cleared.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert cleared == ["all of it"]
