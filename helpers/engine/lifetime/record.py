"""The record of the engine that was started last: engine.json in the learner's home.

Whoever starts an engine writes it, whoever looks for one reads it, and so does the engine itself.
This module needs only the standard library, since the engine reads the record from its start on.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from helpers.system.private_files import private

LARGEST_PID = 2**31 - 1
LARGEST_PORT = 2**16 - 1
FAR_AWAY = 1e12  # seconds; no process is created that late


@dataclass(frozen=True)
class Record:
    pid: int
    created: float  # when the process was created, since a pid may be reused
    port: int
    version: str  # LocalStack's; "" until it has responded for the first time


def read(file: Path) -> Record | None:
    """Return the record, None if it doesn't exist, or is incomplete or damaged."""
    try:
        content = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return None
    match content:
        case {
            "pid": int(pid),
            "created": int() | float() as created,
            "port": int(port),
            "version": str(version),
        } if 0 < pid <= LARGEST_PID and 0 < port <= LARGEST_PORT and 0 < created < FAR_AWAY:
            return Record(pid, created, port, version)
    return None


def write(file: Path, record: Record) -> None:
    """Write the record atomically: a concurrent reader finds the previous one."""
    draft = file.with_suffix(".draft")
    with open(draft, "w", opener=private) as opened:
        json.dump(asdict(record), opened)
    draft.replace(file)


def remove_traces(file: Path) -> None:
    """Remove the record, and everything that its engine has written beside it."""
    shutil.rmtree(file.with_name("engine"), ignore_errors=True)
    file.unlink(missing_ok=True)
    file.with_name("engine.log").unlink(missing_ok=True)
