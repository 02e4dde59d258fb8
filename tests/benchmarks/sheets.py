"""How long it takes to prove that every sheet runs and says what it said: pytest, with nbval."""

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.bench import ROOT, Bench, NotMeasured, timed
from tests.benchmarks.figures import Figure

COMMAND = [sys.executable, "-m", "pytest", "-q", "solutions", "labs"]


def measure(bench: Bench) -> Iterator[Figure]:
    samples: list[float] = []
    for _ in range(max(bench.runs // 2, 1)):
        with timed(samples, 1):
            validate(bench)
    yield Figure("Validation of all sheets", samples, "s", 60)


def validate(bench: Bench) -> None:
    done = subprocess.run(
        COMMAND,
        cwd=ROOT,
        env=bench.environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotMeasured(f"The sheets did not pass:\n{done.stdout[-2000:]}")
