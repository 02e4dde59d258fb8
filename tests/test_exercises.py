import pytest
from botocore.exceptions import EndpointConnectionError

from helpers.checks.probe import Probe
from helpers.errors import NoSuchExercise, NoSuchFunction
from helpers.exercises import (
    CantCheck,
    Exercise,
    Incorrect,
    NotAttempted,
    Outcome,
    Verdict,
    find_exercise,
    judge,
)
from tests.fakes import aws_error, no_cloud

HINTS = ("a nudge", "the direction", "nearly there")


def exercise(check, name: str = "upload") -> Exercise:
    return Exercise(name, "Upload it", HINTS, check)


def judged(tmp_path, outcome) -> Verdict:
    """The verdict where the check returns that outcome, or raises it."""

    def check(probe: Probe) -> str | None:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return judge(exercise(check), Probe(no_cloud, tmp_path))


def test_coming_back_is_correct_and_what_comes_back_is_said(tmp_path):
    assert judged(tmp_path, None) == Verdict("upload", Outcome.CORRECT, "It works.")
    assert judged(tmp_path, "Hello, Ada came back.").message == "Hello, Ada came back."


@pytest.mark.parametrize(
    ("raised", "outcome", "link"),
    [
        (NotAttempted("no bucket yet"), Outcome.NOT_ATTEMPTED, ""),
        (Incorrect("the bucket has no notification", link="event source"), Outcome.INCORRECT,
         "event source"),
        (CantCheck("the bucket's name is taken"), Outcome.CANT_CHECK, ""),
        (NoSuchFunction("no function 'resize'"), Outcome.INCORRECT, "function"),
        (TimeoutError("no thumbnail within 10 s"), Outcome.INCORRECT, "effect"),
        (aws_error("NoSuchBucket"), Outcome.INCORRECT, ""),
        (aws_error("ResourceNotFoundException"), Outcome.INCORRECT, ""),
        (aws_error("AccessDenied"), Outcome.INCORRECT, "permission"),
        (aws_error("InternalFailure"), Outcome.CANT_CHECK, ""),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), Outcome.CANT_CHECK, ""),
        (KeyError("Records"), Outcome.CANT_CHECK, ""),
    ],
)  # fmt: skip
def test_whatever_a_check_runs_into_is_one_of_the_four_outcomes(tmp_path, raised, outcome, link):
    verdict = judged(tmp_path, raised)
    assert (verdict.outcome, verdict.link) == (outcome, link)
    assert verdict.message


def test_what_aws_said_is_the_evidence(tmp_path):
    verdict = judged(tmp_path, aws_error("NoSuchBucket", "It does not exist", "GetObject"))
    assert verdict.evidence == "GetObject: NoSuchBucket: It does not exist"


def test_a_fault_of_the_check_is_not_blamed_on_the_learner(tmp_path):
    verdict = judged(tmp_path, KeyError("Records"))
    assert "not of your work" in verdict.message
    assert verdict.evidence == "KeyError: 'Records'"


def test_a_learner_who_stops_the_check_stops_it(tmp_path):
    def check(probe: Probe) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(exercise(check), Probe(no_cloud, tmp_path))


def test_what_a_check_made_is_removed_however_it_ends(tmp_path):
    removed: list[str] = []

    def check(probe: Probe) -> None:
        probe.afterwards(removed.append, "bucket")
        probe.afterwards(removed.append, "object")
        raise Incorrect("nothing followed")

    assert judge(exercise(check), Probe(no_cloud, tmp_path)).message == "nothing followed"
    assert removed == ["object", "bucket"]


INCORRECT = Verdict(
    "upload",
    Outcome.INCORRECT,
    "The function raised `KeyError`.",
    "KeyError: 'Records'",
    "function",
)


def test_a_verdict_names_outcome_message_link_evidence_and_what_next():
    assert repr(INCORRECT) == (
        "✗ upload: incorrect\n"
        "  The function raised `KeyError`.\n"
        "  Where it broke: function\n"
        "  | KeyError: 'Records'\n"
        '  Stuck? `lab.hint("upload")` gives a hint.'
    )


def test_a_card_says_in_html_what_the_text_says():
    html = INCORRECT._repr_html_()
    for words in ("upload: incorrect", "<code>KeyError</code>", "Where it broke: function"):
        assert words in html
    assert "--jp-error-color1" in html


@pytest.mark.parametrize(
    ("outcome", "first"),
    [
        (Outcome.CORRECT, "✓ upload: correct"),
        (Outcome.NOT_ATTEMPTED, "○ upload: not attempted"),
        (Outcome.INCORRECT, "✗ upload: incorrect"),
        (Outcome.CANT_CHECK, "? upload: can't check"),
    ],
)
def test_each_outcome_has_its_own_mark(outcome, first):
    assert repr(Verdict("upload", outcome, "words")).splitlines()[0] == first


def test_a_hint_is_offered_only_where_it_helps():
    offered = {
        outcome for outcome in Outcome if "hint" in repr(Verdict("upload", outcome, "words"))
    }
    assert offered == {Outcome.NOT_ATTEMPTED, Outcome.INCORRECT}


def test_an_exercise_is_found_by_its_name():
    upload, package = exercise(print), exercise(print, "package")
    assert find_exercise([upload, package], "package") is package


def test_an_unknown_exercise_is_answered_with_the_nearest_and_all_of_them():
    known = [exercise(print), exercise(print, "package")]
    with pytest.raises(NoSuchExercise) as raised:
        find_exercise(known, "uplod")
    assert str(raised.value) == (
        "There is no exercise 'uplod' in this lab. Did you mean 'upload'?"
        " The exercises are: upload, package."
    )
    with pytest.raises(NoSuchExercise, match=r"There is: package, upload\.$"):
        find_exercise(known, "zzz")
