"""A learner's progress: one JSON file, which several notebooks can write and which can be merged.

{"version": 1, "id": "9f0c…", "learner": "ada", "labs": {"first-function": {"package": {
    "passed": "2026-11-21T09:30:00+00:00", "helped": false,
    "checks": 3, "hints": 1, "last": "correct",
    "diagnoses": {"package.not-at-the-top": 2}}}}}

The id is drawn at random once and identifies the learner. The name is only for display: it may be
empty, and in a class several learners may have the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from filelock import FileLock

from helpers.system.atomic import write_atomically
from helpers.system.private_files import private

VERSION = 1
LOCK_TIMEOUT = 10  # seconds to wait for another notebook that reads or writes

SET_ASIDE = "{file} {why}. It was kept as {kept}, and a new file was started."
DAMAGED = "could not be read as progress ({error})"
NEWER = "was written by a newer version of this course"


@dataclass(frozen=True)
class Standing:
    """The standing of one exercise: when it was first passed (UTC), and the attempts at it.

    `helped` means that the worked answer had run before it was passed, `hints` is the number of
    hints read, `last` the last verdict.
    """

    passed: str | None = None
    helped: bool = False
    checks: int = 0
    hints: int = 0
    last: str | None = None
    diagnoses: Mapping[str, int] = field(default_factory=dict)

    def better_than(self, other: Standing) -> bool:
        return self._rank() > other._rank()

    def _rank(self) -> tuple[Any, ...]:
        """Return a sort key: passed alone, passed with help, then by effort.

        The last items only make the order total.
        """
        is_unaided = self.passed is not None and not self.helped
        earlier = [-ord(character) for character in self.passed or ""]
        effort = -self.hints if self.passed else self.hints
        rest = (self.checks, not self.helped, self.last or "")
        return self.passed is not None, is_unaided, effort, earlier, *rest


NOT_YET = Standing()


@dataclass(frozen=True)
class Progress:
    """One learner's standings, by lab and exercise. It is immutable."""

    learner: str = ""
    labs: Mapping[str, Mapping[str, Standing]] = field(default_factory=dict)
    id: str = ""  # empty in a file of the course's first days, until it is written again

    def standing(self, lab: str, exercise: str) -> Standing:
        return self.labs.get(lab, {}).get(exercise, NOT_YET)

    def having(self, lab: str, exercise: str, standing: Standing) -> Progress:
        """Return the progress with another standing of that exercise."""
        exercises = {**self.labs.get(lab, {}), exercise: standing}
        return replace(self, labs={**self.labs, lab: exercises})

    def passed(self, lab: str) -> int:
        """Return how many exercises of the lab were passed."""
        return sum(each.passed is not None for each in self.labs.get(lab, {}).values())

    def to_json(self) -> str:
        labs = {
            lab: {name: asdict(standing) for name, standing in exercises.items()}
            for lab, exercises in self.labs.items()
        }
        data = {"version": VERSION, "id": self.id, "learner": self.learner, "labs": labs}
        return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


class NewerProgress(ValueError):
    """The file was written by a newer version of the course."""


def from_json(text: str) -> Progress:
    """Parse progress. Raises ValueError, which is a NewerProgress for a newer version."""
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
        diagnoses={str(id): int(times) for id, times in data.get("diagnoses", {}).items()},
    )


def merge(*progress: Progress) -> Progress:
    """Return the best standing of each exercise, whatever the order, and however often merged."""
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
    """Return the learner's name: that in JupyterHub, or else the user's on this machine."""
    return environ.get("JUPYTERHUB_USER") or environ.get("USER", "")


class Store(Protocol):
    """Where progress is kept."""

    def read(self) -> Progress: ...

    def update(self, change: Callable[[Progress], Progress]) -> Progress: ...


class InMemory:
    """A store for worked sheets, whose progress belongs to nobody and ends with the notebook."""

    def __init__(self) -> None:
        self._progress = Progress()

    def read(self) -> Progress:
        return self._progress

    def update(self, change: Callable[[Progress], Progress]) -> Progress:
        self._progress = change(self._progress)
        return self._progress


class ProgressFile:
    """A store on disk. Notebooks take turns, and the file is written atomically.

    A file that can't be read is kept under another name, and `say` is told, so nothing is lost.
    """

    def __init__(self, path: Path, learner: str = "", say: Callable[[str], None] = print) -> None:
        self.path = path
        self.learner = learner
        self.say = say

    def read(self) -> Progress:
        """Return the progress. Raises OSError if the file exists but can't be opened."""
        with self._lock():
            return self._read()

    def update(self, change: Callable[[Progress], Progress]) -> Progress:
        """Read, change and write the progress under one lock. Raises OSError if that fails."""
        with self._lock():
            progress = change(self._read())
            # a file of the course's first days has neither name nor id
            changed = replace(
                progress,
                learner=progress.learner or self.learner,
                id=progress.id or uuid4().hex,
            )
            write_atomically(self.path, changed.to_json(), opener=private)
            return changed

    def _lock(self) -> FileLock:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileLock(f"{self.path}.lock", timeout=LOCK_TIMEOUT, mode=0o600)

    def _read(self) -> Progress:
        try:
            return from_json(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return Progress(self.learner)
        except ValueError as error:
            self._set_aside(error)
            return Progress(self.learner)

    def _set_aside(self, error: ValueError) -> None:
        """Rename a file that can't be read, to the first free name, and say so."""
        is_newer = isinstance(error, NewerProgress)
        why, label = (NEWER, "newer") if is_newer else (DAMAGED.format(error=error), "damaged")
        names = (f"{self.path.stem}.{label}-{n}{self.path.suffix}" for n in count(1))
        kept = next(path for path in map(self.path.with_name, names) if not path.exists())
        self.path.rename(kept)
        self.say(SET_ASIDE.format(file=self.path.name, why=why, kept=kept.name))
