import pytest

from helpers.exercises.exercise import Exercise
from helpers.progress.board import Board, ClassBoard, LabEntry, describe_standing
from helpers.progress.class_progress import ClassProgress
from helpers.progress.progress import Progress, Standing

WHEN = "2026-11-21T09:30:00+00:00"


def exercise(name: str, title: str) -> Exercise:
    return Exercise(name, title, ("", "", ""), lambda probe: None)


FIRST = LabEntry(
    "first-function",
    "First function",
    [exercise("upload", "Upload it"), exercise("memory", "Give it memory")],
)
WELCOME = LabEntry("welcome", "Welcome", [exercise("bucket", "A first bucket")])
ADA = (
    Progress("ada")
    .having("first-function", "upload", Standing(WHEN, hints=2))
    .having("first-function", "memory", Standing(last="incorrect"))
)


def test_a_labs_board_shows_the_standing_of_each_exercise():
    assert repr(Board([FIRST], ADA)) == (
        "· First function: 1 of 2 exercises passed\n"
        "     lab             exercise\n"
        "  ✓  First function  Upload it       passed, 2 hints\n"
        "  ✗                  Give it memory  tried"
    )


def test_the_course_is_one_board():
    board = Board([WELCOME, FIRST], ADA)
    assert (board.passed, board.total) == (1, 3)
    assert repr(board).startswith("· The course: 1 of 3 exercises passed")
    assert "Upload it" in board._repr_html_()


def test_a_board_with_everything_passed_is_marked_as_good():
    done = Progress().having("welcome", "bucket", Standing(WHEN))
    assert repr(Board([WELCOME], done)).startswith("✓ Welcome: 1 of 1 exercise passed")


def test_a_board_has_no_times_so_it_is_reproducible():
    assert "2026" not in repr(Board([FIRST], ADA)) + Board([FIRST], ADA)._repr_html_()


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(), "not yet"),
        (Standing(last="not attempted", hints=1), "not yet, 1 hint"),
        (Standing(last="incorrect"), "tried"),
        (Standing(WHEN, last="incorrect"), "passed"),
        (Standing(WHEN, helped=True), "passed after the worked answer"),
    ],
)
def test_a_standing_is_described(standing, words):
    assert describe_standing(standing) == words


def test_a_class_has_a_line_for_each_learner_and_names_what_was_merged_or_unreadable():
    people = ClassProgress(
        {"ada": ADA, "grace": Progress("grace")},
        {"ada": ["monday.json", "friday.json"]},
        {"bad.json": "it is damaged"},
    )
    assert repr(ClassBoard([WELCOME, FIRST], people)) == (
        "· 2 learners\n"
        "  ada: merged from monday.json, friday.json, which have the same learner's id.\n"
        "  bad.json can't be read: it is damaged.\n"
        "  learner  Welcome  First function\n"
        "  ada      0        1\n"
        "  grace    0        0"
    )
