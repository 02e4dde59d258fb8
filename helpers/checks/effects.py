"""Effects that a check waits for, since events take their time."""

from collections.abc import Callable
from typing import TypeVar

from helpers.exercises.probe import Probe

Seen = TypeVar("Seen")


def find_effect(probe: Probe, look: Callable[[], Seen | None], *, within: float) -> Seen | None:
    """Return what `look` finds, as soon as it finds anything; None after so many seconds.

    is_counted = find_effect(probe, lambda: total(probe, product) >= 6, within=15)
    """
    try:
        return probe.wait_for(look, timeout=within, every=0.1)
    except TimeoutError:
        return None
