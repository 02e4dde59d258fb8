"""The `lab` command: its output and its exit codes."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.cloud.model import Cloud
from helpers.command.cli import message_for, run
from helpers.command.environment_file import environment_file
from helpers.course.project import Project
from helpers.progress.progress import Progress, Standing, from_json
from helpers.session.account import account_of
from helpers.session.workspace import MARK
from tests.sheets.tiny import project, worked

ROOT = Path(__file__).parents[2]
SLOW_TO_IMPORT = {"boto3", "localstack", "jupyterlab", "nbformat", "nbclient", "matplotlib"}

Lab = Callable[..., tuple[int, str]]


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """A project with one lab, "sums", and a lock of its own."""
    small = project(tmp_path / "project", n01_sums=worked())
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, small.root)
    return small


@pytest.fixture
def lab(tiny: Project, capsys: pytest.CaptureFixture[str]) -> Lab:
    """Return a function that runs `lab` in the tiny project, and returns exit code and output."""

    def command(*words: str) -> tuple[int, str]:
        code = run(words, tiny)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out + said.err

    return command


@pytest.fixture
def no_cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which no engine runs."""
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


# Help and mistakes


def test_help_names_every_command(lab: Lab) -> None:
    code, said = lab("--help")
    assert code == 0
    commands = "start stop status doctor run build reset progress env"
    for command in commands.split(" "):
        assert f"│ {command} " in said


def test_help_is_printed_at_once() -> None:
    program = (
        "import sys; from helpers.command.cli import run; run(['--help']); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not SLOW_TO_IMPORT & set(done.stdout.splitlines()[-1].split())


def test_version_names_the_course_and_its_localstack(lab: Lab) -> None:
    course = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert lab("--version") == (0, f"Serverless Lab {course} (LocalStack 4.9.2)\n")


def test_an_unknown_command_is_reported_with_the_nearest_name(lab: Lab) -> None:
    code, said = lab("stat")
    assert code == 2
    assert "Did you mean 'start', 'status'?" in said


def test_an_unknown_lab_is_reported_with_the_nearest_name(lab: Lab, no_cloud: Path) -> None:
    code, said = lab("run", "sum")
    assert code == 1
    assert "Did you mean 'sums'?" in said


# The cloud


def test_the_cloud_is_started_found_and_stopped(lab: Lab, no_cloud: Path) -> None:
    assert lab("status")[0] == 3
    try:
        code, said = lab("start")
        assert code == 0
        assert "Starting your cloud" in said
        assert "LocalStack 4.9.2 answers at http://127.0.0.1:" in said
        assert "Starting" not in lab("start")[1]
        assert lab("status")[0] == 0
    finally:
        assert lab("stop") == (0, "Your cloud is stopped.\n")
    assert lab("status")[0] == 3
    assert lab("stop") == (0, "Your cloud was not running.\n")
    assert [file.name for file in no_cloud.iterdir()] == ["secret"]


def test_status_as_json_if_the_cloud_runs(lab: Lab, cloud: Cloud) -> None:
    code, said = lab("status", "--json")
    assert code == 0
    assert json.loads(said) == {
        "cloud": "embedded",
        "state": "running",
        "endpoint": cloud.endpoint,
        "pid": cloud.pid,
        "version": "4.9.2",
    }


def test_status_as_json_if_nothing_runs(lab: Lab, no_cloud: Path) -> None:
    code, said = lab("status", "--json")
    assert code == 3
    assert json.loads(said)["state"] == "stopped"
    assert json.loads(said)["endpoint"] is None


def test_status_of_an_attached_localstack(
    lab: Lab, cloud: Cloud, no_cloud: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
    code, said = lab("status", "--json")
    assert code == 0
    assert json.loads(said)["cloud"] == "attached"
    assert json.loads(said)["pid"] is None


def test_a_localstack_that_does_not_answer_is_not_running(
    lab: Lab, no_cloud: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCALSTACK_HOST", "127.0.0.1:1")
    assert lab("status") == (
        3,
        "No LocalStack answers at the address you have set. `lab doctor` says more.\n",
    )
    code, said = lab("start")
    assert code == 1
    assert said.startswith("lab: LOCALSTACK_HOST=127.0.0.1:1, but no LocalStack answers there.")


def test_an_unknown_cloud_is_refused(
    lab: Lab, no_cloud: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_CLOUD", "embeded")
    code, said = lab("start")
    assert code == 1
    assert "did you mean embedded?" in said


def test_a_home_that_can_not_be_written_to_is_reported_by_its_message(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "file" / "home"))
    code, said = lab("start")
    assert code == 1
    assert "Run `lab doctor`" in said


def test_a_missing_package_is_reported_with_the_command_to_install_it() -> None:
    said = message_for(ModuleNotFoundError("No module named 'requests'", name="requests"))
    assert said.startswith("The package requests is not installed")
    assert "uv sync" in said


def test_an_unexpected_error_is_not_hidden() -> None:
    assert message_for(ModuleNotFoundError(name="helpers.nowhere")) == ""
    assert message_for(KeyError("Records")) == ""


# The doctor


def test_the_doctor_finds_nothing_wrong_here(lab: Lab) -> None:
    code, said = lab("doctor")
    assert code == 0, said
    assert "wrong" not in said


def test_the_doctors_exit_code_says_that_something_is_wrong(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.school:3128")
    for name in ("NO_PROXY", "no_proxy"):  # a lab that was opened before has set them
        monkeypatch.delenv(name, raising=False)
    code, said = lab("doctor")
    assert code == 1
    assert "wrong  HTTP_PROXY would send calls" in said
    assert "       Set NO_PROXY=127.0.0.1,localhost" in said


# Sheets


def test_run_runs_a_sheet_and_writes_a_page_into_the_current_folder(
    lab: Lab, tiny: Project, cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = lab("run", "1")
    assert code == 0
    assert "6/6" in said
    assert "It is 6" in (tmp_path / "01_sums.html").read_text()


def test_build_makes_sheets_and_the_environment_and_check_compares(
    lab: Lab, tiny: Project, cloud: Cloud
) -> None:
    code, said = lab("build", "--check")
    assert code == 1
    assert "run `lab build`" in said
    assert "environment.yml does not match uv.lock" in said
    assert lab("build")[0] == 0
    assert (tiny.root / "environment.yml").read_text() == environment_file(tiny.root)
    assert "your code here" in (tiny.labs / "01_sums.ipynb").read_text()
    assert lab("build", "--check")[0] == 0


# The learner's work


def passed(*exercises: str) -> dict[str, Standing]:
    return {name: Standing(passed="2026-11-21T09:30:00+00:00") for name in exercises}


def test_reset_empties_account_and_folder_and_keeps_the_rest(
    lab: Lab, tiny: Project, cloud: Cloud, client: Callable[..., Any]
) -> None:
    own, other = (client("s3", account=account_of(name)) for name in ("sums", "photos"))
    own.create_bucket(Bucket="scratch")
    other.create_bucket(Bucket="kept")
    folder = tiny.labs / "sums"
    folder.mkdir()
    for name in (MARK, "handler.py"):
        (folder / name).touch()
    assert lab("reset", "sums") == (
        0,
        "sums: its account is empty, and so is its work folder.\n",
    )
    assert own.list_buckets()["Buckets"] == []
    assert [bucket["Name"] for bucket in other.list_buckets()["Buckets"]] == ["kept"]
    assert [file.name for file in folder.iterdir()] == [MARK]


def test_reset_leaves_a_folder_that_no_lab_has_made(
    lab: Lab, tiny: Project, no_cloud: Path
) -> None:
    (tiny.labs / "sums").mkdir()
    (tiny.labs / "sums" / "thesis.txt").touch()
    code, said = lab("reset")
    assert code == 0
    assert "holds files that no lab has put there" in said
    assert (tiny.labs / "sums" / "thesis.txt").exists()


def test_if_a_folder_is_not_the_labs_its_account_is_not_emptied_either(
    lab: Lab, tiny: Project, cloud: Cloud, client: Callable[..., Any]
) -> None:
    own = client("s3", account=account_of("sums"))
    own.create_bucket(Bucket="kept-with-the-file")
    (tiny.solutions / "sums").write_text("a file where the folder should be")
    assert "something else has that name" in lab("reset", "sums")[1]
    assert [bucket["Name"] for bucket in own.list_buckets()["Buckets"]] == ["kept-with-the-file"]
    own.delete_bucket(Bucket="kept-with-the-file")


def test_reset_asks_before_it_forgets_progress(
    lab: Lab, no_cloud: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_cloud.mkdir()
    kept = no_cloud / "progress.json"
    kept.write_text(Progress("ada", {"sums": passed("add"), "old": passed("one")}).to_json())
    with open(os.devnull) as nobody:  # on which someone could answer yes
        monkeypatch.setattr(sys, "stdin", nobody)
        code, said = lab("reset", "--progress")
    assert code == 1
    assert "This deletes the record of exercises passed" in said
    assert "add" in kept.read_text()
    assert "passed in sums is deleted" in lab("reset", "sums", "--progress", "--yes")[1]
    assert "add" not in kept.read_text()
    assert "one" in kept.read_text()
    assert lab("reset", "--progress", "--yes")[0] == 0
    assert "one" not in kept.read_text()


def test_progress_shows_the_course(lab: Lab, no_cloud: Path) -> None:
    code, said = lab("progress")
    assert code == 0
    assert "The course: 0 of" in said


def test_progress_of_a_class_is_one_table(lab: Lab, tmp_path: Path) -> None:
    for name in ("ada", "grace"):
        own = Progress(name, {"welcome": passed(name)})
        (tmp_path / f"{name}.json").write_text(own.to_json())
    code, said = lab("progress", *map(str, sorted(tmp_path.glob("*.json"))))
    assert code == 0
    assert "2 learners" in said
    assert "ada" in said


def test_an_unreadable_file_is_named_and_the_others_are_shown(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "ada.json").write_text(Progress("ada").to_json())
    (tmp_path / "torn.json").write_text("{")
    code, said = lab("progress", *map(str, sorted(tmp_path.glob("*.json"))))
    assert code == 1
    assert "1 learner" in said
    assert "torn.json can't be read" in said


def test_deleting_progress_without_a_file_creates_the_learners_file(
    lab: Lab, no_cloud: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    assert lab("reset", "--progress", "-y")[0] == 0
    begun = from_json((no_cloud / "progress.json").read_text())
    assert (begun.learner, begun.labs) == ("ada", {})
