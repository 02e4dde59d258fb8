"""Find out whether a process still runs."""

import psutil


def is_alive(pid: int, created: float) -> bool:
    """Return whether that very process runs, and not another with the same pid."""
    try:
        process = psutil.Process(pid)
        is_same = abs(process.create_time() - created) < 1
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
