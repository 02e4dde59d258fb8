"""The proofs see a check that says the wrong thing, and go on to tell of all of them."""

from pathlib import Path

from tests.notebooks.answers import WrongAnswer
from tests.notebooks.proofs import prove
from tests.sheets import tiny

TOO_SMALL = WrongAnswer("sum", "one left out", ("total = 5",), "not 5", ("del total",))
TOO_LARGE = WrongAnswer("sum", "one twice", ("total = 9",), "not 9", ("del total",))
RAISES = WrongAnswer("sum", "a typing error", ("total = 7", "ttoal"), "not 7", ("del total",))
ANSWERS = (TOO_SMALL, TOO_LARGE, RAISES)


def failures(tmp_path: Path, *answers: WrongAnswer, lab: str = tiny.LAB) -> list[str]:
    sheet = tiny.worked()
    sheet["cells"][1]["source"] = lab
    project = tiny.project(tmp_path, n01_sums=sheet)
    return prove(project.sheet("sums"), project, answers, tmp_path, say=lambda words: None)


def test_a_lab_whose_checks_are_right_is_proven(tmp_path: Path) -> None:
    assert failures(tmp_path, *ANSWERS) == []


def test_two_wrong_answers_are_too_few(tmp_path: Path) -> None:
    assert failures(tmp_path, TOO_SMALL, TOO_LARGE) == [
        "sum: has 2 wrong answers, and 3 is the least"
    ]


def test_an_answer_to_no_exercise_is_told(tmp_path: Path) -> None:
    stranger = WrongAnswer("smu", "misspelt", (), "")
    assert failures(tmp_path, *ANSWERS, stranger) == [
        "'misspelt' answers 'smu', which is no exercise"
    ]


def test_a_wrong_answer_that_passes_is_told(tmp_path: Path) -> None:
    right = WrongAnswer("sum", "not wrong at all", ("total = 6",), "not", ("del total",))
    first, second = failures(tmp_path, *ANSWERS, right)
    assert first == (
        "sum, wrong answer 'not wrong at all': expected INCORRECT 'not',\n"
        "  got CORRECT 'Well added.'"
    )
    assert "asked again" in second


def test_all_that_fails_is_told_and_not_just_the_first(tmp_path: Path) -> None:
    lab = tiny.LAB.replace("There is no total yet.", "Well?").replace("The total is", "It is")
    lab = lab.replace("Outcome.NOT_ATTEMPTED,", "Outcome.INCORRECT,").replace("== 6", "== 7")
    told = failures(tmp_path, *ANSWERS, lab=lab)
    assert [words.split(":")[0] for words in told[::2]] == [
        "sum, stub",
        "sum, wrong answer 'a typing error'",
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
    assert all("asked again" in words for words in told)
    assert len(told) == 3


def test_a_check_that_raises_is_told(tmp_path: Path) -> None:
    told = failures(tmp_path, *ANSWERS, lab=tiny.LAB.replace("total == 6", "1 / 0"))
    assert "the check raised ZeroDivisionError: division by zero" in told[0]


def test_a_cell_around_the_exercise_that_raises_is_told(tmp_path: Path) -> None:
    told = failures(tmp_path, *ANSWERS, lab=tiny.LAB.replace('print("Add', 'pritn("Add'))
    assert "cell 4 of 9: the cell raised NameError" in told[0]
    assert len(told) == 1


def test_a_kernel_that_dies_ends_the_pass_and_says_where(tmp_path: Path) -> None:
    deadly = WrongAnswer("sum", "exits", ("import os; os._exit(1)",), "")
    told = failures(tmp_path, deadly, *ANSWERS)
    assert told[0].startswith("sum, wrong answer 'exits': DeadKernelError in the cell")
    assert told[0].endswith("nothing after this was tried")
    assert len(told) == 1


def test_a_lab_that_does_not_open_ends_the_pass(tmp_path: Path) -> None:
    told = failures(tmp_path, *ANSWERS, lab="raise OSError('no cloud')")
    assert told[0].startswith("cell 2 of 9: the cell raised OSError: no cloud")
    assert told[1].startswith("cell 2 of 9: the lab could not be opened")
    assert len(told) == 2
