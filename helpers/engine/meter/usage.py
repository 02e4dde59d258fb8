"""The usage of each account: quantities by the name of their price, and hours of streams."""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

HOUR = 3600.0


@dataclass
class Stream:
    """A stream that is billed by the hour, rounded up."""

    since: datetime
    shards: int
    unit: str = "kinesis.shard_hours"

    def hours(self, now: datetime) -> int:
        hours = ceil((now - self.since).total_seconds() / HOUR)
        return max(hours, 1) * self.shards


@dataclass
class Account:
    used: Counter[str] = field(default_factory=Counter)
    streams: dict[str, Stream] = field(default_factory=dict)


class Meter:
    def __init__(self) -> None:
        self._accounts: dict[str, Account] = defaultdict(Account)
        self._lock = threading.Lock()

    def add(self, account: str, unit: str, quantity: float) -> None:
        with self._lock:
            self._accounts[account].used[unit] += quantity  # type: ignore[assignment]

    def open_stream(self, account: str, name: str, shards: int, unit: str, now: datetime) -> None:
        """Start billing a stream, in place of an earlier one of the same name."""
        self.end_stream(account, name, now)
        with self._lock:
            self._accounts[account].streams[name] = Stream(now, shards, unit)

    def end_stream(self, account: str, name: str, now: datetime) -> None:
        with self._lock:
            stream = self._accounts[account].streams.pop(name, None)
            if stream:
                self._accounts[account].used[stream.unit] += stream.hours(now)

    def read(self, account: str, now: datetime) -> dict[str, float]:
        """Return what the account has used until now."""
        with self._lock:
            used = Counter(self._accounts[account].used)
            for stream in self._accounts[account].streams.values():
                used[stream.unit] += stream.hours(now)
        return dict(used)

    def forget(self, account: str) -> None:
        with self._lock:
            self._accounts.pop(account, None)
