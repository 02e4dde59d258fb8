"""An engine that nobody uses any more ends by itself.

It ends when nobody has called it for some hours and no process that would is left: no kernel that
has opened a lab, and no `lab` command. As long as one runs, the engine stays, however long it has
not been called. See helpers/engine/lifetime/presence.py.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.engine.lifetime.ending import end
from helpers.engine.lifetime.presence import Presence
from helpers.engine.lifetime.record import read, remove_traces, write
from helpers.engine.settings import idle_seconds

MOMENT = 0.5  # seconds from reading the engine's record to calling it, at most
FUNCTION = "exec-env/AWS_Lambda"  # in the User-Agent of what a function calls with boto3

ENDS = "This cloud was not called for {seconds:g} seconds, and no notebook uses it: it ends."


class LastCall:
    """When the engine was last called over the network; at first, when it was started.

    The clock stands still while the machine sleeps, so that waking a laptop ends no engine.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock()

    def note(self, user_agent: str = "") -> None:
        """Note a call. What a function calls does not count: a schedule may run it for ever."""
        if FUNCTION not in user_agent:
            self._at = self._clock()

    def seconds_ago(self) -> float:
        """Return how long ago the last call was."""
        return self._clock() - self._at


LAST_CALL = LastCall()


def is_unused(home: Path, seconds: float, last_call: LastCall = LAST_CALL) -> bool:
    """Return whether nobody has called for that long and no process that would is left."""
    if last_call.seconds_ago() < seconds:
        return False
    return not Presence(home).living()


def end_if_unused(
    file: Path,
    unused: Callable[[], bool],
    then: Callable[[], None] = end,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """End this engine, whose record that is, if it is unused; leave no more than `lab stop` does.

    It stays if somebody starts or stops it just then, and if it can't tell who uses it.
    """
    lock = file.with_name("engine.lock")  # of helpers.cloud.engine_lock
    with suppress(OSError, Timeout):
        if not unused():
            return
        with FileLock(lock, timeout=0):
            if withdraw(file, unused, sleep):
                print(ENDS.format(seconds=idle_seconds(os.environ)), flush=True)
                remove_traces(file)
                Presence(file.parent).clear_away()
                lock.unlink(missing_ok=True)
                then()


def withdraw(file: Path, unused: Callable[[], bool], sleep: Callable[[float], None]) -> bool:
    """Remove the record, and return True, unless somebody comes for the engine just then.

    Whoever wants to use the engine leaves a note, reads the record and calls, in that order. One
    who has read the record before it was removed is noticed afterwards, and gets the engine; all
    others wait for the lock, and start a new one.
    """
    record = read(file)
    if record is None or record.pid != os.getpid():
        return False
    file.unlink()
    sleep(MOMENT)
    if unused():
        return True
    write(file, record)
    return False
