"""Who has a lab open. Two notebooks of one lab share its account, and to open it empties it.

Each notebook that opens a lab leaves a note in the lab's home. The next one finds there whom it
disturbs, and the one before finds later that the note is no longer its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from helpers.alive import is_alive
from helpers.engine.record import FAR_AWAY, LARGEST_PID
from helpers.folders import private

OPEN_ELSEWHERE = """\
This lab is open in another notebook too{name}. The two share one account and one work folder, and
opening the lab has just emptied both. Go on here, and shut the other one down (in its menu Kernel,
Shut Down Kernel)."""

TAKEN = """\
Another notebook{name} has opened this lab since, and that emptied its account and its work folder:
what you had made from here is gone. Go on there; or shut that one down, and run this notebook again
from the top (menu Run, Restart Kernel and Run All Cells)."""


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


class Occupancy:
    """The note about one account. It is a courtesy: where it can't be kept, nothing is said."""

    def __init__(
        self,
        note: Path,
        me: Occupant,
        say: Callable[[str], None] = print,
        is_alive: Callable[[Occupant], bool] = Occupant.is_alive,
    ) -> None:
        self._note = note
        self._me = me
        self._say = say
        self._is_alive = is_alive

    def take(self) -> None:
        """The lab was opened here; says whom that disturbs."""
        before = self._read()
        if before and before != self._me and self._is_alive(before):
            self._say(OPEN_ELSEWHERE.format(name=before.in_brackets()))
        with suppress(OSError):
            self._note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_note(self._note, self._me)

    def look(self) -> None:
        """Say so if another notebook has opened the lab since."""
        last = self._read()
        if last and last != self._me:
            self._say(TAKEN.format(name=last.in_brackets()))

    def _read(self) -> Occupant | None:
        try:
            return read_note(self._note)
        except OSError:
            return None
