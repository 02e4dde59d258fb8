"""The project finds its labs by their file names."""

from pathlib import Path

import pytest

from helpers.course.project import NoSuchLab, Project, Sheet, find_project, name_of
from tests.sheets import tiny


@pytest.fixture
def project(tmp_path: Path) -> Project:
    sums = tiny.notebook(tiny.prose("Welcome.\n# Sums  \n"))
    return tiny.project(tmp_path, n01_first_sums=sums, n00_welcome=tiny.notebook())


def test_the_project_is_the_folder_above_the_package() -> None:
    assert (find_project().root / "helpers" / "course" / "project.py").exists()


def test_labs_are_listed_in_the_order_of_the_course(project: Project) -> None:
    assert project.sheets() == [
        Sheet(0, "welcome", "00_welcome", "00_welcome.ipynb"),
        Sheet(1, "first-sums", "Sums", "01_first_sums.ipynb"),
    ]


def test_a_lab_without_a_worked_sheet_is_listed(tmp_path: Path) -> None:
    project = tiny.project(tmp_path)
    (project.labs / "02_alone.ipynb").write_text('{"cells": []}')
    assert [sheet.name for sheet in project.sheets()] == ["alone"]


def test_other_notebooks_are_not_labs(project: Project) -> None:
    for name in ("scratch.ipynb", "1_x.ipynb", "01_Capital.ipynb", "01_first_sums-copy.ipynb"):
        (project.labs / name).write_text("{}")
    assert len(project.sheets()) == 2


@pytest.mark.parametrize(
    "spelling",
    ["first-sums", "1", "01", "01_first_sums", "01_first_sums.ipynb", "labs/01_first_sums.ipynb"],
)
def test_a_lab_has_several_spellings(project: Project, spelling: str) -> None:
    assert project.sheet(spelling).name == "first-sums"


def test_a_misspelled_lab_is_guessed(project: Project) -> None:
    with pytest.raises(NoSuchLab, match="Did you mean 'first-sums'") as caught:
        project.sheet("frist_sum")
    assert "welcome, first-sums" in str(caught.value)


def test_a_folder_without_labs_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoSuchLab, match="git clone"):
        Project(tmp_path).sheet("welcome")


def test_a_broken_notebook_is_listed_by_its_name(project: Project) -> None:
    (project.labs / "02_cut_short.ipynb").write_text('{"cells": [')
    assert project.sheet("2").title == "02_cut_short"


def test_a_labs_files_are_in_a_folder_of_its_own(project: Project) -> None:
    folder = project.labs / "data" / "01_first_sums"
    folder.mkdir(parents=True)
    (folder.parent / "02_second_first_sums").mkdir()
    assert project.data("first-sums") == folder


def test_a_lab_without_files_says_so(project: Project) -> None:
    with pytest.raises(NoSuchLab, match="No files come with the lab 'welcome'"):
        project.data("welcome")


@pytest.mark.parametrize(
    ("file", "name"),
    [("labs/01_first_function.ipynb", "first-function"), ("notes.ipynb", None)],
)
def test_a_labs_name_comes_from_its_file_name(file: str, name: str | None) -> None:
    assert name_of(file) == name
