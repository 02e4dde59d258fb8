"""The marks by which a worked sheet tells what its exercises are.

    cell 7   lab.hint("role")                                   hint
    cell 8   trust = {...}                                      a cell of the exercise: its
             ### BEGIN SOLUTION                                 metadata are
             role = iam.create_role(...)                        {"lab": {"exercise": "role"}}
             ### END SOLUTION
    cell 10  lab.check("role")                                  check
    cell 11  lab.carry_on("role")                               carry on

In the sheet, what is between the marks is a stub. An exercise may have several cells, with prose
between them and nothing else; the last check of an exercise is the one that is graded.
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
    """An exercise's cells, by their places in the notebook: its own, and those that call on it."""

    name: str
    cells: tuple[int, ...]
    hint: tuple[int, ...]
    check: tuple[int, ...]
    carry_on: tuple[int, ...]


def exercises(notebook: Notebook, file: str = "this notebook") -> list[Marked]:
    """The notebook's exercises in their order.

    Raises SheetFault for marks that are not paired, cells of one exercise that are not together,
    a verb that names an exercise which is not there, and one that lacks stub, hint or check.
    """
    cells = notebook["cells"]
    own: dict[str, list[int]] = {}
    calls: dict[tuple[str, str], list[int]] = {}
    for place, cell in enumerate(cells):
        _refuse_bad_marks(cell, place, file)
        if name := exercise_of(cell):
            own.setdefault(name, []).append(place)
        for call in calls_in(cell):
            calls.setdefault(call, []).append(place)
    _refuse_strangers(cells, own, calls, file)
    found = [
        Marked(name, tuple(places), *(tuple(calls.get((verb, name), ())) for verb in VERBS))
        for name, places in own.items()
    ]
    for exercise in found:
        _refuse_incomplete(cells, exercise, file)
    return found


def exercise_of(cell: Cell) -> str | None:
    """The exercise this cell belongs to, by its metadata."""
    name: str | None = cell["metadata"].get("lab", {}).get("exercise")
    return name


def calls_in(cell: Cell) -> Iterator[tuple[str, str]]:
    """The exercises a code cell calls on: ("check", "role") for `lab.check("role")`."""
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
    """The source with each solution replaced by one line, as far indented as its mark."""
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
    """The source as a learner would have written it: without the marks."""
    lines = source.splitlines(keepends=True)
    kept = [line for line in lines if line.strip() not in (BEGIN, END)]
    return "".join(kept).removesuffix("\n")


def _python(source: str) -> ast.Module:
    """The cell's syntax without its magics; an empty module where it is no Python."""
    lines = source.splitlines()
    try:
        return ast.parse("\n".join(line for line in lines if not line.startswith(("%", "!"))))
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _refuse_bad_marks(cell: Cell, place: int, file: str) -> None:
    """The marks of one cell alternate, begin with BEGIN, and stand in a cell of an exercise."""
    if cell["cell_type"] != "code":
        return
    if not cell["source"].strip():
        raise _fault(file, place, cell, "is an empty code cell", "Write in it or delete it.")
    lines = (line.strip() for line in cell["source"].splitlines())
    marks = [line for line in lines if line in (BEGIN, END)]
    for place_in_cell, mark in enumerate(marks):
        wanted = END if place_in_cell % 2 else BEGIN
        if mark != wanted:
            raise _fault(file, place, cell, f"has “{mark}” where “{wanted}” is due", PAIRED)
    if len(marks) % 2:
        raise _fault(file, place, cell, f"has “{BEGIN}” and no “{END}” after it", PAIRED)
    if marks and not exercise_of(cell):
        raise _fault(file, place, cell, "has a solution and names no exercise", NAMED)


def _refuse_strangers(
    cells: list[Cell],
    own: dict[str, list[int]],
    calls: dict[tuple[str, str], list[int]],
    file: str,
) -> None:
    """Every call names an exercise that the notebook has."""
    for (verb, name), places in calls.items():
        if name not in own:
            known = ", ".join(own) or "none"
            what = f"lab.{verb} names an exercise that no cell has, {name!r}"
            fix = f"The exercises of this notebook are: {known}."
            raise _fault(file, places[0], cells[places[0]], what, fix)


def _refuse_incomplete(cells: list[Cell], exercise: Marked, file: str) -> None:
    """An exercise has a solution, hint, check and carry-on, and its cells are together."""
    first = exercise.cells[0]
    if not NAME.fullmatch(exercise.name):
        fix = "Use small letters, digits and - between them: nbgrader takes no others."
        raise _fault(file, first, cells[first], f"{exercise.name!r} is no name for one", fix)
    if not any(has_marks(cells[place]["source"]) for place in exercise.cells):
        what = f"exercise {exercise.name!r} has no “{BEGIN}”, so its sheet would show the answer"
        raise _fault(file, first, cells[first], what, PAIRED)
    for verb in VERBS:
        if not getattr(exercise, verb):
            fix = f"Add a cell with lab.{verb}({exercise.name!r})."
            what = f"exercise {exercise.name!r} has no {verb.replace('_', ' ')}"
            raise _fault(file, first, cells[first], what, fix)
    for here, there in pairwise(exercise.cells):
        if any(cell["cell_type"] == "code" for cell in cells[here + 1 : there]):
            what = f"exercise {exercise.name!r} goes on here after another code cell"
            fix = "Keep the cells of an exercise together, or give this one a name of its own."
            raise _fault(file, there, cells[there], what, fix)


def _fault(file: str, place: int, cell: Cell, what: str, fix: str) -> SheetFault:
    line = next(iter(cell["source"].splitlines()), "")
    return SheetFault(FAULT.format(file=file, number=place + 1, what=what, line=line, fix=fix))
