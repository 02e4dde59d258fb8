"""Package a handler: make a zip of its files and its packages, with the same bytes each time."""

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

EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)  # that a zip can hold
UNIX = 3

# Small packages are not compressed: the result of deflate differs between versions of zlib, and the
# same code should have the same CodeSha256 on every learner's machine.
WORTH_COMPRESSING = 1_000_000

# From a distribution's name to its files: the name in the package, and the file's path.
Find = Callable[[str], Iterable[tuple[str, Path]]]

NO_FILE = "There is no file or folder {path} to package.{guess}"
EMPTY_FOLDER = "There is no file to package in the folder {path}. Write the handler there first."
CONFLICT = "Two different files would be {name} in the package: {first} and {second}."
NOT_INSTALLED = "{name} is not installed here, so it can't be packaged.{guess}"
MODULE = " It is a module of the distribution {owner}: use that name."
NOT_A_LIST = "packages={name!r} is a string; it has to be a list of names: packages=[{name!r}]."


@dataclass(frozen=True)
class Package:
    """The zip's bytes, the names of the files in it, and the distributions included."""

    data: bytes
    names: tuple[str, ...]
    packages: tuple[str, ...] = ()
    packaged: int = 0  # how many of the files belong to the distributions

    @property
    def sha256(self) -> str:
        """Return the hash as AWS writes it in CodeSha256."""
        return base64.b64encode(hashlib.sha256(self.data).digest()).decode()

    def describe(self, most: int = 3) -> str:
        """Return the contents in words: "resize.py, sizes.json with pillow"."""
        own = self.names[: len(self.names) - self.packaged]
        more = f" and {len(own) - most} more" if len(own) > most else ""
        packages = f" with {', '.join(self.packages)}" if self.packages else ""
        return ", ".join(own[:most]) + more + packages

    def __repr__(self) -> str:
        return f"Package of {self.describe()}"


def installed(name: str) -> Iterator[tuple[str, Path]]:
    """Yield the files of a distribution as it is installed here. Raises NotPackaged."""
    for file in find_distribution(name).files or ():
        path = Path(str(file.locate()))
        if ".." not in file.parts and _is_included(Path(file)) and path.is_file():
            yield file.as_posix(), path


def package(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    packages: Iterable[str] = (),
    find: Find = installed,
) -> Package:
    """Zip files, and folders with their paths relative to the folder.

    `packages` are names of distributions to include, without their own dependencies. `find` gives
    their files, by default as installed here. Hidden files and caches are left out. Raises
    NotPackaged.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if isinstance(packages, str):
        raise NotPackaged(NOT_A_LIST.format(name=packages))
    names = tuple(packages)
    files = [pair for path in given for pair in _files(Path(path))]
    packaged = _by_name(pair for name in names for pair in find(name))
    everything = _by_name([*files, *packaged.items()])
    own = {name: path for name, path in everything.items() if name not in packaged}
    base = _zip_packages(tuple(packaged.items())) if packaged else b""
    return Package(_zip(own, base), (*own, *packaged), names, len(packaged))


def _files(path: Path) -> list[tuple[str, Path]]:
    """Return the names that the files have in the package, and their paths."""
    if path.is_file():
        return [(path.name, path)]
    if not path.is_dir():
        raise NotPackaged(NO_FILE.format(path=path, guess=_guess(path)))
    inside = [(file.relative_to(path), file) for file in path.rglob("*") if file.is_file()]
    files = [(name.as_posix(), file) for name, file in inside if _is_included(name)]
    if not files:
        raise NotPackaged(EMPTY_FOLDER.format(path=path))
    return files


def _is_included(name: Path) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
    return not hidden and name.suffix != ".pyc"


def _guess(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f" The folder {folder} does not exist either."
    return did_you_mean(path.name, (file.name for file in folder.iterdir() if file.name[0] != "."))


def find_distribution(name: str) -> Distribution:
    """Return the distribution installed here under that name. Raises NotPackaged."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise NotPackaged(NOT_INSTALLED.format(name=name, guess=_other_name(name))) from None


def _other_name(name: str) -> str:
    """Return advice: it may be the name of a module, or misspelled, or not installed."""
    owners = packages_distributions().get(name)
    if owners:
        return MODULE.format(owner=owners[0])
    guess = did_you_mean(name, (dist.metadata["Name"] for dist in distributions()))
    return guess if guess.startswith(" Did") else f" Install it with `uv add {name}`."


def _by_name(pairs: Iterable[tuple[str, Path]]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for name, path in sorted(pairs):
        first = files.setdefault(name, path)
        if first.resolve() != path.resolve():
            raise NotPackaged(CONFLICT.format(name=name, first=first, second=path))
    return files


@lru_cache(maxsize=4)
def _zip_packages(files: tuple[tuple[str, Path], ...]) -> bytes:
    """Return a zip of packages. They are large and don't change, so they are compressed once."""
    return _zip(dict(files))


def _zip(files: dict[str, Path], base: bytes = b"") -> bytes:
    """Return a zip of these files, appended to those of the zip `base`."""
    contents = {name: path.read_bytes() for name, path in files.items()}
    large = sum(map(len, contents.values())) > WORTH_COMPRESSING
    buffer = io.BytesIO(base)
    with zipfile.ZipFile(buffer, "a" if base else "w") as archive:
        for name, content in contents.items():
            # date, system and permissions are the same on every machine, and Lambda can read it
            entry = zipfile.ZipInfo(name, EARLIEST_DATE)
            entry.create_system = UNIX
            entry.external_attr = (0o100755 if os.access(files[name], os.X_OK) else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED if large else zipfile.ZIP_STORED
            archive.writestr(entry, content)
    return buffer.getvalue()
