"""What a check found, and how a check says so: by returning, or by raising."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.display import Card, Shown, Tone

if TYPE_CHECKING:
    pass


class Outcome(enum.Enum):
    CORRECT = "correct"
    NOT_ATTEMPTED = "not attempted"
    INCORRECT = "incorrect"
    CANT_CHECK = "can't check"


TONES = {
    Outcome.CORRECT: Tone.GOOD,
    Outcome.NOT_ATTEMPTED: Tone.WAITING,
    Outcome.INCORRECT: Tone.WRONG,
    Outcome.CANT_CHECK: Tone.UNSURE,
}


class NotAttempted(Exception):
    """There is nothing to look at yet; the message says what is looked for."""


class CantCheck(Exception):
    """The check could not do its work; the message says why and what to do."""


class Incorrect(Exception):
    """One link of the chain is broken.

    `link` names it ("event source", "permission", "function", "effect"); `evidence` is what was
    seen, as a machine wrote it.
    """

    def __init__(self, message: str, *, link: str = "", evidence: str = "") -> None:
        super().__init__(message)
        self.link = link
        self.evidence = evidence


@dataclass(frozen=True, repr=False)
class Verdict(Shown):
    """What a check found. Plain text and HTML say the same."""

    exercise: str
    outcome: Outcome
    message: str
    evidence: str = ""
    link: str = ""

    @property
    def correct(self) -> bool:
        return self.outcome is Outcome.CORRECT

    def _card(self) -> Card:
        lines = [self.message, f"Where it broke: {self.link}" if self.link else ""]
        title = f"{self.exercise}: {self.outcome.value}"
        return Card(TONES[self.outcome], title, lines, self.evidence, self._next())

    def _next(self) -> str:
        if self.outcome in (Outcome.CORRECT, Outcome.CANT_CHECK):
            return ""
        return f'Stuck? `lab.hint("{self.exercise}")` gives a hint.'
