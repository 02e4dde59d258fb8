"""The processes that use the engine of a home: kernels with an open lab, and `lab` commands.

Each leaves a note when it starts the engine or finds it running. The engine reads the notes before
it ends as unused; see helpers/engine/lifetime/idle.py.
"""

from contextlib import suppress
from pathlib import Path

from helpers.system.process_note import ProcessNote, read_note, write_note


class Presence:
    """The notes in a home, one file for each process.

    A lab also opens if its note can't be written: the engine then depends on calls alone.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / "present"

    def add(self, me: ProcessNote) -> None:
        """Leave a note of a process, in an existing home, and remove those of ended ones."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            write_note(self._note_of(me), me)
            self.living()

    def remove(self, me: ProcessNote) -> None:
        """Remove the note of a process, and clean up. The caller must hold the engine's lock."""
        with suppress(OSError):
            self._note_of(me).unlink(missing_ok=True)
        self.clear_away()

    def clear_away(self) -> None:
        """Remove the folder if no process runs. The caller must hold the engine's lock."""
        with suppress(OSError):
            if not self.living():
                self._folder.rmdir()

    def living(self) -> list[ProcessNote]:
        """Return the running processes, and remove the notes of the others.

        Raises OSError if the notes can't be read at the moment.
        """
        try:
            notes = [file for file in self._folder.iterdir() if file.suffix == ".json"]
        except FileNotFoundError:
            return []
        return [process for note in notes if (process := _living(note))]

    def _note_of(self, me: ProcessNote) -> Path:
        return self._folder / f"{me.pid}.json"


def _living(note: Path) -> ProcessNote | None:
    """Return the process of a note. If it has ended, remove the note and return None."""
    process = read_note(note)
    if process and process.is_alive():
        return process
    with suppress(OSError):
        note.unlink()
    return None
