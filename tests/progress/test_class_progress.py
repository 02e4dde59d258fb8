"""The files in a teacher's folder: each learner has a row, whatever the files' names."""

from pathlib import Path

import pytest

from helpers.progress.class_progress import ClassProgress, read_class
from helpers.progress.progress import Progress, ProgressFile, Standing

PASSED = Standing("2026-11-21T09:30:00+00:00", checks=3, hints=1, last="correct")


class Folder:
    """The collected files, as learners' machines write them, or as they used to."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def hand_in(self, file: str, learner: str, *passed: str) -> Progress:
        """Add a file from a learner's machine, with an id of its own."""
        labs = {"welcome": dict.fromkeys(passed, PASSED)}
        store = ProgressFile(self.path / file, learner)
        return store.update(lambda progress: Progress(learner, labs, progress.id))

    def write(self, file: str, text: str) -> None:
        (self.path / file).write_text(text)

    def read(self, *more: Path) -> ClassProgress:
        return read_class([*sorted(self.path.rglob("*.json")), *more])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def passed(people: ClassProgress) -> dict[str, int]:
    return {name: progress.passed("welcome") for name, progress in people.learners.items()}


def test_learners_with_the_same_name_keep_their_own_rows(folder: Folder) -> None:
    folder.hand_in("progress.json", "student", "bill")
    folder.hand_in("progress (1).json", "student")
    folder.hand_in("progress (2).json", "ada", "bill", "postcard")
    assert passed(folder.read()) == {
        "ada": 2,
        "student (progress (1).json)": 0,
        "student (progress.json)": 1,
    }


def test_learners_without_a_name_are_named_after_their_files(folder: Folder) -> None:
    folder.hand_in("progress.json", "", "bill")
    folder.hand_in("progress (1).json", "")
    assert passed(folder.read()) == {"progress": 1, "progress (1)": 0}


def test_files_with_the_same_name_are_distinguished_by_their_folders(folder: Folder) -> None:
    for name in ("ada", "grace"):
        folder.hand_in(f"{name}/progress.json", "")
        folder.hand_in(f"{name}2/progress.json", "student")
    assert list(folder.read().learners) == [
        "ada/progress",
        "grace/progress",
        "student (ada2/progress.json)",
        "student (grace2/progress.json)",
    ]


def test_only_files_of_the_same_learner_are_merged_and_this_is_reported(folder: Folder) -> None:
    before = folder.hand_in("monday.json", "ada", "bill")
    folder.write("friday.json", before.having("welcome", "postcard", PASSED).to_json())
    people = folder.read()
    assert passed(people) == {"ada": 2}
    assert people.merged == {"ada": ["friday.json", "monday.json"]}


def test_files_without_an_id_are_a_learner_each(folder: Folder) -> None:
    old = '{"version": 1, "learner": "ada", "labs": {}}'
    folder.write("one.json", old)
    folder.write("two.json", old)
    assert list(folder.read().learners) == ["ada (one.json)", "ada (two.json)"]


def test_a_file_that_is_named_twice_is_one(folder: Folder) -> None:
    folder.write("one.json", '{"version": 1, "learner": "ada", "labs": {}}')
    people = folder.read(folder.path / "." / "one.json")
    assert list(people.learners) == ["ada"]
    assert people.merged == {}


def test_a_name_that_is_also_a_files_gets_the_files_name_added(folder: Folder) -> None:
    folder.hand_in("grace.json", "")
    folder.hand_in("other.json", "grace")
    assert list(folder.read().learners) == ["grace (grace.json)", "grace (other.json)"]


def test_each_unreadable_file_is_named_with_the_reason(folder: Folder) -> None:
    folder.hand_in("ada.json", "ada")
    folder.write("torn.json", "{")
    folder.write("other.json", '{"cells": []}')
    folder.write("newer.json", '{"version": 2}')
    people = folder.read(folder.path / "missing.json", folder.path)
    assert list(people.learners) == ["ada"]
    reasons = {name.removeprefix(folder.path.name): why for name, why in people.unreadable.items()}
    assert reasons.keys() == {"torn.json", "other.json", "newer.json", "missing.json", ""}
    assert "not the progress of a learner" in reasons["other.json"]
    assert reasons["newer.json"] == "it was written by a newer version of this course"
    assert reasons["missing.json"] == "no such file or directory"
    assert reasons[""] == "is a directory"
