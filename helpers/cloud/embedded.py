"""The engine's life: one process a user, started when first needed, shared by every notebook.

What is known of it stands in engine.json; all it writes is in engine/ beside it. A lock makes sure
that two notebooks opened at the same moment start one engine, not two. The home is its owner's
alone, and a home that is another user's is not used: whoever writes there commands the cloud.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from helpers.cloud.engine_lock import TO_START, TO_STOP, EngineLock
from helpers.cloud.errors import CloudDidNotStart
from helpers.cloud.health import TIMEOUT as HEALTH_TIMEOUT
from helpers.cloud.health import ask
from helpers.cloud.home import make_home
from helpers.cloud.model import Cloud
from helpers.cloud.process import created, end, is_running
from helpers.engine.lifetime import record as records
from helpers.engine.lifetime.presence import Presence
from helpers.engine.lifetime.record import Record
from helpers.engine.lifetime.secret import engine_secret
from helpers.engine.settings import LISTENER, OWNERS_HOME, RECORD, engine_environment
from helpers.system.disk_errors import refused
from helpers.system.interrupts import held
from helpers.system.log_tail import last_words
from helpers.system.private_files import is_own, private
from helpers.system.process_note import this_kernel

LOCALSTACK_PORT = 4566
ATTEMPTS = (1.0, 2.0)  # seconds; an engine that answers neither of two calls is taken to hang

State = Literal["stopped", "running", "unhealthy", "dead"]

HANGS = "Your cloud does not answer; asking it once more…"

ENDED = """\
Your cloud ended while it was starting (exit code {code}). Its last words:

{log}

Run `lab doctor` in a terminal: it looks for the cause and names the fix."""

TOO_SLOW = """\
Your cloud did not answer within {timeout:g} seconds, so it was stopped again. Its last words:

{log}

Is the machine very busy? Try again, or run `lab doctor` in a terminal."""

NO_PLACE = """\
Your cloud has no place to work in. {what}
{fix} Or set LAB_HOME to another folder. Run `lab doctor` to see whether that is all."""


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
        self._presence = Presence(home)

    def find(self) -> Cloud | None:
        """The running engine, if there is one and it answers."""
        record = self._running()
        return self._ask(record, *ATTEMPTS) if record else None

    def has_process(self) -> bool:
        """Whether an engine was started and has not ended; it is not called."""
        return self._running() is not None

    def is_at(self, endpoint: str) -> bool:
        """Whether this home's engine has a process and listens there; it is not called."""
        record = self._running()
        return record is not None and _endpoint(record.port) == endpoint.rstrip("/")

    def is_running(self, cloud: Cloud) -> bool:
        """Whether `cloud` is this home's engine and its process is there; it is not called."""
        record = self._running()
        return record is not None and (record.pid, _endpoint(record.port)) == (
            cloud.pid,
            cloud.endpoint,
        )

    def status(self) -> EngineStatus:
        record = self._record()
        if record is None:
            return EngineStatus("stopped", self.log)
        state: State = "dead"
        if is_running(record):
            state = "running" if self._ask(record, HEALTH_TIMEOUT) else "unhealthy"
        return EngineStatus(state, self.log, record.pid, record.port, record.version or None)

    def start(self, say: Callable[[str], None] = print, timeout: float = 60) -> Cloud:
        """The running engine, started first if need be; it takes a second or two.

        Raises CloudDidNotStart, and then leaves nothing running.
        """
        try:
            make_home(self.home)
            self._presence.add(this_kernel(self._environ))  # before it looks: see engine/idle.py
            found, hangs = self._look(say)
            if found:
                return found
            with EngineLock(self.home, timeout, TO_START, say) as lock:
                return self._find_or_start(say, timeout, hangs, lock)
        except OSError as error:
            what, fix = refused(self.home, error)
            raise CloudDidNotStart(NO_PLACE.format(what=what, fix=fix)) from error

    def stop(self, say: Callable[[str], None] = print) -> bool:
        """End the engine and remove all it has written. Says whether one was running.

        Raises CloudDidNotStart if another starts or stops it for half a minute.
        """
        if not (self.home.is_dir() and is_own(self.home)):
            return False
        with EngineLock(self.home, 30, TO_STOP, say) as lock, held():
            record = self._running()
            if record:
                end(record.pid)
            self._remove_traces()
            self._presence.remove(this_kernel(self._environ))
            lock.remove()
        return record is not None

    def _look(self, say: Callable[[str], None]) -> tuple[Cloud | None, Record | None]:
        """The engine if it answers, or else the record of one that hangs."""
        record = self._running()
        if record is None or not record.version:  # the one who starts it has the lock
            return None, None
        found = self._ask(record, ATTEMPTS[0])
        if not found:
            say(HANGS)
            found = self._ask(record, ATTEMPTS[1])
        return found, None if found else record

    def _find_or_start(
        self, say: Callable[[str], None], timeout: float, hangs: Record | None, lock: EngineLock
    ) -> Cloud:
        """With the lock in hand: another may have started it while this one waited for it."""
        # once more: whoever had the lock before may have removed the notes' folder, or the home
        self._presence.add(this_kernel(self._environ))
        record = self._running()
        found = self._ask(record, *ATTEMPTS) if record and record != hangs else None
        if found:
            return found
        try:
            return self._start(say, timeout)
        except CloudDidNotStart:
            raise
        except BaseException:  # Ctrl-C: neither the note nor the lock's file is left
            with held():
                self._presence.remove(this_kernel(self._environ))
                lock.remove()
            raise

    def _start(self, say: Callable[[str], None], timeout: float) -> Cloud:
        before = self._record()
        engine_secret(self.home)
        say(_announcement(before))
        process = None
        try:
            with held():  # a Ctrl-C between these lines would leave an engine that nobody knows
                if before and is_running(before):
                    end(before.pid, grace=0)
                self._remove_traces()
                with _listen(before.port if before else LOCALSTACK_PORT) as listener:
                    port: int = listener.getsockname()[1]
                    process = self._spawn(port, listener)
                # Written before it is healthy: should this very process be killed while it waits,
                # the next one finds the engine and ends it.
                record = Record(process.pid, created(process.pid), port, version="")
                records.write(self._file, record)
            cloud = self._wait_until_healthy(process, port, timeout)
            records.write(self._file, replace(record, version=cloud.version))
        except BaseException:  # Ctrl-C too: whatever ends the waiting, no half-started engine stays
            with held():
                if process:
                    end(process.pid, grace=0)
                self._remove_traces()
            raise
        process.returncode = 0  # it outlives this object, and is not this process's to wait for
        return cloud

    def _spawn(self, port: int, listener: socket.socket) -> "subprocess.Popen[bytes]":
        for name in ("", "tmp", "cache", "config", "volume"):
            (self._folder / name).mkdir(mode=0o700)
        with open(self.log, "wb", opener=private) as log:
            return subprocess.Popen(
                self._command,
                env=engine_environment(self._folder, port, self._environ)
                | {
                    LISTENER: str(listener.fileno()),
                    RECORD: str(self._file.absolute()),
                    OWNERS_HOME: self._environ.get("HOME", ""),
                },
                pass_fds=[listener.fileno()],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                umask=0o077,
                start_new_session=True,  # Ctrl-C in a terminal is for the terminal's program
            )

    def _wait_until_healthy(
        self, process: "subprocess.Popen[bytes]", port: int, timeout: float
    ) -> Cloud:
        deadline = time.monotonic() + timeout
        while (remaining := deadline - time.monotonic()) > 0:
            if process.poll() is not None:
                raise CloudDidNotStart(
                    ENDED.format(code=process.returncode, log=last_words(self.log))
                )
            health = ask(_endpoint(port), min(remaining, HEALTH_TIMEOUT))
            if health:
                return self._cloud(port, health.version, process.pid)
            time.sleep(0.05)
        raise CloudDidNotStart(TOO_SLOW.format(timeout=timeout, log=last_words(self.log)))

    def _running(self) -> Record | None:
        """The record of the engine, if its process is there."""
        record = self._record()
        return record if record and is_running(record) else None

    def _record(self) -> Record | None:
        """The record, unless another user may have written it."""
        return records.read(self._file) if is_own(self.home) and is_own(self._file) else None

    def _ask(self, record: Record, *attempts: float) -> Cloud | None:
        """The engine of that record if it answers one of the attempts, each of so many seconds."""
        endpoint = _endpoint(record.port)
        for seconds in attempts:
            health = ask(endpoint, seconds)
            if health:
                return self._cloud(record.port, health.version, record.pid)
        return None

    def _cloud(self, port: int, version: str, pid: int) -> Cloud:
        return Cloud("embedded", _endpoint(port), version, pid, engine_secret(self.home))

    def _remove_traces(self) -> None:
        records.remove_traces(self._file)


def _announcement(before: Record | None) -> str:
    if before is None:
        return "Starting your cloud…"
    if is_running(before):
        return "Your cloud does not answer: it is started again, empty."
    return "Your cloud has ended unexpectedly: it is started again, empty."


def _endpoint(port: int) -> str:
    return f"http://127.0.0.1:{port}"


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
