"""Two notebooks of one lab: each is told in words what the other did to it."""

import os
import subprocess
import sys

import pytest

from helpers.session.takeover import Occupancy
from helpers.system.process_note import Occupant, this_kernel

ADA = Occupant(1, 100.0, "01_first_function.ipynb")
COPY = Occupant(2, 200.0, "01_first_function-Copy1.ipynb")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def notebook(tmp_path, said):
    """A notebook of the lab; those named in `ended` are no longer there."""

    def of(me: Occupant, ended: tuple[Occupant, ...] = ()) -> Occupancy:
        note = tmp_path / "home" / "open" / "264575267530"
        return Occupancy(note, me, said.append, is_alive=lambda each: each not in ended)

    return of


def test_a_lab_that_is_open_once_says_nothing_however_often_it_is_opened(notebook, said):
    only = notebook(ADA)
    only.look()
    for _ in range(2):
        only.take()
        only.look()
    assert said == []


def test_the_second_notebook_is_told_whom_it_disturbs(notebook, said):
    notebook(ADA).take()
    notebook(COPY).take()
    assert len(said) == 1
    assert "open in another notebook too (01_first_function.ipynb)" in said[0]


def test_the_first_is_told_what_happened_until_it_is_opened_again(notebook, said):
    first, second = notebook(ADA), notebook(COPY)
    first.take()
    second.take()
    said.clear()
    for _ in range(2):
        first.look()
    assert len(said) == 2
    assert "Another notebook (01_first_function-Copy1.ipynb) has opened this lab since" in said[0]
    first.take()
    said.clear()
    first.look()
    assert said == []
    second.look()
    assert len(said) == 1


def test_a_notebook_that_was_closed_disturbs_nobody(notebook, said):
    notebook(ADA).take()
    notebook(COPY, ended=(ADA,)).take()
    assert said == []


def test_a_note_that_says_nothing_is_written_again(notebook, said, tmp_path):
    notebook(ADA).take()
    note = tmp_path / "home" / "open" / "264575267530"
    for text in ("", "[]", "{}", '{"pid": 1}'):
        note.write_text(text)
        notebook(COPY).look()
        notebook(COPY).take()
    assert said == []
    notebook(ADA).look()
    assert len(said) == 1


def test_where_no_note_can_be_kept_nothing_is_said(tmp_path, said):
    (tmp_path / "home").write_text("a file where the folder should be")
    occupancy = Occupancy(tmp_path / "home" / "open" / "1", ADA, said.append)
    occupancy.take()
    occupancy.look()
    assert said == []


def test_a_kernel_is_alive_as_long_as_its_process_is():
    me = this_kernel({"JPY_SESSION_NAME": "/home/ada/labs/01_first_function.ipynb"})
    assert me.pid == os.getpid()
    assert me.notebook == "01_first_function.ipynb"
    assert me.is_alive()
    assert not Occupant(me.pid, me.created - 60).is_alive()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not Occupant(ended.pid, me.created).is_alive()
    assert this_kernel({}).in_brackets() == ""
