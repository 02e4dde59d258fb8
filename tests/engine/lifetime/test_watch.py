"""An engine watches its record; see tests/cloud/test_embedded.py."""

from pathlib import Path

import pytest
from filelock import FileLock

from helpers.engine.lifetime.record import Record, write
from helpers.engine.lifetime.secret import engine_secret
from helpers.engine.lifetime.watch import MAX_MISSES, clear, is_known, wait_until_unknown, watch


class Looks:
    """The results of an engine's checks, after which the test ends."""

    def __init__(self, *seen: bool) -> None:
        self.seen = list(seen)
        self.has_ended = False
        self.has_looked_on = 0

    def wait(self) -> None:
        wait_until_unknown(lambda: self.seen.pop(0), self._end, self._look_on, lambda _: None)

    def _end(self) -> None:
        self.has_ended = True

    def _look_on(self) -> None:
        self.has_looked_on += 1


def test_it_ends_after_several_misses() -> None:
    looks = Looks(*[True] * 3, *[False] * MAX_MISSES)
    looks.wait()
    assert looks.has_ended
    assert looks.seen == []
    assert looks.has_looked_on == 3  # whether anybody uses it


def test_a_late_record_is_tolerated() -> None:
    looks = Looks(*[False] * (MAX_MISSES - 1), True)
    with pytest.raises(IndexError):  # it would look on
        looks.wait()
    assert not looks.has_ended


def test_a_record_is_its_own_by_the_pid(tmp_path: Path) -> None:
    file = tmp_path / "engine.json"
    assert not is_known(file, 12)
    write(file, Record(12, 1.0, 4566, ""))
    assert is_known(file, 12)
    assert not is_known(file, 13)


def test_an_unreadable_record_may_be_its_own(tmp_path: Path) -> None:
    (tmp_path / "engine.json").mkdir()
    assert is_known(tmp_path / "engine.json", 12)


def test_an_engine_without_a_record_watches_none() -> None:
    watch({})


def left_by_an_engine(home: Path) -> Path:
    """Return the path of the record in a home to which an engine still writes."""
    (home / "engine" / "tmp").mkdir(parents=True)
    (home / "engine.log").touch()
    return home / "engine.json"


def test_a_deleted_home_stays_deleted(tmp_path: Path) -> None:
    clear(left_by_an_engine(tmp_path / "home"))
    assert not (tmp_path / "home").exists()


def test_an_unneeded_secret_is_deleted_too(tmp_path: Path) -> None:
    file = left_by_an_engine(tmp_path / "home")
    engine_secret(tmp_path / "home")
    clear(file)
    assert not (tmp_path / "home").exists()


def test_the_learner_s_own_files_are_kept(tmp_path: Path) -> None:
    file = left_by_an_engine(tmp_path)
    (tmp_path / "progress.json").touch()
    clear(file)
    assert [left.name for left in tmp_path.iterdir()] == ["progress.json"]


def test_files_that_another_engine_needs_are_kept(tmp_path: Path) -> None:
    file = left_by_an_engine(tmp_path)
    with FileLock(tmp_path / "engine.lock"):  # one that is being started
        clear(file)
    write(file, Record(13, 1.0, 4566, ""))
    clear(file)
    assert (tmp_path / "engine" / "tmp").exists()
    assert (tmp_path / "engine.log").exists()
