"""Two notebooks of one lab: each is told what the other did to it."""

import os
import subprocess
import sys

import pytest

from helpers.session.takeover import Takeover
from helpers.system.process_note import ProcessNote, this_process

ADA = ProcessNote(1, 100.0, "01_first_function.ipynb")
COPY = ProcessNote(2, 200.0, "01_first_function-Copy1.ipynb")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def notebook(tmp_path, said):
    """Return a function that makes a notebook of the lab; those in `ended` no longer run."""

    def of(me: ProcessNote, ended: tuple[ProcessNote, ...] = ()) -> Takeover:
        note = tmp_path / "home" / "open" / "264575267530"
        return Takeover(note, me, said.append, is_alive=lambda each: each not in ended)

    return of


def test_a_lab_that_is_open_in_one_notebook_says_nothing(notebook, said):
    only = notebook(ADA)
    only.warn()
    for _ in range(2):
        only.take()
        only.warn()
    assert said == []


def test_the_second_notebook_is_told_which_one_it_disturbs(notebook, said):
    notebook(ADA).take()
    notebook(COPY).take()
    assert len(said) == 1
    assert "open in another notebook too (01_first_function.ipynb)" in said[0]


def test_the_first_notebook_is_warned_until_it_is_opened_again(notebook, said):
    first, second = notebook(ADA), notebook(COPY)
    first.take()
    second.take()
    said.clear()
    for _ in range(2):
        first.warn()
    assert len(said) == 2
    assert "Another notebook (01_first_function-Copy1.ipynb) has opened this lab since" in said[0]
    first.take()
    said.clear()
    first.warn()
    assert said == []
    second.warn()
    assert len(said) == 1


def test_a_closed_notebook_is_not_disturbed(notebook, said):
    notebook(ADA).take()
    notebook(COPY, ended=(ADA,)).take()
    assert said == []


def test_a_damaged_note_is_replaced(notebook, said, tmp_path):
    notebook(ADA).take()
    note = tmp_path / "home" / "open" / "264575267530"
    for text in ("", "[]", "{}", '{"pid": 1}'):
        note.write_text(text)
        notebook(COPY).warn()
        notebook(COPY).take()
    assert said == []
    notebook(ADA).warn()
    assert len(said) == 1


def test_if_the_note_can_not_be_written_nothing_is_said(tmp_path, said):
    (tmp_path / "home").write_text("a file where the folder should be")
    takeover = Takeover(tmp_path / "home" / "open" / "1", ADA, said.append)
    takeover.take()
    takeover.warn()
    assert said == []


def test_a_kernel_is_alive_as_long_as_its_process_is():
    me = this_process({"JPY_SESSION_NAME": "/home/ada/labs/01_first_function.ipynb"})
    assert me.pid == os.getpid()
    assert me.notebook == "01_first_function.ipynb"
    assert me.is_alive()
    assert not ProcessNote(me.pid, me.created - 60).is_alive()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not ProcessNote(ended.pid, me.created).is_alive()
    assert this_process({}).notebook == ""
