"""Notice when a second notebook opens the same lab, and so takes its account over.

Two notebooks of one lab share its account, and opening the lab empties it. So each notebook that
opens a lab leaves a note in the home. The next one finds there which notebook it disturbs, and the
earlier one finds later that the note is no longer its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from helpers.system.process_note import ProcessNote, read_note, write_note

OPEN_ELSEWHERE = """\
This lab is open in another notebook too{name}. The two share one account and one work folder, and
opening the lab has just emptied both. Go on here, and shut the other one down (in its menu Kernel,
Shut Down Kernel)."""
TAKEN_OVER = """\
Another notebook{name} has opened this lab since, and that emptied its account and its work folder:
what you had made from here is gone. Go on there; or shut that one down, and run this notebook again
from the top (menu Run, Restart Kernel and Run All Cells)."""


class Takeover:
    """The note about one account. If it can't be written or read, nothing is said."""

    def __init__(
        self,
        note: Path,
        me: ProcessNote,
        say: Callable[[str], None] = print,
        is_alive: Callable[[ProcessNote], bool] = ProcessNote.is_alive,
    ) -> None:
        self._note = note
        self._me = me
        self._say = say
        self._is_alive = is_alive

    def take(self) -> None:
        """Leave the note of this notebook, and say so if that disturbs another one."""
        before = self._read()
        if before and before != self._me and self._is_alive(before):
            self._say(OPEN_ELSEWHERE.format(name=_in_brackets(before.notebook)))
        with suppress(OSError):
            self._note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_note(self._note, self._me)

    def warn(self) -> None:
        """Say so if another notebook has opened the lab since."""
        last = self._read()
        if last and last != self._me:
            self._say(TAKEN_OVER.format(name=_in_brackets(last.notebook)))

    def _read(self) -> ProcessNote | None:
        try:
            return read_note(self._note)
        except OSError:
            return None


def _in_brackets(notebook: str) -> str:
    return f" ({notebook})" if notebook else ""
