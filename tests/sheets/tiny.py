"""The smallest possible worked sheet, and projects of such sheets."""

import json
from pathlib import Path
from typing import Any

from helpers.course.project import Project

# Stands for helpers.Lab: its verdict depends on the learner's variable `total`.
LAB = """\
from enum import Enum
from types import SimpleNamespace

Outcome = Enum("Outcome", "CORRECT NOT_ATTEMPTED INCORRECT CANT_CHECK")

class Lab:
    _session = SimpleNamespace(undo_wrong_answer=lambda exercise: "")

    def hint(self, exercise):
        print("Add them up.")

    def check(self, exercise):
        verdict = SimpleNamespace(exercise=exercise, link="", evidence="", diagnosis="")
        if "total" not in globals():
            verdict.outcome, verdict.message = Outcome.NOT_ATTEMPTED, "There is no total yet."
        elif total == 6:
            verdict.outcome, verdict.message = Outcome.CORRECT, "Well added."
        else:
            verdict.outcome, verdict.message = Outcome.INCORRECT, f"The total is not {total}."
            verdict.link = "result"
            verdict.diagnosis = "sum.too-small" if total < 6 else "sum.other"
        return verdict

    def carry_on(self, exercise):
        pass

lab = Lab()
"""

SOLVED = """\
numbers = [1, 2, 3]
# Add up the numbers.
### BEGIN SOLUTION
total = sum(numbers)
### END SOLUTION"""

STUB = """\
numbers = [1, 2, 3]
# Add up the numbers.
pass  # your code here"""


def prose(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(source: str, exercise: str | None = None, *tags: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {"lab": {"exercise": exercise}} if exercise else {}
    if tags:
        metadata["tags"] = list(tags)
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def exercise(name: str, *sources: str) -> list[dict[str, Any]]:
    """Return the cells of an exercise: prose, hint, its own, check, carry on."""
    return [
        prose(f"## Exercise: {name}"),
        code(f'lab.hint("{name}")'),
        *[code(source, name) for source in sources],
        code(f'lab.check("{name}");'),
        code(f'lab.carry_on("{name}")'),
    ]


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def worked() -> dict[str, Any]:
    """Return a worked sheet with one exercise, as an author has just written it."""
    return notebook(
        prose("# Sums\n\nAdding up."),
        code(LAB),
        *exercise("sum", SOLVED),
        prose("## What was shown"),
        code("print('It is', total)"),
    )


def project(root: Path, **worked_sheets: dict[str, Any]) -> Project:
    """Return a project with these worked sheets: `project(tmp_path, n01_sums=worked())`."""
    (root / "labs").mkdir(parents=True)
    (root / "solutions").mkdir()
    for name, sheet in worked_sheets.items():
        path = root / "solutions" / f"{name.removeprefix('n')}.ipynb"
        path.write_text(json.dumps(sheet), "utf-8")
    return Project(root)
