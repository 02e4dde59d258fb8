"""An unused engine ends by itself.

It is unused if it was not called for some hours, and no process runs that uses it: no kernel that
has opened a lab, and no `lab` command. As long as one runs the engine stays, however long ago the
last call was. See helpers/engine/lifetime/presence.py.
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

GRACE_PERIOD = 0.5  # seconds, at most, from reading the engine's record to calling it
FUNCTION = "exec-env/AWS_Lambda"  # in the User-Agent of a function's calls with boto3

ENDS = "This cloud ends: it was not called for {seconds:g} seconds, and no notebook uses it."


class LastCall:
    """The time of the last call over the network, or of the start if there was none.

    The clock stops while the machine is suspended, so an engine doesn't end when a laptop wakes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock()

    def note(self, user_agent: str = "") -> None:
        """Note a call, unless a function made it: a schedule may invoke that for ever."""
        if FUNCTION not in user_agent:
            self._at = self._clock()

    def seconds_ago(self) -> float:
        """Return the seconds since the last call."""
        return self._clock() - self._at


LAST_CALL = LastCall()


def is_unused(home: Path, seconds: float, last_call: LastCall = LAST_CALL) -> bool:
    """Return whether the last call is that long ago, and no process uses the engine."""
    if last_call.seconds_ago() < seconds:
        return False
    return not Presence(home).living()


def end_if_unused(
    file: Path,
    unused: Callable[[], bool],
    then: Callable[[], None] = end,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """End this engine, whose record is `file`, if it is unused, and clean up like `lab stop`.

    It stays if it is just being started or stopped, or if it can't determine who uses it.
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
    """Remove the record and return True, unless the engine comes into use meanwhile.

    Whoever wants to use the engine leaves a note, reads the record and calls, in that order. If the
    record was read before it was removed, the call is noticed afterwards, and the engine stays; all
    others wait for the lock, and start a new engine.
    """
    record = read(file)
    if record is None or record.pid != os.getpid():
        return False
    file.unlink()
    sleep(GRACE_PERIOD)
    if unused():
        return True
    write(file, record)
    return False
