"""The Runtime API serves its own function, and no other process of the machine."""

import json
import logging
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

import psutil
import pytest

from helpers.cloud.model import Cloud
from helpers.engine.invoke.process import Folders, FunctionProcess
from helpers.engine.invoke.runtime_api import Call, RuntimeApi
from helpers.engine.invoke.runtime_folder import make_runtime_folder
from tests.engine.support import Aws, until

NEXT = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: runtime\r\n\r\n"
FAKE = (
    "POST /2018-06-01/runtime/invocation/1/response HTTP/1.1\r\nHost: runtime\r\n"
    'Content-Length: 6\r\n\r\n"fake"'
)

# Answers once the file that the event names is there.
WAITS = """
import os, time

def handler(event, context):
    while not os.path.exists(event):
        time.sleep(0.01)
    return "its own"
"""

# A process of anybody: what it sends, and what it gets.
STRANGER = """
import socket, sys

host, port = sys.argv[1].split(":")
with socket.create_connection((host, int(port)), timeout=10) as connection:
    connection.sendall(sys.argv[2].encode())
    try:
        print(connection.recv(10_000))
    except ConnectionResetError:
        print(b"")
"""

# A function that sends a request to every port that listens, of those given; asked again, it tells
# what came back.
SCANS = r"""
import contextlib, re, socket

kept = []

def listening():
    lines = open("/proc/net/tcp").read()
    return {int(port, 16) for port in re.findall(r": 0100007F:(\w{4}) \w+:0000 0A", lines)}

def handler(event, context):
    if event is None:
        return [answer(connection) for connection in kept]
    for port in listening() & set(event["ports"]):
        kept.append(socket.create_connection(("127.0.0.1", port)))
        kept[-1].sendall(event["request"].encode())
    return len(kept)

def answer(connection):
    with contextlib.suppress(OSError):
        return connection.recv(10_000, socket.MSG_DONTWAIT).decode()
"""


class Function:
    """A function's process and its Runtime API, without an engine."""

    def __init__(self, place: Folders, source: str) -> None:
        place.task.mkdir()
        (place.task / "main.py").write_text(source)
        make_runtime_folder(place.runtime)
        self.api = RuntimeApi()
        environment = {"AWS_LAMBDA_RUNTIME_API": self.api.address, "TMPDIR": str(place.tmp)}
        self.process = FunctionProcess(place, "main.handler", environment)
        self.api.serve(self.process.pid)

    def next_call(self) -> Call:
        """Wait for a call as the executor does, even if a connection is closed meanwhile."""
        call: Call = until(self._look, every=0)
        return call

    def _look(self) -> Call | None:
        with suppress(ConnectionResetError):
            return self.api.next_call(0.1)
        return None

    def invoke(self, event: object) -> None:
        call = self.next_call()
        assert call.requests_invocation
        head = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": "1",
            "Lambda-Runtime-Deadline-Ms": "9" * 13,
            "Lambda-Runtime-Invoked-Function-Arn": "arn",
        }
        call.answer(HTTPStatus.OK, json.dumps(event).encode(), head)

    def close(self) -> None:
        self.process.close()
        self.api.close()


@pytest.fixture
def place(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "task", tmp_path / "runtime", tmp_path / "own")


@pytest.fixture
def run(place: Folders) -> Iterator[Callable[[str], Function]]:
    """Start a function with this source."""
    started: list[Function] = []

    def run(source: str) -> Function:
        started.append(Function(place, source))
        return started[-1]

    yield run
    for function in started:
        function.close()


@pytest.mark.parametrize("request_", [NEXT, FAKE], ids=["asks for the event", "fakes an answer"])
def test_a_stranger_is_refused_and_the_function_is_not_disturbed(
    run: Callable[[str], Function], place: Folders, request_: str
) -> None:
    function = run(WAITS)
    function.invoke(str(place.tmp / "go on"))
    command = [sys.executable, "-c", STRANGER, function.api.address, request_]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as stranger:
        while stranger.poll() is None:
            assert function.api.next_call(0.1) is None
        assert stranger.stdout
        assert stranger.stdout.read() == b"b''\n"
    (place.tmp / "go on").touch()
    assert function.next_call().body == b'"its own"'


def test_a_stranger_who_connects_first_does_not_block_the_function(
    run: Callable[[str], Function],
) -> None:
    function = run(WAITS)
    with socket.create_connection(function.api.address.split(":"), timeout=10) as stranger:
        stranger.sendall(NEXT.encode())
        assert function.next_call().requests_invocation
        assert len(function.api._connections) == 1
        with pytest.raises(ConnectionResetError):  # closed with its request unread
            stranger.recv(1)


def test_many_strangers_use_no_resources_and_are_logged_once(
    run: Callable[[str], Function], place: Folders, caplog: pytest.LogCaptureFixture
) -> None:
    function = run(WAITS)
    function.invoke(str(place.tmp / "go on"))
    before = psutil.Process().num_fds()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            strangers = [
                socket.create_connection(function.api.address.split(":"), timeout=10)
                for _ in range(100)
            ]
            assert function.api.next_call(1) is None
            for stranger in strangers:
                assert stranger.recv(1) == b""
                stranger.close()
    assert psutil.Process().num_fds() == before
    assert [record.getMessage() for record in caplog.records] == [
        f"Refused a connection to {function.api.address} from another process"
    ]
    (place.tmp / "go on").touch()
    assert function.next_call().body == b'"its own"'


def test_nobody_is_served_before_the_process_is_known() -> None:
    api = RuntimeApi()
    try:
        with socket.create_connection(api.address.split(":"), timeout=10) as ours:
            assert api.next_call(1) is None
            assert ours.recv(1) == b""
    finally:
        api.close()


def test_a_process_that_the_function_has_started_is_served(
    run: Callable[[str], Function],
) -> None:
    function = run(
        "import os, subprocess, sys\n"
        "def handler(event, context):\n"
        f"    command = [sys.executable, '-c', {STRANGER!r}]\n"
        f"    command += [os.environ['AWS_LAMBDA_RUNTIME_API'], {FAKE!r}]\n"
        "    return subprocess.run(command, capture_output=True, text=True).stdout\n"
    )
    function.invoke(None)
    call = function.next_call()
    assert call.body == b'"fake"'
    call.answer(HTTPStatus.ACCEPTED)
    assert b"HTTP/1.1 202" in function.next_call().body


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc/net/tcp")
@pytest.mark.parametrize("request_", [NEXT, FAKE], ids=["asks for the event", "fakes an answer"])
def test_another_function_of_the_same_user_is_refused(
    aws: Aws, cloud: Cloud, request_: str
) -> None:
    aws.deploy("import time\ndef handler(event, context):\n    time.sleep(0.5)\n    return event")
    aws.deploy(SCANS, "scanner")
    assert aws.invoke(event="warm").result == "warm"
    ports = listening_ports(cloud)
    assert aws.invoke("scanner", {"ports": ports, "request": request_}).result == len(ports)
    assert aws.invoke(event="the victim's event").result == "the victim's event"
    answers = aws.invoke("scanner").result
    assert len(answers) == len(ports)
    assert "the victim's event" not in str(answers)


def listening_ports(cloud: Cloud) -> list[int]:
    connections = psutil.Process(cloud.pid).net_connections("tcp4")
    return [each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN]


def test_a_function_whose_client_reconnects_is_still_served(aws: Aws) -> None:
    """The client does so by itself when a handler has taken longer than 118 seconds."""
    aws.deploy(
        "import os, socket\n"
        "def handler(event, context):\n"
        "    for name in os.listdir('/proc/self/fd'):\n"
        "        try:\n"
        "            own = socket.socket(fileno=os.dup(int(name)))\n"
        "        except OSError:\n"
        "            continue\n"
        "        with own:\n"
        "            own.shutdown(socket.SHUT_RDWR)\n"
        "    return 'heard'\n"
    )
    assert aws.invoke().result == "heard"
    assert aws.invoke().result == "heard"
