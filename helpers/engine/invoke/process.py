"""The operating-system process that a function's code runs in: started, measured, ended."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers.engine.invoke import landlock, protected
from helpers.engine.invoke.runtime_folder import linked_places

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
# The bare interpreter: of the virtual environment's packages it knows nothing.
PYTHON = Path(getattr(sys, "_base_executable", sys.executable))
SYSTEM = tuple(map(Path, ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc", "/proc", "/sys")))
# Not all of /dev: the owner's terminals and shared memory are there, and root's disks.
DEVICES = tuple(Path("/dev", name) for name in ("null", "zero", "full", "random", "urandom"))
MIB = 1024 * 1024
PATIENCE = 2.0  # seconds that a process which has said its last word may take to end


@dataclass(frozen=True)
class Place:
    """The folders of one execution environment."""

    task: Path  # the function's unpacked code: LAMBDA_TASK_ROOT
    runtime: Path  # boto3 and the runtime client: LAMBDA_RUNTIME_DIR
    own: Path  # this environment's own folder: its log and its temporary files

    @property
    def tmp(self) -> Path:
        return self.own / "tmp"

    @property
    def output(self) -> Path:
        return self.own / "output"

    def make(self) -> None:
        self.tmp.mkdir(parents=True, exist_ok=True)

    def remove(self) -> None:
        shutil.rmtree(self.own, ignore_errors=True)


class FunctionProcess:
    """Runs AWS's runtime client, and in it the handler, until it ends or is killed.

    What the function prints goes to a file rather than a pipe: it can never block the function,
    and once the result is there all of it can be read at once.
    """

    def __init__(self, place: Place, handler: str, environment: Mapping[str, str]) -> None:
        self._place = place
        place.make()
        self._log = open(place.output, "wb+", buffering=0, opener=_to_append)  # noqa: SIM115 (see close)
        arguments = [str(BOOTSTRAP), str(place.runtime), str(place.task), handler]
        self._process = self._start([str(PYTHON), "-I", "-S", *arguments], environment)
        self._usage = psutil.Process(self._process.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ends_within(self, seconds: float) -> bool:
        """Wait that long for its end. Returns whether it has ended."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return not self.is_alive()

    def peak_memory_mb(self) -> int:
        """The most memory it has had so far, in MB (MiB, as Lambda counts); 0 if it has ended."""
        try:
            if sys.platform != "linux":
                return int(self._usage.memory_info().rss) // MIB
            status = Path(f"/proc/{self.pid}/status").read_bytes()
        except (OSError, psutil.NoSuchProcess):
            return 0
        peak = status.partition(b"VmHWM:")[2].split(maxsplit=1)
        return int(peak[0]) // 1024 if peak else 0

    def take_output(self) -> str:
        """What it has printed since this was last asked."""
        if self._log.closed:
            return ""
        self._log.seek(0)
        text = self._log.read().decode(errors="replace")
        self._log.truncate(0)
        return text

    def kill(self) -> None:
        """End it and whatever it has started."""
        with suppress(ProcessLookupError):  # it may have ended already
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def exit_reason(self) -> str:
        """How it ended, in AWS's words. If a thread keeps it from ending, it is killed."""
        try:
            code = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            code = self._process.wait()
        if code < 0:
            return f"Runtime exited with error: signal: {_signal_name(-code)}"
        if code > 0:
            return f"Runtime exited with error: exit status {code}"
        return "Runtime exited without providing a reason"

    def close(self) -> None:
        self.kill()
        assert self._process.stdin
        self._process.stdin.close()
        self._log.close()

    def _start(self, command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        if not landlock.is_available():
            return self._open(command, environment)
        started: list[subprocess.Popen[bytes] | Exception] = []
        thread = threading.Thread(target=self._open_confined, args=(command, environment, started))
        thread.start()
        thread.join()
        if isinstance(started[0], Exception):
            raise started[0]
        return started[0]

    def _open_confined(
        self,
        command: list[str],
        environment: Mapping[str, str],
        started: list["subprocess.Popen[bytes] | Exception"],
    ) -> None:
        place = self._place
        readable = [*SYSTEM, Path(sys.base_prefix), BOOTSTRAP, place.task, place.runtime]
        writable = [place.own, *DEVICES, *protected.shared_folders()]
        try:
            landlock.confine_this_thread(readable + linked_places(place.runtime), writable)
            started.append(self._open(command, environment))
        except OSError as error:
            started.append(error)

    def _open(self, command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            env=dict(environment),
            cwd=self._place.task,
            start_new_session=True,
        )


def _to_append(path: str, flags: int) -> int:
    """So that what is printed after the file was emptied begins at its beginning."""
    return os.open(path, flags | os.O_APPEND, 0o600)


def _signal_name(number: int) -> str:
    """`killed`, `segmentation fault`: the names that AWS's log lines use."""
    return (signal.strsignal(number) or f"signal {number}").lower()
