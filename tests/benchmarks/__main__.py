"""The command: run the benchmarks that are asked for, show the table, write the JSON."""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

import tests.benchmarks as package
from tests.benchmarks import (
    cold,
    crowd,
    gateway,
    idle,
    jupyterlab,
    memory,
    sheets,
    start,
    triggers,
    warm,
)
from tests.benchmarks.bench import ROOT, Bench, NotMeasured
from tests.benchmarks.figures import Figure, number

# In this order: `memory` looks at what those before it have left behind.
BENCHMARKS: dict[str, Callable[[Bench], Iterable[Figure]]] = {
    "start": start.measure,
    "lab": jupyterlab.measure,
    "cold": cold.measure,
    "warm": warm.measure,
    "gateway": gateway.measure,
    "triggers": triggers.measure,
    "idle": idle.measure,
    "memory": memory.measure,
    "crowd": crowd.measure,
    "sheets": sheets.measure,
    "proofs": sheets.measure_proofs,
}
RUNS = 5


def main() -> int:
    asked = arguments()
    load = os.getloadavg()[0]
    figures, failures = measure(asked.names or list(BENCHMARKS), asked.runs)
    Console(width=None if sys.stdout.isatty() else 140).print(table(figures))
    write(asked.output, figures, load)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def measure(names: list[str], runs: int) -> tuple[list[Figure], list[str]]:
    """The figures, and what could not be measured, in words."""
    figures: list[Figure] = []
    failures: list[str] = []
    screen = Console(stderr=True)
    with bench(runs) as shared:
        for name in names:
            with screen.status(f"Measuring: {name}"):
                try:
                    figures += BENCHMARKS[name](shared)
                except NotMeasured as failure:
                    failures.append(f"{name}: {failure}")
    return figures, failures


@contextmanager
def bench(runs: int) -> Iterator[Bench]:
    # Not under the system's temporary folder, which every function may read.
    home = Path(tempfile.mkdtemp(prefix="lab-benchmark-", dir="/var/tmp"))
    shared = Bench(home, runs)
    try:
        yield shared
    finally:
        shared.engine.stop()
        shutil.rmtree(home)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=package.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="; ".join(BENCHMARKS))
    parser.add_argument("--runs", type=int, default=RUNS, help=f"of each thing, {RUNS} by default")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmark.json")
    return parser.parse_args()


def table(figures: list[Figure]) -> Table:
    shown = Table("What", title="Medians of several runs")
    for heading in ("Target", "Median", "Spread"):
        shown.add_column(heading, justify="right")
    shown.add_column("Beside")
    shown.add_column("Outcome")
    for figure in figures:
        outcome = figure.outcome_in_words()
        style = "red" if figure.missed_by else None
        measured = f"{number(figure.median)} {figure.unit}"
        shown.add_row(
            figure.name,
            figure.target_in_words(),
            measured,
            figure.spread_in_words(),
            figure.ratio_in_words(),
            outcome,
            style=style,
        )
    return shown


def write(path: Path, figures: list[Figure], load: float) -> None:
    machine = {
        "python": platform.python_version(),
        "localstack": version("localstack-core"),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load_before": load,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    told = {"machine": machine, "figures": [figure.to_json() for figure in figures]}
    path.write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
