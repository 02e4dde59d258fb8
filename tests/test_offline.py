"""After installation the course needs no network: these tests have only loopback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALONE = ["unshare", "--user", "--map-root-user", "--net"]
IN_A_NAMESPACE = """
set -e
ip link set lo up
test "$(ip -brief link | wc -l)" = 1
exec "$@"
"""


def can_be_alone() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    return subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_be_alone(), reason="needs `ip` and the right to unshare the network")
@pytest.mark.parametrize("lab", ["00", "01"])
def test_a_worked_sheet_runs_from_start_to_end_without_a_network(lab: str, tmp_path: Path) -> None:
    environ = os.environ | {"LAB_HOME": str(tmp_path / "home")}
    play = [sys.executable, "-m", "helpers", "run", lab]
    done = subprocess.run(
        [*ALONE, "sh", "-c", IN_A_NAMESPACE, "sh", *play],
        cwd=tmp_path,
        env=environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert [page.name[:2] for page in tmp_path.glob("*.html")] == [lab]
