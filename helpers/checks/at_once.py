"""Many calls at the same moment: what gets lost between them is lost only then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Answer = TypeVar("Answer")

PATIENCE = 30.0  # seconds for all of them to be ready


def side_by_side(call: Callable[[], Answer], times: int = 2) -> list[Answer]:
    """Return what the calls return, all made at the same moment. Raises what a call raises.

    answers = side_by_side(lambda: ask(probe, "count", event), times=4)
    """
    barrier = Barrier(times)

    def run() -> Answer:
        barrier.wait(PATIENCE)
        return call()

    with ThreadPoolExecutor(times) as pool:
        return [done.result() for done in [pool.submit(run) for _ in range(times)]]
