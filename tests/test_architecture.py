"""The rooms of helpers/, and which of them may know of which; docs/architecture.md draws them."""

import ast
from pathlib import Path

import pytest

from helpers.course.project import find_project

ROOT = find_project().root
HELPERS = ROOT / "helpers"

# Each room, and the rooms that its modules may import from: never one that stands after it.
ROOMS = {
    "system": set(),
    "aws": {"display", "errors"},
    "engine": {"aws", "system"},
    "cloud": {"aws", "display", "engine", "errors", "system"},
    "functions": {"aws", "cloud", "display", "errors", "system"},
    "exercises": {"aws", "cloud", "display", "errors", "functions", "system"},
    "course": {"errors", "exercises"},
    "sheets": {"course", "errors", "system"},
    "progress": {"course", "display", "exercises", "system"},
    "session": {
        *("aws", "cloud", "course", "display", "errors", "exercises", "functions"),
        *("progress", "sheets", "system"),
    },
    "checks": {"aws", "cloud", "errors", "exercises", "functions"},
    "panels": {"aws", "display", "errors"},
    "labs": {
        *("aws", "checks", "cloud", "course", "display", "errors", "exercises", "functions"),
        *("panels", "system"),
    },
    "command": {"cloud", "course", "errors", "progress", "session", "sheets", "system"},
}
TOP_FLOOR = {"__init__.py", "__main__.py", "display.py", "errors.py", "lab.py"}


def imported_rooms(file: Path) -> set[str]:
    """Return the rooms, or the modules of the top floor, that the file imports from."""
    names = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return {name.split(".")[1] for name in names if name.startswith("helpers.")}


def test_the_top_floor_has_five_files_and_every_room_is_listed() -> None:
    assert {file.name for file in HELPERS.glob("*.py")} == TOP_FLOOR
    rooms = {folder.name for folder in HELPERS.iterdir() if (folder / "__init__.py").exists()}
    assert rooms == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_the_rooms_below_it(room: str) -> None:
    found = {
        (file.relative_to(HELPERS).as_posix(), other)
        for file in (HELPERS / room).rglob("*.py")
        for other in imported_rooms(file) - {room} - ROOMS[room]
    }
    assert found == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_in_its_first_line_what_it_is_for_and_is_drawn(room: str) -> None:
    doc = ast.get_docstring(ast.parse((HELPERS / room / "__init__.py").read_text("utf-8")))
    assert doc
    assert f"  {room}/" in (ROOT / "docs" / "architecture.md").read_text("utf-8")


def test_nothing_lies_in_a_room_that_comes_later() -> None:
    order = list(ROOMS)
    for room, below in ROOMS.items():
        assert all(order.index(other) < order.index(room) for other in below & set(order))
