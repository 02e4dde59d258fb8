"""A diagnosis: one mistake that a check knows, with an id, the link it breaks, and its words.

    class Fit(Diagnosis):
        STRETCHED = Link.CODE(\"\"\"
            The thumbnail is squeezed: {photo} pixels became {thumb}. Divide width and height by
            the same number.\"\"\")

    require(is_in_proportion, Fit.STRETCHED, evidence, photo="300 x 200", thumb="160 x 160")

Its id is "fit.stretched": tests, progress and teachers go by ids, and only learners by the words.
"""

import re
from enum import Enum

from helpers.exercises.verdict import Incorrect, Link

CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Diagnosis(Enum):
    """The mistakes of one exercise or one block; each member pairs a Link with its words."""

    def __init__(self, link: Link, text: str) -> None:
        self.link = link
        self.text = text

    @property
    def id(self) -> str:
        return f"{_kebab(type(self).__name__)}.{_kebab(self.name)}"

    def __call__(self, evidence: str = "", /, **words: object) -> Incorrect:
        """Return what a check raises; `words` fill the gaps in its text."""
        said = self.text.format(**words)
        return Incorrect(said, link=self.link, evidence=evidence, id=self.id)


def require(
    condition: object, otherwise: Diagnosis, evidence: str = "", /, **words: object
) -> None:
    """Raise that diagnosis unless the condition holds."""
    if not condition:
        raise otherwise(evidence, **words)


def first_of(*candidates: tuple[Diagnosis, object]) -> Diagnosis | None:
    """Return the first diagnosis whose condition holds, None if none does."""
    return next((diagnosis for diagnosis, holds in candidates if holds), None)


def all_diagnoses() -> list[Diagnosis]:
    """Return every diagnosis of the modules that have been imported."""
    return [diagnosis for group in Diagnosis.__subclasses__() for diagnosis in group]


def _kebab(name: str) -> str:
    return CAPITAL.sub("-", name).replace("_", "-").lower()
