"""`lab new` writes a lab that passes its tests as it stands."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.course.project import Project, find_project
from helpers.errors import LabError
from helpers.sheets.new import new_lab
from tests.sheets import tiny

PARTS = ("helpers", "tests", "pyproject.toml", "conftest.py", "uv.lock", "environment.yml")
MADE = shutil.ignore_patterns("__pycache__", "*.pyc")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the project with one lab in it, from which commands run as from the real one."""
    root = find_project().root
    for part in PARTS:
        copy = shutil.copytree if (root / part).is_dir() else shutil.copy
        copy(root / part, tmp_path / part, **({"ignore": MADE} if copy is shutil.copytree else {}))
    for folder in ("labs", "solutions"):
        (tmp_path / folder).mkdir()
        shutil.copy(root / folder / "00_welcome.ipynb", tmp_path / folder)
    return Project(tmp_path)


def run(project: Project, *command: str) -> str:
    """Run Python in the copy; returns what it printed, and fails with that if it fails."""
    environ = os.environ | {"PYTHONPATH": str(project.root), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=project.root,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_a_new_lab_passes_its_tests_as_it_stands(project: Project) -> None:
    told = run(project, "-m", "helpers", "new", "42", "sky-writer")
    assert "helpers/labs/sky_writer/greet.py" in told
    found = run(
        project,
        *("-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"),
        *("tests/labs/sky_writer", "tests/course/test_registry.py"),
        *("tests/notebooks/test_proofs.py::test_the_checks_of[sky-writer]",),
        *("solutions/42_sky_writer.ipynb", "labs/42_sky_writer.ipynb"),
    )
    assert " passed" in found
    assert run(project, "-m", "helpers", "build", "--check")


@pytest.mark.parametrize(
    ("number", "name", "said"),
    [
        ("7", "gallery", "two digits"),
        ("07", "Image Gallery", "small letters"),
        ("07", "sums", "There is a lab 01 sums already"),
        ("01", "gallery", "There is a lab 01 sums already"),
    ],
)
def test_a_number_or_a_name_that_no_lab_can_have_is_refused(
    tmp_path: Path, number: str, name: str, said: str
) -> None:
    project = tiny.project(tmp_path, n01_sums=tiny.worked())
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(LabError, match=said):
        new_lab(number, name, project)
    assert sorted(tmp_path.rglob("*")) == before
