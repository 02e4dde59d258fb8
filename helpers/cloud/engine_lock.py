"""A lock for the engine of a home: only one process at a time starts or stops it."""

from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.cloud.errors import CloudDidNotStart

SILENCE = 1.5  # seconds to wait before saying what for

WAITING = "Another notebook or terminal is starting or stopping your cloud; waiting for it…"

LOCKED = """\
Another notebook or terminal has been starting or stopping your cloud for {timeout:g} seconds.
{next}
(It holds the lock {lock}.)"""

TO_START = "Look at its messages, end it if it hangs, and try again."
TO_STOP = """\
If it hangs, end that notebook or command; then run `lab stop` again. As long as it holds the lock,
nothing can be stopped here."""


class EngineLock:
    """The lock of a home, as a context manager. Its holder may remove the lock's file as well.

    Raises CloudDidNotStart if another process holds it for `timeout` seconds; `next` is the
    advice for that case.
    """

    def __init__(self, home: Path, timeout: float, next: str, say: Callable[[str], None]) -> None:
        self._path = home / "engine.lock"
        self._timeout = timeout
        self._next = next
        self._say = say
        self._lock = FileLock(self._path, mode=0o600)

    def __enter__(self) -> "EngineLock":
        patience = min(SILENCE, self._timeout)
        try:
            self._lock.acquire(timeout=patience)
        except Timeout:
            self._say(WAITING)
            self._keep_waiting(self._timeout - patience)
        return self

    def _keep_waiting(self, timeout: float) -> None:
        try:
            self._lock.acquire(timeout=timeout)
        except Timeout:
            message = LOCKED.format(timeout=self._timeout, next=self._next, lock=self._path)
            raise CloudDidNotStart(message) from None

    def remove(self) -> None:
        """Remove the lock's file, while holding it. A waiting process notices the new file."""
        self._path.unlink(missing_ok=True)

    def __exit__(self, *exc: object) -> None:
        self._lock.release()
