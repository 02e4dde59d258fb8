"""A function is updated while it runs: as on AWS, the running invocation isn't interrupted."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.engine.support import Aws, package, until

NEW = "def handler(event, context): return 'new'"

# Each tells by a knock at the test's door that it has begun, and needs its package long after.
KNOCK = """
import os, socket, time
def knock():
    socket.create_connection(("127.0.0.1", int(os.environ["DOOR"]))).close()
    time.sleep(0.8)
"""
RUNS_LONG = f"""{KNOCK}
def handler(event, context):
    knock()
    from late import WORD
    print("came to its end")
    return WORD
"""
STARTS_SLOWLY = f"""{KNOCK}
knock()
from late import WORD

def handler(event, context):
    print("came to its end")
    return WORD
"""


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        yield listener


def deploy(aws: Aws, code: str, door: socket.socket) -> None:
    variables = {"DOOR": str(door.getsockname()[1])}
    aws.deploy({"main.py": code, "late.py": "WORD = 'old'"}, Environment={"Variables": variables})


@pytest.mark.parametrize("code", [RUNS_LONG, STARTS_SLOWLY], ids=["running", "starting"])
def test_an_invocation_that_started_before_an_update_runs_to_its_end(
    aws: Aws, door: socket.socket, code: str
) -> None:
    deploy(aws, code, door)
    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(aws.invoke)
        door.accept()[0].close()
        aws.lambda_.update_function_code(FunctionName="function", ZipFile=package(NEW))
        assert aws.invoke().result == "new"
        assert begun.result().result == "old"
    until(lambda: "came to its end" in aws.logs())


def test_an_asynchronous_invocation_runs_to_its_end_once(aws: Aws, door: socket.socket) -> None:
    deploy(aws, RUNS_LONG, door)
    aws.lambda_.invoke(FunctionName="function", InvocationType="Event")
    door.accept()[0].close()
    aws.lambda_.update_function_code(FunctionName="function", ZipFile=package(NEW))
    until(lambda: "came to its end" in aws.logs())
    assert sum(line.startswith("START") for line in aws.logs()) == 1
