"""The root's conftest.py keeps tests from the learner's cloud and from AWS, and cleans up."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil

from helpers.course.project import find_project

ROOT = find_project().root

HOSTILE = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "http://198.51.100.1:4566",
    "LOCALSTACK_HOST": "198.51.100.1:4566",
    "LAB_CLOUD": "aws",
    "LAB_STRICT": "1",
    "LAB_HOME": "/nonexistent/learner",
    "NBGRADER_EXECUTION": "autograde",
    "https_proxy": "http://198.51.100.1:3128",
}


def run_tests(
    folder: Path, source: str, *options: str, cache: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run these tests in a run of their own, with the root's conftest.py."""
    plugins = ["-p", "no:nbval"] if cache else ["-p", "no:nbval", "-p", "no:cacheprovider"]
    shutil.copy(ROOT / "conftest.py", folder)
    (folder / "test_it.py").write_text(source)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *options],
        cwd=folder,
        env={**os.environ, **HOSTILE, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


SEES = """
import os, boto3, pytest

@pytest.mark.parametrize("time", range(4))
def test_sees(time):
    hostile = "{}".split()
    assert [name for name in hostile if name in os.environ and name != "LAB_HOME"] == []
    assert "/lab-tests-" in os.environ["LAB_HOME"] and os.path.isdir(os.environ["LAB_HOME"])
    assert boto3.Session().get_credentials() is None
    raise SystemError(os.environ["LAB_HOME"])
""".format(" ".join(HOSTILE))


def test_each_worker_has_a_home_of_its_own_and_no_settings_of_the_learners(tmp_path: Path) -> None:
    said = run_tests(tmp_path, SEES, "-n2", "--dist=load").stdout
    homes = {line.split()[-1] for line in said.splitlines() if line.startswith("E  ")}
    assert {Path(home).name for home in homes} == {"gw0", "gw1"}, said
    assert "4 failed" in said  # which shows each one's home
    assert not any(Path(home).exists() for home in homes)


DIES = """
import os
from pathlib import Path
from helpers.cloud.embedded import Engine

def test_dies():
    cloud = Engine(Path(os.environ["LAB_HOME"])).start(say=print)
    Path("told").write_text(os.environ["LAB_HOME"] + " " + str(cloud.pid))
    os._exit(1)
"""


def test_an_engine_is_stopped_even_when_its_worker_crashes(tmp_path: Path) -> None:
    said = run_tests(tmp_path, DIES, "-n1", "--max-worker-restart=0").stdout
    assert "crashed" in said
    home, pid = (tmp_path / "told").read_text().split()
    assert not psutil.pid_exists(int(pid))
    assert not Path(home).parent.exists()
