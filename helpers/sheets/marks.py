"""The marks in a worked sheet that show its exercises.

    cell 7   lab.hint("role")                                   hint
    cell 8   trust = {...}                                      a cell of the exercise: its
             ### BEGIN SOLUTION                                 metadata are
             role = iam.create_role(...)                        {"lab": {"exercise": "role"}}
             ### END SOLUTION
    cell 10  lab.check("role")                                  check
    cell 11  lab.carry_on("role")                               carry on

In the sheet, a stub replaces the code between the marks. An exercise may have several cells, with
only prose between them. The last check of an exercise is graded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from helpers.sheets.errors import SheetFault
from helpers.sheets.notebook import Cell, Notebook

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
STUB = "pass  # your code here"
VERBS = ("hint", "check", "carry_on")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

FAULT = """\
{file}, cell {number}: {what}.
    {line}
{fix}"""

PAIRED = f"Put “{BEGIN}” before each solution and “{END}” after it, each on a line of its own."
NAMED = 'Give the cell this metadata (the gears, top right): {"lab": {"exercise": "its name"}}.'


@dataclass(frozen=True)
class Marked:
    """The positions of an exercise's cells in the notebook: its own, and those of its verbs."""

    name: str
    cells: tuple[int, ...]
    hint: tuple[int, ...]
    check: tuple[int, ...]
    carry_on: tuple[int, ...]


def exercises(notebook: Notebook, file: str = "this notebook") -> list[Marked]:
    """Return the notebook's exercises in their order.

    Raises SheetFault for marks that are not paired, for cells of one exercise that are not
    together, for a verb with an unknown exercise, and for an exercise without stub, hint or check.
    """
    cells = notebook["cells"]
    own: dict[str, list[int]] = {}
    calls: dict[tuple[str, str], list[int]] = {}
    for index, cell in enumerate(cells):
        _require_paired_marks(cell, index, file)
        if name := exercise_of(cell):
            own.setdefault(name, []).append(index)
        for call in calls_in(cell):
            calls.setdefault(call, []).append(index)
    _require_known_exercises(cells, own, calls, file)
    marked = [
        Marked(name, tuple(indices), *(tuple(calls.get((verb, name), ())) for verb in VERBS))
        for name, indices in own.items()
    ]
    for exercise in marked:
        _require_complete(cells, exercise, file)
    return marked


def exercise_of(cell: Cell) -> str | None:
    """Return the exercise that the cell belongs to, by its metadata."""
    name: str | None = cell["metadata"].get("lab", {}).get("exercise")
    return name


def calls_in(cell: Cell) -> Iterator[tuple[str, str]]:
    """Yield verb and exercise of each call: ("check", "role") for `lab.check("role")`."""
    if cell["cell_type"] != "code" or not any(f".{verb}(" in cell["source"] for verb in VERBS):
        return
    for node in ast.walk(_python(cell["source"])):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="lab"), attr=verb),
                args=[ast.Constant(value=str(name))],
            ) if verb in VERBS:
                yield verb, name


def has_marks(source: str) -> bool:
    return any(line.strip() in (BEGIN, END) for line in source.splitlines())


def stub(source: str) -> str:
    """Return the source with each solution replaced by one line, indented like its mark."""
    lines, inside = [], False
    for line in source.splitlines(keepends=True):
        mark = line.strip()
        if mark == BEGIN:
            lines.append(line.replace(BEGIN, STUB))
        if mark in (BEGIN, END):
            inside = mark == BEGIN
        elif not inside:
            lines.append(line)
    return "".join(lines).removesuffix("\n")


def answer(source: str) -> str:
    """Return the source without the marks, as a learner would write it."""
    lines = source.splitlines(keepends=True)
    kept = [line for line in lines if line.strip() not in (BEGIN, END)]
    return "".join(kept).removesuffix("\n")


def _python(source: str) -> ast.Module:
    """Parse the cell without its magics. Return an empty module if it is not Python."""
    lines = source.splitlines()
    try:
        return ast.parse("\n".join(line for line in lines if not line.startswith(("%", "!"))))
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _require_paired_marks(cell: Cell, index: int, file: str) -> None:
    """Raise SheetFault unless the cell's marks alternate, and belong to an exercise."""
    if cell["cell_type"] != "code":
        return
    if not cell["source"].strip():
        raise _fault(file, index, cell, "is an empty code cell", "Fill or delete it.")
    lines = (line.strip() for line in cell["source"].splitlines())
    marks = [line for line in lines if line in (BEGIN, END)]
    for number, mark in enumerate(marks):
        expected = END if number % 2 else BEGIN
        if mark != expected:
            raise _fault(file, index, cell, f"has “{mark}” instead of “{expected}”", PAIRED)
    if len(marks) % 2:
        raise _fault(file, index, cell, f"has “{BEGIN}” and no “{END}” after it", PAIRED)
    if marks and not exercise_of(cell):
        raise _fault(file, index, cell, "has a solution and names no exercise", NAMED)


def _require_known_exercises(
    cells: list[Cell],
    own: dict[str, list[int]],
    calls: dict[tuple[str, str], list[int]],
    file: str,
) -> None:
    """Raise SheetFault for a call that names an exercise which the notebook does not have."""
    for (verb, name), indices in calls.items():
        if name not in own:
            known = ", ".join(own) or "none"
            what = f"lab.{verb} names an exercise that no cell has, {name!r}"
            fix = f"The exercises of this notebook are: {known}."
            raise _fault(file, indices[0], cells[indices[0]], what, fix)


def _require_complete(cells: list[Cell], exercise: Marked, file: str) -> None:
    """Raise SheetFault if the exercise lacks a part, or if its cells are not together."""
    first = exercise.cells[0]
    if not NAME.fullmatch(exercise.name):
        fix = "Use lower-case letters and digits, with - between them: nbgrader allows no others."
        what = f"{exercise.name!r} is not a valid name for an exercise"
        raise _fault(file, first, cells[first], what, fix)
    if not any(has_marks(cells[index]["source"]) for index in exercise.cells):
        what = f"exercise {exercise.name!r} has no “{BEGIN}”, so its sheet would show the answer"
        raise _fault(file, first, cells[first], what, PAIRED)
    for verb in VERBS:
        if not getattr(exercise, verb):
            fix = f"Add a cell with lab.{verb}({exercise.name!r})."
            what = f"exercise {exercise.name!r} has no {verb.replace('_', ' ')}"
            raise _fault(file, first, cells[first], what, fix)
    for here, there in pairwise(exercise.cells):
        if any(cell["cell_type"] == "code" for cell in cells[here + 1 : there]):
            what = f"exercise {exercise.name!r} continues here after another code cell"
            fix = "Keep the cells of an exercise together, or give this one a name of its own."
            raise _fault(file, there, cells[there], what, fix)


def _fault(file: str, index: int, cell: Cell, what: str, fix: str) -> SheetFault:
    line = next(iter(cell["source"].splitlines()), "")
    return SheetFault(FAULT.format(file=file, number=index + 1, what=what, line=line, fix=fix))
