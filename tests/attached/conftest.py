"""A LocalStack that is not the course's own: another release, on another Python, started by others.

It stands for the one in a container that a learner attaches to. `.ci/attached` installs it, runs
these tests, and names its Python in ATTACHED_PYTHON.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpers.cloud.health import Health, ask
from helpers.engine.settings import engine_environment

RELEASE = "4.14.0"
PATIENCE = 60  # seconds
# What LocalStack does by itself: it takes any signature.
OF_LOCALSTACK = {"S3_SKIP_SIGNATURE_VALIDATION": "1"}


@dataclass(frozen=True)
class Running:
    """A LocalStack as its owner sees it."""

    process: "subprocess.Popen[bytes]"
    address: str  # host:port

    @property
    def endpoint(self) -> str:
        return f"http://{self.address}"

    def health(self) -> Health | None:
        return ask(self.endpoint)


@pytest.fixture(scope="session")
def localstack(lab_home: Path) -> Iterator[Running]:
    python = os.environ.get("ATTACHED_PYTHON")
    if not python:
        pytest.skip(f".ci/attached runs this against LocalStack {RELEASE} on Python 3.13")
    folder = lab_home / "attached"
    for name in ("tmp", "cache", "config", "volume"):
        (folder / name).mkdir(parents=True)
    running = start(python, folder)
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.wait(PATIENCE)


def start(python: str, folder: Path) -> Running:
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [python, "-m", "helpers.engine"],
            cwd=folder,
            env=engine_environment(folder, port, os.environ) | OF_LOCALSTACK,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    running = Running(process, f"127.0.0.1:{port}")
    deadline = time.monotonic() + PATIENCE
    while not running.health():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail(f"LocalStack {RELEASE} did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.1)
    return running


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
