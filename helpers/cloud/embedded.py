"""The embedded cloud's engine: one process per user, started when first needed.

Every notebook of the user shares it. Its pid and port are recorded in engine.json, and all it
writes is in engine/ beside that file. A lock makes sure that two notebooks opened at the same
moment start one engine, not two. The home belongs to one user, and another user's home is never
used: whoever can write there controls the cloud.
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
from helpers.cloud.http import LOCALSTACK_PORT, LOOPBACK, loopback_url
from helpers.cloud.model import Cloud
from helpers.cloud.process import created, end, is_running
from helpers.engine.lifetime import record as records
from helpers.engine.lifetime.presence import Presence
from helpers.engine.lifetime.record import Record
from helpers.engine.lifetime.secret import engine_secret
from helpers.engine.settings import LISTENER, OWNERS_HOME, RECORD, engine_environment
from helpers.system.disk_errors import diagnose
from helpers.system.interrupts import held
from helpers.system.log_tail import last_lines
from helpers.system.private_files import is_own, private
from helpers.system.process_note import this_process

ATTEMPTS = (1.0, 2.0)  # seconds; an engine that answers neither request is considered hung

State = Literal["stopped", "running", "unhealthy", "dead"]

TRYING_AGAIN = "Your cloud does not answer; trying once more…"

ENDED = """\
Your cloud ended while it was starting (exit code {code}). The end of its log:

{log}

Run `lab doctor` in a terminal: it looks for the cause and names the fix."""

TOO_SLOW = """\
Your cloud did not answer within {timeout:g} seconds, so it was stopped again. The end of its log:

{log}

Is the machine very busy? Try again, or run `lab doctor` in a terminal."""

NO_HOME = """\
Your cloud can't use its folder. {what}
{fix} Or set LAB_HOME to another folder. Run `lab doctor` to see whether anything else is wrong."""


@dataclass(frozen=True)
class EngineStatus:
    """The state of the engine.

    stopped: none was started. dead: it ended without being stopped. unhealthy: its process runs
    but does not answer.
    """

    state: State
    log: Path
    pid: int | None = None
    port: int | None = None
    version: str | None = None

    @property
    def endpoint(self) -> str | None:
        return loopback_url(self.port) if self.port else None


class Engine:
    """The embedded cloud of one home folder.

    `environ` is the environment that the engine inherits a few variables from, `command` the
    command that runs as the engine.
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
        """Return the running engine; None if there is none or it does not answer."""
        record = self._running()
        return self._ask(record, *ATTEMPTS) if record else None

    def has_process(self) -> bool:
        """Return whether an engine was started and has not ended, without calling it."""
        return self._running() is not None

    def is_at(self, endpoint: str) -> bool:
        """Return whether this home's engine runs and listens there, without calling it."""
        record = self._running()
        return record is not None and loopback_url(record.port) == endpoint.rstrip("/")

    def is_running(self, cloud: Cloud) -> bool:
        """Return whether `cloud` is this home's engine and still runs, without calling it."""
        record = self._running()
        return record is not None and (record.pid, loopback_url(record.port)) == (
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
        """Return the running engine. If none runs, start one, which takes a second or two.

        Raises CloudDidNotStart, and then leaves nothing running.
        """
        try:
            make_home(self.home)
            # before looking for an engine: see helpers/engine/lifetime/idle.py
            self._presence.add(this_process(self._environ))
            cloud, hung = self._look(say)
            if cloud:
                return cloud
            with EngineLock(self.home, timeout, TO_START, say) as lock:
                return self._find_or_start(say, timeout, hung, lock)
        except OSError as error:
            what, fix = diagnose(self.home, error)
            raise CloudDidNotStart(NO_HOME.format(what=what, fix=fix)) from error

    def stop(self, say: Callable[[str], None] = print) -> bool:
        """End the engine and remove all it has written. Return whether one was running.

        Raises CloudDidNotStart if another process starts or stops it for half a minute.
        """
        if not (self.home.is_dir() and is_own(self.home)):
            return False
        with EngineLock(self.home, 30, TO_STOP, say) as lock, held():
            record = self._running()
            if record:
                end(record.pid)
            records.remove_traces(self._file)
            self._presence.remove(this_process(self._environ))
            lock.remove()
        return record is not None

    def _look(self, say: Callable[[str], None]) -> tuple[Cloud | None, Record | None]:
        """Return the engine if it answers, and the record of one that does not."""
        record = self._running()
        if record is None or not record.version:  # another process is starting it, with the lock
            return None, None
        cloud = self._ask(record, ATTEMPTS[0])
        if not cloud:
            say(TRYING_AGAIN)
            cloud = self._ask(record, ATTEMPTS[1])
        return cloud, None if cloud else record

    def _find_or_start(
        self, say: Callable[[str], None], timeout: float, hung: Record | None, lock: EngineLock
    ) -> Cloud:
        """Return the engine that was started while waiting for the lock, or else start one."""
        # again: the lock's previous holder may have removed the folder of the notes, or the home
        self._presence.add(this_process(self._environ))
        record = self._running()
        cloud = self._ask(record, *ATTEMPTS) if record and record != hung else None
        if cloud:
            return cloud
        try:
            return self._start(say, timeout)
        except CloudDidNotStart:
            raise
        except BaseException:  # Ctrl-C: neither the note nor the lock's file is left
            with held():
                self._presence.remove(this_process(self._environ))
                lock.remove()
            raise

    def _start(self, say: Callable[[str], None], timeout: float) -> Cloud:
        before = self._record()
        engine_secret(self.home)
        if before is None:
            say("Starting your cloud…")
        elif is_running(before):
            say("Your cloud does not answer: it is started again, empty.")
        else:
            say("Your cloud has ended unexpectedly: it is started again, empty.")
        process = None
        try:
            with held():  # a Ctrl-C between these lines would leave an engine without a record
                if before and is_running(before):
                    end(before.pid, grace=0)
                records.remove_traces(self._file)
                with _listen(before.port if before else LOCALSTACK_PORT) as listener:
                    port: int = listener.getsockname()[1]
                    process = self._spawn(port, listener)
                # Written before the engine is healthy: if this process is killed while it waits,
                # the next one finds the engine and ends it.
                record = Record(process.pid, created(process.pid), port, version="")
                records.write(self._file, record)
            cloud = self._wait_until_healthy(process, port, timeout)
            records.write(self._file, replace(record, version=cloud.version))
        except BaseException:  # Ctrl-C too: no half-started engine is left
            with held():
                if process:
                    end(process.pid, grace=0)
                records.remove_traces(self._file)
            raise
        process.returncode = 0  # so that Popen does not warn: the engine outlives this process
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
                start_new_session=True,  # so that Ctrl-C in a terminal does not reach the engine
            )

    def _wait_until_healthy(
        self, process: "subprocess.Popen[bytes]", port: int, timeout: float
    ) -> Cloud:
        deadline = time.monotonic() + timeout
        while (remaining := deadline - time.monotonic()) > 0:
            if process.poll() is not None:
                raise CloudDidNotStart(
                    ENDED.format(code=process.returncode, log=last_lines(self.log))
                )
            health = ask(loopback_url(port), min(remaining, HEALTH_TIMEOUT))
            if health:
                return self._cloud(port, health.version, process.pid)
            time.sleep(0.05)
        raise CloudDidNotStart(TOO_SLOW.format(timeout=timeout, log=last_lines(self.log)))

    def _running(self) -> Record | None:
        """Return the engine's record if its process runs."""
        record = self._record()
        return record if record and is_running(record) else None

    def _record(self) -> Record | None:
        """Return the engine's record, unless another user may have written it."""
        return records.read(self._file) if is_own(self.home) and is_own(self._file) else None

    def _ask(self, record: Record, *timeouts: float) -> Cloud | None:
        """Return the engine of that record if it answers within one of the timeouts, in turn."""
        endpoint = loopback_url(record.port)
        for timeout in timeouts:
            health = ask(endpoint, timeout)
            if health:
                return self._cloud(record.port, health.version, record.pid)
        return None

    def _cloud(self, port: int, version: str, pid: int) -> Cloud:
        return Cloud("embedded", loopback_url(port), version, pid, engine_secret(self.home))


def _listen(preferred: int) -> socket.socket:
    """Return a socket that listens on loopback, at the preferred port if it is free.

    The engine inherits the socket. If it opened its own, another user's engine could take the port
    in the meantime and be mistaken for this one.
    """
    for port in (preferred, 0):
        with contextlib.suppress(OSError):
            listener = socket.create_server((LOOPBACK, port))
            listener.setblocking(False)
            return listener
    raise CloudDidNotStart("No port of this machine is free. Close some programs and try again.")
