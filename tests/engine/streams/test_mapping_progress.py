"""What is known of a mapping while its pollers come and go."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from types import SimpleNamespace
from typing import Any

from helpers.engine.streams.mapping_progress import Progress


class Hesitant(threading.Thread):
    """A thread that begins only when it is let."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.is_beginning = threading.Event()
        self.may_begin = threading.Event()

    def start(self) -> None:
        self.is_beginning.set()
        assert self.may_begin.wait(10)
        super().start()


def test_who_waits_for_another_poller_waits_also_for_what_that_is_only_just_starting() -> None:
    """Waiting for a thread that has not begun is an error, and once left a mapping half off."""
    before: Any = object()
    progress = Progress()
    progress.newest = SimpleNamespace(poller=before)
    look = Hesitant()
    with ThreadPoolExecutor() as pool:
        started = pool.submit(progress.start, before, "shard", look)
        assert look.is_beginning.wait(10)
        waited: Any = pool.submit(progress.wait_for_others, object())
        wait([waited], timeout=0.1)
        look.may_begin.set()
        started.result(10)
        waited.result(10)
    assert not look.is_alive()
