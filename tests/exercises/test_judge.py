import json

import pytest
from botocore.exceptions import EndpointConnectionError

from helpers.cloud.engine import Ask
from helpers.errors import NoSuchExercise, NoSuchFunction
from helpers.exercises.denial import ANYBODY
from helpers.exercises.exercise import Exercise, find_exercise
from helpers.exercises.judge import judge
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import CantCheck, Incorrect, NotAttempted, Outcome, Verdict
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


# What was denied meanwhile

STATEMENT = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "the table"}
DENIED = {
    "principal": "arn:aws:sts::111122223333:assumed-role/worker-role/worker",
    "action": "dynamodb:GetItem",
    "resource": "the table",
    "message": "User: … is not authorized to perform: dynamodb:GetItem",
    "policy": "identity-based",
    "missing": STATEMENT,
    "source": "",
    "at": "2026-11-27T12:00:00+00:00",
}

TO_LOG = DENIED | {"action": "logs:CreateLogGroup"}


def engine_that_denies(*at_each_look: list[dict]) -> Ask:
    """An engine that tells this at the first look, at the second …; they are numbered in order."""
    looks = iter(at_each_look)

    def ask(method: str, part: str, content: object = None) -> dict:
        return {"denials": [each | {"number": n} for n, each in enumerate(next(looks), start=1)]}

    return ask


def judged_while(tmp_path, raised: Exception, *told: list[dict]) -> Verdict:
    def check(probe: Probe) -> None:
        raise raised

    return judge(exercise(check), Probe(no_cloud, tmp_path, engine=engine_that_denies(*told)))


NOTHING_HAPPENED = TimeoutError("no item within 10 s")


def test_a_verdict_names_what_was_denied_and_shows_the_missing_statement(tmp_path):
    verdict = judged_while(tmp_path, NOTHING_HAPPENED, [], [DENIED])
    assert (verdict.outcome, verdict.link) == (Outcome.INCORRECT, "role")
    assert "did not let `worker-role` do this: `dynamodb:GetItem`" in verdict.message
    assert json.loads(verdict.evidence) == STATEMENT


def test_where_a_service_was_denied_a_permission_is_missing(tmp_path):
    service = DENIED | {"principal": "s3.amazonaws.com", "policy": "resource-based"}
    verdict = judged_while(tmp_path, NOTHING_HAPPENED, [], [service])
    assert verdict.link == "permission"
    assert "`s3.amazonaws.com`" in verdict.message


def test_where_only_the_log_is_missed_the_right_to_write_it_is_missing(tmp_path):
    verdict = judged_while(tmp_path, Incorrect("no log", link="effect"), [], [TO_LOG])
    assert "`logs:CreateLogGroup`" in verdict.message


def test_a_denial_that_explains_it_is_found_among_others(tmp_path):
    wrong = Incorrect("it returned nothing", link="result")
    assert "`dynamodb:GetItem`" in judged_while(tmp_path, wrong, [], [DENIED, TO_LOG]).message


def test_where_a_policy_denies_there_is_no_statement_to_add(tmp_path):
    verdict = judged_while(tmp_path, NOTHING_HAPPENED, [], [DENIED | {"missing": {}}])
    assert "A policy denies it" in verdict.message
    assert verdict.evidence == DENIED["message"]


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (NOTHING_HAPPENED, [[DENIED], [DENIED]]),
        (NOTHING_HAPPENED, [[], [DENIED | {"principal": ANYBODY}]]),
        (NotAttempted("no function yet"), [[], [DENIED]]),
        (Incorrect("it raised KeyError", link="code", evidence="KeyError: 'Item'"), [[], [DENIED]]),
        (Incorrect("the role allows too much", link="role"), [[], [DENIED]]),
        (Incorrect("it has no handler()", link="handler"), [[], [TO_LOG]]),
        (Incorrect("it returned nothing", link="result"), [[], [TO_LOG]]),
    ],
    ids=[
        "before the check",
        "to a web page",
        "nothing to look at",
        "another error",
        "known",
        "to log a failure",
        "to log a result",
    ],
)
def test_a_denial_that_explains_nothing_is_not_named(tmp_path, raised, told):
    assert judged_while(tmp_path, raised, *told) == judged(tmp_path, raised)


def test_a_cloud_that_goes_while_the_check_looks_is_told_as_such(tmp_path):
    def ask(method: str, part: str, content: object = None) -> dict:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    verdict = judge(exercise(lambda probe: None), Probe(no_cloud, tmp_path, engine=ask))
    assert verdict.outcome is Outcome.CANT_CHECK


# Verdicts

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
