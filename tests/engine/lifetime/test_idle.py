"""An engine that isn't called ends by itself, unless a process uses it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock

from helpers.cloud.embedded import Engine
from helpers.cloud.errors import CloudDidNotStart
from helpers.cloud.process import created
from helpers.engine.lifetime.idle import LastCall, end_if_unused, is_unused
from helpers.engine.lifetime.presence import Presence
from helpers.engine.lifetime.record import Record, read, write
from helpers.system.alive import is_alive
from helpers.system.process_note import this_process
from tests.engine.support import until

HOURS = 4 * 60 * 60
ME = this_process({})


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_engine_is_unused_if_it_was_not_called_for_that_long(
    tmp_path: Path, clock: Clock
) -> None:
    last_call = LastCall(clock)
    clock.now += HOURS - 1
    assert not is_unused(tmp_path, HOURS, last_call)
    clock.now += 1
    assert is_unused(tmp_path, HOURS, last_call)
    last_call.note("Boto3/1.41 md/Botocore#1.41")
    assert not is_unused(tmp_path, HOURS, last_call)


def test_calls_of_its_own_functions_do_not_count(tmp_path: Path, clock: Clock) -> None:
    last_call = LastCall(clock)
    clock.now += HOURS
    last_call.note("Boto3/1.41 md/Botocore#1.41 exec-env/AWS_Lambda_python3.11")
    assert is_unused(tmp_path, HOURS, last_call)


def test_a_running_process_keeps_it_however_long_ago_the_last_call_was(
    tmp_path: Path, clock: Clock
) -> None:
    last_call = LastCall(clock)
    Presence(tmp_path).add(ME)
    clock.now += 100 * HOURS
    assert not is_unused(tmp_path, HOURS, last_call)
    Presence(tmp_path).remove(ME)
    assert is_unused(tmp_path, HOURS, last_call)


class Idle:
    """An unused engine in its home."""

    def __init__(self, home: Path) -> None:
        self.file = home / "engine.json"
        self.has_ended = False
        self.is_unused = True
        self.record = Record(os.getpid(), 1.0, 4566, "4.9.2")
        write(self.file, self.record)
        (home / "engine" / "tmp").mkdir(parents=True)
        (home / "engine.log").touch()

    def look(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        end_if_unused(self.file, lambda: self.is_unused, self.end, lambda _: meanwhile())

    def left(self) -> list[str]:
        """Return the names of the files in its home, except the lock."""
        return sorted(f.name for f in self.file.parent.iterdir() if f.suffix != ".lock")

    def end(self) -> None:
        self.has_ended = True


ALL = ["engine", "engine.json", "engine.log"]


def test_an_unused_engine_ends_and_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    idle = Idle(tmp_path)
    idle.look()
    assert idle.has_ended
    assert list(tmp_path.iterdir()) == []
    assert "no notebook uses it" in capsys.readouterr().out


def test_a_used_engine_stays(tmp_path: Path) -> None:
    idle = Idle(tmp_path)
    idle.is_unused = False
    idle.look()
    assert not idle.has_ended
    assert idle.left() == ALL


@pytest.mark.parametrize("has_note", [True, False])
def test_it_stays_if_it_is_called_at_that_moment(
    tmp_path: Path, clock: Clock, has_note: bool
) -> None:
    idle, last_call = Idle(tmp_path), LastCall(clock)
    clock.now += HOURS

    def come(seconds: float) -> None:
        assert not idle.file.exists()
        if has_note:
            Presence(tmp_path).add(ME)
        else:
            last_call.note()

    end_if_unused(idle.file, lambda: is_unused(tmp_path, HOURS, last_call), idle.end, come)
    assert not idle.has_ended
    assert set(ALL) <= set(idle.left())
    assert read(idle.file) == idle.record


def test_it_stays_while_somebody_starts_or_stops_it(tmp_path: Path) -> None:
    idle = Idle(tmp_path)
    with FileLock(tmp_path / "engine.lock"):
        idle.look()
    assert not idle.has_ended
    assert idle.left() == ALL


def test_nobody_can_start_or_stop_it_while_it_withdraws(tmp_path: Path) -> None:
    idle = Idle(tmp_path)
    idle.look(meanwhile=lambda: Idle.look(idle))  # a second look finds the lock taken
    assert idle.has_ended


def test_files_of_another_engine_are_kept(tmp_path: Path) -> None:
    idle = Idle(tmp_path)
    write(idle.file, Record(os.getpid() + 1, 1.0, 4566, "4.9.2"))
    idle.look()
    assert not idle.has_ended
    assert idle.left() == ALL


def test_it_stays_if_the_notes_cannot_be_read(tmp_path: Path) -> None:
    idle = Idle(tmp_path)

    def nobody_knows() -> bool:
        raise PermissionError

    end_if_unused(idle.file, nobody_knows, idle.end, lambda _: None)
    assert not idle.has_ended


# With a real engine


KERNEL = """
import sys
from helpers import Lab

print(Lab("welcome", say=lambda words: None).cloud.pid, flush=True)
sys.stdin.read()
"""
IDLE = 2.0  # seconds; an engine that may end does so within less


class Kernel:
    """A process that has opened a lab, and then waits until it is killed."""

    def __init__(self, home: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", KERNEL],
            cwd=folder,
            env={**os.environ, "LAB_HOME": str(home), "LAB_IDLE": str(IDLE)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def open(self) -> Callable[[], bool]:
        """Wait until the lab is open, and return a function that tells whether its engine runs."""
        assert self._process.stdout
        pid = int(self._process.stdout.readline())
        return partial(is_alive, pid, created(pid))

    def kill(self) -> None:
        """Kill it, without a chance to clean up."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()


@pytest.fixture
def home() -> Iterator[Path]:
    """A home folder for the test, whose engine ends with the test."""
    with tempfile.TemporaryDirectory(prefix="lab-home-", dir="/var/tmp") as folder:
        yield Path(folder)
        Engine(Path(folder)).stop()


@pytest.fixture
def kernel(home: Path, tmp_path: Path) -> Iterator[Kernel]:
    running = Kernel(home, tmp_path)
    yield running
    running.kill()


def test_an_engine_ends_after_its_last_notebook_and_call(
    home: Path, kernel: Kernel, tmp_path: Path
) -> None:
    engine_runs = kernel.open()
    os.link(home / "engine.log", tmp_path / "engine.log")
    time.sleep(IDLE + 2)
    assert engine_runs()  # the kernel lives, though it is silent

    called = time.monotonic()
    assert Engine(home).status().state == "running"
    kernel.kill()
    until(lambda: not engine_runs())
    assert time.monotonic() - called > IDLE  # the call counted
    left = {file.name for file in home.iterdir()}
    assert not left & {*ALL, "engine.lock", "present"}
    assert "no notebook uses it" in (tmp_path / "engine.log").read_text()
    assert Engine(home).status().state == "stopped"

    said: list[str] = []
    with pytest.raises(CloudDidNotStart):
        Engine(home, command=["false"]).start(said.append)
    assert said == ["Starting your cloud…"]
