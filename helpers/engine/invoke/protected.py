"""What a function must not reach although it may lie below /tmp, and what of /tmp it therefore has.

On AWS /tmp is the function's own. Here it is the machine's, and functions may use all of it; but
somebody may have cloned the course there, or keep their lab home there.
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
    """Return the folders that all functions may read and write: /tmp, or none."""
    return (TMP,) if is_free_of(TMP, protected_places()) else ()


def is_free_of(folder: Path, places: Iterable[Path]) -> bool:
    """Return whether none of these places is in `folder`, wherever links lead."""
    real = folder.resolve()
    return not any(place.resolve().is_relative_to(real) for place in places)


def protected_places(environ: Mapping[str, str] = os.environ) -> list[Path]:
    """Return the folders of the course, of its Python, and the owner's home and lab home."""
    homes = [environ[name] for name in ("HOME", OWNERS_HOME) if environ.get(name)]
    places = [PROJECT, Path(sys.prefix), Path(sys.base_prefix), *map(Path, homes)]
    if RECORD in environ:
        places.append(Path(environ[RECORD]).parent)
    with suppress(KeyError):  # a user without an entry, as in some containers
        places.append(Path(pwd.getpwuid(os.getuid()).pw_dir))
    return places
