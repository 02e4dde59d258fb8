"""The engine's process, as seen from outside."""

import signal

import psutil

from helpers.engine.lifetime.record import Record
from helpers.system.alive import is_alive

GRACE = 2.0  # seconds for the engine to end by itself: it holds nothing that could be lost


def created(pid: int) -> float:
    """Return when the process was created, in seconds since 1970."""
    return psutil.Process(pid).create_time()


def is_running(record: Record) -> bool:
    """Return whether that very process runs, and not another with the same pid."""
    return is_alive(record.pid, record.created)


def end(pid: int, grace: float = GRACE) -> None:
    """End the engine's process within `grace` seconds, and those of the functions it started."""
    try:
        engine = psutil.Process(pid)
        family = [engine, *engine.children(recursive=True)]
        engine.send_signal(signal.SIGTERM if grace else signal.SIGKILL)
    except psutil.NoSuchProcess:
        return
    psutil.wait_procs([engine], timeout=grace)
    _, alive = psutil.wait_procs(family, timeout=0.5)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=GRACE)
