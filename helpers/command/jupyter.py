"""JupyterLab, as the course starts it: on loopback, with a token, on a given page.

Its settings are files in jupyter_settings/, which Jupyter finds through JUPYTER_CONFIG_PATH.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, build_opener

import psutil

from helpers.errors import LabError
from helpers.system.interrupts import held
from helpers.system.log_tail import last_words
from helpers.system.private_files import private

SETTINGS = Path(__file__).parent / "jupyter_settings"
GRACE = 10.0  # seconds that JupyterLab has to shut its kernels down

ENDED = """\
JupyterLab ended before it answered (exit code {code}). Its last words:

{log}

Run `lab doctor`: it looks for the cause and names the fix."""

TOO_SLOW = """\
JupyterLab did not answer within {timeout:g} seconds, so it was stopped again. Its last words:

{log}

Is the machine very busy? Try again, or run `lab doctor`."""


class JupyterDidNotStart(LabError):
    """It ended, or took too long, before it answered. The message holds its last words."""


@dataclass(frozen=True)
class JupyterLab:
    """A server that was started: its process, where it will say its address, and its log."""

    process: "subprocess.Popen[bytes]"
    token: str
    page: str
    record: Path
    log: Path

    def wait_until_answering(self, timeout: float = 60) -> str:
        """The address to open in a browser. `timeout` in seconds. Raises JupyterDidNotStart."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise JupyterDidNotStart(
                    ENDED.format(code=self.process.returncode, log=last_words(self.log))
                )
            url = recorded_url(self.record)
            if url and answers(url):
                return f"{url}lab/tree/{quote(self.page)}?token={self.token}"
            time.sleep(0.05)
        raise JupyterDidNotStart(TOO_SLOW.format(timeout=timeout, log=last_words(self.log)))

    def wait(self) -> None:
        """Until it ends: somebody chose "Shut Down" in its menu."""
        self.process.wait()

    def stop(self) -> None:
        """End it, and its kernels with it. Whatever is left after a while is killed."""
        with held() as wishes:
            family = self._family()
            self.process.terminate()
            deadline = time.monotonic() + GRACE
            # a wish to stop, now, says that the learner's patience is over
            while self.process.poll() is None and time.monotonic() < deadline and not wishes:
                time.sleep(0.05)
            self.process.kill()
            self.process.wait()
            with suppress(ProcessLookupError):  # what it started since it was asked to end
                os.killpg(self.process.pid, signal.SIGKILL)
            kill(family)
            for left in self.record.parent.glob(f"{self.record.stem}*"):  # where it was killed
                left.unlink(missing_ok=True)

    def _family(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []


@contextmanager
def jupyter_lab(
    root: Path, page: str, log: Path, *, browser: bool, environ: Mapping[str, str] = os.environ
) -> Iterator[JupyterLab]:
    """Start JupyterLab on `page`, a path under `root`; stop it at the end, whatever the end is.

    With `browser` it opens the page by itself as soon as it answers.
    """
    token = secrets.token_hex(24)
    server = None
    try:
        with held():  # no Ctrl-C between its start and our knowing of it
            process = spawn(root, page, log, browser, environment(environ, token))
            server = JupyterLab(process, token, page, record_of(process.pid, environ), log)
        yield server
    finally:
        with held():
            if server:
                server.stop()
            log.unlink(missing_ok=True)


def spawn(
    root: Path, page: str, log: Path, browser: bool, environ: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """The server's process, in a session of its own: Ctrl-C is for the one who started it."""
    options = [
        f"--LabApp.default_url=/lab/tree/{quote(page)}",
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.open_browser={browser}",
    ]
    if os.geteuid() == 0:
        options.append("--ServerApp.allow_root=True")
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(log, "wb", opener=private) as output:
        return subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=root,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def environment(environ: Mapping[str, str], token: str) -> dict[str, str]:
    """The learner's environment, with the course's settings before the learner's own."""
    path = [str(SETTINGS), *filter(None, [environ.get("JUPYTER_CONFIG_PATH")])]
    ours = {"JUPYTER_CONFIG_PATH": os.pathsep.join(path), "LAB_JUPYTER_TOKEN": token}
    return {**environ, **ours}


def can_open_browser(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a window can appear. A browser that would take over this terminal doesn't count."""
    windows = platform == "darwin" or any(
        environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    )
    try:
        return windows and webbrowser.get() is not None
    except webbrowser.Error:
        return False


def record_of(pid: int, environ: Mapping[str, str]) -> Path:
    """The file in which a Jupyter server writes its own address, once it has one."""
    from jupyter_core.paths import jupyter_runtime_dir

    return (
        Path(environ.get("JUPYTER_RUNTIME_DIR") or jupyter_runtime_dir()) / f"jpserver-{pid}.json"
    )


def recorded_url(record: Path) -> str | None:
    """The server's address; None as long as it has written none, or half of it."""
    try:
        return str(json.loads(record.read_text())["url"])
    except (OSError, ValueError):
        return None


def answers(url: str) -> bool:
    """Whether a Jupyter server answers there; no proxy may come between."""
    try:
        with build_opener(ProxyHandler({})).open(f"{url}api", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def kill(processes: list[psutil.Process]) -> None:
    """End those that are still there."""
    _, alive = psutil.wait_procs(processes, timeout=0.5)
    for process in alive:
        process.kill()
