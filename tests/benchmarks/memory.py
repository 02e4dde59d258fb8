"""How much memory the engine holds after all that ran before in this benchmark, and every sheet."""

import subprocess
import sys
from collections.abc import Iterator

from helpers.course.project import find_project
from helpers.sheets.build import worked_sheets
from tests.benchmarks.bench import ROOT, Bench
from tests.benchmarks.figures import Figure

MIB = 1024 * 1024
PLAY = "import sys; from helpers.sheets import play; play(sys.argv[1])"


def measure(bench: Bench) -> Iterator[Figure]:
    for sheet in worked_sheets(find_project()):
        play = [sys.executable, "-c", PLAY, sheet.name]
        subprocess.run(play, cwd=ROOT, env=bench.environment, check=True)
    yield Figure(
        "Engine: memory after all of it", [bench.process().memory_info().rss / MIB], "MB", 350
    )
