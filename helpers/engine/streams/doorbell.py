"""The bell that wakes the pollers of streams while records arrive.

A poll costs the engine two milliseconds, and LocalStack's pollers poll ten times a second, one
shard at a time: ten streams kept a fifth of a core busy, and a stream of four shards took four
times as long as one of one. Here whoever puts a record rings a bell, and then every poller polls
all its shards. Nothing depends on the bell: every stream is polled once a second anyway.
"""

import time

AWAKE = 2.0  # seconds after the bell in which no opportunity to poll is left out
ASLEEP = 1.0  # seconds between two polls otherwise


class Doorbell:
    def __init__(self) -> None:
        self._rung = float("-inf")

    def ring(self, now: float | None = None) -> None:
        """Announce a record that arrives, or has just arrived: more may follow."""
        self._rung = time.monotonic() if now is None else now

    def is_time_to_poll(self, now: float, last_poll: float) -> bool:
        return now - self._rung < AWAKE or now - last_poll >= ASLEEP


BELL = Doorbell()
