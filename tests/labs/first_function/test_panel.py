"""The panel's button is pressed, without a browser."""

import base64
import io
import json
from functools import cache

import pytest
from botocore.exceptions import EndpointConnectionError

from helpers.functions.deploy import FunctionSpec, deploy
from helpers.functions.package import package
from helpers.labs.first_function.panel import InvokePanel
from tests.fakes import FakeService, aws_error

ID = "7d0c8c39-0b1a-4d8a-8d3a-8d0c0f8f4f5e"
LOG = f"""\
INIT_START Runtime Version: python3.13
START RequestId: {ID} Version: $LATEST
a line of its own
END RequestId: {ID}
REPORT RequestId: {ID}\tDuration: 1.50 ms\tBilled Duration: 98 ms\tMemory Size: 128 MB\t\
Max Memory Used: 38 MB\tInit Duration: 96.10 ms\t
"""


def answered(result, log=LOG, **more):
    return {
        "StatusCode": 200,
        "Payload": io.BytesIO(json.dumps(result).encode()),
        "LogResult": base64.b64encode(log.encode()).decode(),
        "ExecutedVersion": "$LATEST",
        "ResponseMetadata": {"RequestId": ID},
        **more,
    }


def pressed(answer, text='{"name": "Ada"}'):
    """The panel after one press of its button; `answer` is what AWS says, or an error."""
    client = FakeService(invoke=answer)
    panel = InvokePanel(client, "greeter")
    panel.event.value = text
    panel.button.click()
    return panel, client


def test_the_button_sends_the_event_and_shows_result_report_and_log():
    panel, client = pressed(answered({"message": "Hello, Ada!"}))
    (request,) = client.asked("invoke")
    assert (request["FunctionName"], request["InvocationType"]) == ("greeter", "RequestResponse")
    assert json.loads(request["Payload"]) == {"name": "Ada"}
    assert 'returned <code>{"message": "Hello, Ada!"}</code>' in panel.answer.value
    assert "cold start, 96.1 ms to initialise" in panel.answer.value
    assert "a line of its own" in panel.log.value
    assert "REPORT RequestId" in panel.log.value


def test_a_function_that_fails_shows_its_error():
    error = {"errorType": "KeyError", "errorMessage": "'name'", "stackTrace": ["  in handler\n"]}
    panel, _ = pressed(answered(error, FunctionError="Unhandled"))
    assert "greeter failed: KeyError" in panel.answer.value
    assert "in handler" in panel.answer.value


def test_who_does_not_wait_is_told_that_it_was_accepted():
    accepted = {
        "StatusCode": 202,
        "Payload": io.BytesIO(b""),
        "ResponseMetadata": {"RequestId": ID},
    }
    client = FakeService(invoke=accepted)
    panel = InvokePanel(client, "greeter")
    panel.kind.value = "Event"
    panel.button.click()
    assert client.asked("invoke")[0]["InvocationType"] == "Event"
    assert "accepted" in panel.answer.value
    assert "lab.logs" in panel.log.value
    assert "accepted" in panel.history.value


def test_an_event_that_is_not_json_is_shown_where_it_is_not():
    panel, client = pressed(answered({}), text='{\n  "name": Ada\n}')
    assert client.calls == []
    assert "in line 2, column 11" in panel.answer.value
    assert '"name": Ada\n          ^' in panel.answer.value.replace("&quot;", '"')


@pytest.mark.parametrize(
    "text", ["{", '{"a": 1', "", "   ", "\n", "'", "{'a': 1}", '{"a": 1,}', "nix", '{"a": 1}\n}']
)
def test_no_event_at_all_raises(text):
    panel, _ = pressed(answered({}), text)
    assert not panel.button.disabled


def test_an_empty_field_is_an_empty_event():
    _, client = pressed(answered({}), text="")
    assert json.loads(client.asked("invoke")[0]["Payload"]) == {}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (aws_error("TooManyRequestsException", "Rate exceeded"), "Rate exceeded"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "The cloud did not answer"),
    ],
)
def test_a_call_that_fails_is_shown_and_not_raised(error, words):
    panel, _ = pressed(error)
    assert words in panel.answer.value
    assert not panel.button.disabled


def test_the_button_can_not_be_pressed_while_the_function_runs():
    seen = []

    class Client(FakeService):
        def invoke(self, **arguments):
            seen.append((panel.button.disabled, "Running" in panel.answer.value))
            return answered({})

    panel = InvokePanel(Client(), "greeter")
    panel.button.click()
    assert seen == [(True, True)]
    assert not panel.button.disabled


def test_the_history_has_the_last_five_and_marks_cold_starts():
    warm = LOG.replace("Init Duration: 96.10 ms\t", "")
    panel, _ = pressed([answered({}), *[answered({}, warm) for _ in range(6)]])
    assert "<td" in panel.history.value
    assert ">cold start<" in panel.history.value
    for _ in range(6):
        panel.button.click()
    assert ">cold start<" not in panel.history.value
    assert panel.history.value.count(">warm<") == 5
    assert panel.history.value.index(">7<") < panel.history.value.index(">3<")
    assert ">2<" not in panel.history.value


def test_what_a_function_says_is_text_and_never_markup():
    panel, _ = pressed(answered("<img src=x onerror=alert(1)>", LOG + "<script>"))
    shown = panel.answer.value + panel.log.value + panel.history.value
    assert "<img" not in shown
    assert "<script" not in shown


def test_each_control_has_a_name_for_those_who_hear_it():
    panel = InvokePanel(FakeService(), "greeter")
    parts = (panel.event, panel.kind, panel.button)
    assert [part.description for part in parts] == ["Event", "Kind", "Invoke"]


def test_without_widgets_it_says_how_to_do_the_same():
    panel = InvokePanel(FakeService(), "greeter", event={"name": "Ada"})
    bundle = panel._repr_mimebundle_()
    assert bundle["text/plain"] == repr(panel)
    assert "lab.invoke('greeter', {'name': 'Ada'})" in repr(panel)
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_with_the_running_engine_the_panel_shows_a_cold_and_then_a_warm_run(client, tmp_path):
    door = cache(client)
    (tmp_path / "greeter.py").write_text(
        'def handler(event, context):\n    print("seen")\n    return event["name"]\n'
    )
    greeter = deploy(
        door, FunctionSpec("greeter", "greeter.handler", package(tmp_path / "greeter.py"))
    )
    panel = InvokePanel(client("lambda"), greeter, event={"name": "Ada"})
    panel.button.click()
    panel.button.click()
    panel.event.value = "{}"
    panel.button.click()
    assert "KeyError" in panel.answer.value
    assert panel.history.value.count(">warm<") == 2
    assert panel.history.value.count(">cold start<") == 1


def test_a_function_that_is_not_there_is_shown_with_what_was_meant(client, tmp_path):
    (tmp_path / "greeter.py").write_text("def handler(event, context):\n    return 1\n")
    deploy(
        cache(client), FunctionSpec("greeter", "greeter.handler", package(tmp_path / "greeter.py"))
    )
    panel = InvokePanel(client("lambda"), "greter")
    panel.button.click()
    assert "Did you mean" in panel.answer.value
