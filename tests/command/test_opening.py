"""`lab`: the cloud and JupyterLab start together, on loopback, and end together."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import ProxyHandler, build_opener

import psutil
import pytest

from helpers.cloud.embedded import Engine
from helpers.cloud.model import Cloud
from helpers.command.opening import ready
from tests.processes import listening, processes_of

# A shell reports 130; Python exits with the other one if Ctrl-C hits during an `exec`.
INTERRUPTED = (130, -signal.SIGINT)
CLOUD = Cloud("embedded", "http://127.0.0.1:4566", "4.9.2", 77)

# Settings of a learner that would open JupyterLab to everyone.
CARELESS = {
    "ServerApp": {"ip": "0.0.0.0", "allow_remote_access": True},
    "IdentityProvider": {"token": ""},
}


class Command:
    """`lab --no-browser` in a terminal of its own."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.said = ""
        settings = home / "learner's settings"
        settings.mkdir(parents=True)
        (settings / "jupyter_server_config.json").write_text(json.dumps(CARELESS))
        own = {
            "LAB_HOME": str(home / "lab home"),
            "JUPYTER_CONFIG_DIR": str(settings),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        }
        self.process = subprocess.Popen(
            [sys.executable, *options, "-m", "helpers", "--no-browser"],
            env={**os.environ, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until(self, words: str) -> str:
        """Read the output up to these words. Return that line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return line
        raise AssertionError(f"it never said {words!r}, but:\n{self.said}")

    def end(self, wish: int = signal.SIGINT) -> int:
        """Send a stop signal, and wait for the end. Return the exit code."""
        self.process.send_signal(wish)
        self.said += self.process.communicate(timeout=60)[0]
        return self.process.returncode


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    running = Command(tmp_path)
    yield running
    for process in processes_of(tmp_path):
        process.kill()
    running.process.communicate()


def status_of(url: str) -> int:
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code


def test_opens_on_the_first_lab_for_this_machine_only_and_closes_without_a_trace(
    command: Command, tmp_path: Path
) -> None:
    address = urlsplit(command.until("JupyterLab  ").split()[-1])
    server, token = f"http://{address.netloc}", parse_qs(address.query)["token"][0]
    command.until("Press Ctrl-C here")
    assert address.path == "/lab/tree/labs/00_welcome.ipynb"
    assert status_of(f"{server}/api/contents/labs") == 403
    assert status_of(f"{server}/api/contents/labs?token={token}") == 200
    addresses = listening(processes_of(tmp_path))
    assert len(addresses) >= 2
    assert set(addresses) == {"127.0.0.1"}
    # the note that the cloud is in use
    assert (tmp_path / "lab home" / "present" / f"{command.process.pid}.json").exists()

    assert command.end() == 0
    assert "Traceback" not in command.said
    assert processes_of(tmp_path) == []
    assert [file.name for file in (tmp_path / "lab home").iterdir()] == ["secret"]
    assert list((tmp_path / "runtime").glob("jpserver*")) == []


def test_a_cloud_that_ran_before_keeps_running_afterwards(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "lab home")
    before = engine.start(say=print)
    command = Command(tmp_path)
    try:
        command.until("Press Ctrl-C here")
        assert command.end(signal.SIGTERM) == 0
        assert "it closes JupyterLab; your cloud keeps running." in command.said
        assert engine.find() == before
    finally:
        command.process.kill()
        engine.stop()


@pytest.mark.parametrize("module", ["helpers.system.interrupts", "typer"])
def test_ctrl_c_is_handled_during_the_imports(tmp_path: Path, module: str) -> None:
    command = Command(tmp_path, "-X", "importtime")  # each import reports its end
    try:
        command.until(f" {module}\n")
        assert command.end() in (0, *INTERRUPTED)
    finally:
        command.process.kill()
    assert "Traceback" not in command.said
    assert processes_of(tmp_path) == []


@pytest.mark.parametrize(
    ("moment", "wish"),
    [
        (0.8, signal.SIGTERM),  # while the cloud and JupyterLab start
        (1.2, signal.SIGHUP),
        (1.6, signal.SIGINT),
    ],
)
def test_a_stop_signal_is_handled_at_any_moment(
    command: Command, tmp_path: Path, moment: float, wish: int
) -> None:
    time.sleep(moment)
    assert command.end(wish) in (0, *INTERRUPTED)
    assert "Traceback" not in command.said
    assert processes_of(tmp_path) == []


@pytest.mark.parametrize(
    ("moment", "pauses"), [(0.9, (0.1, 0.1)), (1.5, (0.4, 0.4)), (2.0, (0.05, 0.5))]
)
def test_three_stop_signals_in_a_row_leave_nothing(
    command: Command, tmp_path: Path, moment: float, pauses: tuple[float, ...]
) -> None:
    time.sleep(moment)
    for pause in pauses:
        command.process.send_signal(signal.SIGINT)
        time.sleep(pause)
    assert command.end() in (0, *INTERRUPTED)
    assert "Traceback" not in command.said
    assert processes_of(tmp_path) == []
    home, runtime = tmp_path / "lab home", tmp_path / "runtime"
    assert {file.name for file in home.glob("*")} <= {"secret"}
    assert list(runtime.glob("jpserver*")) == []


def test_a_cloud_that_does_not_start_takes_jupyterlab_with_it(tmp_path: Path) -> None:
    environ = {**os.environ, "LAB_HOME": str(tmp_path), "LOCALSTACK_HOST": "127.0.0.1:1"}
    done = subprocess.run(
        [sys.executable, "-m", "helpers", "--no-browser"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("lab: LOCALSTACK_HOST=127.0.0.1:1, but no LocalStack answers")
    assert "Traceback" not in done.stderr
    psutil.wait_procs(processes_of(tmp_path), timeout=5)
    assert processes_of(tmp_path) == []


def test_without_a_browser_it_says_what_to_do() -> None:
    address = "http://127.0.0.1:8888/lab"
    assert "open JupyterLab's address in yours" in ready(address, CLOUD, True, browser=False)
    assert "in yours" not in ready(address, CLOUD, True, browser=True)
