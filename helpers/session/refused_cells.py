"""Notes which calls of a notebook's cells were refused, cell by cell, as IPython runs them."""

from collections.abc import Callable
from functools import cache
from typing import Any

from helpers.course.project import find_project
from helpers.exercises.refused import RefusedCalls
from helpers.sheets.marks import exercise_of
from helpers.sheets.notebook import code_cells, read

IsGiven = Callable[[str], bool]


def watch(shell: Any, refused: RefusedCalls, is_given: IsGiven) -> None:
    """Have every cell that the shell runs noted, but for those that the sheet gives.

    A sheet has calls refused on purpose, to show what AWS says.
    """
    if shell is None:
        return

    def after_cell(done: Any) -> None:
        source = str(done.info.raw_cell)
        if not is_given(source):
            refused.after_cell(source, done.error_in_exec)

    shell.events.register("post_run_cell", after_cell)


def given_cells_of(lab: str) -> IsGiven:
    """Return what tells whether a source is a cell that the lab's sheet gives as it stands.

    The sheet is read when the first cell is asked about, for few cells are ever refused.
    """

    @cache
    def given() -> set[str]:
        project = find_project()
        sheet = read(project.labs / project.sheet(lab).file)
        return {cell["source"].strip() for cell in code_cells(sheet) if not exercise_of(cell)}

    return lambda source: source.strip() in given()
