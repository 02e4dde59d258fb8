"""Start and stop JupyterLab for the course: on loopback, with a token, on a given page.

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
from urllib.parse import quote

import psutil
import requests

from helpers.cloud.http import send
from helpers.errors import LabError
from helpers.system.interrupts import held
from helpers.system.log_tail import last_lines
from helpers.system.private_files import private

SETTINGS = Path(__file__).parent / "jupyter_settings"
GRACE = 10.0  # seconds for JupyterLab to shut down its kernels

ENDED = """\
JupyterLab ended before it answered (exit code {code}). The end of its log:

{log}

Run `lab doctor`: it looks for the cause and names the fix."""

TOO_SLOW = """\
JupyterLab did not answer within {timeout:g} seconds, so it was stopped again. The end of its log:

{log}

Is the machine very busy? Try again, or run `lab doctor`."""


class JupyterDidNotStart(LabError):
    """It ended, or took too long, before it answered. The message holds the end of its log."""


@dataclass(frozen=True)
class JupyterLab:
    """A server that was started: its process, the file for its address, and its log."""

    process: "subprocess.Popen[bytes]"
    token: str
    page: str
    record: Path
    log: Path

    def wait_until_answering(self, timeout: float = 60) -> str:
        """Wait until it answers, and return the address to open in a browser.

        `timeout` is in seconds. Raises JupyterDidNotStart.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise JupyterDidNotStart(
                    ENDED.format(code=self.process.returncode, log=last_lines(self.log))
                )
            url = recorded_url(self.record)
            if url and is_answering(url):
                return f"{url}lab/tree/{quote(self.page)}?token={self.token}"
            time.sleep(0.05)
        raise JupyterDidNotStart(TOO_SLOW.format(timeout=timeout, log=last_lines(self.log)))

    def wait(self) -> None:
        """Wait until it ends, because somebody chose "Shut Down" in its menu."""
        self.process.wait()

    def stop(self) -> None:
        """End it and its kernels. Processes that are left after a while are killed."""
        with held() as signals:
            children = self._children()
            self.process.terminate()
            deadline = time.monotonic() + GRACE
            # a further stop signal says that the learner does not want to wait
            while self.process.poll() is None and time.monotonic() < deadline and not signals:
                time.sleep(0.05)
            self.process.kill()
            self.process.wait()
            with suppress(ProcessLookupError):  # processes it started after `_children`
                os.killpg(self.process.pid, signal.SIGKILL)
            _, alive = psutil.wait_procs(children, timeout=0.5)
            for child in alive:
                child.kill()
            for left in self.record.parent.glob(f"{self.record.stem}*"):  # if it was killed
                left.unlink(missing_ok=True)

    def _children(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []


@contextmanager
def jupyter_lab(
    root: Path, page: str, log: Path, *, browser: bool, environ: Mapping[str, str] = os.environ
) -> Iterator[JupyterLab]:
    """Start JupyterLab on `page`, a path under `root`, and stop it however the block ends.

    With `browser`, JupyterLab opens the page in a browser as soon as it answers.
    """
    token = secrets.token_hex(24)
    server = None
    try:
        with held():  # so that no Ctrl-C leaves a server that nobody stops
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
    """Start the server's process, in a session of its own so that Ctrl-C does not reach it."""
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
    """Return the learner's environment, with the course's settings before the learner's own."""
    path = [str(SETTINGS), *filter(None, [environ.get("JUPYTER_CONFIG_PATH")])]
    ours = {"JUPYTER_CONFIG_PATH": os.pathsep.join(path), "LAB_JUPYTER_TOKEN": token}
    return {**environ, **ours}


def can_open_browser(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Return whether a browser window can be opened. A browser in the terminal doesn't count."""
    windows = platform == "darwin" or any(
        environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    )
    try:
        return windows and webbrowser.get() is not None
    except webbrowser.Error:
        return False


def record_of(pid: int, environ: Mapping[str, str]) -> Path:
    """Return the file in which a Jupyter server writes its address, once it has one."""
    from jupyter_core.paths import jupyter_runtime_dir

    return (
        Path(environ.get("JUPYTER_RUNTIME_DIR") or jupyter_runtime_dir()) / f"jpserver-{pid}.json"
    )


def recorded_url(record: Path) -> str | None:
    """Return the server's address; None until it has written all of it."""
    try:
        return str(json.loads(record.read_text())["url"])
    except (OSError, ValueError):
        return None


def is_answering(url: str) -> bool:
    """Return whether a Jupyter server answers at that address."""
    try:
        return send("GET", f"{url}api", timeout=2).status_code == 200
    except requests.RequestException:
        return False
