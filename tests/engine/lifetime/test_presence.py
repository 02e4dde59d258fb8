"""Processes that use the engine leave notes; those of ended processes are removed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from helpers.engine.lifetime.presence import Presence
from helpers.system.process_note import ProcessNote, this_process

ME = this_process({})
GONE = ProcessNote(ME.pid, ME.created - 60)  # had the number of this process before


@pytest.fixture
def other() -> Iterator[ProcessNote]:
    """Another process that runs as long as the test."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield ProcessNote(process.pid, psutil.Process(process.pid).create_time())
        process.kill()


def notes(home: Path) -> list[str]:
    return sorted(file.name for file in home.rglob("*.json"))


def test_at_first_no_process_is_present(tmp_path: Path) -> None:
    assert Presence(tmp_path).living() == []
    assert list(tmp_path.iterdir()) == []


def test_each_process_has_a_note_of_its_own(tmp_path: Path, other: ProcessNote) -> None:
    presence = Presence(tmp_path)
    for process in (ME, other, ME):
        presence.add(process)
    assert {process.pid for process in presence.living()} == {ME.pid, other.pid}
    assert len(notes(tmp_path)) == 2
    presence.remove(ME)
    assert presence.living() == [other]


def test_nothing_is_left_after_the_last_process(tmp_path: Path) -> None:
    presence = Presence(tmp_path)
    presence.add(ME)
    presence.remove(ME)
    presence.remove(ME)
    assert list(tmp_path.iterdir()) == []


def test_reading_removes_the_notes_of_ended_processes(tmp_path: Path) -> None:
    Presence(tmp_path).add(GONE)
    assert Presence(tmp_path).living() == []
    assert notes(tmp_path) == []


def test_adding_and_removing_a_note_does_so_too(tmp_path: Path, other: ProcessNote) -> None:
    dead = ProcessNote(2**31 - 1, 1.0)
    presence = Presence(tmp_path)
    presence.add(dead)
    presence.add(other)
    assert notes(tmp_path) == [f"{other.pid}.json"]
    (tmp_path / "present" / "7.json").write_text("damaged")
    presence.remove(ME)
    assert notes(tmp_path) == [f"{other.pid}.json"]


def test_a_zombie_process_is_not_present(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        Presence(tmp_path).add(ProcessNote(process.pid, psutil.Process(process.pid).create_time()))
        assert Presence(tmp_path).living()
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it stays a zombie
        assert Presence(tmp_path).living() == []


@pytest.mark.parametrize("text", ["", "[]", '{"pid": "x", "created": 1.0, "notebook": ""}'])
def test_a_damaged_note_is_ignored(tmp_path: Path, text: str) -> None:
    (tmp_path / "present").mkdir()
    (tmp_path / "present" / "7.json").write_text(text)
    assert Presence(tmp_path).living() == []


def test_a_note_that_is_being_written_is_kept(tmp_path: Path) -> None:
    draft = tmp_path / "present" / "7.json.7"
    draft.parent.mkdir()
    draft.touch()
    Presence(tmp_path).clear_away()
    assert draft.exists()


def test_an_unreadable_note_is_kept(tmp_path: Path) -> None:
    note = tmp_path / "present" / "7.json"
    note.mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        Presence(tmp_path).living()
    assert note.exists()


def test_no_home_is_created_for_a_note(tmp_path: Path) -> None:
    Presence(tmp_path / "home").add(ME)
    assert list(tmp_path.iterdir()) == []


def test_no_error_is_raised_if_a_note_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    Presence(tmp_path / "home").add(ME)
    Presence(tmp_path / "home").remove(ME)
