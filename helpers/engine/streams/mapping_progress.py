"""How far the mapping of a stream has come, and what its pollers have under way."""

import threading
from typing import Any

Poller = Any  # LocalStack's; here it only matters which one it is


class Progress:
    """What is kept of a mapping while its pollers come and go.

    `after` has, for each shard, the sequence number of the last record that is done with. Only
    the poller of the `newest` worker may start anything, and only when what the one before it
    started has ended.
    """

    def __init__(self) -> None:
        self.after: dict[str, str] = {}
        self.newest: Any = None
        self._lock = threading.Lock()
        self._started: dict[str, tuple[Poller, threading.Thread]] = {}

    def start(self, poller: Poller, shard: str, thread: threading.Thread) -> None:
        with self._lock:
            is_newest = self.newest is not None and poller is self.newest.poller
            if is_newest and not self._is_busy(shard):
                self._started[shard] = poller, thread
                thread.start()

    def wait_for(self, poller: Poller) -> None:
        """Until nothing is under way any more that this poller started."""
        for owner, thread in self._all():
            if owner is poller:
                thread.join()

    def wait_for_others(self, poller: Poller) -> None:
        for thread in self._others(poller):
            thread.join()

    def has_others(self, poller: Poller) -> bool:
        """Whether something is still under way that another poller started."""
        return any(thread.is_alive() for thread in self._others(poller))

    def _others(self, poller: Poller) -> list[threading.Thread]:
        return [thread for owner, thread in self._all() if owner is not poller]

    def _all(self) -> list[tuple[Poller, threading.Thread]]:
        """Not while one is being started: it could not be waited for yet."""
        with self._lock:
            return list(self._started.values())

    def _is_busy(self, shard: str) -> bool:
        return shard in self._started and self._started[shard][1].is_alive()
