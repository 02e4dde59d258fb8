"""An engine that nobody knows any more ends by itself, and so does one that nobody uses.

It is found, and stopped, through its record. If the record is gone (with the learner's folder, for
one), can't be read, or names another engine, nobody could ever stop this one. When an engine is
unused, idle.py tells.
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

EVERY = 0.5  # seconds
PATIENCE = 4  # looks in vain: who starts an engine writes its record a moment later


def watch(environ: Mapping[str, str] = os.environ) -> None:
    """Begin to look at the record that the environment names, if it names one."""
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
    """Look every now and then; after some looks in vain, one after the other, call `then`.

    After each look that is not in vain, call `meanwhile`.
    """
    in_vain = 0
    while in_vain < PATIENCE:
        sleep(EVERY)
        if known():
            in_vain = 0
            meanwhile()
        else:
            in_vain += 1
    then()


def is_known(file: Path, pid: int) -> bool:
    """Whether that record is this engine's. One that can't be read for now may well be."""
    try:
        record = read(file)
    except OSError:
        return True
    return record is not None and record.pid == pid


def vanish(file: Path) -> None:
    """End, and leave nothing in a home that was deleted: the engine went on writing there."""
    try:
        clear(file)
    finally:
        end()


def clear(file: Path) -> None:
    """Remove what this engine has written, unless another one was, or is being, started there."""
    folder, lock = file.with_name("engine"), file.with_name("engine.lock")  # of helpers.cloud
    with suppress(OSError, Timeout):
        if folder.exists() and not file.exists():
            with FileLock(lock, timeout=0):
                if not file.exists():
                    remove_traces(file)
                lock.unlink()
            if [left.name for left in file.parent.iterdir()] == [SECRET]:
                file.with_name(SECRET).unlink()
            file.parent.rmdir()  # where nothing else is in it
