"""From `uv run lab` to a JupyterLab that answers, the cloud beside it; all packages installed."""

import re
import signal
import subprocess
from collections.abc import Iterator

from tests.benchmarks.bench import ROOT, Bench, NotMeasured, timed
from tests.benchmarks.figures import Figure

COMMAND = ["uv", "run", "lab", "--no-browser"]
ADDRESS = re.compile(r"JupyterLab\s+(http\S+)")


def measure(bench: Bench) -> Iterator[Figure]:
    answering: list[float] = []
    closed: list[float] = []
    for run in range(bench.runs):
        environment = bench.environment | {"LAB_HOME": str(bench.home / f"lab-{run}")}
        lab = None
        try:
            with timed(answering, 1):
                lab = subprocess.Popen(
                    COMMAND, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
                )
                bench.http.get(address(lab)).raise_for_status()
        finally:
            if lab:
                with timed(closed, 1):
                    lab.send_signal(signal.SIGINT)
                    lab.communicate()
    yield Figure("`uv run lab` to JupyterLab answering", answering, "s", 8)
    yield Figure("Ctrl-C to everything closed", closed, "s")


def address(lab: "subprocess.Popen[str]") -> str:
    assert lab.stdout
    for line in lab.stdout:
        if found := ADDRESS.search(line):
            return found[1]
    raise NotMeasured("`uv run lab` ended without saying where JupyterLab is.")
