"""A note about a process, for other processes to find: a pid alone may be someone else's by now."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from helpers.engine.lifetime.record import FAR_AWAY, LARGEST_PID
from helpers.system.alive import is_alive
from helpers.system.private_files import private


@dataclass(frozen=True)
class Occupant:
    """A kernel, by its process: a pid alone may be someone else's by now."""

    pid: int
    created: float
    notebook: str = ""  # the file's name, where Jupyter tells it

    def is_alive(self) -> bool:
        return is_alive(self.pid, self.created)

    def in_brackets(self) -> str:
        return f" ({self.notebook})" if self.notebook else ""


def this_kernel(environ: Mapping[str, str]) -> Occupant:
    notebook = Path(environ.get("JPY_SESSION_NAME", "")).name
    return Occupant(os.getpid(), psutil.Process().create_time(), notebook)


def read_note(file: Path) -> Occupant | None:
    """Return whom the note is about; None if there is no note, or none that makes sense.

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
        } if 0 < pid <= LARGEST_PID and 0 <= created < FAR_AWAY:
            return Occupant(pid, created, notebook)
    return None


def write_note(file: Path, occupant: Occupant) -> None:
    """Write all of it or nothing: whoever reads meanwhile finds the one before."""
    draft = file.with_name(f"{file.name}.{occupant.pid}")
    with open(draft, "w", encoding="utf-8", opener=private) as opened:
        json.dump(asdict(occupant), opened)
    draft.replace(file)
