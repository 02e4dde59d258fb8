"""What a check found, and how a check says so: by returning, or by raising."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from helpers.display import Card, Shown, Tone


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


class Link(enum.StrEnum):
    """A link of the trigger chain, as a verdict names the broken one.

    `Link.CODE("…")` pairs it with the words of a diagnosis: see helpers/checks/diagnosis.py.
    """

    CODE = "code"  # the program that the function runs
    RESULT = "result"  # what it returned, or what its API answered
    PACKAGE = "package"  # what was uploaded, against what was written
    FUNCTION = "function"  # the function itself, its versions and aliases
    CONFIGURATION = "configuration"  # handler, time-out, memory, environment variables
    PERMISSION = "permission"  # the function's own policy: who may invoke it
    ROLE = "role"  # what the function may do
    EVENT_SOURCE = "event source"  # a notification, a rule and its target, a mapping
    ROUTE = "route"  # resource, method, integration and stage of an API
    QUEUE = "queue"
    STREAM = "stream"
    TABLE = "table"
    BUCKET = "bucket"
    EFFECT = "effect"  # what should be there at the end of the chain

    def __call__(self, says: str) -> tuple[Link, str]:
        """Return the link with these words, in one line whatever their layout in the source."""
        return self, " ".join(says.split())


class NotAttempted(Exception):
    """There is nothing to look at yet; the message says what is looked for."""


class CantCheck(Exception):
    """The check could not do its work; the message says why and what to do."""


class Incorrect(Exception):
    """One link of the chain is broken.

    `link` names it; `id` is the diagnosis' ("trigger.no-suffix"); `evidence` is what was seen, as a
    machine wrote it.
    """

    def __init__(self, message: str, *, link: str = "", evidence: str = "", id: str = "") -> None:
        super().__init__(message)
        self.link = link
        self.evidence = evidence
        self.id = id


@dataclass(frozen=True, repr=False)
class Verdict(Shown):
    """What a check found. Plain text and HTML say the same.

    `diagnosis` is the id of the mistake that it names, "" where it names none.
    """

    exercise: str
    outcome: Outcome
    message: str
    evidence: str = ""
    link: str = ""
    diagnosis: str = ""

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
