"""A lab's work folder: make sure that it is the lab's, empty it, find files in it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from helpers.errors import NotSupportedHere

MARK = ".lab"  # a file in every work folder; a folder without it is never emptied
MARK_TEXT = "This folder belongs to a lab, which empties it when it is opened.\n"
NOT_A_WORK_FOLDER = """\
This lab keeps its files in the folder {folder}, but it holds files that no lab has put there.
Nothing was touched. Move or rename that folder, and run the cell again."""
NOT_A_FOLDER = """\
This lab keeps its files in the folder {folder}, but something else has that name.
Nothing was touched. Move or rename it, and run the cell again."""


def is_worked(beside: Path) -> bool:
    """Return whether a notebook in that folder is a worked sheet."""
    return beside.name == "solutions"


def require_work_folder(folder: Path) -> None:
    """Raise NotSupportedHere if the folder holds anything that no lab has put there.

    To be called before anything is emptied.
    """
    if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
        raise NotSupportedHere(NOT_A_FOLDER.format(folder=folder))
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise NotSupportedHere(NOT_A_WORK_FOLDER.format(folder=folder))


def empty_folder(folder: Path) -> None:
    """Empty the folder, or make it. Raises NotSupportedHere like `require_work_folder`."""
    require_work_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for item in folder.iterdir():
        shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()
    (folder / MARK).write_text(MARK_TEXT, "utf-8")


def find_path(path: str | os.PathLike[str], folder: Path) -> Path:
    """Return the path if it exists; otherwise a plain file name is one in the work folder."""
    given = Path(path)
    if given.exists() or given.name != str(given):
        return given
    return Path(os.path.relpath(folder / given))
