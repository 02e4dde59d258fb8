"""Worked answers are looked up by lab and exercise."""

from pathlib import Path

import pytest

from helpers.sheets import NoWorkedAnswer, worked_answer
from tests.sheets import tiny


def test_an_answer_is_all_cells_of_its_exercise_without_marks(tmp_path: Path) -> None:
    sheet = tiny.notebook(*tiny.exercise("sum", tiny.SOLVED, "print(total)"))
    project = tiny.project(tmp_path, n01_sums=sheet)
    assert worked_answer("sums", "sum", project=project) == [
        "numbers = [1, 2, 3]\n# Add up the numbers.\ntotal = sum(numbers)",
        "print(total)",
    ]


def test_an_unknown_exercise_is_reported_with_the_known_ones(tmp_path: Path) -> None:
    project = tiny.project(tmp_path, n01_sums=tiny.worked())
    with pytest.raises(NoWorkedAnswer, match=r"no exercise .smu.\.\nIts exercises are: sum"):
        worked_answer("sums", "smu", project=project)


def test_without_worked_sheets_the_teacher_has_the_worked_answer(tmp_path: Path) -> None:
    project = tiny.project(tmp_path)
    (project.labs / "01_sums.ipynb").write_text('{"cells": []}')
    with pytest.raises(NoWorkedAnswer, match="with your teacher"):
        worked_answer("sums", "sum", project=project)


def test_an_unknown_lab_has_no_answers(tmp_path: Path) -> None:
    with pytest.raises(NoWorkedAnswer, match="no lab called 'sums'"):
        worked_answer("sums", "sum", project=tiny.project(tmp_path, n00_welcome=tiny.worked()))
