"""How long it takes to prove that every sheet runs and says what it said, and every check.

Both are pytest's, with as many workers as its settings say.
"""

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.bench import ROOT, Bench, NotMeasured, timed
from tests.benchmarks.figures import Figure


def measure(bench: Bench) -> Iterator[Figure]:
    """All sheets, as shipped and worked: the worked ones are compared with what they said."""
    samples: list[float] = []
    for _ in range(max(bench.runs // 2, 1)):
        with timed(samples, 1):
            run_pytest(bench, "solutions", "labs")
    yield Figure("Validation of all sheets", samples, "s", 120)


def measure_proofs(bench: Bench) -> Iterator[Figure]:
    """All checks: stub, each wrong answer and worked answer, each twice. Once: it takes minutes."""
    samples: list[float] = []
    with timed(samples, 1):
        run_pytest(bench, "tests/notebooks/test_proofs.py")
    yield Figure("Proofs of all checks", samples, "s", 600)


def run_pytest(bench: Bench, *paths: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *paths],
        cwd=ROOT,
        env=bench.environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotMeasured(f"They did not pass:\n{done.stdout[-2000:]}")
