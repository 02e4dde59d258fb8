"""Start the engine once, find it again, replace it if it died, stop it without a trace."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from filelock import FileLock

from helpers.cloud.embedded import LOCALSTACK_PORT, Engine
from helpers.cloud.engine_lock import TO_STOP, WAITING, EngineLock
from helpers.cloud.errors import CloudDidNotStart
from helpers.cloud.model import Cloud
from helpers.engine.invoke import landlock
from tests.engine.support import Aws, until
from tests.processes import listening, processes_of

ACCOUNT = "123456789012"
START = """
import pathlib, sys
from helpers.cloud.embedded import Engine

print(Engine(pathlib.Path(sys.argv[1])).start(print).pid)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of the test's own, whose engine ends with the test."""
    with tempfile.TemporaryDirectory(prefix="lab-home-", dir="/var/tmp") as folder:
        home = Path(folder, "a home")
        yield home
        Engine(home).stop()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that the tests of this module must not end."""
    engine = Engine(tmp_path_factory.mktemp("running"))
    engine.start(say=print)
    yield engine
    engine.stop()


def aws(cloud: Cloud) -> Aws:
    secret = cloud.secret_access_key(ACCOUNT)
    session = boto3.Session(ACCOUNT, secret, region_name="us-east-1")
    return Aws(partial(session.client, endpoint_url=cloud.endpoint), ACCOUNT)


def start(engine: Engine) -> tuple[Cloud, list[str]]:
    """Start the engine. Return the cloud and the messages."""
    said: list[str] = []
    return engine.start(said.append), said


def test_an_engine_is_found_again_by_whoever_has_the_same_home(running: Engine) -> None:
    found = Engine(running.home).find()
    assert found is not None
    assert found.kind == "embedded"
    assert found.version == "4.9.2"
    assert start(Engine(running.home)) == (found, [])


def test_the_status_is_complete(running: Engine) -> None:
    status = Engine(running.home).status()
    found = running.find()
    assert found
    assert status.state == "running"
    assert (status.pid, status.endpoint, status.version) == (found.pid, found.endpoint, "4.9.2")
    assert status.log.read_text()


def test_the_engines_files_are_in_its_home(running: Engine) -> None:
    process = psutil.Process(running.status().pid)
    environ = process.environ()
    folder = running.home / "engine"
    assert Path(process.cwd()) == folder
    for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "FILESYSTEM_ROOT", "CONFIG_DIR"):
        assert Path(environ[name]).is_relative_to(folder)
    opened = [Path(file.path) for file in process.open_files() if "w" in file.mode]
    assert all(path.is_relative_to(running.home) for path in opened)


def test_everything_in_the_home_is_private_whatever_the_umask(home: Path) -> None:
    home.mkdir()
    home.chmod(0o777)
    with umask(0):
        cloud, _ = start(Engine(home))
    aws(cloud).deploy(WRITES)
    aws(cloud).s3.create_bucket(Bucket="mine")
    aws(cloud).s3.put_object(Bucket="mine", Key="key", Body=b"x")
    aws(cloud).invoke(event=[])
    files = [home, *all_in(home)]
    assert {"secret", "engine.json", "engine.log", "engine.lock"} <= {file.name for file in files}
    assert [file for file in files if is_open_to_others(file)] == []


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def all_in(folder: Path) -> list[Path]:
    return [
        Path(place, name)
        for place, folders, files in os.walk(folder)
        for name in [*folders, *files]
    ]


def is_open_to_others(file: Path) -> bool:
    try:
        mode = file.lstat().st_mode
    except FileNotFoundError:  # the engine has removed it in the meantime
        return False
    return not stat.S_ISLNK(mode) and bool(mode & 0o077)


# A function that returns which folders it can write to; "own" is its temporary folder.
WRITES = """
import os, tempfile

def handler(folders, context):
    return [folder for folder in folders if can_write(folder)]

def can_write(folder):
    try:
        tempfile.TemporaryFile(dir=tempfile.gettempdir() if folder == "own" else folder).close()
    except OSError:
        return False
    return True
"""


@pytest.mark.skipif(not landlock.is_available(), reason="this kernel has no Landlock")
def test_below_tmp_a_function_has_a_temporary_folder_of_its_own_and_not_all_of_tmp(
    running: Engine,
) -> None:
    if not running.home.is_relative_to("/tmp"):
        pytest.skip("pytest's temporary folders are not below /tmp")
    cloud = running.find()
    assert cloud
    aws(cloud).deploy(WRITES, "writes")
    code = [file.parent for file in running.home.rglob("main.py")]
    assert code
    places = [Path("/tmp"), running.home, running.home / "engine", *code]
    assert aws(cloud).invoke("writes", [*map(str, places), "own"]).result == ["own"]


def test_before_any_start_there_is_no_engine_to_find_or_stop(home: Path) -> None:
    engine = Engine(home)
    assert engine.find() is None
    assert engine.status().state == "stopped"
    assert engine.stop() is False
    assert not home.exists()


def test_simultaneous_starts_start_one_engine(home: Path) -> None:
    starters = [
        subprocess.Popen([sys.executable, "-c", START, home], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    last_lines = {starter.communicate(timeout=60)[0].splitlines()[-1] for starter in starters}
    assert last_lines == {str(Engine(home).status().pid)}
    assert len([one for one in processes_of(home) if one.ppid() in (1, os.getpid())]) == 1


def test_a_stop_leaves_no_process_no_socket_and_no_file(home: Path) -> None:
    engine = Engine(home)
    cloud, said = start(engine)
    assert said == ["Starting your cloud…"]
    aws(cloud).deploy()
    aws(cloud).invoke()
    processes = processes_of(home)
    assert len(processes) == 2  # the engine, and the function's
    assert set(listening(processes)) == {"127.0.0.1"}
    assert engine.stop() is True
    assert processes_of(home) == []
    assert not any(process.is_running() for process in processes)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", _port(cloud)), timeout=2)
    assert [file.name for file in home.iterdir()] == ["secret"]
    assert engine.status().state == "stopped"


def test_if_the_default_port_is_taken_another_is_used_and_two_users_stay_apart(
    home: Path, running: Engine
) -> None:
    with _taken(LOCALSTACK_PORT):
        cloud, _ = start(Engine(home))
    other = running.find()
    assert other
    assert len({_port(cloud), _port(other), LOCALSTACK_PORT}) >= 2
    assert _port(cloud) != LOCALSTACK_PORT
    aws(cloud).s3.create_bucket(Bucket="mine")
    assert aws(other).s3.list_buckets()["Buckets"] == []
    Engine(home).stop()
    assert Engine(running.home).find() == other


@contextmanager
def _taken(port: int) -> Iterator[None]:
    """Listen on the port, unless an engine of this machine does already."""
    try:
        server = socket.create_server(("127.0.0.1", port))
    except OSError:
        yield
        return
    with server:
        yield


def test_after_a_kill_the_next_start_says_so_and_keeps_the_address(home: Path) -> None:
    cloud, _ = start(Engine(home))
    aws(cloud).deploy("import os\ndef handler(event, context): return os.getpid()")
    function = psutil.Process(aws(cloud).invoke().result)
    psutil.Process(cloud.pid).kill()
    until(lambda: Engine(home).status().state == "dead")
    until(lambda: not function.is_running() or function.status() == psutil.STATUS_ZOMBIE)
    again, said = start(Engine(home))
    assert said == ["Your cloud has ended unexpectedly: it is started again, empty."]
    assert (again.endpoint, again.pid != cloud.pid) == (cloud.endpoint, True)
    assert aws(again).lambda_.list_functions()["Functions"] == []
    assert len(processes_of(home)) == 1


def test_an_engine_that_hangs_is_unhealthy_and_replaced(home: Path) -> None:
    cloud, _ = start(Engine(home))
    psutil.Process(cloud.pid).suspend()
    assert Engine(home).status().state == "unhealthy"
    again, said = start(Engine(home))
    assert said == [
        "Your cloud does not answer; trying once more…",
        "Your cloud does not answer: it is started again, empty.",
    ]
    assert again.pid != cloud.pid
    assert [process.pid for process in processes_of(home)] == [again.pid]


def begin(home: Path) -> "subprocess.Popen[bytes]":
    """Start a process that starts an engine."""
    starter = subprocess.Popen(
        [sys.executable, "-c", START, home], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    until(lambda: (home / "engine.json").exists(), every=0.01)
    return starter


@pytest.mark.parametrize("pauses", [[0], [0.3], [0, 0.02, 0.02], [0.3, 0.1, 0.1]], ids=str)
def test_ctrl_c_during_the_start_leaves_nothing_however_often(
    home: Path, pauses: list[float]
) -> None:
    starter = begin(home)
    for pause in pauses:
        threading.Event().wait(pause)
        starter.send_signal(signal.SIGINT)
    _, complaint = starter.communicate(timeout=20)
    assert b"KeyboardInterrupt" in complaint
    assert processes_of(home) == []
    assert [file.name for file in home.iterdir()] == ["secret"]


@pytest.mark.parametrize("text", ["garbage", '{"pid": "x", "created": null, "port": "zz"}'])
def test_an_engine_whose_record_is_damaged_ends_by_itself(home: Path, text: str) -> None:
    lost, _ = start(Engine(home))
    (home / "engine.json").write_text(text)
    assert Engine(home).status().state == "stopped"
    found, said = start(Engine(home))
    assert said == ["Starting your cloud…"]
    until(lambda: [process.pid for process in processes_of(home)] == [found.pid])
    assert found.pid != lost.pid


def test_an_engine_whose_home_was_deleted_ends_by_itself(home: Path) -> None:
    cloud, _ = start(Engine(home))
    aws(cloud).deploy()
    aws(cloud).invoke()
    shutil.rmtree(home)
    until(lambda: processes_of(home) == [])
    assert not home.exists()


def test_an_engine_whose_starter_was_killed_is_not_lost(home: Path) -> None:
    starter = subprocess.Popen([sys.executable, "-c", START, home], stdout=subprocess.DEVNULL)
    until(lambda: (home / "engine.json").exists(), every=0.01)
    starter.kill()
    starter.wait()
    assert Engine(home).status().pid in [process.pid for process in processes_of(home)]
    assert Engine(home).stop() is True
    assert processes_of(home) == []


def test_an_engine_that_ends_while_it_starts_is_reported_with_its_log(home: Path) -> None:
    broken = Engine(home, command=["sh", "-c", "echo no room; echo left on the disk; exit 3"])
    with pytest.raises(CloudDidNotStart) as caught:
        broken.start(say=print)
    message = str(caught.value)
    assert "exit code 3" in message
    assert "    no room\n    left on the disk" in message
    assert "lab doctor" in message
    assert processes_of(home) == []


def test_an_engine_that_takes_too_long_is_stopped_again(home: Path) -> None:
    slow = Engine(home, command=["sh", "-c", "echo still thinking; sleep 60"])
    with pytest.raises(CloudDidNotStart, match=r"did not answer within 0\.5 seconds") as caught:
        slow.start(say=print, timeout=0.5)
    assert "still thinking" in str(caught.value)
    assert processes_of(home) == []


def test_another_process_with_the_engines_pid_is_left_alone(home: Path) -> None:
    home.mkdir()
    record: dict[str, Any] = {"pid": os.getpid(), "created": 1.0, "port": 1, "version": "4.9.2"}
    (home / "engine.json").write_text(json.dumps(record))
    assert Engine(home).status().state == "dead"
    assert Engine(home).stop() is False  # and this process still runs


def test_a_half_written_record_is_ignored(home: Path) -> None:
    home.mkdir()
    (home / "engine.json").write_text('{"pid": 12')
    assert Engine(home).status().state == "stopped"
    assert Engine(home).find() is None


def test_waiting_for_the_lock_is_explained_and_then_what_to_do(home: Path) -> None:
    home.mkdir()
    said: list[str] = []
    with FileLock(home / "engine.lock"):
        with pytest.raises(CloudDidNotStart, match="for 2 seconds") as starting:
            Engine(home).start(said.append, timeout=2)
        with (
            pytest.raises(CloudDidNotStart, match="for 2 seconds") as stopping,
            EngineLock(home, 2, TO_STOP, said.append),
        ):
            pass
    assert said == [WAITING, WAITING]
    assert "lab stop" not in str(starting.value)
    assert "end that notebook or command; then run `lab stop` again" in str(stopping.value)


def test_a_home_that_is_a_file_is_reported(home: Path) -> None:
    home.touch()
    engine = Engine(home)
    assert engine.status().state == "stopped"
    assert engine.stop() is False
    with pytest.raises(CloudDidNotStart) as caught:
        engine.start(say=print)
    assert f"{home} is a file" in str(caught.value)
    assert "LAB_HOME" in str(caught.value)


def _port(cloud: Cloud) -> int:
    return int(cloud.endpoint.rpartition(":")[2])
