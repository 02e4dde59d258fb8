"""Wait for something in the cloud, with a deadline."""

from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import ClientError

from helpers.aws.errors import describe_error
from helpers.system.clock import CLOCK, Clock

Result = TypeVar("Result")
TIMED_OUT = "{what} did not happen within {timeout:g} s. Last result: {last}"
SHOWN = 300  # characters of what was seen last


def wait_for(
    condition: Callable[[], Result | None],
    *,
    timeout: float = 10,
    every: float = 0.05,
    what: str = "The expected change",
    clock: Clock = CLOCK,
) -> Result:
    """Call `condition` until its result is true, and return that result.

    A ClientError counts as "not yet": the resource may not exist so far. `timeout` and `every`
    are in seconds. Raises TimeoutError, which shows the last result.
    """
    deadline = clock.now() + timeout
    while True:
        try:
            result = condition()
            if result:
                return result
            last = repr(result)
        except ClientError as error:
            last = describe_error(error)
        if clock.now() >= deadline:
            shown = last if len(last) <= SHOWN else f"{last[:SHOWN]}…"
            raise TimeoutError(TIMED_OUT.format(what=what, timeout=timeout, last=shown))
        clock.sleep(every)
