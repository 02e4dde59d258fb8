"""Package a handler: a zip of it and of what it needs, the same bytes each time."""

import base64
import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import (
    Distribution,
    PackageNotFoundError,
    distribution,
    distributions,
    packages_distributions,
)
from pathlib import Path

from helpers.errors import NotPackaged, did_you_mean

FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
UNIX = 3

# Small packages are stored as they are: what deflate makes of them differs from one zlib to the
# next, and the same code should have the same CodeSha256 on every learner's machine.
WORTH_COMPRESSING = 1_000_000

# From a distribution's name to its files: the name in the package, and where the file is.
Find = Callable[[str], Iterable[tuple[str, Path]]]

NO_FILE = "There is no file or folder {path} to package.{guess}"
NOTHING = "There is no file to package in the folder {path}. Write the handler there first."
TWICE = "Two different files want to be {name} in the package: {first} and {second}."
NO_PACKAGE = "{name} is not installed here, so it can't be packaged.{guess}"
MODULE = " It is a module of the distribution {owner}: name that."
NO_LIST = "packages={name!r} is a text, and it has to be a list of names: packages=[{name!r}]."


@dataclass(frozen=True)
class Package:
    """The zip's bytes, the names of the files in it, and the distributions they came with."""

    data: bytes
    names: tuple[str, ...]
    packages: tuple[str, ...] = ()
    brought: int = 0  # how many of the files came with those

    @property
    def sha256(self) -> str:
        """As AWS writes it in CodeSha256."""
        return base64.b64encode(hashlib.sha256(self.data).digest()).decode()

    def words(self, most: int = 3) -> str:
        """What is in it: "resize.py, sizes.json with pillow"."""
        own = self.names[: len(self.names) - self.brought]
        more = f" and {len(own) - most} more" if len(own) > most else ""
        beside = f" with {', '.join(self.packages)}" if self.packages else ""
        return ", ".join(own[:most]) + more + beside

    def __repr__(self) -> str:
        return f"Package of {self.words()}"


def installed(name: str) -> Iterator[tuple[str, Path]]:
    """The files of a distribution as it is installed here. Raises NotPackaged."""
    for file in find_distribution(name).files or ():
        where = Path(str(file.locate()))
        if ".." not in file.parts and _wanted(Path(file)) and where.is_file():
            yield file.as_posix(), where


def package(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    packages: Iterable[str] = (),
    find: Find = installed,
) -> Package:
    """Zip files and folders: a file under its own name, a folder's files from the folder on.

    `packages` are names of distributions that go beside them, without what they need in their
    turn; `find` gives their files, by default those that are installed here. Hidden files and
    caches stay out. Raises NotPackaged.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if isinstance(packages, str):
        raise NotPackaged(NO_LIST.format(name=packages))
    names = tuple(packages)
    found = [pair for path in given for pair in _files(Path(path))]
    brought = _by_name(pair for name in names for pair in find(name))
    everything = _by_name([*found, *brought.items()])
    own = {name: path for name, path in everything.items() if name not in brought}
    base = _zipped(tuple(brought.items())) if brought else b""
    return Package(_zip(own, base), (*own, *brought), names, len(brought))


def _files(path: Path) -> list[tuple[str, Path]]:
    """Name in the package, and where the file is."""
    if path.is_file():
        return [(path.name, path)]
    if not path.is_dir():
        raise NotPackaged(NO_FILE.format(path=path, guess=_guess(path)))
    inside = [(file.relative_to(path), file) for file in path.rglob("*") if file.is_file()]
    files = [(name.as_posix(), file) for name, file in inside if _wanted(name)]
    if not files:
        raise NotPackaged(NOTHING.format(path=path))
    return files


def _wanted(name: Path) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
    return not hidden and name.suffix != ".pyc"


def _guess(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f" The folder {folder} isn't there either."
    return did_you_mean(path.name, (file.name for file in folder.iterdir() if file.name[0] != "."))


def find_distribution(name: str) -> Distribution:
    """The distribution installed here under that name. Raises NotPackaged."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise NotPackaged(NO_PACKAGE.format(name=name, guess=_other_name(name))) from None


def _other_name(name: str) -> str:
    """What may have been meant: people know a module's name better than its distribution's."""
    owners = packages_distributions().get(name)
    if owners:
        return MODULE.format(owner=owners[0])
    guess = did_you_mean(name, (dist.metadata["Name"] for dist in distributions()))
    return guess if guess.startswith(" Did") else f" Install it with `uv add {name}`."


def _by_name(found: Iterable[tuple[str, Path]]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for name, path in sorted(found):
        first = files.setdefault(name, path)
        if first.resolve() != path.resolve():
            raise NotPackaged(TWICE.format(name=name, first=first, second=path))
    return files


@lru_cache(maxsize=4)
def _zipped(files: tuple[tuple[str, Path], ...]) -> bytes:
    """Distributions are large and don't change: what compressing them takes is taken once."""
    return _zip(dict(files))


def _zip(files: dict[str, Path], base: bytes = b"") -> bytes:
    """These files, after those of the zip `base`."""
    contents = {name: path.read_bytes() for name, path in files.items()}
    large = sum(map(len, contents.values())) > WORTH_COMPRESSING
    buffer = io.BytesIO(base)
    with zipfile.ZipFile(buffer, "a" if base else "w") as archive:
        for name, content in contents.items():
            entry = _entry(name, executable=os.access(files[name], os.X_OK))
            entry.compress_type = zipfile.ZIP_DEFLATED if large else zipfile.ZIP_STORED
            archive.writestr(entry, content)
    return buffer.getvalue()


def _entry(name: str, executable: bool) -> zipfile.ZipInfo:
    """The same date, system and rights on every machine. Lambda must be allowed to read it."""
    entry = zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP)
    entry.create_system = UNIX
    entry.external_attr = (0o100755 if executable else 0o100644) << 16
    return entry
