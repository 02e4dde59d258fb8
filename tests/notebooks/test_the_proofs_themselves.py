"""The proofs see a check that says the wrong thing, and go on to tell of all of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.notebooks.answers import RIGHT, Answer
from tests.notebooks.proofs import prove, too_few
from tests.sheets import tiny

TOO_SMALL = Answer("sum", "one left out", ("total = 5",), "result: sum.too-small", ("del total",))
TOO_LARGE = Answer("sum", "one twice", ("total = 9",), "result: sum.other", ("del total",))
RAISES = Answer("sum", "a slip", ("total = 7", "ttoal"), "result: sum.other", ("del total",))
IN_OTHER_WORDS = Answer("sum", "by hand", ("total = 1 + 2 + 3",), RIGHT, ("del total",))
AS_FLOAT = Answer("sum", "as a float", ("total = 6.0",), RIGHT, ("del total",))
ANSWERS = (TOO_SMALL, TOO_LARGE, RAISES, IN_OTHER_WORDS, AS_FLOAT)


def failures(tmp_path: Path, *answers: Answer, lab: str = tiny.LAB) -> list[str]:
    sheet = tiny.worked()
    sheet["cells"][1]["source"] = lab
    project = tiny.project(tmp_path, n01_sums=sheet)
    return prove(project.sheet("sums"), project, answers, tmp_path, say=lambda words: None)


def missing(tmp_path: Path, *answers: Answer) -> list[str]:
    project = tiny.project(tmp_path, n01_sums=tiny.worked())
    return too_few(project.sheet("sums"), project, answers)


def test_a_lab_whose_checks_are_right_is_proven(tmp_path: Path) -> None:
    assert failures(tmp_path, *ANSWERS) == []


def test_three_wrong_answers_and_two_right_ones_are_enough(tmp_path: Path) -> None:
    assert missing(tmp_path, *ANSWERS) == []


def test_two_wrong_answers_are_too_few_and_so_is_one_right_one(tmp_path: Path) -> None:
    assert missing(tmp_path, TOO_SMALL, TOO_LARGE, AS_FLOAT) == [
        "sum: has 2 wrong answers, and 3 is the least",
        "sum: has 1 right answers, and 2 is the least",
    ]


def test_an_answer_to_no_exercise_is_told(tmp_path: Path) -> None:
    stranger = Answer("smu", "misspelt", (), "result: sum.other")
    assert missing(tmp_path, *ANSWERS, stranger) == [
        "'misspelt' answers 'smu', which is no exercise"
    ]


def test_a_wrong_answer_that_passes_is_told(tmp_path: Path) -> None:
    right = Answer("sum", "not wrong at all", ("total = 6",), "result: sum.other", ("del total",))
    first, again = failures(tmp_path, right, *ANSWERS)
    assert first == (
        "sum, wrong answer 'not wrong at all': expected result: sum.other\n"
        "  got CORRECT: Well added."
    )
    assert "asked again" in again


@pytest.mark.parametrize("says", ["code: sum.too-small", "result: sum.other"])
def test_a_verdict_with_another_link_or_another_diagnosis_is_told(
    tmp_path: Path, says: str
) -> None:
    told = failures(tmp_path, TOO_LARGE, replace(TOO_SMALL, says=says))
    assert told == [
        f"sum, wrong answer 'one left out': expected {says}\n"
        "  got result: sum.too-small: The total is not 5."
    ]


def test_a_right_answer_that_is_refused_is_told(tmp_path: Path) -> None:
    refused = failures(tmp_path, TOO_SMALL, replace(TOO_LARGE, says=RIGHT))
    assert refused == [
        "sum, right answer 'one twice': expected CORRECT\n"
        "  got result: sum.other: The total is not 9."
    ]


def test_all_that_fails_is_told_and_not_just_the_first(tmp_path: Path) -> None:
    lab = tiny.LAB.replace("Outcome.NOT_ATTEMPTED,", "Outcome.INCORRECT,").replace("== 6", "== 7")
    told = failures(tmp_path, TOO_SMALL, RAISES, lab=lab)
    assert [words.split(":")[0] for words in told] == [
        "sum, stub",
        "sum, stub",
        "sum, wrong answer 'a slip'",
        "sum, worked answer",
        "sum, worked answer",
    ]
    assert "the cells raised NameError: name 'ttoal' is not defined" in told[2]


def test_a_verdict_that_changes_when_asked_again_is_told(tmp_path: Path) -> None:
    fickle = tiny.LAB.replace("def check(", "def check(self, exercise):\n").replace(
        "self, exercise):\n        verdict",
        "        self.asked = getattr(self, 'asked', 0) + 1\n        verdict",
    )
    fickle = fickle.replace("total == 6", "total == 6 or self.asked % 2 == 0")
    told = failures(tmp_path, *ANSWERS, lab=fickle)
    assert any("asked again" in words for words in told)


def test_a_check_that_raises_is_told(tmp_path: Path) -> None:
    told = failures(tmp_path, *ANSWERS, lab=tiny.LAB.replace("total == 6", "1 / 0"))
    assert "the check raised ZeroDivisionError: division by zero" in told[0]


def test_a_cell_around_the_exercise_that_raises_is_told(tmp_path: Path) -> None:
    told = failures(tmp_path, *ANSWERS, lab=tiny.LAB.replace('print("Add', 'pritn("Add'))
    assert "cell 4 of 9: the cell raised NameError" in told[0]
    assert len(told) == 1


def test_a_kernel_that_dies_ends_the_pass_and_says_where(tmp_path: Path) -> None:
    deadly = Answer("sum", "exits", ("import os; os._exit(1)",), "result: sum.other")
    told = failures(tmp_path, deadly, *ANSWERS)
    assert told[0].startswith("sum, wrong answer 'exits': DeadKernelError in the cell")
    assert told[0].endswith("nothing after this was tried")
    assert len(told) == 1


def test_a_lab_that_does_not_open_ends_the_pass(tmp_path: Path) -> None:
    told = failures(tmp_path, *ANSWERS, lab="raise OSError('no cloud')")
    assert told[0].startswith("cell 2 of 9: the cell raised OSError: no cloud")
    assert told[1].startswith("cell 2 of 9: the lab could not be opened")
    assert len(told) == 2
