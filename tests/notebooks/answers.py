"""Answers that learners give, wrong ones and right ones in other words, made from the worked ones.

Each lab has its own in tests/labs/<lab>/: ANSWERS in wrong_answers.py, at least three for every
exercise, and in right_answers.py, at least two. The proofs run them in the lab's worked sheet, at
their exercise, one after another in the same account.

    worked = Worked("thumbnails")
    ANSWERS = (
        *worked.swap("fit", "picture.thumbnail((edge, edge))", {
            "picture = picture.resize((edge, edge))": "code: fit.stretched",
        }),
        worked.cells("role", REMOVE, says="role: role.nothing-allowed"),
    )

A wrong answer says which verdict it must get: the link, a colon, and the id of the diagnosis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from helpers.sheets import worked_answer

RIGHT = "correct"


@dataclass(frozen=True)
class Answer:
    """What a learner might do, and the verdict that it must get.

    `cells` may raise, as a learner's would; `undo` may not. Together with the exercise's own
    `undo_wrong_answer` it leaves what the next answer can run on.
    """

    exercise: str
    name: str
    cells: tuple[str, ...]
    says: str = RIGHT
    undo: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        return self.says == RIGHT

    @property
    def link(self) -> str:
        return self.says.partition(": ")[0]

    @property
    def diagnosis(self) -> str:
        return self.says.partition(": ")[2]


Undo = str | Sequence[str]


class Worked:
    """The worked answers of one lab, from which others are made by a change."""

    def __init__(self, lab: str) -> None:
        self._lab = lab

    def cells(self, exercise: str, *cells: str, says: str = RIGHT, undo: Undo = ()) -> Answer:
        """Return an answer of these cells."""
        name = " … ".join(" ".join(cell.split()) for cell in cells)[:120]
        return Answer(exercise, name, cells, says, _several(undo))

    def mutate(
        self,
        exercise: str,
        *changes: tuple[str, str],
        says: str = RIGHT,
        first: Undo = (),
        then: Undo = (),
        undo: Undo = (),
    ) -> Answer:
        """Return the worked answer with each change made in it, between the cells given."""
        cells = self.answer(exercise)
        for old, new in changes:
            cells = _changed(cells, old, new)
        name = "; ".join(f"{old} → {new}" for old, new in changes)
        whole = (*_several(first), *cells, *_several(then))
        return Answer(exercise, " ".join(name.split())[:120], whole, says, _several(undo))

    def swap(
        self, exercise: str, old: str, news: Mapping[str, str] | Iterable[str], *, undo: Undo = ()
    ) -> tuple[Answer, ...]:
        """Return an answer for each text that stands in the place of `old`, and what it gets."""
        pairs = news.items() if isinstance(news, Mapping) else ((new, RIGHT) for new in news)
        return tuple(self.mutate(exercise, (old, new), says=says, undo=undo) for new, says in pairs)

    def answer(self, exercise: str) -> tuple[str, ...]:
        """Return the cells of the worked answer."""
        return _worked(self._lab, exercise)


@cache
def _worked(lab: str, exercise: str) -> tuple[str, ...]:
    return tuple(worked_answer(lab, exercise))


def _several(cells: Undo) -> tuple[str, ...]:
    return (cells,) if isinstance(cells, str) else tuple(cells)


def _changed(cells: Sequence[str], old: str, new: str) -> tuple[str, ...]:
    """Make the change in the one cell that has the text. Raises ValueError if not just one has."""
    if sum(old in cell for cell in cells) != 1:
        raise ValueError(
            f"{old!r} has to be in one cell of the worked answer:\n" + "\n".join(cells)
        )
    return tuple(cell.replace(old, new) for cell in cells)
