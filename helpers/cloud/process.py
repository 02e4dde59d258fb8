"""The engine's process, as seen from outside."""

import signal

import psutil

from helpers.engine.lifetime.record import Record
from helpers.system.alive import is_alive

GRACE = 2.0  # seconds that the engine has to end by itself: it keeps nothing that could be lost


def created(pid: int) -> float:
    """When it was made, in seconds since 1970."""
    return psutil.Process(pid).create_time()


def is_running(record: Record) -> bool:
    """Whether that very process is there, and not another that has its number by now."""
    return is_alive(record.pid, record.created)


def end(pid: int, grace: float = GRACE) -> None:
    """End the engine's process and the functions' that it started; it has `grace` seconds."""
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
