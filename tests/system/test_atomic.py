import os
from pathlib import Path

import pytest

from helpers.system.atomic import write_atomically
from helpers.system.private_files import private


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "progress.json"
    file.write_text("before")
    return file


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_the_new_text_replaces_the_old_one(file: Path) -> None:
    write_atomically(file, "now: Zürich")
    assert file.read_text("utf-8") == "now: Zürich"


def test_a_file_that_does_not_exist_is_created(tmp_path: Path) -> None:
    write_atomically(tmp_path / "new.json", "now")
    assert contents(tmp_path) == {"new.json": "now"}


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_what_fails_halfway_leaves_the_file_as_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(descriptor: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(type(error)):
        write_atomically(file, "now")
    assert contents(file.parent) == {"progress.json": "before"}


def test_a_private_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_atomically(tmp_path / "note.json", "now", opener=private)
        write_atomically(tmp_path / "sheet.ipynb", "now")
    finally:
        os.umask(before)
    assert (tmp_path / "note.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "sheet.ipynb").stat().st_mode & 0o777 == 0o666


def test_a_link_is_replaced_and_what_it_points_to_stays(file: Path) -> None:
    link = file.with_name("link.json")
    link.symlink_to(file)
    write_atomically(link, "now", opener=private)
    assert contents(file.parent) == {"progress.json": "before", "link.json": "now"}
