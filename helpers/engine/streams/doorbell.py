"""When streams are looked at for records: all the time while some come, seldom otherwise.

A look costs the engine two milliseconds, and LocalStack's pollers look ten times a second, each
time at one shard: with ten streams a fifth of a core was never idle, and a stream of four shards
was four times as slow as one of one. Here whoever puts a record rings a bell, and then every
poller looks, at all its shards. Nothing depends on hearing it: a look comes once a second anyway.
"""

import time
from typing import Any

AWAKE = 2.0  # seconds after the bell in which no chance to look is left out
ASLEEP = 1.0  # seconds between two looks otherwise


class Doorbell:
    def __init__(self) -> None:
        self._rung = float("-inf")

    def ring(self, now: float) -> None:
        """A record comes, or has come: more may follow."""
        self._rung = now

    def is_time_to_look(self, now: float, last_look: float) -> bool:
        return now - self._rung < AWAKE or now - last_look >= ASLEEP


BELL = Doorbell()


def ring_before(put: Any, *arguments: Any, **named: Any) -> Any:
    """To `patch` what puts a record into a stream."""
    BELL.ring(time.monotonic())
    return put(*arguments, **named)
