"""Package a handler: a zip of it and of what it needs, the same bytes each time."""

import base64
import hashlib
import io
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path

from helpers.errors import NotPackaged, did_you_mean

FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
UNIX = 3

# Small packages are stored as they are: what deflate makes of them differs from one zlib to the
# next, and the same code should have the same CodeSha256 on every learner's machine.
WORTH_COMPRESSING = 1_000_000

NO_FILE = "There is no file or folder {path} to package.{guess}"
NOTHING = "There is no file to package in the folder {path}. Write the handler there first."
TWICE = "Two different files want to be {name} in the package: {first} and {second}."
NO_PACKAGE = "{name} is not installed here, so it can't be packaged.{guess}"


@dataclass(frozen=True)
class Package:
    """The zip's bytes, and the names of the files in it."""

    data: bytes
    names: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """As AWS writes it in CodeSha256."""
        return base64.b64encode(hashlib.sha256(self.data).digest()).decode()

    def __repr__(self) -> str:
        return f"Package of {', '.join(self.names[:5])}{'…' if len(self.names) > 5 else ''}"


def package(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    packages: Iterable[str] = (),
) -> Package:
    """Zip files and folders: a file under its own name, a folder's files from the folder on.

    `packages` are names of installed distributions that go beside them, without what they need
    in their turn. Hidden files and caches stay out. Raises NotPackaged.
    """
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    found = [pair for path in given for pair in _files(Path(path))]
    found += [pair for name in packages for pair in _installed(name)]
    files = _by_name(found)
    return Package(_zip(files), tuple(files))


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


def _installed(name: str) -> Iterator[tuple[str, Path]]:
    for file in _distribution(name).files or ():
        where = Path(str(file.locate()))
        if ".." not in file.parts and _wanted(Path(file)) and where.is_file():
            yield file.as_posix(), where


def _distribution(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        known = (dist.metadata["Name"] for dist in distributions())
        guess = did_you_mean(name, known)
        guess = guess if guess.startswith(" Did") else f" Install it with `uv add {name}`."
        raise NotPackaged(NO_PACKAGE.format(name=name, guess=guess)) from None


def _by_name(found: Iterable[tuple[str, Path]]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for name, path in sorted(found):
        first = files.setdefault(name, path)
        if first.resolve() != path.resolve():
            raise NotPackaged(TWICE.format(name=name, first=first, second=path))
    return files


def _zip(files: dict[str, Path]) -> bytes:
    contents = {name: path.read_bytes() for name, path in files.items()}
    large = sum(map(len, contents.values())) > WORTH_COMPRESSING
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
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
