"""The first invocation of a small function: its process starts, then the handler runs."""

import base64
import re
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from typing import Any

from tests.benchmarks.bench import ECHO, Bench, timed
from tests.benchmarks.figures import Figure

INIT = re.compile(r"Init Duration: ([\d.]+) ms")
PYTHON = [sys.executable, "-I", "-c", "import json, ssl"]


def measure(bench: Bench) -> Iterator[Figure]:
    bench.deploy(ECHO, "cold")
    whole: list[float] = []
    init: list[float] = []
    python: list[float] = []
    for run in range(bench.runs * 3 + 1):
        with timed(python):
            subprocess.run(PYTHON, check=True)
        make_cold(bench, run)
        with timed(whole):
            answer = invoke(bench)
        init.append(init_duration(answer))
    name, beside = "Cold start: Invoke, a small function", "starting Python with ssl"
    # Without the very first, which loads the Lambda service itself.
    yield Figure(name, whole[1:], "ms", 120, beside, median(python))
    yield Figure("Cold start: Init Duration in its report", init[1:])


def make_cold(bench: Bench, run: int) -> None:
    """A function that was changed gets a new execution environment."""
    changed = {"Variables": {"RUN": str(run)}}
    client = bench.client("lambda")
    client.update_function_configuration(FunctionName="cold", Environment=changed)


def invoke(bench: Bench) -> Any:
    return bench.client("lambda").invoke(FunctionName="cold", Payload="{}", LogType="Tail")


def init_duration(answer: Any) -> float:
    log = base64.b64decode(answer["LogResult"]).decode()
    told = INIT.search(log)
    assert told, f"not a cold start:\n{log}"
    return float(told[1])
