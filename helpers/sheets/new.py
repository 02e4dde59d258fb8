"""A new lab: the skeleton of all its parts, which passes its tests as it stands.

solutions/07_image_gallery.ipynb     a worked sheet with one exercise
helpers/labs/image_gallery/          its check, its hints
tests/labs/image_gallery/            wrong answers, right answers, what a sheet can't show
"""

import re
from importlib.resources import files
from pathlib import Path
from string import Template

from helpers.course.project import Project
from helpers.errors import LabError
from helpers.sheets.notebook import Cell, write

NUMBER = re.compile(r"\d\d")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

NOT_A_NUMBER = 'A lab has two digits, such as 07, and not {number!r}: `lab new 07 "image-gallery"`.'
NOT_A_NAME = "A lab's name has small letters, digits and single dashes, such as image-gallery."
TAKEN = "There is a lab {taken} already: see {file}."

TEMPLATES = {  # where each one goes, seen from the project's root
    "check.py.template": "helpers/labs/{module}/greet.py",
    "hints.md.template": "helpers/labs/{module}/hints.md",
    "wrong_answers.py.template": "tests/labs/{module}/wrong_answers.py",
    "right_answers.py.template": "tests/labs/{module}/right_answers.py",
    "test_checks.py.template": "tests/labs/{module}/test_checks.py",
}

SHEET: tuple[tuple[str, str], ...] = (  # whose cell it is, "" for prose; and its source
    (
        "",
        "# $title\n\nSay what is built here, and what a learner can do afterwards:\n\n"
        "- a promise,\n- another one.",
    ),
    ("set-up", 'import boto3\nfrom helpers import Lab\n\nlab = Lab("$name")\nlab'),
    ("", "## A function\n\nWrite a handler that greets whoever the event names."),
    (
        "greet",
        "%%writefile $module/greet.py\ndef handler(event, context):\n"
        '    # Return "Hello, Ada!" for the event {"name": "Ada"}.\n'
        "    ### BEGIN SOLUTION\n    return f\"Hello, {event['name']}!\"\n    ### END SOLUTION",
    ),
    ("", "Bring it to the cloud."),
    ("greet", 'lab.deploy("greet.py")'),
    ("", "Does it greet everyone?"),
    ("check", 'lab.check("greet")'),
    ("", "A hint, if you want one, and the way on."),
    ("hint", 'lab.hint("greet")'),
    ("carry on", 'lab.carry_on("greet")'),
    ("", "## What you have built\n\n- a promise, kept,\n- another one."),
)


def new_lab(number: str, name: str, project: Project) -> list[Path]:
    """Write the skeleton of a lab and return its files; `lab build` makes the rest.

    Raises LabError for a number or a name that no lab can have, or that one has already.
    """
    _require_free(number, name, project)
    module = name.replace("-", "_")
    words = {"number": number, "name": name, "module": module, "title": _title(name)}
    written = [_write_sheet(project, words)]
    for template, place in TEMPLATES.items():
        text = files("helpers.sheets.skeleton").joinpath(template).read_text("utf-8")
        written.append(_write(project.root / place.format(**words), _filled(text, words)))
    doc = f'"""Lab {number}: {words["title"]}."""\n'
    written.append(_write(project.root / f"helpers/labs/{module}/__init__.py", doc))
    written.append(_write(project.root / f"tests/labs/{module}/__init__.py", ""))
    return written


def _require_free(number: str, name: str, project: Project) -> None:
    if not NUMBER.fullmatch(number):
        raise LabError(NOT_A_NUMBER.format(number=number))
    if not NAME.fullmatch(name):
        raise LabError(NOT_A_NAME)
    for sheet in project.sheets():
        if sheet.name == name or f"{sheet.number:02d}" == number:
            raise LabError(TAKEN.format(taken=f"{sheet.number:02d} {sheet.name}", file=sheet.file))


def _write_sheet(project: Project, words: dict[str, str]) -> Path:
    path = project.solutions / f"{words['number']}_{words['module']}.ipynb"
    write(path, {"cells": [_cell(*each, words) for each in SHEET], "metadata": {}})
    return path


def _cell(whose: str, source: str, words: dict[str, str]) -> Cell:
    filled = _filled(source, words)
    if not whose:
        return {"cell_type": "markdown", "metadata": {}, "source": filled}
    metadata = {"lab": {"exercise": whose}} if whose == "greet" else {}
    shape: Cell = {"cell_type": "code", "execution_count": None, "outputs": []}
    return {**shape, "metadata": metadata, "source": filled}


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _filled(text: str, words: dict[str, str]) -> str:
    return Template(text).substitute(words)


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()
