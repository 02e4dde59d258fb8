"""Ctrl-C, a closed terminal and a plain `kill` are one thing: the wish to stop, at any moment."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

WISHES = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def raised_by_all_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise KeyboardInterrupt too, as Ctrl-C does."""
    with handled_by(interrupt):
        yield


@contextmanager
def held() -> Iterator[None]:
    """Put off any wish to stop until the block is done; then raise KeyboardInterrupt.

    For the short moments in which a process exists that nobody could end yet. Python interrupts
    its main thread only, so in any other there is nothing to put off.
    """
    if current_thread() is not main_thread():
        yield
        return
    wished: list[int] = []
    with handled_by(lambda number, _: wished.append(number)):
        yield
    if wished:
        raise KeyboardInterrupt


def interrupt(number: int, frame: FrameType | None) -> None:
    """Handle a signal as Python handles Ctrl-C."""
    raise KeyboardInterrupt


@contextmanager
def handled_by(handler: "signal._HANDLER") -> Iterator[None]:
    """What was to be ignored stays ignored: `nohup lab` means it."""
    before = {number: signal.getsignal(number) for number in WISHES}
    # None: something other than Python handles it, and can't be put back.
    heard = [number for number in WISHES if before[number] not in (signal.SIG_IGN, None)]
    try:
        for number in heard:
            signal.signal(number, handler)
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])
