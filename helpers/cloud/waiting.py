"""Wait for something in the cloud, with a deadline."""

from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import ClientError

from helpers.aws.errors import error_words
from helpers.system.clock import CLOCK, Clock

Seen = TypeVar("Seen")
NOT_SEEN = "{what} did not happen within {timeout:g} s. Seen last: {seen}"


def wait_for(
    condition: Callable[[], Seen | None],
    *,
    timeout: float = 10,
    every: float = 0.05,
    what: str = "What was waited for",
    clock: Clock = CLOCK,
) -> Seen:
    """Ask `condition` until its answer is true, and return that answer.

    An error that AWS answers counts as "not yet": what is asked for may not exist so far.
    `timeout` and `every` are seconds. Raises TimeoutError, which says what was seen last.
    """
    deadline = clock.now() + timeout
    while True:
        try:
            answer = condition()
            if answer:
                return answer
            seen = repr(answer)
        except ClientError as error:
            seen = error_words(error)
        if clock.now() >= deadline:
            raise TimeoutError(NOT_SEEN.format(what=what, timeout=timeout, seen=_short(seen)))
        clock.sleep(every)


def _short(text: str, length: int = 300) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
