"""Whether a process that was noted down is still there."""

import psutil


def is_alive(pid: int, created: float) -> bool:
    """Return whether that very process runs, and not another that has its number by now."""
    try:
        process = psutil.Process(pid)
        is_same = abs(process.create_time() - created) < 1
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
