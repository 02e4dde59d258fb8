"""The progress of a stream's mapping, and the threads that its pollers have started."""

import threading
from typing import Any

Poller = Any  # LocalStack's; only its identity matters here


class Progress:
    """State of a mapping that is kept when one poller replaces another.

    `after` has, for each shard, the sequence number of the last processed record. Only the `newest`
    poller may start anything, and only when what its predecessor started has ended.
    """

    def __init__(self) -> None:
        self.after: dict[str, str] = {}
        self.newest: Poller = None
        self._lock = threading.Lock()
        self._started: dict[str, tuple[Poller, threading.Thread]] = {}

    def start(self, poller: Poller, shard: str, thread: threading.Thread) -> None:
        """Start it, unless the poller was replaced or the shard's last thread still runs."""
        with self._lock:
            is_busy = shard in self._started and self._started[shard][1].is_alive()
            if poller is self.newest and not is_busy:
                self._started[shard] = poller, thread
                thread.start()

    def wait_for(self, poller: Poller) -> None:
        """Wait until everything that this poller started has ended."""
        for owner, thread in self._threads():
            if owner is poller:
                thread.join()

    def wait_for_others(self, poller: Poller) -> None:
        """Wait until everything that other pollers started has ended."""
        for owner, thread in self._threads():
            if owner is not poller:
                thread.join()

    def has_others(self, poller: Poller) -> bool:
        """Return whether anything that another poller started is still running."""
        return any(thread.is_alive() for owner, thread in self._threads() if owner is not poller)

    def _threads(self) -> list[tuple[Poller, threading.Thread]]:
        """Return all, but not while one is being started: it can't be joined yet."""
        with self._lock:
            return list(self._started.values())
