"""Who has a lab open. Two notebooks of one lab share its account, and to open it empties it.

Each notebook that opens a lab leaves a note in the lab's home. The next one finds there whom it
disturbs, and the one before finds later that the note is no longer its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from helpers.system.process_note import Occupant, read_note, write_note

OPEN_ELSEWHERE = """\
This lab is open in another notebook too{name}. The two share one account and one work folder, and
opening the lab has just emptied both. Go on here, and shut the other one down (in its menu Kernel,
Shut Down Kernel)."""
TAKEN = """\
Another notebook{name} has opened this lab since, and that emptied its account and its work folder:
what you had made from here is gone. Go on there; or shut that one down, and run this notebook again
from the top (menu Run, Restart Kernel and Run All Cells)."""


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
