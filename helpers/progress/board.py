"""The progress board: how a lab, the course or a class stands, as a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpers.course.project import Sheet
from helpers.course.registry import exercises_of
from helpers.display import Card, Shown, Table, Tone, counted
from helpers.exercises.exercise import Exercise
from helpers.progress.class_progress import ClassProgress
from helpers.progress.progress import Progress, Standing

MERGED = "{name}: merged from {files}, which bear the same learner's id."
UNREADABLE = "{file} can't be read: {why}."


@dataclass(frozen=True)
class Place:
    """One lab of the board: its name, its title and its exercises."""

    lab: str
    title: str
    exercises: Sequence[Exercise]


def places(sheets: Iterable[Sheet]) -> list[Place]:
    """Return these labs with their exercises."""
    return [Place(sheet.name, sheet.title, exercises_of(sheet.name)) for sheet in sheets]


@dataclass(frozen=True, repr=False)
class Board(Shown):
    """Every exercise of these labs, and how it stands. It has no times: it reads the same twice."""

    places: Sequence[Place]
    progress: Progress

    @property
    def passed(self) -> int:
        return sum(self._passed(place) for place in self.places)

    @property
    def total(self) -> int:
        return sum(len(place.exercises) for place in self.places)

    def _card(self) -> Card:
        where = self.places[0].title if len(self.places) == 1 else "The course"
        tone = Tone.GOOD if self.total and self.passed == self.total else Tone.PLAIN
        title = f"{where}: {self.passed} of {counted(self.total, 'exercise')} passed"
        return Card(tone, title, table=Table(("", "lab", "exercise", ""), self._rows()))

    def _rows(self) -> list[Sequence[str]]:
        return [row for place in self.places for row in self._place(place)]

    def _place(self, place: Place) -> list[Sequence[str]]:
        rows: list[Sequence[str]] = []
        for number, exercise in enumerate(place.exercises):
            standing = self.progress.standing(place.lab, exercise.name)
            name = place.title if number == 0 else ""
            rows.append((_tone(standing).mark, name, exercise.title, in_words(standing)))
        return rows

    def _passed(self, place: Place) -> int:
        standings = (self.progress.standing(place.lab, each.name) for each in place.exercises)
        return sum(standing.passed is not None for standing in standings)


@dataclass(frozen=True, repr=False)
class ClassBoard(Shown):
    """A line for each learner, and in it how many exercises of each lab are passed."""

    places: Sequence[Place]
    people: ClassProgress

    def _card(self) -> Card:
        head = ("learner", *(place.title for place in self.places))
        people = self.people
        lines = [MERGED.format(name=name, files=", ".join(m)) for name, m in people.merged.items()]
        lines += [UNREADABLE.format(file=f, why=why) for f, why in people.unreadable.items()]
        title = counted(len(self.people.learners), "learner")
        return Card(Tone.PLAIN, title, lines, table=Table(head, self._rows()))

    def _rows(self) -> list[Sequence[str]]:
        return [
            (name, *(str(Board([place], progress)._passed(place)) for place in self.places))
            for name, progress in self.people.learners.items()
        ]


def in_words(standing: Standing) -> str:
    """
    >>> in_words(Standing(checks=2, hints=1, last="incorrect"))
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
