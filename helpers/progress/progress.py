"""Which exercises a learner has passed: one JSON a learner, safe to write at once, mergeable.

{"version": 1, "id": "9f0c…", "learner": "ada", "labs": {"first-function": {"package": {
    "passed": "2026-11-21T09:30:00+00:00", "helped": false,
    "checks": 3, "hints": 1, "last": "correct"}}}}

The id is drawn once and tells learners apart; the name is only shown. It may be empty, and in a
class several may have the same.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from filelock import FileLock

VERSION = 1
PATIENCE = 10  # seconds to wait for another notebook's turn

SET_ASIDE = "{file} {why}. It was kept as {kept}, and a new one was begun."
DAMAGED = "could not be read as progress ({error})"
NEWER = "was written by a newer version of this course"


@dataclass(frozen=True)
class Standing:
    """How one exercise stands: when it was first passed (UTC), and what led there.

    `helped` means that the worked answer had run when it was passed; `hints` is the number of
    the furthest hint that was read; `last` the last verdict.
    """

    passed: str | None = None
    helped: bool = False
    checks: int = 0
    hints: int = 0
    last: str | None = None

    def better_than(self, other: Standing) -> bool:
        return self._rank() > other._rank()

    def _rank(self) -> tuple[Any, ...]:
        """Passed alone, passed with help, then by effort; the rest only to make it one order."""
        by_itself = self.passed is not None and not self.helped
        earlier = [-ord(letter) for letter in self.passed or ""]
        effort = -self.hints if self.passed else self.hints
        rest = (self.checks, not self.helped, self.last or "")
        return self.passed is not None, by_itself, effort, earlier, *rest


NOT_YET = Standing()


@dataclass(frozen=True)
class Progress:
    """One learner's standings: lab, exercise, standing. Values only; it never changes."""

    learner: str = ""
    labs: Mapping[str, Mapping[str, Standing]] = field(default_factory=dict)
    id: str = ""  # none in a file of the course's first days, until it is written again

    def standing(self, lab: str, exercise: str) -> Standing:
        return self.labs.get(lab, {}).get(exercise, NOT_YET)

    def having(self, lab: str, exercise: str, standing: Standing) -> Progress:
        """The same progress but for that one exercise."""
        exercises = {**self.labs.get(lab, {}), exercise: standing}
        return replace(self, labs={**self.labs, lab: exercises})

    def passed(self, lab: str) -> int:
        """How many exercises of the lab were passed."""
        return sum(each.passed is not None for each in self.labs.get(lab, {}).values())

    def to_json(self) -> str:
        labs = {
            lab: {name: asdict(standing) for name, standing in exercises.items()}
            for lab, exercises in self.labs.items()
        }
        whole = {"version": VERSION, "id": self.id, "learner": self.learner, "labs": labs}
        return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


class NewerProgress(ValueError):
    """The file has a version that this course does not know yet."""


def from_json(text: str) -> Progress:
    """Raises ValueError where the text is not progress, NewerProgress where it is a newer one's."""
    try:
        data = json.loads(text)
        if int(data["version"]) > VERSION:
            raise NewerProgress(NEWER)
        labs = {
            str(lab): {str(name): _standing(each) for name, each in exercises.items()}
            for lab, exercises in data["labs"].items()
        }
        return Progress(str(data["learner"] or ""), labs, str(data.get("id") or ""))
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None


def _standing(data: Mapping[str, Any]) -> Standing:
    passed, last = data["passed"], data["last"]
    return Standing(
        passed=None if passed is None else str(passed),
        helped=bool(data["helped"]),
        checks=int(data["checks"]),
        hints=int(data["hints"]),
        last=None if last is None else str(last),
    )


def merge(*progress: Progress) -> Progress:
    """The best standing of each exercise. The order does not matter, nor does merging twice."""
    learner = next((each.learner for each in progress if each.learner), "")
    merged = Progress(learner, id=next((each.id for each in progress if each.id), ""))
    for each in progress:
        for lab, exercises in each.labs.items():
            for name, standing in exercises.items():
                if name not in merged.labs.get(lab, {}) or standing.better_than(
                    merged.standing(lab, name)
                ):
                    merged = merged.having(lab, name, standing)
    return merged


def learner_of(environ: Mapping[str, str]) -> str:
    """What the learner is called: in JupyterHub as there, elsewhere as on this machine."""
    return environ.get("JUPYTERHUB_USER") or environ.get("USER", "")


class Store(Protocol):
    """Where progress is kept."""

    def read(self) -> Progress: ...

    def update(self, change: Callable[[Progress], Progress]) -> Progress: ...


class InMemory:
    """For worked sheets: their passes are nobody's, and are forgotten with the notebook."""

    def __init__(self) -> None:
        self._progress = Progress()

    def read(self) -> Progress:
        return self._progress

    def update(self, change: Callable[[Progress], Progress]) -> Progress:
        self._progress = change(self._progress)
        return self._progress


class ProgressFile:
    """Progress on disk. Notebooks take turns, a write is whole or not at all.

    A file that can't be read is set aside under another name and `say` tells; nothing is lost.
    """

    def __init__(self, path: Path, learner: str = "", say: Callable[[str], None] = print) -> None:
        self.path = path
        self.learner = learner
        self.say = say

    def read(self) -> Progress:
        """Raises OSError if the file is there and can't be opened."""
        with self._turn():
            return self._read()

    def update(self, change: Callable[[Progress], Progress]) -> Progress:
        """Read, change, write, in one turn. Raises OSError if it can't be written."""
        with self._turn():
            changed = self._signed(change(self._read()))
            _write(self.path, changed.to_json())
            return changed

    def _signed(self, progress: Progress) -> Progress:
        """With whose it is, where the file does not say so yet."""
        learner, drawn = progress.learner or self.learner, progress.id or uuid4().hex
        return replace(progress, learner=learner, id=drawn)

    def _turn(self) -> FileLock:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileLock(f"{self.path}.lock", timeout=PATIENCE, mode=0o600)

    def _read(self) -> Progress:
        try:
            return from_json(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return Progress(self.learner)
        except ValueError as error:
            self._set_aside(error)
            return Progress(self.learner)

    def _set_aside(self, error: ValueError) -> None:
        newer = isinstance(error, NewerProgress)
        why = NEWER if newer else DAMAGED.format(error=error)
        kept = _free_name(self.path, "newer" if newer else "damaged")
        self.path.rename(kept)
        self.say(SET_ASIDE.format(file=self.path.name, why=why, kept=kept.name))


def _free_name(path: Path, word: str) -> Path:
    names = (path.with_name(f"{path.stem}.{word}-{n}{path.suffix}") for n in range(1, 10_000))
    return next(name for name in names if not name.exists())


def _write(path: Path, text: str) -> None:
    """To a file beside it first, so that no one ever reads half."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
