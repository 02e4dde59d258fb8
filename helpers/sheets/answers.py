"""The worked answers to exercises, which `carry_on` runs."""

from __future__ import annotations

from helpers.course.project import NoSuchLab, Project, find_project
from helpers.sheets.errors import NoWorkedAnswer
from helpers.sheets.marks import answer, exercise_of
from helpers.sheets.notebook import NO_FILE, read

NO_SUCH_EXERCISE = """\
{path} has no exercise {exercise!r}.
Its exercises are: {known}."""


def worked_answer(lab: str, exercise: str, *, project: Project | None = None) -> list[str]:
    """Return the sources of the cells that solve that exercise, in order, without their marks.

    Raises NoWorkedAnswer if there is no worked sheet, or no such exercise in it.
    """
    project = project or find_project()
    try:
        path = project.solutions / project.sheet(lab).file
    except NoSuchLab as error:
        raise NoWorkedAnswer(str(error)) from error
    if not path.exists():
        raise NoWorkedAnswer(NO_FILE.format(path=path))
    cells = [cell for cell in read(path)["cells"] if exercise_of(cell)]
    sources = [answer(cell["source"]) for cell in cells if exercise_of(cell) == exercise]
    if not sources:
        known = ", ".join(dict.fromkeys(str(exercise_of(cell)) for cell in cells)) or "none"
        raise NoWorkedAnswer(NO_SUCH_EXERCISE.format(path=path, exercise=exercise, known=known))
    return sources
