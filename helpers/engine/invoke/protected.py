"""Folders that a function must not reach, and whether it can have /tmp, since they may be below it.

On AWS /tmp is the function's own. Here it is the machine's, and functions may use all of it, unless
the course was cloned there, or somebody's home is there.
"""

import os
import pwd
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from helpers.engine.settings import OWNERS_HOME, RECORD

TMP = Path("/tmp")
PROJECT = Path(__file__).parents[3]


@cache
def shared_folders() -> tuple[Path, ...]:
    """Return the folders that all functions may read and write: /tmp or none."""
    return (TMP,) if is_free_of(TMP, protected_folders()) else ()


def is_free_of(folder: Path, paths: Iterable[Path]) -> bool:
    """Return whether none of the paths is in `folder`, with links resolved."""
    real = folder.resolve()
    return not any(path.resolve().is_relative_to(real) for path in paths)


def protected_folders(environ: Mapping[str, str] = os.environ) -> list[Path]:
    """Return the folders of the course, of its Python, and the owner's home and lab home."""
    homes = [environ[name] for name in ("HOME", OWNERS_HOME) if environ.get(name)]
    folders = [PROJECT, Path(sys.prefix), Path(sys.base_prefix), *map(Path, homes)]
    if RECORD in environ:
        folders.append(Path(environ[RECORD]).parent)
    with suppress(KeyError):  # a user without an entry, as in some containers
        folders.append(Path(pwd.getpwuid(os.getuid()).pw_dir))
    return folders
