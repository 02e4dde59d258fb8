"""The files around the code: what is promised in one place is kept in the others."""

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = SETTINGS["project"]
PYTEST = SETTINGS["tool"]["pytest"]["ini_options"]


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


# compose.yaml


@pytest.fixture(scope="module")
def localstack() -> Any:
    return yaml.safe_load(text("compose.yaml"))["services"]["localstack"]


def test_docker_s_localstack_is_reached_from_this_machine_only(localstack: Any) -> None:
    assert all(port.startswith("127.0.0.1:") for port in localstack["ports"])
    assert "127.0.0.1:4566:4566" in localstack["ports"]
    assert "network_mode" not in localstack


def test_docker_s_localstack_is_the_last_open_one_unless_another_is_named(localstack: Any) -> None:
    assert localstack["image"] == "${LOCALSTACK_IMAGE:-localstack/localstack:4.14.0}"
    assert localstack["environment"]["LOCALSTACK_AUTH_TOKEN"] == "${LOCALSTACK_AUTH_TOKEN:-}"


def test_docker_s_localstack_can_start_functions_and_says_when_it_is_ready(localstack: Any) -> None:
    assert "/var/run/docker.sock:/var/run/docker.sock" in localstack["volumes"]
    assert localstack["healthcheck"]["test"][-1].endswith("/_localstack/health")


def test_docker_s_localstack_sends_nothing_to_anyone(localstack: Any) -> None:
    assert localstack["environment"]["DISABLE_EVENTS"] == "1"


# continuous integration


def parts() -> dict[str, str]:
    """What each part of `.ci/run` gives to pytest, by the part's name."""
    found = re.findall(r"^    (\w+)\) set --(.*?) ;;", text(".ci/run"), re.MULTILINE)
    return {part: paths.strip() for part, paths in found}


def test_the_whole_of_ci_ends_with_the_readme_s_test_command() -> None:
    assert text(".ci/run").rstrip().splitlines()[-1] == 'exec "${uv[@]}" run pytest "$@"'
    assert parts()["all"] == ""
    assert "`uv run pytest`" in text("README.md")


def test_the_parts_of_ci_are_together_all_that_pytest_runs() -> None:
    alone = parts()
    assert alone["sheets"].split() == ["labs", "solutions"]
    left_out = [f"--ignore={path}" for part in ("browser", "proofs") for path in [alone[part]]]
    assert alone["tests"].split() == ["tests", *left_out]
    assert {"labs", "solutions", "tests"} == set(PYTEST["testpaths"])
    assert all((ROOT / alone[part]).exists() for part in ("browser", "proofs"))


def test_a_part_of_ci_that_there_is_not_is_refused_with_a_list_of_those_there_are() -> None:
    refused = subprocess.run(
        [ROOT / ".ci" / "run", "prose"], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr.splitlines() == [
        "There is no part 'prose'. The parts are: lint, sheets, proofs, tests, browser."
    ]
    assert set(parts()) - {"all"} == {"lint", "sheets", "proofs", "tests", "browser"}


def test_ci_is_a_program_that_bash_can_read() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)


def test_ci_runs_on_each_python_that_the_project_allows() -> None:
    workflow = yaml.safe_load(text(".github/workflows/ci.yml"))
    tested = workflow["jobs"]["linux"]["strategy"]["matrix"]["python"]
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert tested == [f"3.{minor}" for minor in range(30) if f"3.{minor}" in allowed]
    assert {"run": ".ci/run"} in workflow["jobs"]["linux"]["steps"]


def test_a_failure_on_macos_stops_nothing() -> None:
    macos = yaml.safe_load(text(".github/workflows/ci.yml"))["jobs"]["macos"]
    assert macos["continue-on-error"]


# words


def test_the_changelog_begins_with_this_version() -> None:
    newest = re.search(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)
    assert newest
    assert newest[1] == PROJECT["version"]


def test_the_licence_is_whole() -> None:
    licence = text("LICENSE")
    assert "Apache License\n                           Version 2.0" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


@pytest.mark.parametrize(
    "file", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda f: f.name
)
def test_every_file_that_is_linked_to_is_there(file: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", file.read_text("utf-8"))
    assert [target for target in targets if not (file.parent / target).exists()] == []


def test_contributing_names_each_part_of_ci() -> None:
    named = set(re.findall(r"`\.ci/run (\w+)`", text("CONTRIBUTING.md")))
    assert named == set(parts()) - {"all"}


def test_every_command_that_is_written_about_is_there() -> None:
    from typer.main import get_command

    from helpers.command.cli import app

    known = set(get_command(app).commands)  # type: ignore[attr-defined]
    words = "\n".join(text(name) for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))
    named = re.findall(r"\blab ([a-z]+)[^\n`]*`", "\n".join(re.findall(r"`[^`\n]+`", words)))
    assert {name for name in named if name not in known} == set()
    assert {"doctor", "run", "build", "progress"} <= set(named)
