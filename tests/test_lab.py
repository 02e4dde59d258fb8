"""A lab as a notebook uses it, in the running engine, with exercises of the test's own."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from helpers import Lab
from helpers.course.project import NoSuchLab
from helpers.errors import LabError, NotSupportedHere
from helpers.exercises.exercise import Exercise
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, Outcome

GREETER = "def handler(event, context):\n    return 'Hello, ' + event['name']\n"


def greets(probe: Probe) -> str:
    name = probe.unique("Ada")
    answer = probe.invoke("greeter", {"name": name})
    if answer.result != f"Hello, {name}":
        raise Incorrect("It does not greet.", link="function", evidence=repr(answer.result))
    return "It greets whoever comes."


HINTS = ("a nudge", "the direction", "nearly there")
EXERCISE = Exercise("greet", "Greet someone", HINTS, greets)


@pytest.fixture(autouse=True)
def exercises(monkeypatch):
    for where in ("helpers.lab", "helpers.progress.board"):
        monkeypatch.setattr(f"{where}.exercises_of", lambda lab: (EXERCISE,))


@pytest.fixture(autouse=True)
def environment():
    """Restore the environment of boto3 after each test, since a lab changes it."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)
    boto3.DEFAULT_SESSION = None


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def opened(cloud, tmp_path, said):
    """Return a function that opens a lab like a notebook in labs/, or in another folder."""

    def open_lab(name: str = "first-function", folder: str = "labs", **doors) -> Lab:
        (tmp_path / folder).mkdir(exist_ok=True)
        places = {"home": tmp_path / "home", "folder": tmp_path / folder}
        return Lab(name, say=said.append, **(places | doors))

    return open_lab


@pytest.fixture
def lab(opened) -> Lab:
    return opened()


@pytest.fixture
def greeter(lab):
    (lab.folder / "greeter.py").write_text(GREETER)
    return lab.deploy(lab.folder / "greeter.py")


def test_a_lab_has_these_attributes(lab):
    public = {name for name in vars(lab) if not name.startswith("_")}
    assert public == {"account", "client", "cloud", "folder", "name", "region"}


def test_plain_boto3_talks_to_the_labs_own_account(lab):
    assert boto3.client("sts").get_caller_identity()["Account"] == lab.account
    assert boto3.client("s3").meta.endpoint_url == lab.cloud.endpoint
    assert boto3.client("lambda").meta.region_name == lab.region


def test_opening_a_lab_says_nothing_if_the_cloud_already_runs(lab, said):
    assert said == []


def test_a_lab_opened_again_is_empty_and_in_the_same_cloud(opened, lab, greeter):
    again = opened()
    assert again.cloud == lab.cloud
    assert boto3.client("lambda").list_functions()["Functions"] == []
    assert [file.name for file in again.folder.iterdir()] == [".lab"]


def test_two_labs_do_not_see_each_other(opened, greeter):
    assert opened("welcome").account != opened("first-function").account


def test_opening_one_lab_leaves_the_other_as_it_is(opened, lab, greeter):
    opened("welcome")
    assert lab.invoke("greeter", {"name": "Ada"}).result == "Hello, Ada"


def test_an_unknown_lab_is_reported_with_the_nearest_one(opened):
    with pytest.raises(NoSuchLab, match="Did you mean 'first-function'"):
        opened("first-funktion")


def test_a_lab_shows_its_cloud_without_what_changes_from_run_to_run(lab):
    assert repr(lab) == (
        "· Lab first-function\n"
        "  Your own cloud: LocalStack on this computer, account 264575267530, region us-east-1."
    )
    assert "127.0.0.1" not in lab._repr_html_()


def test_a_handler_is_deployed_by_its_plain_name_and_answers(lab, greeter, monkeypatch):
    monkeypatch.chdir(lab.folder.parent)
    assert lab.deploy("greeter.py", memory=256).memory == 256
    assert lab.invoke(greeter, {"name": "Ada"}).result == "Hello, Ada"


def test_logs_hold_every_invocation_that_has_ended(lab, greeter):
    for name in ("Ada", "Grace"):
        lab.invoke(greeter, {"name": name})
    assert len(lab.logs(greeter, at_least=2).invocations) == 2


def test_a_lab_computes_the_cost_of_its_run_since_the_last_reset(lab, greeter):
    lab.invoke("greeter")
    assert "Lambda" in repr(lab.cost())
    lab.reset()
    assert lab.cost().lines == ()


def test_a_lab_can_wait(lab):
    assert lab.wait_for(lambda: "there") == "there"


def test_the_files_of_a_lab_are_found_from_every_folder(opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (opened("web-backend").data / "page.html").is_file()


def test_the_labs_clock_can_be_moved(lab):
    boto3.client("events").put_rule(Name="nightly", ScheduleExpression="cron(0 2 * * ? *)")
    assert [fire["rule"] for fire in lab.advance(days=1).fired] == ["nightly"]


def test_the_labs_clock_can_be_set_and_a_reset_restores_it(lab):
    assert "Fri 27 Mar 2026, 12:00" in repr(lab.set_clock("2026-03-27 12:00"))
    assert lab.now().isoformat()[:16] == "2026-03-27T12:00"
    lab.reset()
    assert abs(lab.now() - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("time", ["Friday noon", None])
def test_an_invalid_time_is_refused(lab, time):
    with pytest.raises(LabError, match="is not a time"):
        lab.set_clock(time)


def test_a_check_looks_at_what_the_learner_made(lab, greeter):
    assert repr(lab.check("greet")) == "✓ greet: correct\n  It greets whoever comes."
    (lab.folder / "greeter.py").write_text(GREETER.replace("Hello", "Bye"))
    lab.deploy(lab.folder / "greeter.py")
    verdict = lab.check("greet")
    assert (verdict.outcome, verdict.link) == (Outcome.INCORRECT, "function")


def test_a_missing_function_is_a_verdict_and_not_an_error(lab):
    assert "There is no function 'greeter' in this lab." in lab.check("greet").message


def test_progress_outlives_the_lab_and_is_shown_on_the_board(opened, lab, greeter):
    lab.check("greet")
    lab.hint("greet")
    assert repr(opened().progress()).startswith("✓ Your first function: 1 of 1 exercise passed")
    board = repr(opened("welcome").progress(course=True))
    assert board.startswith("· The course: 1 of ")
    assert "passed, 1 hint" in board


def test_a_worked_sheets_progress_is_not_kept(opened, tmp_path):
    worked = opened(folder="solutions")
    (worked.folder / "greeter.py").write_text(GREETER)
    worked.deploy(worked.folder / "greeter.py")
    worked.check("greet")
    assert worked.progress().passed == 1
    assert opened().progress().passed == 0
    assert opened(folder="solutions").progress().passed == 0


def test_a_reset_empties_the_account_and_the_folder_and_keeps_progress(lab, greeter):
    lab.check("greet")
    lab.reset()
    assert boto3.client("lambda").list_functions()["Functions"] == []
    assert not (lab.folder / "greeter.py").exists()
    assert lab.progress().passed == 1


def test_under_nbgrader_a_check_raises(opened, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(AssertionError, match="greet: incorrect"):
        opened().check("greet")


def test_under_nbgrader_a_verdict_is_displayed_and_not_returned_as_points(
    opened, monkeypatch, capsys
):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    lab = opened()
    (lab.folder / "greeter.py").write_text(GREETER)
    lab.deploy(lab.folder / "greeter.py")
    assert lab.check("greet") is None
    assert capsys.readouterr().out == "✓ greet: correct\n  It greets whoever comes.\n"


def test_if_the_folder_is_the_learners_the_account_is_not_emptied_either(opened, tmp_path):
    opened("welcome")
    boto3.client("sqs").create_queue(QueueName="orders")
    thesis = Path(tmp_path / "labs" / "welcome" / "thesis.tex")
    (thesis.parent / ".lab").unlink()
    thesis.write_text("years of work")
    with pytest.raises(NotSupportedHere, match="Nothing was touched"):
        opened("welcome")
    assert thesis.read_text() == "years of work"
    assert len(boto3.client("sqs").list_queues()["QueueUrls"]) == 1


OTHER_NOTEBOOK = """
import sys
from pathlib import Path
from helpers import Lab

Lab("first-function", home=Path(sys.argv[1]), folder=Path(sys.argv[2]))
print("open", flush=True)
sys.stdin.read()
"""


def test_two_notebooks_of_one_lab_are_each_warned_of_the_other(
    opened, lab, greeter, said, tmp_path
):
    places = [str(tmp_path / "home"), str(tmp_path / "labs")]
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_NOTEBOOK, *places],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        told = list(iter(other.stdout.readline, "open\n"))
        assert told[0].startswith("This lab is open in another notebook too.")
        lab.check("greet")
        assert said[-1].startswith("Another notebook has opened this lab since")
        opened()
        assert said[-1].startswith("This lab is open in another notebook too.")
        assert len(said) == 2
        other.stdin.close()


def test_a_worked_sheet_prints_the_same_whoever_has_it_open(opened, said, tmp_path):
    worked = opened(folder="solutions")
    note = tmp_path / "home" / "open" / worked.account
    note.write_text(json.dumps({"pid": 1, "created": 0.0, "notebook": "other.ipynb"}))
    worked.check("greet")
    assert said == []
