"""nbgrader's metadata of cells, so that a teacher can hand out and grade the sheets with it.

Its schema, version 3: https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html
An exercise's cells are `solution` cells, which are not graded themselves. Its last check is a
`grade` cell, worth one point, which the learner may not change.
"""

from __future__ import annotations

from typing import Any

from helpers.sheets.marks import Marked, has_marks
from helpers.sheets.notebook import Notebook

SCHEMA_VERSION = 3
POINTS = 1


def stamp(notebook: Notebook, exercises: list[Marked]) -> None:
    """Write nbgrader's metadata into the notebook's cells, and remove what was there before."""
    cells = notebook["cells"]
    for cell in cells:
        cell["metadata"].pop("nbgrader", None)
    for exercise in exercises:
        solutions = [index for index in exercise.cells if has_marks(cells[index]["source"])]
        for number, index in enumerate(solutions, start=1):
            grade_id = exercise.name if number == 1 else f"{exercise.name}_{number}"
            cells[index]["metadata"]["nbgrader"] = _cell(grade_id, solution=True)
        graded = cells[exercise.check[-1]]["metadata"]
        graded["nbgrader"] = _cell(f"{exercise.name}_check", grade=True, locked=True, points=POINTS)


def _cell(
    grade_id: str,
    *,
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
    points: int | None = None,
) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "grade_id": grade_id,
        "cell_type": "code",
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    return metadata if points is None else metadata | {"points": points}
