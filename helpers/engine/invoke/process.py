"""The operating-system process in which a function's code runs."""

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
from helpers.engine.invoke.runtime_folder import linked_packages

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
# The base interpreter, which doesn't have the virtual environment's packages.
PYTHON = Path(getattr(sys, "_base_executable", sys.executable))
SYSTEM = tuple(map(Path, ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/etc", "/proc", "/sys")))
# Not all of /dev, where the owner's terminals and shared memory are, and root's disks.
DEVICES = tuple(Path("/dev", name) for name in ("null", "zero", "full", "random", "urandom"))
MIB = 1024 * 1024
EXIT_TIMEOUT = 2.0  # seconds


@dataclass(frozen=True)
class Folders:
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

    What the function prints goes to a file rather than a pipe: it can never block the function, and
    is complete when the result arrives.
    """

    def __init__(self, folders: Folders, handler: str, environment: Mapping[str, str]) -> None:
        self._folders = folders
        folders.make()
        self._log = open(folders.output, "wb+", buffering=0, opener=_to_append)  # noqa: SIM115 (see close)
        arguments = [str(BOOTSTRAP), str(folders.runtime), str(folders.task), handler]
        self._process = self._start([str(PYTHON), "-I", "-S", *arguments], environment)
        self._usage = psutil.Process(self._process.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ends_within(self, seconds: float) -> bool:
        """Wait for the process to end, and return whether it has."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return not self.is_alive()

    def peak_memory_mb(self) -> int:
        """Return its peak memory so far in MB (MiB, as Lambda counts), 0 if it has ended."""
        try:
            if sys.platform != "linux":
                return int(self._usage.memory_info().rss) // MIB
            status = Path(f"/proc/{self.pid}/status").read_bytes()
        except (OSError, psutil.NoSuchProcess):
            return 0
        peak = status.partition(b"VmHWM:")[2].split(maxsplit=1)
        return int(peak[0]) // 1024 if peak else 0

    def take_output(self) -> str:
        """Return what it has printed since the last call."""
        if self._log.closed:
            return ""
        self._log.seek(0)
        text = self._log.read().decode(errors="replace")
        self._log.truncate(0)
        return text

    def kill(self) -> None:
        """Kill it and whatever it has started."""
        with suppress(ProcessLookupError):  # it may have ended already
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def exit_reason(self) -> str:
        """Return how it ended, as AWS reports it. It is killed if a thread keeps it from ending."""
        try:
            code = self._process.wait(EXIT_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.kill()
            code = self._process.wait()
        if code < 0:
            signal_name = (signal.strsignal(-code) or f"signal {-code}").lower()  # "killed"
            return f"Runtime exited with error: signal: {signal_name}"
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
        folders = self._folders
        readable = [*SYSTEM, Path(sys.base_prefix), BOOTSTRAP, folders.task, folders.runtime]
        writable = [folders.own, *DEVICES, *protected.shared_folders()]
        try:
            landlock.confine_this_thread(readable + linked_packages(folders.runtime), writable)
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
            cwd=self._folders.task,
            start_new_session=True,
        )


def _to_append(path: str, flags: int) -> int:
    """Open for appending, so that after the file is emptied, output starts at its beginning."""
    return os.open(path, flags | os.O_APPEND, 0o600)
