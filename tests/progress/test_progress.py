import itertools
import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest

from helpers.progress.progress import (
    InMemory,
    NewerProgress,
    Progress,
    ProgressFile,
    Standing,
    from_json,
    learner_of,
    merge,
)

PASSED = Standing("2026-11-21T09:30:00+00:00", checks=3, hints=1, last="correct")
ADA = Progress("ada").having("first-function", "upload", PASSED)


def passing(progress: Progress) -> Progress:
    return progress.having("first-function", "upload", PASSED)


def unsigned(progress: Progress) -> Progress:
    """Return the progress without its id, which is random."""
    return replace(progress, id="")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def file(tmp_path, said) -> ProgressFile:
    return ProgressFile(tmp_path / "home" / "progress.json", "ada", said.append)


def test_progress_outlives_the_notebook(file):
    file.update(passing)
    again = ProgressFile(file.path)
    assert unsigned(again.read()) == ADA
    assert again.read().passed("first-function") == 1


def test_before_the_first_check_there_is_no_file_and_reading_creates_none(file):
    assert file.read() == Progress("ada")
    assert not file.path.exists()


def test_the_file_is_plain_json_with_a_version(file):
    file.update(passing)
    data = json.loads(file.path.read_text())
    assert data["version"] == 1
    assert data["labs"]["first-function"]["upload"]["hints"] == 1


def test_a_learners_id_is_drawn_once_and_stays(file, tmp_path):
    drawn = file.update(passing).id
    assert len(drawn) == 32
    assert ProgressFile(file.path).update(passing).id == drawn
    assert ProgressFile(tmp_path / "other.json", "ada").update(passing).id != drawn


def test_a_file_without_an_id_gets_one_when_it_is_written(file):
    file.path.parent.mkdir()
    old = json.loads(ADA.to_json())
    del old["id"]
    file.path.write_text(json.dumps(old))
    assert file.read() == ADA
    assert file.update(lambda progress: progress).id
    assert unsigned(file.read()) == ADA


def test_a_file_without_a_name_is_given_the_learners(file):
    ProgressFile(file.path).update(passing)
    assert file.read().learner == ""
    file.update(passing)
    assert file.read().learner == "ada"


@pytest.mark.parametrize(
    ("environ", "name"),
    [({"USER": "ada"}, "ada"), ({"USER": "jovyan", "JUPYTERHUB_USER": "ada"}, "ada"), ({}, "")],
)
def test_a_learner_has_the_name_in_jupyterhub_or_on_the_machine(environ, name):
    assert learner_of(environ) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"version": 1}',
        '{"version": 1, "learner": "", "labs": []}',
        '{"version": 1, "learner": "", "labs": {"a": {"b": {"passed": null}}}}',
        '{"version": "one", "learner": "", "labs": {}}',
        '{"version": 1e999, "learner": "", "labs": {}}',
        "[" * 100_000,
        "\udce4",
    ],
)
def test_a_damaged_file_is_kept_under_another_name_and_reported(file, said, text):
    file.path.parent.mkdir()
    file.path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert unsigned(file.update(passing)) == ADA
    kept = file.path.with_name("progress.damaged-1.json")
    assert kept.read_bytes() == text.encode("utf-8", "surrogateescape")
    assert "progress.damaged-1.json" in said[0]


def test_a_second_damaged_file_does_not_replace_the_first(file):
    for text in ("one", "two"):
        file.path.parent.mkdir(exist_ok=True)
        file.path.write_text(text)
        file.read()
    kept = sorted(file.path.parent.glob("progress.damaged-*.json"))
    assert [path.read_text() for path in kept] == ["one", "two"]


def test_a_newer_courses_progress_is_kept_as_such(file, said):
    file.path.parent.mkdir()
    file.path.write_text('{"version": 2}')
    file.read()
    assert file.path.with_name("progress.newer-1.json").exists()
    assert "newer version" in said[0]
    with pytest.raises(NewerProgress):
        from_json('{"version": 2}')


WRITER = """
import sys
from pathlib import Path
from helpers.progress.progress import ProgressFile, Standing
store = ProgressFile(Path(sys.argv[1]))
for number in range(25):
    name = f"{sys.argv[2]}-{number}"
    store.update(lambda progress: progress.having("lab", name, Standing(checks=1)))
"""


def test_two_notebooks_that_write_at_the_same_time_lose_nothing(file):
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(file.path), name]) for name in "ab"
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert len(file.read().labs["lab"]) == 50


def test_a_write_that_fails_leaves_the_old_file_intact(file, tmp_path):
    file.update(passing)
    before = file.path.read_text()
    bad = Progress("ada", {"lab": {"a": Standing(last="\ud800")}})  # UTF-8 can't encode this
    with pytest.raises(UnicodeEncodeError):
        file.update(lambda progress: bad)
    assert file.path.read_text() == before
    assert not list(file.path.parent.glob(".progress*-*"))


def test_worked_sheets_keep_progress_in_memory_only():
    store = InMemory()
    store.update(passing)
    assert store.read().passed("first-function") == 1
    assert InMemory().read() == Progress()


def standings() -> list[Standing]:
    early, late = "2026-11-20T09:30:00+00:00", "2026-11-21T09:30:00+00:00"
    numbers = itertools.product((None, early, late), (False, True), (0, 3), (0, 2))
    return [Standing(passed, helped, 1, hints, None) for passed, helped, hints, _ in numbers]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (Standing("2026-11-21"), Standing(checks=9, hints=3)),
        (Standing("2026-11-21", hints=3), Standing("2026-11-20", helped=True)),
        (Standing("2026-11-21", hints=0), Standing("2026-11-20", hints=1)),
        (Standing("2026-11-20"), Standing("2026-11-21")),
        (Standing(hints=2), Standing(hints=1)),
        (Standing(checks=2), Standing(checks=1)),
    ],
)
def test_merging_keeps_the_better_standing_of_each_exercise(better, worse):
    one = Progress("ada").having("lab", "a", better).having("lab", "b", worse)
    other = Progress("ada").having("lab", "a", worse).having("lab", "b", better)
    merged = merge(one, other)
    assert merged.labs == {"lab": {"a": better, "b": better}}


def test_merging_is_commutative_and_idempotent():
    dice = random.Random(1)
    for _ in range(50):
        parts = [Progress("ada").having("lab", name, dice.choice(standings())) for name in "aabbc"]
        merged = merge(*parts)
        dice.shuffle(parts)
        assert merge(*parts).labs == merged.labs
        assert merge(merged, *parts).labs == merged.labs


def test_the_mistakes_that_were_named_outlast_the_file_and_older_files_have_none():
    standing = Standing(checks=3, last="incorrect", diagnoses={"trigger.no-suffix": 2})
    kept = from_json(Progress("ada", {"thumbnails": {"trigger": standing}}).to_json())
    assert kept.standing("thumbnails", "trigger") == standing
    older = json.loads(kept.to_json())
    del older["labs"]["thumbnails"]["trigger"]["diagnoses"]
    assert from_json(json.dumps(older)).standing("thumbnails", "trigger").diagnoses == {}
