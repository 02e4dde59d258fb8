"""Notes which calls of a notebook's cells were refused, cell by cell, as IPython runs them."""

from collections.abc import Callable
from functools import cache
from typing import Any

from helpers.course.project import find_project
from helpers.exercises.refused import RefusedCalls
from helpers.sheets.marks import exercise_of
from helpers.sheets.notebook import code_cells, read

IsGiven = Callable[[str], bool]
EVENT = "post_run_cell"


class CellWatch:
    """IPython calls it after every cell. Cells that the sheet gives are left out.

    A sheet has calls refused on purpose, to show what AWS says.
    """

    def __init__(self, refused: RefusedCalls, is_given: IsGiven) -> None:
        self._refused = refused
        self._is_given = is_given

    def __call__(self, done: Any) -> None:
        source, error = str(done.info.raw_cell), done.error_in_exec
        if not (error and self._is_given(source)):
            self._refused.after_cell(source, error)


def watch(shell: Any, refused: RefusedCalls, is_given: IsGiven) -> None:
    """Have the cells noted that the shell runs from now on, in the place of an earlier watch."""
    if shell is None:
        return
    for earlier in [each for each in shell.events.callbacks[EVENT] if isinstance(each, CellWatch)]:
        shell.events.unregister(EVENT, earlier)
    shell.events.register(EVENT, CellWatch(refused, is_given))


def given_cells_of(lab: str) -> IsGiven:
    """Return what tells whether a source is a cell that the lab's sheet gives as it stands.

    The sheet is read only when a call was refused, which few cells ever are.
    """

    @cache
    def given() -> set[str]:
        project = find_project()
        sheet = read(project.labs / project.sheet(lab).file)
        return {cell["source"].strip() for cell in code_cells(sheet) if not exercise_of(cell)}

    return lambda source: source.strip() in given()
