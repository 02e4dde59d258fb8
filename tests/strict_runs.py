"""Validate all worked sheets strictly, many times in a row, in changing order, in one cloud.

    python -m tests.strict_runs --runs 10

Every run has another order, and all use one engine. So sooner or later each sheet runs after every
other, finds what that has left behind, and still has to have the same outputs. The order depends on
the number of the run, so a failure can be repeated, with --first.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers.cloud.embedded import Engine
from helpers.course.project import find_project
from helpers.sheets.build import worked_sheets

ROOT = find_project().root
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::.+?)(?: - .*)?$", re.MULTILINE)
MINUTES = 20  # for one run


@dataclass(frozen=True)
class Run:
    """One pass through all worked sheets: `failed` names the cells whose outputs differed."""

    number: int
    order: list[str]
    seconds: float
    failed: list[str]
    engine_mb: float
    output: str

    def __str__(self) -> str:
        names = " ".join(file[:2] for file in self.order)
        outcome = f"{len(self.failed)} differ" if self.failed else "no difference"
        return (
            f"run {self.number:2}  {names}  {self.seconds:6.1f} s  "
            f"engine {self.engine_mb:4.0f} MB  {outcome}"
        )


def main() -> int:
    asked = arguments()
    home = Path(tempfile.mkdtemp(prefix="lab-strict-", dir="/var/tmp"))  # functions read /tmp
    engine = Engine(home)
    runs: list[Run] = []
    try:
        engine.start()
        for number in range(asked.first, asked.first + asked.runs):
            runs.append(validate(number, asked.sheets, engine, home))
            print(runs[-1], flush=True)
            show_failures(runs[-1])
    finally:
        engine.stop()
        tidy(home, keep_log=any(run.failed for run in runs))
    return summary(runs)


def tidy(home: Path, *, keep_log: bool) -> None:
    for each in home.iterdir():
        if each.is_dir():
            shutil.rmtree(each, ignore_errors=True)
    if keep_log:
        print(f"What the engine wrote is kept: {home}/engine.log")
    else:
        shutil.rmtree(home, ignore_errors=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.strict_runs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("sheets", nargs="*", help="their numbers, 02 for one; all by default")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--first", type=int, default=1, help="number of the first run")
    return parser.parse_args()


def order_of(number: int, wanted: list[str]) -> list[str]:
    """Return the files in the order of that run, which is always the same."""
    files = [sheet.file for sheet in worked_sheets(find_project())]
    kept = [file for file in files if not wanted or file[:2] in wanted]
    return random.Random(number).sample(kept, len(kept))


def validate(number: int, wanted: list[str], engine: Engine, home: Path) -> Run:
    order = order_of(number, wanted)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "-rfE", f"--lab-home={home}"]
        + [f"solutions/{file}" for file in order],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if "PYTEST" not in name},
        capture_output=True,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )
    seconds = time.monotonic() - began
    failed = FAILED.findall(done.stdout)
    if done.returncode and not failed:
        failed = [f"pytest ended with {done.returncode}"]
    return Run(number, order, seconds, failed, memory(engine), done.stdout + done.stderr)


def memory(engine: Engine) -> float:
    """Return the engine's memory in MB, without that of functions."""
    cloud = engine.start()
    assert cloud.pid
    return float(psutil.Process(cloud.pid).memory_info().rss / 1e6)


def show_failures(run: Run) -> None:
    if run.failed:
        print("\n".join(f"        {cell}" for cell in run.failed))
        print(
            run.output.partition("= FAILURES =")[2][:6000], flush=True
        )  # the first one matters most


def summary(runs: list[Run]) -> int:
    times = [run.seconds for run in runs]
    bad = [run.number for run in runs if run.failed]
    outcome = f"differences in runs {bad}" if bad else "not one difference"
    print(f"{len(runs)} runs, {min(times):.1f} to {max(times):.1f} s each: {outcome}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
