"""A worked sheet runs cell by cell, and a failure says where it stopped."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.cloud.model import Cloud
from helpers.course.project import NoSuchLab
from helpers.sheets import CellRun, SheetStopped, play
from helpers.sheets.run import kernel, run_source
from tests.engine.support import until
from tests.processes import processes_of
from tests.sheets import tiny


def test_each_cell_is_reported_when_it_starts_and_when_it_has_ended(tmp_path: Path) -> None:
    cells = [tiny.prose("# Sums"), tiny.code("a = 1"), tiny.prose("## More"), tiny.code("a")]
    heard: list[CellRun] = []
    project = tiny.project(tmp_path, n01_sums=tiny.notebook(*cells))
    notebook = play("sums", on_cell=heard.append, project=project)
    assert [(run.number, run.total, run.heading, run.seconds is None) for run in heard] == [
        (1, 2, "Sums", True),
        (1, 2, "Sums", False),
        (2, 2, "More", True),
        (2, 2, "More", False),
    ]
    assert notebook["cells"][3]["outputs"][0]["data"]["text/plain"] == "1"


def test_running_a_sheet_does_not_change_its_file(tmp_path: Path) -> None:
    project = tiny.project(tmp_path, n01_sums=tiny.worked())
    before = (project.solutions / "01_sums.ipynb").read_bytes()
    play("sums", project=project)
    assert (project.solutions / "01_sums.ipynb").read_bytes() == before


def test_a_sheet_runs_in_its_folder_with_this_python(tmp_path: Path) -> None:
    cell = tiny.code("import os, sys\nprint(os.getcwd())\nprint(sys.prefix)")
    project = tiny.project(tmp_path, n01_sums=tiny.notebook(cell))
    output = play("sums", project=project)["cells"][0]["outputs"][0]["text"]
    assert output.splitlines() == [str(project.solutions), sys.prefix]


def test_a_cell_that_is_meant_to_fail_may(tmp_path: Path) -> None:
    cells = [tiny.code("1 / 0", None, "raises-exception"), tiny.code("print('on')")]
    project = tiny.project(tmp_path, n01_sums=tiny.notebook(*cells))
    assert play("sums", project=project)["cells"][1]["outputs"][0]["text"] == "on\n"


def stopped(tmp_path: Path, source: str, timeout: int = 60) -> str:
    cells = [tiny.code("a = 1"), tiny.prose("## Divide"), tiny.code(source)]
    project = tiny.project(tmp_path, n01_sums=tiny.notebook(*cells))
    with pytest.raises(SheetStopped) as caught:
        play("sums", project=project, timeout=timeout)
    assert f"    {source}\n" in str(caught.value)
    return str(caught.value)


def test_a_cell_that_raises_stops_the_sheet_and_says_where(tmp_path: Path) -> None:
    expected = "sums stopped at code cell 2 of 2 (under “Divide”): ZeroDivisionError: division"
    assert stopped(tmp_path, "1 / 0").startswith(expected)


def test_a_cell_that_never_ends_stops_the_sheet(tmp_path: Path) -> None:
    words = stopped(tmp_path, "while True: pass", timeout=1)
    assert "it had not ended after 1 s" in words
    assert "wait without a deadline" in words


def test_a_kernel_that_dies_stops_the_sheet(tmp_path: Path) -> None:
    assert "its kernel died" in stopped(tmp_path, "import os; os._exit(1)")


def test_no_kernel_is_left_behind(tmp_path: Path) -> None:
    project = tiny.project(tmp_path, n01_sums=tiny.notebook(tiny.code("import os\nos.getpid()")))
    pid = play("sums", project=project)["cells"][0]["outputs"][0]["data"]["text/plain"]
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def test_a_lab_that_does_not_exist_is_not_played(tmp_path: Path) -> None:
    with pytest.raises(NoSuchLab):
        play("sums", project=tiny.project(tmp_path))


# `lab run` in a terminal, where Ctrl-C has to end a bar, a kernel and perhaps the cloud.
LAB_RUN = """\
import sys
from pathlib import Path
from helpers.command.cli import run
from helpers.course.project import Project
sys.exit(run(["run", "sums"], Project(Path(sys.argv[1]))))
"""
AT_WORK = "import time\nfrom pathlib import Path\nPath('at-work').touch()\ntime.sleep(60)"


@pytest.mark.parametrize(
    "moment", ["tmp/lab-kernel-*/connection.json", "project/solutions/at-work"]
)
def test_ctrl_c_ends_it_in_a_line_and_leaves_nothing(
    tmp_path: Path, cloud: Cloud, moment: str
) -> None:
    project = tiny.project(tmp_path / "project", n01_sums=tiny.notebook(tiny.code(AT_WORK)))
    own = tmp_path / "tmp"
    own.mkdir()
    command = subprocess.Popen(
        [sys.executable, "-c", LAB_RUN, str(project.root)],
        env=os.environ | {"TMPDIR": str(own), "JUPYTER_RUNTIME_DIR": str(own / "runtime")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until(lambda: list(tmp_path.glob(moment)), timeout=30)
    os.killpg(command.pid, signal.SIGINT)
    _, errors = command.communicate(timeout=30)
    assert (command.returncode, errors) == (130, "Stopped.\n")
    until(lambda: not processes_of(own))
    assert list(own.iterdir()) == []


def test_a_kernel_uses_no_ports_that_another_process_could_take(
    tmp_path: Path,
) -> None:
    with kernel(tmp_path) as client:
        assert run_source(client, "1 + 1")["outputs"][0]["data"]["text/plain"] == "2"
        assert client.km.get_connection_info()["transport"] == "ipc"
