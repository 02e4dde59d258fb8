"""An engine whose record is gone ends by itself, and so does an unused one.

An engine is found, and stopped, by its record. If that is gone (with the learner's folder, say), is
damaged, or names another engine, nobody could ever stop this one. When an engine is unused is
decided in idle.py.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from helpers.engine.lifetime.ending import end
from helpers.engine.lifetime.idle import end_if_unused, is_unused
from helpers.engine.lifetime.record import read, remove_traces
from helpers.engine.lifetime.secret import NAME as SECRET
from helpers.engine.settings import RECORD, idle_seconds

INTERVAL = 0.5  # seconds
MAX_MISSES = 4  # in a row, since the record is written a moment after the engine starts


def watch(environ: Mapping[str, str] = os.environ) -> None:
    """Start to watch the record that the environment names, if it names one."""
    if RECORD in environ:
        file, pid, seconds = Path(environ[RECORD]), os.getpid(), idle_seconds(environ)
        arguments = (
            lambda: is_known(file, pid),
            lambda: vanish(file),
            lambda: end_if_unused(file, lambda: is_unused(file.parent, seconds)),
        )
        threading.Thread(target=wait_until_unknown, args=arguments, daemon=True).start()


def wait_until_unknown(
    known: Callable[[], bool],
    then: Callable[[], None],
    meanwhile: Callable[[], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Check the record at intervals, and call `then` when it is missing several times in a row.

    As long as it isn't, call `meanwhile` after each check.
    """
    misses = 0
    while misses < MAX_MISSES:
        sleep(INTERVAL)
        if known():
            misses = 0
            meanwhile()
        else:
            misses += 1
    then()


def is_known(file: Path, pid: int) -> bool:
    """Return whether the record is this engine's, or can't be read at the moment."""
    try:
        record = read(file)
    except OSError:
        return True
    return record is not None and record.pid == pid


def vanish(file: Path) -> None:
    """Clean up a home that was deleted, since the engine went on writing to it, and end."""
    try:
        clear(file)
    finally:
        end()


def clear(file: Path) -> None:
    """Remove what this engine has written, unless another one was, or is being, started."""
    folder, lock = file.with_name("engine"), file.with_name("engine.lock")  # of helpers.cloud
    with suppress(OSError, Timeout):
        if folder.exists() and not file.exists():
            with FileLock(lock, timeout=0):
                if not file.exists():
                    remove_traces(file)
                lock.unlink()
            if [left.name for left in file.parent.iterdir()] == [SECRET]:
                file.with_name(SECRET).unlink()
            file.parent.rmdir()  # if it is empty
