"""The engine's life: one process a user, started when first needed, shared by every notebook.

What is known of it stands in engine.json; all it writes is in engine/ beside it. A lock makes sure
that two notebooks opened at the same moment start one engine, not two.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import psutil
from filelock import FileLock, Timeout

from helpers.cloud.errors import CloudDidNotStart
from helpers.cloud.health import TIMEOUT as HEALTH_TIMEOUT
from helpers.cloud.health import ask
from helpers.cloud.model import Cloud
from helpers.engine.settings import LISTENER, engine_environment
from helpers.interrupts import held

LOCALSTACK_PORT = 4566
GRACE = 2.0  # seconds that the engine has to end by itself: it keeps nothing that could be lost

State = Literal["stopped", "running", "unhealthy", "dead"]

ENDED = """\
Your cloud ended while it was starting (exit code {code}). Its last words:

{log}

Run `lab doctor` in a terminal: it looks for the cause and names the fix."""

TOO_SLOW = """\
Your cloud did not answer within {timeout:g} seconds, so it was stopped again. Its last words:

{log}

Is the machine very busy? Try again, or run `lab doctor` in a terminal."""

LOCKED = """\
Another notebook or terminal has been starting or stopping your cloud for {timeout:g} seconds.
Wait for it, or run `lab stop` and try again. (The lock is {lock}.)"""


@dataclass(frozen=True)
class _Record:
    """What engine.json says of the engine that was started last."""

    pid: int
    created: float  # when that process was made: a pid alone may be someone else's by now
    port: int
    version: str


@dataclass(frozen=True)
class EngineStatus:
    """How the engine is.

    stopped: none was started. dead: it ended without being stopped. unhealthy: its process is
    there but does not answer.
    """

    state: State
    log: Path
    pid: int | None = None
    port: int | None = None
    version: str | None = None

    @property
    def endpoint(self) -> str | None:
        return _endpoint(self.port) if self.port else None


class Engine:
    """The embedded cloud of one home folder.

    environ: what the engine inherits a little of. command: what is run as the engine.
    """

    def __init__(
        self,
        home: Path,
        environ: Mapping[str, str] = os.environ,
        command: Sequence[str] = (sys.executable, "-m", "helpers.engine"),
    ) -> None:
        self.home = home
        self._environ = environ
        self._command = command
        self._file = home / "engine.json"
        self._folder = home / "engine"
        self.log = home / "engine.log"

    def find(self) -> Cloud | None:
        """The running engine, if there is one and it answers."""
        record = self._read()
        if record is None or not _is_running(record):
            return None
        endpoint = _endpoint(record.port)
        health = ask(endpoint)
        return Cloud("embedded", endpoint, health.version, record.pid) if health else None

    def is_running(self, cloud: Cloud) -> bool:
        """Whether `cloud` is this home's engine and its process is there; it is not called."""
        record = self._read()
        if record is None or (record.pid, _endpoint(record.port)) != (cloud.pid, cloud.endpoint):
            return False
        return _is_running(record)

    def status(self) -> EngineStatus:
        record = self._read()
        if record is None:
            return EngineStatus("stopped", self.log)
        state: State = "dead"
        if _is_running(record):
            state = "running" if ask(_endpoint(record.port)) else "unhealthy"
        return EngineStatus(state, self.log, record.pid, record.port, record.version or None)

    def start(self, say: Callable[[str], None] = print, timeout: float = 60) -> Cloud:
        """The running engine, started first if need be; it takes a second or two.

        Raises CloudDidNotStart, and then leaves nothing running.
        """
        found = self.find()
        if found:
            return found
        with self._lock(timeout):
            return self.find() or self._start(say, timeout)

    def stop(self) -> bool:
        """End the engine and remove all it has written. Says whether one was running."""
        if not self.home.exists():
            return False
        with self._lock(timeout=30):
            record = self._read()
            was_running = record is not None and _is_running(record)
            if record and was_running:
                _end(record.pid)
            self._remove_traces()
        (self.home / "engine.lock").unlink(missing_ok=True)
        return was_running

    def _start(self, say: Callable[[str], None], timeout: float) -> Cloud:
        before = self._read()
        if before and _is_running(before):
            say("Your cloud does not answer: it is started again, empty.")
            _end(before.pid)
        elif before:
            say("Your cloud has ended unexpectedly: it is started again, empty.")
        else:
            say("Starting your cloud…")
        self._remove_traces()
        process = None
        try:
            with (
                held(),  # a Ctrl-C between these lines would leave an engine that nobody knows
                _listen(before.port if before else LOCALSTACK_PORT) as listener,
            ):
                port: int = listener.getsockname()[1]
                process = self._spawn(port, listener)
                # Written before it is healthy: should this very process be killed while it waits,
                # the next one finds the engine and ends it.
                record = _Record(process.pid, _created(process.pid), port, version="")
                self._write(record)
            cloud = self._wait_until_healthy(process, port, timeout)
            self._write(replace(record, version=cloud.version))
        except BaseException:  # Ctrl-C too: whatever ends the waiting, no half-started engine stays
            if process:
                _end(process.pid)
            self._file.unlink(missing_ok=True)
            raise
        process.returncode = 0  # it outlives this object, and is not this process's to wait for
        return cloud

    def _spawn(self, port: int, listener: socket.socket) -> "subprocess.Popen[bytes]":
        for name in ("tmp", "cache", "config", "volume"):
            (self._folder / name).mkdir(parents=True)
        with self.log.open("wb") as log:
            return subprocess.Popen(
                self._command,
                env=engine_environment(self._folder, port, self._environ)
                | {LISTENER: str(listener.fileno())},
                pass_fds=[listener.fileno()],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in a terminal is for the terminal's program
            )

    def _wait_until_healthy(
        self, process: "subprocess.Popen[bytes]", port: int, timeout: float
    ) -> Cloud:
        deadline = time.monotonic() + timeout
        while (remaining := deadline - time.monotonic()) > 0:
            if process.poll() is not None:
                raise CloudDidNotStart(
                    ENDED.format(code=process.returncode, log=self._last_words())
                )
            health = ask(_endpoint(port), min(remaining, HEALTH_TIMEOUT))
            if health:
                return Cloud("embedded", _endpoint(port), health.version, process.pid)
            time.sleep(0.05)
        raise CloudDidNotStart(TOO_SLOW.format(timeout=timeout, log=self._last_words()))

    def _lock(self, timeout: float) -> "_Lock":
        self.home.mkdir(parents=True, exist_ok=True)
        return _Lock(self.home / "engine.lock", timeout)

    def _read(self) -> _Record | None:
        try:
            return _Record(**json.loads(self._file.read_text()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):  # half written, or of another version: it says nothing
            return None

    def _write(self, record: _Record) -> None:
        draft = self._file.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(record)))
        draft.replace(self._file)

    def _remove_traces(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._file.unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)

    def _last_words(self, lines: int = 15) -> str:
        text = self.log.read_text(errors="replace")
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


class _Lock:
    """A FileLock whose time-out speaks to a learner."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path, self._timeout = path, timeout
        self._lock = FileLock(path, timeout=timeout)

    def __enter__(self) -> None:
        try:
            self._lock.acquire()
        except Timeout:
            message = LOCKED.format(timeout=self._timeout, lock=self._path)
            raise CloudDidNotStart(message) from None

    def __exit__(self, *exc: object) -> None:
        self._lock.release()


def _endpoint(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _created(pid: int) -> float:
    return psutil.Process(pid).create_time()


def _is_running(record: _Record) -> bool:
    try:
        process = psutil.Process(record.pid)
        is_same = abs(process.create_time() - record.created) < 1
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _end(pid: int) -> None:
    """End the engine's process and the functions' that it started."""
    try:
        engine = psutil.Process(pid)
        family = [engine, *engine.children(recursive=True)]
        engine.send_signal(signal.SIGTERM)
    except psutil.NoSuchProcess:
        return
    _, alive = psutil.wait_procs([engine], timeout=GRACE)
    _, alive = psutil.wait_procs([*alive, *family[1:]], timeout=0.5)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=GRACE)


def _listen(wanted: int) -> socket.socket:
    """A socket that listens on loopback, at `wanted` if that port is free, else at any that is.

    The engine is born with it: between finding a free port and listening there, another user's
    engine could have taken it, and would be taken for this one.
    """
    for port in (wanted, 0):
        with contextlib.suppress(OSError):
            listener = socket.create_server(("127.0.0.1", port))
            listener.setblocking(False)
            return listener
    raise CloudDidNotStart("No port of this machine is free. Close some programs and try again.")
