"""Functions may use all of /tmp, unless a protected folder is in it."""

import sys
from pathlib import Path

from helpers.engine.invoke.protected import PROJECT, is_free_of, protected_folders
from helpers.engine.settings import OWNERS_HOME, RECORD


def test_a_folder_is_free_if_no_protected_folder_is_in_it(tmp_path: Path) -> None:
    shared, elsewhere = tmp_path / "shared", tmp_path / "shared-not"
    assert is_free_of(shared, [elsewhere, tmp_path])
    assert not is_free_of(shared, [elsewhere, shared / "clone"])
    assert not is_free_of(shared, [shared])


def test_links_are_resolved(tmp_path: Path) -> None:
    shared, elsewhere = tmp_path / "shared", tmp_path / "elsewhere"
    for folder in (shared / "home", elsewhere):
        folder.mkdir(parents=True)
    (elsewhere / "to the home").symlink_to(shared / "home")
    (shared / "away").symlink_to(elsewhere)
    (tmp_path / "same").symlink_to(shared)
    assert not is_free_of(shared, [elsewhere / "to the home"])
    assert is_free_of(shared, [shared / "away"])
    assert not is_free_of(tmp_path / "same", [shared / "home"])


def test_the_course_its_python_and_the_owner_s_homes_are_protected() -> None:
    places = protected_folders(
        {"HOME": "/lab/engine", OWNERS_HOME: "/home/ada", RECORD: "/lab/engine.json"}
    )
    assert {PROJECT, Path(sys.prefix), Path(sys.base_prefix)} <= set(places)
    assert {Path("/lab"), Path("/lab/engine"), Path("/home/ada")} <= set(places)
    assert (PROJECT / "pyproject.toml").exists()


def test_without_a_home_the_rest_is_protected() -> None:
    assert Path() not in protected_folders({OWNERS_HOME: ""})
