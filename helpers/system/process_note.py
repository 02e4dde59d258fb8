"""Notes about processes, left in files for other processes to find.

A pid alone does not identify a process, since the system gives it to another one later. A note has
the time when the process was created as well.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from helpers.system.alive import is_alive
from helpers.system.atomic import write_atomically
from helpers.system.private_files import private

LARGEST_PID = 2**31 - 1
LATEST_START = 1e12  # seconds: no process was created that late


@dataclass(frozen=True)
class ProcessNote:
    """Identifies a process, such as a notebook's kernel."""

    pid: int
    created: float  # seconds since 1970
    notebook: str = ""  # the file's name, if Jupyter gives it

    def is_alive(self) -> bool:
        return is_alive(self.pid, self.created)


def this_process(environ: Mapping[str, str]) -> ProcessNote:
    """Return the note about the process that runs this code."""
    notebook = Path(environ.get("JPY_SESSION_NAME", "")).name
    return ProcessNote(os.getpid(), psutil.Process().create_time(), notebook)


def read_note(file: Path) -> ProcessNote | None:
    """Return the note; None if there is none or it is damaged.

    Raises OSError if it can't be read for now.
    """
    try:
        note = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return None
    match note:
        case {
            "pid": int(pid),
            "created": int() | float() as created,
            "notebook": str(notebook),
        } if 0 < pid <= LARGEST_PID and 0 <= created < LATEST_START:
            return ProcessNote(pid, created, notebook)
    return None


def write_note(file: Path, note: ProcessNote) -> None:
    """Write the note, for its owner alone."""
    write_atomically(file, json.dumps(asdict(note)), opener=private)
