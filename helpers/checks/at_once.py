"""Two of a function at the same moment: what gets lost between them is lost only then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

PATIENCE = 30.0  # seconds for both to be there


def side_by_side(call: Callable[[], object]) -> None:
    """Call it twice, both at once. Raises what a call raises."""
    barrier = Barrier(2)

    def run() -> None:
        barrier.wait(PATIENCE)
        call()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(run) for _ in range(2)]:
            done.result()
