"""Invoke functions in the running engine."""

from functools import cache

import pytest

from helpers.errors import LabError, NoSuchFunction
from helpers.functions.deploy import FunctionSpec, deploy
from helpers.functions.invoke import Invocation, invoke
from helpers.functions.package import package

CODE = """
def handler(event, context):
    print("seen", event)
    return {"message": "Hello, " + event["name"]}
"""


@pytest.fixture
def door(client):
    return cache(client)


@pytest.fixture
def greeter(door, tmp_path):
    (tmp_path / "greeter.py").write_text(CODE)
    deploy(door, FunctionSpec("greeter", "greeter.handler", package(tmp_path / "greeter.py")))
    return "greeter"


def test_a_result_comes_with_its_log_and_its_report(door, greeter):
    answer = invoke(door, greeter, {"name": "Ada"})
    assert answer.result == {"message": "Hello, Ada"}
    assert answer.error is None
    assert answer.printed == "seen {'name': 'Ada'}\n"
    assert "START RequestId: " + answer.request_id in answer.log
    assert answer.report.request_id == answer.request_id
    assert answer.report.memory_mb == 128
    assert answer.version == "$LATEST"


def test_the_first_invocation_is_cold_and_the_next_warm(door, greeter):
    first, second = (invoke(door, greeter, {"name": "Ada"}) for _ in range(2))
    assert (first.cold, second.cold) == (True, False)


def test_an_invocation_shows_its_result_its_output_and_its_report(door, greeter):
    first, printed, report = repr(invoke(door, greeter, {"name": "Ada"})).splitlines()
    assert first == '✓ greeter returned `{"message": "Hello, Ada"}`'
    assert printed == "  | seen {'name': 'Ada'}"
    assert report.startswith("  cold start, ")
    assert " ms · billed " in report


def test_a_long_result_is_shown_line_by_line():
    long = Invocation("greeter", "RequestResponse", 200, "", {"a": "x" * 200})
    first, *block = repr(long).splitlines()
    assert first == "✓ greeter returned:"
    assert block[0] == "  | {"


def test_a_failed_invocation_does_not_raise_and_shows_type_message_and_line(door, greeter):
    answer = invoke(door, greeter, {})
    assert answer.result is None
    assert str(answer.error) == "KeyError: 'name'"
    assert "line 4, in handler" in "".join(answer.error.stack_trace)
    assert repr(answer).startswith(
        "✗ greeter failed: KeyError: 'name'\n  |   File \"greeter.py\", "
    )


def test_an_event_invocation_returns_before_there_is_a_result(door, greeter):
    answer = invoke(door, greeter, {"name": "Ada"}, kind="Event")
    assert (answer.status, answer.result, answer.report) == (202, None, None)
    assert repr(answer) == "✓ greeter: accepted, it runs by itself (202)"


def test_a_dry_run_runs_nothing(door, greeter):
    answer = invoke(door, greeter, kind="DryRun")
    assert answer.status == 204
    assert repr(answer) == "✓ greeter: it could be invoked; nothing ran (204)"


def test_a_version_can_be_asked_for_by_its_alias(door, greeter):
    version = door("lambda").publish_version(FunctionName=greeter)["Version"]
    door("lambda").create_alias(FunctionName=greeter, Name="prod", FunctionVersion=version)
    assert invoke(door, greeter, {"name": "Ada"}, qualifier="prod").version == "1"
    with pytest.raises(NoSuchFunction, match=r"alias 'prood'\. Did you mean 'prod'\?"):
        invoke(door, greeter, qualifier="prood")


def test_a_missing_function_is_reported_with_the_nearest_name(door, greeter):
    with pytest.raises(NoSuchFunction) as raised:
        invoke(door, "greter")
    assert str(raised.value) == (
        "There is no function 'greter' in this lab. Did you mean 'greeter'?"
    )


def test_an_event_that_is_not_json_or_an_unknown_kind_is_not_sent():
    def no_cloud(service: str) -> None:
        raise AssertionError(service)

    with pytest.raises(LabError, match="has to be JSON"):
        invoke(no_cloud, "greeter", {"at": object()})
    with pytest.raises(LabError, match="Did you mean 'Event'"):
        invoke(no_cloud, "greeter", kind="event")
