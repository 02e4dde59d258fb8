"""Read the versions in the lock, for this machine and for others."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from helpers.command.lock import locked_versions, read_lock

ROOT = Path(__file__).parents[2]
PYPI = {"registry": "https://pypi.org/simple"}


def package(name: str, version: str, *needs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "version": version, "source": PYPI, "dependencies": needs, **more}


def course(*needs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return package("serverless-lab", "0.1.0", *needs, **more) | {"source": {"editable": "."}}


def test_it_follows_the_dependencies_of_dependencies() -> None:
    lock = {
        "package": [
            course({"name": "flask"}),
            package("flask", "3.1", {"name": "click"}),
            package("click", "8.2", {"name": "flask"}),
        ]
    }
    assert locked_versions(lock) == {"flask": "3.1", "click": "8.2"}


def test_dependencies_of_other_systems_are_left_out() -> None:
    needs = {"name": "appnope", "marker": "sys_platform == 'darwin'"}
    lock = {"package": [course(needs), package("appnope", "1.0")]}
    assert locked_versions(lock, {"sys_platform": "linux"}) == {}
    assert locked_versions(lock, {"sys_platform": "darwin"}) == {"appnope": "1.0"}


def test_it_uses_the_version_for_this_python() -> None:
    old = {"name": "numpy", "version": "2.4", "marker": "python_full_version < '3.12'"}
    new = {"name": "numpy", "version": "2.5", "marker": "python_full_version >= '3.12'"}
    lock = {"package": [course(old, new), package("numpy", "2.4"), package("numpy", "2.5")]}
    assert locked_versions(lock, {"python_full_version": "3.11.7"}) == {"numpy": "2.4"}
    assert locked_versions(lock, {"python_full_version": "3.13.0"}) == {"numpy": "2.5"}


def test_it_follows_an_extra_only_if_it_is_chosen() -> None:
    optional = {"optional-dependencies": {"runtime": [{"name": "moto"}]}}
    engine = package("localstack-core", "4.9", **optional)
    plain = {"package": [course({"name": "localstack-core"}), engine, package("moto", "5")]}
    asked = {"name": "localstack-core", "extra": ["runtime"]}
    assert locked_versions(plain) == {"localstack-core": "4.9"}
    assert locked_versions({"package": [course(asked), *plain["package"][1:]]}) == {
        "localstack-core": "4.9",
        "moto": "5",
    }


def test_development_tools_are_left_out() -> None:
    tools = {"dev-dependencies": {"dev": [{"name": "ruff"}]}}
    assert locked_versions({"package": [course(**tools), package("ruff", "0.17")]}) == {}


def test_an_inconsistent_lock_says_what_is_missing() -> None:
    with pytest.raises(LookupError, match="names flask as a dependency, but does not lock it"):
        locked_versions({"package": [course({"name": "flask"})]})


def test_the_tests_run_on_the_locked_versions() -> None:
    locked = locked_versions(read_lock(ROOT / "uv.lock"))
    assert len(locked) > 150
    assert {name: version(name) for name in locked} == locked
