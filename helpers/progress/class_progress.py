"""The progress of a class, from the files that a teacher has collected."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers.progress.progress import NewerProgress, Progress, from_json, merge

NOT_PROGRESS = "it is not the progress of a learner, or it is damaged ({error})"


@dataclass(frozen=True)
class ClassProgress:
    """Each learner's progress, by the name to show.

    `merged` has the files of learners who handed in several, `unreadable` the files that can't be
    read, and why.
    """

    learners: Mapping[str, Progress]
    merged: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)


def read_class(files: Iterable[Path]) -> ClassProgress:
    """Read many learners' files, and merge those with the same learner's id.

    A learner has the name in the file; without one, the learner is named after the file. If
    several have the same name, it is followed by the file's: `student (progress (1).json)`.
    """
    labels = short_names([file.resolve() for file in files])
    by_learner: dict[str, list[tuple[str, Progress]]] = defaultdict(list)
    unreadable: dict[str, str] = {}
    for file, label in labels.items():
        try:
            progress = from_json(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            unreadable[label] = _why(error)
        else:
            by_learner[progress.id or str(file)].append((label, progress))
    return _class_of([dict(files) for files in by_learner.values()], unreadable)


def _class_of(
    people: Sequence[Mapping[str, Progress]], unreadable: Mapping[str, str]
) -> ClassProgress:
    """Return the progress of the class, from each person's files, by the files' labels."""
    progress = [merge(*files.values()) for files in people]
    labels = [list(files) for files in people]
    names = [
        each.learner or files[0].removesuffix(".json")
        for each, files in zip(progress, labels, strict=True)
    ]
    counts = Counter(names)
    unique = [
        name if counts[name] == 1 else f"{name} ({files[0]})"
        for name, files in zip(names, labels, strict=True)
    ]
    merged = {name: files for name, files in zip(unique, labels, strict=True) if len(files) > 1}
    learners = dict(sorted(zip(unique, progress, strict=True)))
    return ClassProgress(learners, merged, unreadable)


def short_names(files: Iterable[Path]) -> dict[Path, str]:
    """Return each file, once, with as much of its path as distinguishes it from the others.

    >>> short_names([Path("/home/ada/progress.json"), Path("/home/bob/progress.json")]).values()
    dict_values(['ada/progress.json', 'bob/progress.json'])
    """
    unique = list(dict.fromkeys(files))
    if len({file.name for file in unique}) == len(unique):
        return {file: file.name for file in unique}
    common = Path(os.path.commonpath([file.parent for file in unique]))
    return {file: str(file.relative_to(common)) for file in unique}


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return f"it {error}" if isinstance(error, NewerProgress) else NOT_PROGRESS.format(error=error)
