"""The labs of the course and their exercises, found in the project rather than listed.

A lab is there because its sheet is (labs/05_thumbnails.ipynb). Its folder in helpers/labs/ has

    hints.md       each exercise's name, title and three hints, in the order of the sheet
    trigger.py     a module for each exercise, with `check` and, where the worked answer needs it,
                   `undo_wrong_answer`

## trigger: Let the bucket invoke the function

1. A nudge.
2. The direction.
3. Nearly there.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files

from helpers.course.project import NoSuchLab, find_project
from helpers.errors import did_you_mean
from helpers.exercises.exercise import Exercise

HEADING = re.compile(r"^## (?P<name>[a-z0-9-]+): (?P<title>.+)$", re.MULTILINE)
HINT = re.compile(r"^[123]\. (.+)$", re.MULTILINE)

NO_LAB = "There is no lab {name!r}.{guess}"


def lab_names() -> list[str]:
    """Return the names of all labs, in the order of the course."""
    return list(dict.fromkeys(find_project().names()))


def require_lab(name: str) -> str:
    """Return the name itself. Raises NoSuchLab, which says what was probably meant."""
    names = lab_names()
    if name not in names:
        raise NoSuchLab(NO_LAB.format(name=name, guess=did_you_mean(str(name), names)))
    return name


@cache
def exercises_of(lab: str) -> tuple[Exercise, ...]:
    """Return the lab's exercises, in their order. Raises NoSuchLab."""
    package = f"helpers.labs.{require_lab(lab).replace('-', '_')}"
    hints = files(package).joinpath("hints.md").read_text("utf-8")
    return tuple(_exercises(package, hints))


def _exercises(package: str, hints: str) -> Iterator[Exercise]:
    headings = list(HEADING.finditer(hints))
    ends = [heading.start() for heading in headings[1:]] + [len(hints)]
    for heading, end in zip(headings, ends, strict=True):
        name = heading["name"]
        module = import_module(f"{package}.{name.replace('-', '_')}")
        nudge, direction, nearly = HINT.findall(hints, heading.end(), end)
        undo = getattr(module, "undo_wrong_answer", None)
        yield Exercise(name, heading["title"], (nudge, direction, nearly), module.check, undo)
