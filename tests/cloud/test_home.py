"""The home is private, or it is not used."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.cloud.embedded import Engine
from helpers.cloud.errors import CloudDidNotStart
from helpers.cloud.home import make_home

ANOTHER = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user for a while")


@pytest.fixture
def everybodys() -> Iterator[Path]:
    """A folder in which every user may create files."""
    with tempfile.TemporaryDirectory(prefix="lab-home-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o1777)
        yield folder


@contextmanager
def as_another_user() -> Iterator[None]:
    os.seteuid(ANOTHER)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0, 0o022, 0o277], ids=oct)
def test_a_new_home_is_private_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    with umask(mask):
        make_home(tmp_path / "home")
    assert mode(tmp_path / "home") == 0o700


def test_a_home_that_is_open_to_others_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    make_home(tmp_path)
    assert mode(tmp_path) == 0o700


def test_a_link_to_a_home_of_one_s_own_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(0o755)
    (tmp_path / "link").symlink_to("home")
    make_home(tmp_path / "link")
    assert mode(tmp_path / "home") == 0o700


@as_root
@pytest.mark.parametrize("is_link", [False, True])
def test_a_home_of_another_user_is_refused_even_if_all_may_write(
    everybodys: Path, is_link: bool
) -> None:
    theirs = home = everybodys / "theirs"
    theirs.mkdir()
    theirs.chmod(0o777)
    with as_another_user():
        if is_link:
            home = everybodys / "link"
            home.symlink_to(theirs)
        with pytest.raises(CloudDidNotStart) as caught:
            Engine(home).start(say=print)
        (home / "engine.json").write_text("{}")
        assert Engine(home).stop() is False
    assert f"The folder {home} belongs to another user" in str(caught.value)
    assert "Set LAB_HOME to a folder of your own" in str(caught.value)
    assert mode(theirs) == 0o777
    assert [file.name for file in theirs.iterdir()] == ["engine.json"]


@as_root
def test_root_may_use_any_home(everybodys: Path) -> None:
    os.chown(everybodys, ANOTHER, -1)
    make_home(everybodys)
    assert everybodys.stat().st_uid == ANOTHER


def test_a_home_that_can_t_be_closed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", lambda path, mode: None)  # as on a Windows disk in WSL
    with pytest.raises(CloudDidNotStart, match="can't be closed to other users"):
        make_home(tmp_path)
