"""A lab's work folder: found, checked to be the lab's, and emptied."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from helpers.errors import NotHere

MARK = ".lab"  # in a work folder: only what a lab made does a lab empty
MARK_WORDS = "This folder belongs to a lab, which empties it when it is opened.\n"
NOT_OURS = """\
The folder {folder} is where this lab keeps its files, but it holds files that no lab put there.
Nothing was touched. Move or rename that folder, and run the cell again."""
NOT_A_FOLDER = """\
This lab keeps its files in a folder {folder}, but there is something else of that name.
Nothing was touched. Move or rename it, and run the cell again."""


def is_worked(beside: Path) -> bool:
    """Whether a notebook in that folder is a worked sheet."""
    return beside.name == "solutions"


def see_that_it_is_ours(folder: Path) -> None:
    """Raises NotHere where something stands in the folder's place that no lab has put there.

    To be asked before anything is emptied.
    """
    if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
        raise NotHere(NOT_A_FOLDER.format(folder=folder))
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise NotHere(NOT_OURS.format(folder=folder))


def empty_folder(folder: Path) -> None:
    """Make the folder, empty. Raises NotHere if it holds what no lab has put there."""
    see_that_it_is_ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for each in folder.iterdir():
        shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
    (folder / MARK).write_text(MARK_WORDS, "utf-8")


def find_path(path: str | os.PathLike[str], folder: Path) -> Path:
    """The path itself if it is there; else a plain file name is one in the work folder."""
    given = Path(path)
    if given.exists() or given.name != str(given):
        return given
    return Path(os.path.relpath(folder / given))
