"""An engine that nobody knows any more ends by itself.

It is found, and stopped, through its record. If the record is gone (with the learner's folder, for
one), can't be read, or names another engine, nobody could ever stop this one.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from helpers.engine.ending import end
from helpers.engine.record import read
from helpers.engine.settings import RECORD

EVERY = 0.5  # seconds
PATIENCE = 4  # looks in vain: who starts an engine writes its record a moment later


def watch(environ: Mapping[str, str] = os.environ) -> None:
    """Begin to look at the record that the environment names, if it names one."""
    if RECORD in environ:
        file, pid = Path(environ[RECORD]), os.getpid()
        arguments = (lambda: is_known(file, pid), lambda: vanish(file))
        threading.Thread(target=wait_until_unknown, args=arguments, daemon=True).start()


def wait_until_unknown(
    known: Callable[[], bool],
    then: Callable[[], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Look every now and then; after some looks in vain, one after the other, call `then`."""
    in_vain = 0
    while in_vain < PATIENCE:
        sleep(EVERY)
        in_vain = 0 if known() else in_vain + 1
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
    from filelock import FileLock, Timeout  # the lock of helpers.cloud.engine_lock

    folder, log, lock = (file.with_name(f"engine{kind}") for kind in ("", ".log", ".lock"))
    with suppress(OSError, Timeout):
        if folder.exists() and not file.exists():
            with FileLock(lock, timeout=0):
                if not file.exists():
                    shutil.rmtree(folder, ignore_errors=True)
                    log.unlink(missing_ok=True)
                lock.unlink()
            file.parent.rmdir()  # where nothing else is in it
