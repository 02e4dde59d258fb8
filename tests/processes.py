"""Find the processes that belong to a folder, so that a test can show that none is left."""

from pathlib import Path

import psutil


def processes_of(folder: Path) -> list[psutil.Process]:
    """Return the processes with the folder in their environment: Jupyter, kernels, the engine."""
    return [process for process in psutil.process_iter() if _names(process, str(folder))]


def listening(processes: list[psutil.Process]) -> list[str]:
    """Return the addresses on which these processes listen."""
    sockets = [socket for process in processes for socket in process.net_connections()]
    return [socket.laddr.ip for socket in sockets if socket.status == psutil.CONN_LISTEN]


def _names(process: psutil.Process, text: str) -> bool:
    try:
        return any(text in value for value in process.environ().values())
    except psutil.Error:  # it has ended, or is another user's
        return False
