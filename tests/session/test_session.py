from datetime import UTC, datetime

import pytest
from botocore.exceptions import EndpointConnectionError

from helpers.errors import NoSuchExercise, NoSuchFunction, NotSupportedHere
from helpers.exercises.exercise import Exercise
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import CantCheck, Incorrect, NotAttempted, Outcome
from helpers.progress.progress import InMemory, ProgressFile
from helpers.session.session import LabSession, is_strict
from helpers.session.worked_cells import run_cell_of
from helpers.sheets.errors import NoWorkedAnswer
from tests.fakes import aws_error, no_cloud, plain_shell

OUTCOMES = {
    Outcome.CORRECT: None,
    Outcome.NOT_ATTEMPTED: NotAttempted("no function yet"),
    Outcome.INCORRECT: Incorrect("it answers nothing", evidence="null", id="upload.empty"),
    Outcome.CANT_CHECK: CantCheck("the cloud is asleep"),
}
UNSOLVED = [outcome for outcome in Outcome if outcome is not Outcome.CORRECT]


class Desk:
    """A session in a lab with one exercise, whose outcome the test sets.

    The worked answer's cells make it correct, unless they raise or `solves` is False.
    """

    def __init__(self, tmp_path, store=None, undo=None, **doors) -> None:
        self.outcome = Outcome.NOT_ATTEMPTED
        self.solves = True
        self.checks = 0
        self.said: list[str] = []
        self.cells: list[str] = []
        self.store = store or InMemory()
        exercise = Exercise("upload", "Upload it", ("one", "two", "three"), self._check, undo)
        doors = {"run_cell": self._run, "worked_answer": lambda lab, name: ["a = 1", "a"]} | doors
        self.session = LabSession(
            "first-function",
            [exercise],
            self.store,
            probe=lambda: Probe(no_cloud, tmp_path),
            say=self.said.append,
            now=lambda: datetime(2026, 11, 21, tzinfo=UTC),
            **doors,
        )

    def _check(self, probe: Probe) -> None:
        self.checks += 1
        error = OUTCOMES[self.outcome]
        if error:
            raise error

    def _run(self, source: str) -> Exception | None:
        self.cells.append(source)
        if "raise" in source:
            return NameError("name 'role_arn' is not defined")
        if self.solves:
            self.outcome = Outcome.CORRECT
        return None

    @property
    def words(self) -> str:
        """Return the last message in one line."""
        return " ".join(self.said[-1].split())

    @property
    def standing(self):
        return self.store.read().standing("first-function", "upload")


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_is_given_and_recorded(desk, outcome):
    desk.outcome = outcome
    assert desk.session.check("upload").outcome is outcome
    assert (desk.standing.checks, desk.standing.last) == (1, outcome.value)
    assert (desk.standing.passed is not None) == (outcome is Outcome.CORRECT)


def test_if_the_cloud_is_unavailable_no_check_calls_it(tmp_path):
    desk = Desk(tmp_path, unavailable_reason=lambda: "Your cloud is gone.")
    verdict = desk.session.check("upload")
    assert (verdict.outcome, verdict.message) == (Outcome.CANT_CHECK, "Your cloud is gone.")
    assert desk.checks == 0


def test_checking_twice_gives_the_same_verdict(desk):
    desk.outcome = Outcome.INCORRECT
    assert desk.session.check("upload") == desk.session.check("upload")


def test_a_passed_exercise_stays_passed(desk):
    desk.outcome = Outcome.CORRECT
    desk.session.check("upload")
    desk.outcome = Outcome.INCORRECT
    desk.session.check("upload")
    assert desk.standing.passed == "2026-11-21T00:00:00+00:00"
    assert desk.standing.last == "incorrect"


def test_a_check_of_an_unknown_exercise_does_not_stop_the_notebook(desk):
    verdict = desk.session.check("uplod")
    assert verdict.outcome is Outcome.CANT_CHECK
    assert "Did you mean 'upload'?" in verdict.message
    assert desk.store.read().labs == {}


@pytest.mark.parametrize("outcome", UNSOLVED)
def test_strict_checks_raise_for_every_outcome_but_correct(tmp_path, outcome):
    desk = Desk(tmp_path, strict=True)
    desk.outcome = outcome
    with pytest.raises(AssertionError, match=f"upload: {outcome.value}. {OUTCOMES[outcome]}"):
        desk.session.check("upload")
    assert desk.standing.checks == 1


def test_strict_checks_pass_for_correct_and_raise_for_an_unknown_exercise(tmp_path):
    desk = Desk(tmp_path, strict=True)
    desk.outcome = Outcome.CORRECT
    assert desk.session.check("upload").correct
    with pytest.raises(AssertionError, match="Did you mean 'upload'"):
        desk.session.check("uplod")


@pytest.mark.parametrize(
    ("environ", "strict"),
    [
        ({}, False),
        ({"LAB_STRICT": "0"}, False),
        ({"LAB_STRICT": "1"}, True),
        ({"NBGRADER_EXECUTION": "autograde"}, True),
    ],
)
def test_strictness_comes_from_the_environment(environ, strict):
    assert is_strict(environ) is strict


def test_hints_come_one_by_one_and_the_last_one_stays(desk):
    hints = [desk.session.hint("upload") for _ in range(4)]
    assert [(hint.number, hint.text) for hint in hints] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
        (3, "three"),
    ]
    assert desk.standing.hints == 3


def test_a_hint_says_what_comes_next(desk):
    assert repr(desk.session.hint("upload")) == (
        "· Hint 1 of 3: upload\n  one\n  Run this again for the next one."
    )
    last = [desk.session.hint("upload") for _ in range(2)][-1]
    assert "That was the last one" in repr(last)
    assert '<code>lab.carry_on("upload")</code>' in last._repr_html_()


def test_a_new_session_starts_with_the_first_hint_and_the_progress_keeps_the_furthest(desk):
    for _ in range(2):
        desk.session.hint("upload")
    desk.session.forget()
    assert desk.session.hint("upload").number == 1
    assert desk.standing.hints == 2


def test_carry_on_does_nothing_for_a_solved_exercise(desk):
    desk.outcome = Outcome.CORRECT
    desk.session.check("upload")
    desk.session.carry_on("upload")
    assert (desk.checks, desk.cells, desk.said) == (1, [], [])


def test_carry_on_checks_first_if_the_exercise_was_not_checked(desk):
    desk.outcome = Outcome.CORRECT
    desk.session.carry_on("upload")
    assert (desk.checks, desk.cells) == (1, [])


@pytest.mark.parametrize("outcome", UNSOLVED)
def test_carry_on_runs_the_worked_answer_to_an_unsolved_exercise_and_says_so(desk, outcome):
    desk.outcome = outcome
    desk.session.check("upload")
    desk.session.carry_on("upload")
    assert desk.cells == ["a = 1", "a"]
    assert desk.said == [
        "The worked answer to 'upload' has run in your notebook, and the lab goes on."
    ]


def test_an_exercise_passed_after_the_worked_answer_is_recorded_as_helped(desk):
    desk.session.carry_on("upload")
    desk.session.check("upload")
    assert desk.standing.helped
    desk.session.forget()  # the lab is opened again, and solved by the learner
    desk.session.check("upload")
    assert not desk.standing.helped


def test_a_check_by_carry_on_counts_neither_as_a_check_nor_as_passed(desk):
    desk.session.check("upload")
    desk.session.carry_on("upload")
    assert (desk.standing.checks, desk.standing.last) == (1, "not attempted")
    assert desk.standing.passed is None


def test_carry_on_runs_a_worked_answer_only_once(desk):
    desk.session.carry_on("upload")
    desk.session.carry_on("upload")
    assert desk.cells == ["a = 1", "a"]


def test_a_worked_answer_that_does_not_solve_the_exercise_is_not_a_success(desk):
    desk.outcome, desk.solves = Outcome.INCORRECT, False
    desk.session.carry_on("upload")
    assert desk.cells == ["a = 1", "a"]
    assert "the check still says incorrect. it answers nothing null" in desk.words
    assert "Run All Above Selected Cell" in desk.words
    assert "goes on" not in desk.words
    desk.solves = True  # the cells above were run
    desk.session.carry_on("upload")
    assert "the lab goes on" in desk.words


def test_a_worked_answer_that_stops_is_reported_with_a_way_on(tmp_path):
    desk = Desk(tmp_path, worked_answer=lambda lab, name: ["raise", "never"])
    desk.session.carry_on("upload")
    assert desk.cells == ["raise"]
    assert "NameError: name 'role_arn' is not defined" in desk.words
    assert "Run All Above Selected Cell" in desk.words


def test_carry_on_never_raises_for_an_unsolved_exercise_even_if_strict(tmp_path):
    desk = Desk(tmp_path, strict=True)
    desk.solves = False
    desk.session.carry_on("upload")
    assert "still says not attempted" in desk.words


def test_a_wrong_answer_is_undone_before_the_worked_answer_runs(tmp_path):
    desk = Desk(tmp_path, undo=lambda probe: desk.cells.append("cleared"))
    desk.session.carry_on("upload")
    assert desk.cells == ["cleared", "a = 1", "a"]
    desk.session.check("upload")
    desk.session.carry_on("upload")
    assert desk.cells == ["cleared", "a = 1", "a"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (aws_error("ThrottlingException", "Slow down", "DeleteFunction"), "Slow down"),
        (NoSuchFunction("There is no function 'greeter'."), "There is no function 'greeter'."),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "did not get through"),
        (KeyError("Aliases"), "KeyError: 'Aliases'"),
    ],
)
def test_a_wrong_answer_that_can_not_be_undone_is_reported_with_a_way_on(tmp_path, error, words):
    def undo(probe: Probe) -> None:
        raise error

    desk = Desk(tmp_path, undo=undo)
    desk.session.carry_on("upload")
    assert desk.cells == []
    assert words in desk.words
    assert "Run All Above Selected Cell" in desk.words


def test_in_a_class_without_solutions_the_teacher_has_the_worked_answer(tmp_path):
    def no_answer(lab: str, name: str) -> list[str]:
        raise NoWorkedAnswer("no file")

    desk = Desk(tmp_path, worked_answer=no_answer)
    desk.session.carry_on("upload")
    assert "your teacher has it" in desk.said[0]
    assert desk.cells == []


def test_outside_a_notebook_carry_on_says_that_it_needs_one(tmp_path):
    with pytest.raises(NotSupportedHere, match="only in a notebook"):
        Desk(tmp_path, run_cell=run_cell_of(None)).session.carry_on("upload")


@pytest.mark.parametrize("verb", ["hint", "carry_on"])
def test_hint_and_carry_on_raise_for_an_unknown_exercise(desk, verb):
    with pytest.raises(NoSuchExercise, match="Did you mean 'upload'"):
        getattr(desk.session, verb)("uplod")


def test_progress_that_can_not_be_saved_is_reported_beside_the_verdict(tmp_path):
    (tmp_path / "home").write_text("a file where the folder should be")
    desk = Desk(tmp_path, store=ProgressFile(tmp_path / "home" / "progress.json"))
    assert desk.session.check("upload").outcome is Outcome.NOT_ATTEMPTED
    assert "could not be saved" in desk.said[0]


@pytest.fixture
def shell(tmp_path):
    return plain_shell(tmp_path)


def test_a_worked_answers_cell_runs_in_the_notebooks_own_namespace(shell):
    assert run_cell_of(shell)("answer = 42") is None
    assert shell.user_ns["answer"] == 42


def test_a_worked_answers_error_has_no_traceback_and_other_errors_have_theirs(shell, capsys):
    error = run_cell_of(shell)("1 / 0")
    assert isinstance(error, ZeroDivisionError)
    assert capsys.readouterr().out == ""
    shell.run_cell("1 / 0")
    assert "Traceback" in capsys.readouterr().out


def test_a_worked_answer_that_could_not_reach_the_cloud_is_explained(tmp_path):
    gone = EndpointConnectionError(endpoint_url="http://127.0.0.1:1")
    desk = Desk(tmp_path, run_cell=lambda source: gone, explain=lambda error: "A new one runs.")
    desk.session.carry_on("upload")
    assert "A new one runs." in desk.words


def test_progress_counts_which_mistakes_were_named(desk: Desk) -> None:
    desk.outcome = Outcome.INCORRECT
    for _ in range(2):
        desk.session.check("upload")
    desk.outcome = Outcome.CORRECT
    desk.session.check("upload")
    assert desk.standing.diagnoses == {"upload.empty": 2}
