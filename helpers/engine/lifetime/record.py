"""What is known of the engine that was started last: engine.json in the learner's home.

Whoever starts an engine writes it; whoever looks for one reads it, and so does the engine itself.
Standard library only, since the engine reads it from its first moment on.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from helpers.system.private_files import private

LARGEST_PID = 2**31 - 1
LARGEST_PORT = 2**16 - 1
FAR_AWAY = 1e12  # seconds: no process was made that late


@dataclass(frozen=True)
class Record:
    pid: int
    created: float  # when that process was made: a pid alone may be someone else's by now
    port: int
    version: str  # LocalStack's; "" until it has answered for the first time


def read(file: Path) -> Record | None:
    """The record, None if there is none or none that makes sense: half written, or damaged."""
    try:
        told = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return None
    return _understood(told)


def write(file: Path, record: Record) -> None:
    """All of it or nothing: whoever reads meanwhile finds the one before."""
    draft = file.with_suffix(".draft")
    with open(draft, "w", opener=private) as opened:
        json.dump(asdict(record), opened)
    draft.replace(file)


def remove_traces(file: Path) -> None:
    """Remove the record, and all that its engine has written beside it."""
    shutil.rmtree(file.with_name("engine"), ignore_errors=True)
    file.unlink(missing_ok=True)
    file.with_name("engine.log").unlink(missing_ok=True)


def _understood(told: Any) -> Record | None:
    match told:
        case {
            "pid": int(pid),
            "created": int() | float() as created,
            "port": int(port),
            "version": str(version),
        } if 0 < pid <= LARGEST_PID and 0 < port <= LARGEST_PORT and 0 < created < FAR_AWAY:
            return Record(pid, created, port, version)
    return None
