"""The sheets in the project are as the build leaves them, and whole."""

import getpass
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.course.project import Sheet, find_project
from helpers.sheets import differences
from helpers.sheets.build import worked_sheets
from helpers.sheets.marks import BEGIN, END, STUB, exercises
from helpers.sheets.notebook import Notebook, code_cells, read

PROJECT = find_project()
SHEETS = worked_sheets(PROJECT)
each_lab = pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)


def worked(sheet: Sheet) -> Notebook:
    return read(PROJECT.solutions / sheet.file)


def made(sheet: Sheet) -> Notebook:
    return read(PROJECT.labs / sheet.file)


def test_there_are_labs() -> None:
    assert SHEETS


def test_labs_are_what_the_build_makes_of_solutions() -> None:
    assert differences(PROJECT) == []


@each_lab
def test_both_sheets_are_valid_notebooks(sheet: Sheet) -> None:
    for folder in (PROJECT.solutions, PROJECT.labs):
        nbformat.validate(nbformat.read(folder / sheet.file, as_version=4))


@each_lab
def test_every_code_cell_of_a_worked_sheet_was_run_in_order(sheet: Sheet) -> None:
    counts = [cell["execution_count"] for cell in code_cells(worked(sheet))]
    assert counts == list(range(1, len(counts) + 1))


@each_lab
def test_a_sheet_holds_no_outputs(sheet: Sheet) -> None:
    for cell in code_cells(made(sheet)):
        assert (cell["execution_count"], cell["outputs"]) == (None, [])


@each_lab
def test_no_state_of_widgets_is_kept(sheet: Sheet) -> None:
    for path in (PROJECT.solutions / sheet.file, PROJECT.labs / sheet.file):
        assert "jupyter.widget-" not in path.read_text("utf-8")


@each_lab
def test_every_exercise_is_whole_in_both_sheets(sheet: Sheet) -> None:
    source, stubbed = worked(sheet)["cells"], made(sheet)["cells"]
    for exercise in exercises(worked(sheet)):
        solved = "\n".join(source[place]["source"] for place in exercise.cells)
        shown = "\n".join(stubbed[place]["source"] for place in exercise.cells)
        assert solved.count(BEGIN) == shown.count(STUB) > 0, exercise.name
        assert BEGIN not in shown
        assert END not in shown
        for verb in ("hint", "check", "carry_on"):
            call = f'lab.{verb}("{exercise.name}")'
            for cells in (source, stubbed):
                places = getattr(exercise, verb)
                assert any(call in cells[place]["source"] for place in places), call
        assert exercise.hint[-1] < exercise.carry_on[-1]
        assert exercise.cells[-1] < exercise.check[-1] < exercise.carry_on[-1]


@each_lab
def test_the_first_code_cell_is_the_only_set_up(sheet: Sheet) -> None:
    first = code_cells(worked(sheet))[0]["source"].splitlines()
    assert first[:4] == [
        "import boto3",
        "from helpers import Lab",
        "",
        f'lab = Lab("{sheet.name}")',
    ]


# --- outputs are the same on every machine ---------------------------------------------------

HOMES = {str(path) for path in (PROJECT.root, Path.home(), Path(tempfile.gettempdir()) / "lab")}
PERSONAL = {
    "an absolute path": re.compile(
        r"(?<![\w./])/(home|Users|root|private|usr|var/folders)/\w+|[A-Z]:\\\w+|"
        + "|".join(re.escape(home) + r"\b" for home in HOMES if len(home) > 1)
    ),
    "a port": re.compile(r"\b(127\.0\.0\.1|localhost|0\.0\.0\.0):\d+"),
    "a process's number": re.compile(r"\bpid\W{0,3}\d+", re.IGNORECASE),
}
if getpass.getuser() not in {"root", "user", "lab"}:  # these are words, too
    PERSONAL["a user's name"] = re.compile(rf"\b{re.escape(getpass.getuser())}\b")


def words(cell: dict[str, Any]) -> Iterator[str]:
    """All that a cell's outputs say."""
    for output in cell["outputs"]:
        yield from (str(output[key]) for key in ("text", "evalue", "traceback") if key in output)
        data = output.get("data", {})
        yield from (str(data[kind]) for kind in data if not kind.startswith("image/"))


@each_lab
@pytest.mark.parametrize("kind", PERSONAL)
def test_outputs_do_not_tell(kind: str, sheet: Sheet) -> None:
    told = {
        f"cell {cell['execution_count']}: …{said[max(found.start() - 40, 0) : found.end() + 20]}…"
        for cell in code_cells(worked(sheet))
        for said in words(cell)
        for found in PERSONAL[kind].finditer(said)
    }
    assert not told


def test_what_must_not_be_told_is_recognised() -> None:
    assert PERSONAL["an absolute path"].search("File '/home/ada/lab.py'")
    assert PERSONAL["an absolute path"].search(f"in {PROJECT.root}/labs")
    assert PERSONAL["a port"].search("http://127.0.0.1:4566/bucket")
    assert PERSONAL["a process's number"].search("(pid 4711)")
    for kind in PERSONAL.values():
        for fine in ("/aws/lambda/hello", "/var/task/hello.py", "s3://home/x", "2015-03-31/home"):
            assert not kind.search(fine)
