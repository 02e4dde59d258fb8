"""The progress boards: the exercises passed in a lab, in the course or by a class, as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpers.course.project import Sheet
from helpers.course.registry import exercises_of
from helpers.display import Card, Shown, Table, Tone, counted
from helpers.exercises.exercise import Exercise
from helpers.progress.class_progress import ClassProgress
from helpers.progress.progress import Progress, Standing

MERGED = "{name}: merged from {files}, which have the same learner's id."
UNREADABLE = "{file} can't be read: {why}."


@dataclass(frozen=True)
class LabEntry:
    """One lab of a board: its name, its title and its exercises."""

    lab: str
    title: str
    exercises: Sequence[Exercise]


def lab_entries(sheets: Iterable[Sheet]) -> list[LabEntry]:
    """Return these labs with their exercises."""
    return [LabEntry(sheet.name, sheet.title, exercises_of(sheet.name)) for sheet in sheets]


@dataclass(frozen=True, repr=False)
class Board(Shown):
    """The standing of every exercise of these labs. It has no times, so it is reproducible."""

    labs: Sequence[LabEntry]
    progress: Progress

    @property
    def passed(self) -> int:
        standings = (
            self.progress.standing(lab.lab, exercise.name)
            for lab in self.labs
            for exercise in lab.exercises
        )
        return sum(standing.passed is not None for standing in standings)

    @property
    def total(self) -> int:
        return sum(len(lab.exercises) for lab in self.labs)

    def _card(self) -> Card:
        where = self.labs[0].title if len(self.labs) == 1 else "The course"
        tone = Tone.GOOD if self.total and self.passed == self.total else Tone.PLAIN
        title = f"{where}: {self.passed} of {counted(self.total, 'exercise')} passed"
        return Card(tone, title, table=Table(("", "lab", "exercise", ""), self._rows()))

    def _rows(self) -> list[Sequence[str]]:
        rows: list[Sequence[str]] = []
        for lab in self.labs:
            for number, exercise in enumerate(lab.exercises):
                standing = self.progress.standing(lab.lab, exercise.name)
                title = lab.title if number == 0 else ""
                mark, state = _tone(standing).mark, describe_standing(standing)
                rows.append((mark, title, exercise.title, state))
        return rows


@dataclass(frozen=True, repr=False)
class ClassBoard(Shown):
    """A row for each learner, with the number of exercises passed in each lab."""

    labs: Sequence[LabEntry]
    people: ClassProgress

    def _card(self) -> Card:
        people = self.people
        lines = [MERGED.format(name=name, files=", ".join(m)) for name, m in people.merged.items()]
        lines += [UNREADABLE.format(file=f, why=why) for f, why in people.unreadable.items()]
        head = ("learner", *(lab.title for lab in self.labs))
        rows = [
            (name, *(str(Board([lab], progress).passed) for lab in self.labs))
            for name, progress in people.learners.items()
        ]
        return Card(
            Tone.PLAIN, counted(len(people.learners), "learner"), lines, table=Table(head, rows)
        )


def describe_standing(standing: Standing) -> str:
    """
    >>> describe_standing(Standing(checks=2, hints=1, last="incorrect"))
    'tried, 1 hint'
    """
    hints = f", {counted(standing.hints, 'hint')}" if standing.hints else ""
    if standing.passed and standing.helped:
        return f"passed after the worked answer{hints}"
    if standing.passed:
        return f"passed{hints}"
    tried = standing.last not in (None, "not attempted")
    return f"{'tried' if tried else 'not yet'}{hints}"


def _tone(standing: Standing) -> Tone:
    if standing.passed:
        return Tone.GOOD
    return Tone.WRONG if standing.last == "incorrect" else Tone.WAITING
