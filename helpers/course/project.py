"""The project's folders, and the labs that their notebooks are.

labs/01_first_function.ipynb        a sheet: what a learner opens
solutions/01_first_function.ipynb   its worked sheet, with the same file name
            └┬┘└──────┬──────┘
           number    name, with - for _: "first-function"
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from helpers.errors import LabError

FILE_NAME = re.compile(r"(\d\d)_([a-z0-9]+(?:_[a-z0-9]+)*)\.ipynb")
HEADING = re.compile(r"^# +(.+?)\s*$", re.MULTILINE)

NO_SUCH_LAB = """\
There is no lab called {name!r} in {root}.
{guess}The labs are: {names}."""

NO_LABS = """\
There are no labs in {root}.
They are notebooks with names such as 01_first_function.ipynb, in the folders labs/ and solutions/.
Run this from a copy of the project: git clone it, then `uv run lab` inside."""

NO_DATA = """\
No files come with the lab {lab!r}: there is no folder for it in {folder}.
If there should be one, your copy of the project is incomplete: clone it again."""


class NoSuchLab(LabError, LookupError):
    """No lab has that name; the message says which labs there are."""


@dataclass(frozen=True)
class Sheet:
    """One lab: its number in the course, its name, its title and its file name."""

    number: int
    name: str
    title: str
    file: str


@dataclass(frozen=True)
class Project:
    """The folder with `labs/`, and with `solutions/` unless the teacher has removed it."""

    root: Path

    @property
    def labs(self) -> Path:
        return self.root / "labs"

    @property
    def solutions(self) -> Path:
        return self.root / "solutions"

    def data(self, lab: str) -> Path:
        """Return the folder of the lab's files, such as labs/data/05_thumbnails.

        Raises NoSuchLab if no files come with it.
        """
        ending = lab.replace("-", "_")
        for folder in (self.labs / "data").glob(f"[0-9][0-9]_{ending}"):
            return folder
        raise NoSuchLab(NO_DATA.format(lab=lab, folder=self.labs / "data"))

    def given(self, lab: str) -> Path:
        """Return the file of the code that the lab of that name gives to its learners."""
        return self.root / "helpers" / "labs" / lab.replace("-", "_") / "given.json"

    def names(self) -> list[str]:
        """Return the names of all labs, in the order of the course."""
        return [str(name_of(file)) for file in self._files()]

    def sheets(self) -> list[Sheet]:
        """Return every lab that has a sheet or a worked sheet, in the order of the course."""
        return [_sheet(file) for file in self._files()]

    def _files(self) -> list[Path]:
        files: dict[str, Path] = {}
        for folder in (self.labs, self.solutions):
            files |= {p.name: p for p in folder.glob("*.ipynb") if FILE_NAME.fullmatch(p.name)}
        return [files[name] for name in sorted(files)]

    def sheet(self, name: str) -> Sheet:
        """Return the lab with that name ("first-function"), number ("1", "01") or file name.

        Raises NoSuchLab, which suggests the right name.
        """
        sheets = self.sheets()
        for sheet in sheets:
            stem, number = sheet.file.removesuffix(".ipynb"), sheet.number
            spellings = (sheet.name, str(number), f"{number:02d}", stem)
            if name in spellings or name_of(name) == sheet.name:
                return sheet
        raise NoSuchLab(_no_such_lab(name, self.root, [sheet.name for sheet in sheets]))


def find_project() -> Project:
    """Return the project that this package belongs to: the folder above `helpers/`."""
    return Project(Path(__file__).resolve().parents[2])


def name_of(file: str | Path) -> str | None:
    """Return the lab's name for a notebook's file name; None if the file is not a lab's.

    >>> name_of("labs/01_first_function.ipynb")
    'first-function'
    """
    parts = FILE_NAME.fullmatch(Path(file).name)
    return parts[2].replace("_", "-") if parts else None


def _sheet(path: Path) -> Sheet:
    number, name = path.stem.split("_", 1)
    return Sheet(int(number), name.replace("_", "-"), _title(path), path.name)


def _title(path: Path) -> str:
    """Return the first heading, or the file's name if the file is not a notebook."""
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError):
        return path.stem
    heading = HEADING.search("\n".join(prose))
    return heading[1] if heading else path.stem


def _no_such_lab(name: str, root: Path, names: Iterable[str]) -> str:
    known = list(names)
    if not known:
        return NO_LABS.format(root=root)
    close = get_close_matches(name.replace("_", "-").lower(), known, n=1, cutoff=0.5)
    guess = f"Did you mean {close[0]!r}? " if close else ""
    return NO_SUCH_LAB.format(name=name, root=root, guess=guess, names=", ".join(known))
