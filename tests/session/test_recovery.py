import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlsplit

import psutil
import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from nbclient import NotebookClient
from nbformat import v4

from helpers import Lab
from helpers.checks.deadline import within
from helpers.cloud.embedded import Engine
from helpers.cloud.errors import CloudDidNotStart, CloudError
from helpers.cloud.model import Cloud
from helpers.exercises.verdict import Outcome
from helpers.session.account import pointed_at
from helpers.session.recovery import Recovery, install
from tests.fakes import plain_shell

HERE = Cloud("embedded", "http://127.0.0.1:4566", "4.9.2", pid=1)
AGAIN = Cloud("embedded", "http://127.0.0.1:4566", "4.9.2", pid=2)
ELSEWHERE = Cloud("embedded", "http://127.0.0.1:4999", "4.9.2", pid=3)
GONE = EndpointConnectionError(endpoint_url="http://127.0.0.1:4566/2015-03-31/functions")


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (GONE, True),
        (ConnectionClosedError(endpoint_url="http://127.0.0.1:4566/"), True),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:45660/"), False),
        (EndpointConnectionError(endpoint_url="http://elsewhere.test/"), False),
        (ConnectionError("no endpoint at all"), False),
        (KeyError("endpoint_url"), False),
    ],
)
def test_only_calls_that_did_not_reach_this_cloud_are_its_concern(error, ours):
    assert Recovery(HERE, lambda: AGAIN).concerns(error) is ours


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (AGAIN, "A new, empty one runs at the same address"),
        (ELSEWHERE, "A new, empty one runs at another address"),
        (HERE, "nothing in it is lost"),
    ],
)
def test_it_says_what_happened_and_what_to_do_next(found, words):
    message = Recovery(HERE, lambda: found).recover()
    assert words in message
    assert "Run the" in message


@pytest.mark.parametrize(
    ("is_running", "is_answering", "message"),
    [
        (True, True, ""),
        (True, False, "runs but does not answer"),
        (False, True, "A new, empty one runs at another address"),
    ],
)
def test_it_says_why_the_cloud_can_not_be_called(is_running, is_answering, message):
    recovery = Recovery(
        HERE,
        lambda: ELSEWHERE,
        is_running=lambda _: is_running,
        is_answering=lambda _: is_answering,
    )
    assert message in recovery.unavailable_reason()
    assert bool(message) == bool(recovery.unavailable_reason())


def test_it_says_why_the_cloud_does_not_come_back():
    def reopen() -> Cloud:
        raise CloudDidNotStart("The disk is full.")

    assert "could not be opened again.\nThe disk is full." in Recovery(HERE, reopen).recover()


def test_a_check_reports_other_failed_calls_with_their_own_message():
    other = EndpointConnectionError(endpoint_url="http://elsewhere.test/")
    assert "elsewhere.test" in Recovery(HERE, lambda: AGAIN).explain(other)
    assert "same address" in Recovery(HERE, lambda: AGAIN).explain(GONE)


@pytest.fixture
def shell(tmp_path):
    return plain_shell(tmp_path)


def test_a_notebook_shows_the_message_in_place_of_the_traceback(shell, capsys):
    install(shell, Recovery(HERE, lambda: AGAIN))
    shell.user_ns["gone"] = GONE
    result = shell.run_cell("raise gone")
    shown = capsys.readouterr().out
    assert result.error_in_exec is GONE
    assert shown.startswith("EndpointConnectionError: Your cloud had stopped")
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("LAB_CLOUD", "aws", "CloudRefused: LAB_CLOUD=aws asks for your real AWS account."),
        ("LAB_CLOUD", "embeded", "CloudRefused: LAB_CLOUD=embeded is not a cloud"),
        ("AWS_ENDPOINT_URL", "https://lambda.amazonaws.com", "CloudRefused: AWS_ENDPOINT_URL="),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1", "CloudUnreachable: AWS_ENDPOINT_URL="),
    ],
)
def test_an_unavailable_cloud_is_reported_by_its_message_alone(
    shell, capsys, monkeypatch, tmp_path, setting, value, words
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(setting, value)
    result = shell.run_cell("from helpers import Lab\nlab = Lab('welcome')")
    shown = capsys.readouterr().out
    assert isinstance(result.error_in_exec, CloudError)
    assert shown.startswith(words)
    assert "Traceback" not in shown


def test_errors_of_other_addresses_keep_their_traceback(shell, capsys):
    install(shell, Recovery(HERE, lambda: pytest.fail("nothing to open")))
    shell.user_ns["other"] = EndpointConnectionError(endpoint_url="http://elsewhere.test/")
    shell.run_cell("raise other")
    assert "Traceback" in capsys.readouterr().out


def test_without_a_notebook_there_is_nothing_to_install():
    install(None, Recovery(HERE, lambda: AGAIN))


@pytest.fixture
def own_home(tmp_path):
    """A cloud of the test's own, which it may kill."""
    home = tmp_path / "home"
    yield home
    Engine(home).stop()


@contextmanager
def squatted(endpoint: str) -> Iterator[None]:
    """Run a program that accepts every call to that address and never answers."""
    with socket.create_server(("127.0.0.1", urlsplit(endpoint).port)):
        yield


def test_a_check_does_not_wait_for_a_program_that_took_the_clouds_port(own_home, tmp_path):
    with pointed_at(HERE, "123456789012"):  # which restores the environment afterwards
        os.environ.update(LAB_HOME=str(own_home), LAB_CLOUD="embedded")
        before = Lab("welcome", folder=tmp_path, say=[].append)
        engine = psutil.Process(before.cloud.pid)
        engine.kill()
        engine.wait(10)
        with squatted(before.cloud.endpoint):
            for _ in range(2):
                verdict = within(30, partial(before.check, "postcard"))
                assert "A new, empty one runs at another address" in verdict.message
            after = Lab("welcome", folder=tmp_path, say=[].append)
            assert after.cloud.endpoint != before.cloud.endpoint
            verdict = within(30, partial(after.check, "postcard"))
            assert verdict.outcome is Outcome.INCORRECT


CELLS = (
    "import os\nimport boto3\nfrom helpers import Lab\n\nlab = Lab('welcome')",
    "boto3.client('sqs').create_queue(QueueName='orders')\nos.kill(lab.cloud.pid, 9)",
    "boto3.client('sqs').list_queues()",
    "lab = Lab('welcome')",
    "boto3.client('sqs').list_queues().get('QueueUrls', 'empty')",
)


def test_a_notebook_whose_cloud_is_killed_says_so_once_and_continues(own_home, tmp_path):
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in CELLS])
    NotebookClient(
        notebook,
        timeout=60,
        allow_errors=True,
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute(env={**os.environ, "LAB_HOME": str(own_home)})
    *_, failed, reopened, asked = notebook.cells
    (error,) = failed.outputs
    assert error.ename in ("EndpointConnectionError", "ConnectionClosedError")
    assert "A new, empty one runs at the same address" in "\n".join(error.traceback)
    assert "botocore" not in "\n".join(error.traceback)
    assert reopened.outputs == []
    assert asked.outputs[0].data["text/plain"] == "'empty'"
