"""nbval is as strict as the project takes it to be: proven on tiny notebooks, in a run apart."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from helpers.course.project import find_project
from tests.sheets.tiny import code, notebook

ROOT = find_project().root


def ran(source: str, printed: str) -> dict[str, Any]:
    """A cell as a worked sheet keeps it."""
    stream = {"output_type": "stream", "name": "stdout", "text": printed}
    return code(source) | {"execution_count": 1, "outputs": [stream]}


# what the cell is, and the words of its failure; none if it has to pass
CELLS = {
    "a worked cell that says what it said": (ran("print('warm')", "warm\n"), ""),
    "a worked cell that says something else": (
        ran("print('cold')", "warm\n"),
        "Cell outputs differ",
    ),
    "a worked cell whose figure varies": (ran("print('  12.5 ms')", "  139 ms\n"), ""),
    "a worked cell that raises": (ran("1 / 0", ""), "ZeroDivisionError"),
    "a sheet's cell that says anything": (code("print('anything')"), ""),
    "a sheet's cell that raises": (code("1 / 0"), "ZeroDivisionError"),
    "a sheet's cell that is meant to raise": (code("1 / 0", None, "raises-exception"), ""),
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the project's own settings make of each: the words of its failure, or none."""
    folder = tmp_path_factory.mktemp("strictness")
    for number, (cell, _) in enumerate(CELLS.values()):
        sheet = json.dumps(notebook({"id": "a"} | cell))
        (folder / f"{number}.ipynb").write_text(sheet)
    run_pytest(
        folder,
        "--junitxml=results.xml",
        f"--nbval-sanitize-with={ROOT}/helpers/sheets/sanitize.cfg",
    )
    cases = ElementTree.parse(folder / "results.xml").iter("testcase")
    return ["".join(case.itertext()) for case in cases]


def run_pytest(folder: Path, *options: str) -> None:
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "-n0"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *settings, "-p", "no:cacheprovider", *options, "."],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if "PYTEST" not in name},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 1, run.stdout + run.stderr  # some tests failed; nothing worse


@pytest.mark.parametrize(("number", "name"), list(enumerate(CELLS)), ids=list(CELLS))
def test_nbval_judges(number: int, name: str, failures: list[str]) -> None:
    assert len(failures) == len(CELLS)
    _, words = CELLS[name]
    assert words in failures[number]
    assert bool(words) == bool(failures[number])
