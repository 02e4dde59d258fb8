"""Calls that were refused are attempts, and the check after them says so."""

import boto3
import pytest
from botocore.config import Config

from helpers.exercises.exercise import Exercise
from helpers.exercises.judge import judge
from helpers.exercises.probe import Probe
from helpers.exercises.refused import RefusedCall, RefusedCalls, refused_call
from helpers.exercises.verdict import NotAttempted, Outcome
from tests.fakes import no_cloud

KEYS = {"aws_access_key_id": "1", "aws_secret_access_key": "2", "region_name": "us-east-1"}


def error_of(service, call, **how):
    """Return what the call raises at a client that reaches nothing."""
    client = boto3.client(service, endpoint_url="http://127.0.0.1:9", **KEYS, **how)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is
        call(client)
    return caught.value


BY_BOTO3 = {
    "positional": (
        "lambda",
        lambda client: client.create_function("greeter"),
        "refused.create-function",
        "function",
    ),
    "unknown": (
        "lambda",
        lambda client: client.update_function_configuration(FunctionName="f", Memory=1),
        "refused.update-function-configuration",
        "configuration",
    ),
    "no dictionary": (
        "s3",
        lambda client: client.put_bucket_notification_configuration(
            Bucket="photos", NotificationConfiguration=[]
        ),
        "refused.put-bucket-notification-configuration",
        "event source",
    ),
}


@pytest.mark.parametrize("how", BY_BOTO3)
def test_what_boto3_does_not_send_is_known_by_its_operation(how):
    service, call, diagnosis, link = BY_BOTO3[how]
    found = refused_call(error_of(service, call))
    assert found
    assert (found.id, found.link, found.by_aws) == (diagnosis, link, False)
    assert f"`{found.operation}`" in str(found)
    assert "\n" not in str(found)


def test_what_aws_refuses_is_told_in_its_words(client):
    with pytest.raises(Exception) as caught:  # noqa: PT011
        client("lambda").create_function(
            FunctionName="f", Runtime="python3.13", Role="x", Handler="f.h", Code={"ZipFile": b""}
        )
    found = refused_call(caught.value)
    assert found
    assert found.by_aws
    assert "ValidationException" in str(found)


@pytest.mark.parametrize("error", [KeyError("x"), ValueError("y")])
def test_other_errors_are_no_refused_calls(error):
    assert refused_call(error) is None


def test_a_service_that_does_not_answer_has_refused_nothing():
    quick = Config(connect_timeout=0.1, retries={"total_max_attempts": 1})
    unreachable = error_of("s3", lambda client: client.list_buckets(), config=quick)
    assert refused_call(unreachable) is None


REFUSED = error_of(*BY_BOTO3["positional"][:2])


def test_a_call_belongs_to_the_exercise_that_is_checked_next_until_it_is_made_good():
    calls = RefusedCalls()
    calls.after_cell("lambda_.create_function('greeter')", REFUSED)
    assert [call.operation for call in calls.of("create")] == ["create_function"]
    assert calls.of("fix") == []
    calls.after_cell("print(1)", None)
    assert len(calls.of("create")) == 1
    calls.after_cell("lambda_.create_function(FunctionName='greeter')", None)
    assert calls.of("create") == []


def test_only_the_last_try_of_a_call_counts():
    calls = RefusedCalls()
    for _ in range(3):
        calls.after_cell("", REFUSED)
    assert len(calls.of("create")) == 1
    calls.forget()
    assert calls.of("create") == []


def check_finds_nothing(probe: Probe) -> None:
    raise NotAttempted("There is no function yet.")


def test_a_check_that_finds_nothing_names_the_call_that_was_refused(tmp_path):
    call = RefusedCall("lambda", "create_function", "it only accepts keyword arguments", False)
    exercise = Exercise("create", "Create it", ("a", "b", "c"), check_finds_nothing)
    verdict = judge(exercise, Probe(no_cloud, tmp_path, refused=lambda exercise: [call]))
    assert verdict.outcome is Outcome.INCORRECT
    assert (verdict.diagnosis, verdict.link) == ("refused.create-function", "function")
    assert "only accepts keyword arguments" in verdict.message
    assert judge(exercise, Probe(no_cloud, tmp_path)).outcome is Outcome.NOT_ATTEMPTED
