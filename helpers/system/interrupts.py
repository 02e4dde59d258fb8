"""Ctrl-C, a closed terminal and a plain `kill` are one thing: the wish to stop, at any moment."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

WISHES = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAME_WISH = 0.3  # seconds in which a key that is hit again says nothing new


@contextmanager
def raised_by_all_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise KeyboardInterrupt too, as Ctrl-C does."""
    with handled_by(Interrupt()):
        yield


@contextmanager
def held() -> Iterator[list[int]]:
    """Put off any wish to stop until the block is done; then raise KeyboardInterrupt.

    For the moments in which something is made or cleared away that nobody else would clear away.
    Gives the wishes heard so far, so that the block need not wait any longer than it must. Inside
    another such block it leaves the end to that one. Python interrupts its main thread only, so
    in any other there is nothing to put off.
    """
    outer = next((h for h in map(signal.getsignal, WISHES) if isinstance(h, PutOff)), None)
    if outer or current_thread() is not main_thread():
        yield outer.wishes if outer else []
        return
    handler = PutOff()
    with handled_by(handler):
        yield handler.wishes
    if handler.wishes:
        raise KeyboardInterrupt


class PutOff:
    """Handles a signal by noting it."""

    def __init__(self) -> None:
        self.wishes: list[int] = []

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.wishes.append(number)


class Interrupt:
    """Handles a signal as Python handles Ctrl-C, and hears an impatient finger once.

    Between the moment in which it raises and that in which somebody begins to clear away, a
    second KeyboardInterrupt would leave everything where it is.
    """

    def __init__(self) -> None:
        self._last = -SAME_WISH

    def __call__(self, number: int, frame: FrameType | None) -> None:
        before, self._last = self._last, time.monotonic()
        if self._last - before >= SAME_WISH:
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
