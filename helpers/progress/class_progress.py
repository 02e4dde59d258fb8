"""What a teacher collected: many learners' files, each with its line, none mistaken for another."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers.progress.progress import NewerProgress, Progress, from_json, merge

UNLIKE = "it is not the progress of a learner, or it is damaged ({error})"


@dataclass(frozen=True)
class ClassProgress:
    """Each learner's progress, by the name to show.

    `merged` has the files of those learners who handed in several; `unreadable` the files that say
    nothing, and why.
    """

    learners: Mapping[str, Progress]
    merged: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)


def read_class(files: Iterable[Path]) -> ClassProgress:
    """Read many learners' files; only those that bear the same learner's id are merged.

    A learner is called as the file says, or like the file where it gives no name. Where several
    have one name, the file's name tells them apart: `student (progress (1).json)`.
    """
    labels = short_names([file.resolve() for file in files])
    found: dict[str, list[tuple[str, Progress]]] = defaultdict(list)
    unreadable: dict[str, str] = {}
    for file, label in labels.items():
        try:
            progress = from_json(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            unreadable[label] = _why(error)
        else:
            found[progress.id or str(file)].append((label, progress))
    return _class_of([dict(each) for each in found.values()], unreadable)


def _class_of(
    people: Sequence[Mapping[str, Progress]], unreadable: Mapping[str, str]
) -> ClassProgress:
    """The class, from each person's files, by their labels."""
    progress = [merge(*files.values()) for files in people]
    labels = [list(files) for files in people]
    called = [
        each.learner or files[0].removesuffix(".json")
        for each, files in zip(progress, labels, strict=True)
    ]
    times = Counter(called)
    names = [
        name if times[name] == 1 else f"{name} ({files[0]})"
        for name, files in zip(called, labels, strict=True)
    ]
    merged = {name: files for name, files in zip(names, labels, strict=True) if len(files) > 1}
    learners = dict(sorted(zip(names, progress, strict=True)))
    return ClassProgress(learners, merged, unreadable)


def short_names(files: Iterable[Path]) -> dict[Path, str]:
    """Each file, once, and as much of its path as tells it from the others.

    >>> short_names([Path("/home/ada/progress.json"), Path("/home/bob/progress.json")]).values()
    dict_values(['ada/progress.json', 'bob/progress.json'])
    """
    different = list(dict.fromkeys(files))
    if len({file.name for file in different}) == len(different):
        return {file: file.name for file in different}
    above = Path(os.path.commonpath([file.parent for file in different]))
    return {file: str(file.relative_to(above)) for file in different}


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return f"it {error}" if isinstance(error, NewerProgress) else UNLIKE.format(error=error)
