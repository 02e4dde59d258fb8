"""A function that fails returns the error that it has on AWS, and the next invocation works."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

from tests.engine.support import Aws, package, until

FAILURES = {
    "sys.exit": (
        "import sys\ndef handler(event, context):\n    if event: sys.exit(1)\n    return 'ok'",
        "Runtime.ExitError",
        "RequestId: {id} Error: Runtime exited with error: exit status 1",
    ),
    "leaving without a word": (
        "import os\ndef handler(event, context):\n    if event: os._exit(0)\n    return 'ok'",
        "Runtime.ExitError",
        "RequestId: {id} Error: Runtime exited without providing a reason",
    ),
    "killed": (
        "import os\ndef handler(event, context):\n    if event: os.kill(os.getpid(), 9)\n"
        "    return 'ok'",
        "Runtime.ExitError",
        "RequestId: {id} Error: Runtime exited with error: signal: killed",
    ),
    "time-out": (
        "import time\ndef handler(event, context):\n    time.sleep(5 if event else 0)\n"
        "    return 'ok'",
        "Sandbox.Timedout",
        "RequestId: {id} Error: Task timed out after 1.00 seconds",
    ),
    "out of memory": (
        "def handler(event, context):\n    if event: bytearray(300_000_000)\n    return 'ok'",
        "Runtime.OutOfMemory",
        "RequestId: {id} Error: Runtime exited with error: signal: killed",
    ),
    "not JSON": (
        "def handler(event, context): return {1, 2} if event else 'ok'",
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type set is not JSON serializable",
    ),
    "response too large": (
        "def handler(event, context): return 'x' * 6_300_000 if event else 'ok'",
        "Function.ResponseSizeTooLarge",
        "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_reported_as_on_aws_and_the_next_invocation_works(
    aws: Aws, failure: str
) -> None:
    source, error_type, message = FAILURES[failure]
    aws.deploy(source, Timeout=1)
    reply = aws.invoke(event=1)
    assert reply.error == "Unhandled"
    assert reply.result["errorType"] == error_type
    assert reply.result["errorMessage"] == message.format(id=reply.request_id)
    assert aws.invoke(event=0).result == "ok"


UNLOADABLE = {
    "missing module": (
        {"main.py": "import numpy\ndef handler(event, context): pass"},
        "Runtime.ImportModuleError",
        "Unable to import module 'main': No module named 'numpy'",
    ),
    "missing file": (
        {"other.py": "def handler(event, context): pass"},
        "Runtime.ImportModuleError",
        "Unable to import module 'main': No module named 'main'",
    ),
    "missing handler": (
        {"main.py": "def handle(event, context): pass"},
        "Runtime.HandlerNotFound",
        "Handler 'handler' missing on module 'main'",
    ),
    "syntax error": (
        {"main.py": "def handler(event, context)\n    pass"},
        "Runtime.UserCodeSyntaxError",
        "Syntax error in module 'main': expected ':' (main.py, line 1)",
    ),
    "error while loading": (
        {"main.py": "raise KeyError('TABLE')"},
        "KeyError",
        "'TABLE'",
    ),
}


@pytest.mark.parametrize("failure", UNLOADABLE)
def test_a_function_that_cannot_be_loaded_reports_why_until_it_is_fixed(
    aws: Aws, failure: str
) -> None:
    files, error_type, message = UNLOADABLE[failure]
    aws.deploy(files)
    for _ in range(2):
        reply = aws.invoke()
        assert reply.error == "Unhandled"
        assert (reply.result["errorType"], reply.result["errorMessage"]) == (error_type, message)
        assert f"Error Type: {error_type}" in reply.log
    aws.lambda_.update_function_code(
        FunctionName="function",
        ZipFile=package("def handler(event, context): return 'mended'"),
    )
    assert aws.invoke().result == "mended"


def test_an_exception_has_its_message_type_request_id_and_stack(aws: Aws) -> None:
    aws.deploy("def handler(event, context):\n    return {}['missing']\n")
    reply = aws.invoke()
    assert reply.error == "Unhandled"
    assert reply.result == {
        "errorMessage": "'missing'",
        "errorType": "KeyError",
        "requestId": reply.request_id,
        "stackTrace": [
            "  File \"/var/task/main.py\", line 2, in handler\n    return {}['missing']\n"
        ],
    }


def test_a_custom_exception_keeps_its_name(aws: Aws) -> None:
    aws.deploy(
        "class OutOfStock(Exception): pass\ndef handler(event, context): raise OutOfStock('apples')"
    )
    result = aws.invoke().result
    assert (result["errorType"], result["errorMessage"]) == ("OutOfStock", "apples")


def test_an_exception_keeps_the_process_warm(aws: Aws) -> None:
    aws.deploy("import os\ndef handler(event, context): raise ValueError(os.getpid())")
    assert aws.invoke().result["errorMessage"] == aws.invoke().result["errorMessage"]


def test_a_stack_trace_has_no_paths_of_this_machine(aws: Aws) -> None:
    aws.deploy("raise KeyError('TABLE')")
    reply = aws.invoke()
    paths = [line.split('"')[1] for line in reply.result["stackTrace"]]
    assert all(path.startswith(("/var/", "<frozen ")) for path in paths)
    assert "/var/task/main.py" in paths


def test_a_process_that_was_killed_between_two_invocations_is_reported_and_replaced(
    aws: Aws,
) -> None:
    aws.deploy("import os\ndef handler(event, context): return os.getpid()")
    killed: Any = aws.invoke().result
    psutil.Process(killed).kill()
    until(lambda: _has_ended(killed))
    reply = aws.invoke()
    assert reply.result != killed
    assert "signal: killed between two invocations; this one is a cold start" in reply.log
    assert "Init Duration" in reply.log


def _has_ended(pid: int) -> bool:
    """Return whether all threads of a process have ended; it may still be a zombie."""
    try:
        process = psutil.Process(pid)
        return process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1
    except psutil.NoSuchProcess:
        return True


def test_processes_that_a_function_leaves_behind_are_killed(aws: Aws) -> None:
    aws.deploy(
        "import subprocess, time\n"
        "def handler(event, context):\n"
        "    print('child', subprocess.Popen(['sleep', '600']).pid, flush=True)\n"
        "    time.sleep(5)",
        Timeout=1,
    )
    log = aws.invoke().log
    child = int(log.partition("child ")[2].split()[0])
    until(lambda: _has_ended(child))


def test_a_thread_that_outlives_a_failed_import_blocks_nothing(aws: Aws) -> None:
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=[60]).start()\n"
    aws.deploy(thread + "import nowhere")
    assert aws.invoke().result["errorType"] == "Runtime.ImportModuleError"


def test_a_function_that_is_deleted_while_it_runs_is_stopped(aws: Aws) -> None:
    aws.deploy(
        "import os, time\n"
        "def handler(event, context):\n"
        "    if event == 'who': return os.getpid()\n"
        "    time.sleep(30)",
        Timeout=60,
    )
    pid: Any = aws.invoke(event="who").result
    with ThreadPoolExecutor() as pool:
        running = pool.submit(aws.invoke)
        until(running.running)
        aws.lambda_.delete_function(FunctionName="function")
        until(lambda: _has_ended(pid))
        with suppress(ClientError):
            assert running.result(timeout=10).error
