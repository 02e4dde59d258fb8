"""Handle the signals that ask a program to stop: Ctrl-C, a closed terminal and a plain `kill`.

All of them raise KeyboardInterrupt, and a block that must not be interrupted can defer them.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
REPEAT = 0.3  # seconds within which a second signal counts as the same


@contextmanager
def raised_by_all_signals() -> Iterator[None]:
    """Make SIGTERM and SIGHUP raise KeyboardInterrupt too, as Ctrl-C does."""
    with handled_by(Interrupt()):
        yield


@contextmanager
def held() -> Iterator[list[int]]:
    """Defer stop signals until the block is done; then raise KeyboardInterrupt if any came.

    For blocks that create or clean up something nobody else would clean up. Yields the signals
    received so far, so that the block can stop waiting early. Inside another such block, it leaves
    raising to the outer one. Python interrupts only its main thread, so in any other thread there
    is nothing to defer.
    """
    outer = next((h for h in map(signal.getsignal, STOP_SIGNALS) if isinstance(h, Deferred)), None)
    if outer or current_thread() is not main_thread():
        yield outer.received if outer else []
        return
    handler = Deferred()
    with handled_by(handler):
        yield handler.received
    if handler.received:
        raise KeyboardInterrupt


class Deferred:
    """A signal handler that only records the signals."""

    def __init__(self) -> None:
        self.received: list[int] = []

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.received.append(number)


class Interrupt:
    """A signal handler that raises KeyboardInterrupt, once for signals in quick succession.

    A second KeyboardInterrupt, before any cleanup has begun, would prevent that cleanup.
    """

    def __init__(self) -> None:
        self._last = -REPEAT

    def __call__(self, number: int, frame: FrameType | None) -> None:
        before, self._last = self._last, time.monotonic()
        if self._last - before >= REPEAT:
            raise KeyboardInterrupt


@contextmanager
def handled_by(handler: "signal._HANDLER") -> Iterator[None]:
    """Install the handler for the block. Ignored signals stay ignored, as `nohup` wants."""
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    # None is a handler that Python did not install and could not restore.
    handled = [number for number in STOP_SIGNALS if before[number] not in (signal.SIG_IGN, None)]
    try:
        for number in handled:
            signal.signal(number, handler)
        yield
    finally:
        for number in handled:
            signal.signal(number, before[number])
