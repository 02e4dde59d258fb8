"""From nothing to a cloud that answers, as a notebook's first cell and `lab start` wait for it."""

import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from helpers.cloud.embedded import Engine
from tests.benchmarks.bench import Bench, timed
from tests.benchmarks.figures import Figure

IMPORT = [sys.executable, "-c", "import boto3, requests"]


def measure(bench: Bench) -> Iterator[Figure]:
    start: list[float] = []
    stop: list[float] = []
    python: list[float] = []
    for run in range(bench.runs):
        engine = Engine(bench.home / f"start-{run}")
        with timed(python, 1):
            subprocess.run(IMPORT, check=True)
        with timed(start, 1):
            engine.start(say=lambda words: None)
        with timed(stop, 1):
            engine.stop()
    beside = "starting Python with boto3"
    yield Figure("Engine: start to healthy", start, "s", 1.2, beside, median(python))
    yield Figure("Engine: stop", stop, "s")
