"""The state of a mapping that is kept when one poller replaces another."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

from helpers.engine.streams.mapping_progress import Progress


class SlowToStart(threading.Thread):
    """A thread that starts only when it is allowed to."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.is_starting = threading.Event()
        self.may_start = threading.Event()

    def start(self) -> None:
        self.is_starting.set()
        assert self.may_start.wait(10)
        super().start()


def test_waiting_for_another_poller_includes_a_thread_that_it_is_just_starting() -> None:
    """Joining a thread that has not started raises, which once left a mapping half disabled."""
    previous: Any = object()
    progress = Progress()
    progress.newest = previous
    thread = SlowToStart()
    with ThreadPoolExecutor() as pool:
        started = pool.submit(progress.start, previous, "shard", thread)
        assert thread.is_starting.wait(10)
        waited: Any = pool.submit(progress.wait_for_others, object())
        wait([waited], timeout=0.1)
        thread.may_start.set()
        started.result(10)
        waited.result(10)
    assert not thread.is_alive()
