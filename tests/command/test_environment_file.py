"""environment.yml and uv.lock name the same versions."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement

from helpers.command.environment_file import NotExported, environment_file, find_uv
from helpers.command.lock import locked_versions, read_lock

ROOT = Path(__file__).parents[2]

MACHINES = {
    f"{system} with Python {python}": {
        **default_environment(),
        "python_version": python,
        "python_full_version": f"{python}.7",
        "sys_platform": system,
        "platform_system": {"linux": "Linux", "darwin": "Darwin"}[system],
        "platform_machine": machine,
    }
    for python in ("3.11", "3.12", "3.13")
    for system, machine in (("linux", "x86_64"), ("darwin", "arm64"))
}


@pytest.fixture(scope="module")
def conda() -> Any:
    return yaml.safe_load((ROOT / "environment.yml").read_text())


def pip_lines(conda: Any) -> list[str]:
    return next(part["pip"] for part in conda["dependencies"] if isinstance(part, dict))


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES.keys())
def test_asks_for_the_locked_versions(conda: Any, machine: dict[str, str]) -> None:
    pins = [Requirement(line) for line in pip_lines(conda) if line != "-e ."]
    wanted = [pin for pin in pins if pin.marker is None or pin.marker.evaluate(machine)]
    assert {pin.name: str(pin.specifier) for pin in wanted} == {
        name: f"=={version}"
        for name, version in locked_versions(read_lock(ROOT / "uv.lock"), machine).items()
    }, "environment.yml and uv.lock disagree: run `uv run lab build`"


def test_asks_for_the_same_pythons_as_the_lock(conda: Any) -> None:
    python = next(part for part in conda["dependencies"] if str(part).startswith("python "))
    locked = read_lock(ROOT / "uv.lock")["requires-python"]
    assert Requirement(python).specifier == Requirement(f"python {locked}").specifier


def test_installs_the_course_itself_last(conda: Any) -> None:
    assert pip_lines(conda)[-1] == "-e ."


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv, which makes the file, is not here")
def test_is_what_the_build_makes() -> None:
    text = environment_file(ROOT)
    assert (ROOT / "environment.yml").read_text() == text, "run `uv run lab build`"


def test_without_uv_it_says_how_to_install_it() -> None:
    with pytest.raises(NotExported, match="pip install uv"):
        find_uv({"PATH": "/nowhere"})


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv, which makes the file, is not here")
def test_a_damaged_lock_says_how_to_fix_it(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "uv.lock").write_text('version = 1\nrequires-python = ">=3.11"\npackage = 3\n')
    with pytest.raises(NotExported, match="Run `uv lock`"):
        environment_file(tmp_path)
