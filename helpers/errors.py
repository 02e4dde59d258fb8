"""What a lab says when it can't do what was asked.

LabError
├── NoSuchFunction    no function of that name in this lab, or no such version or alias of it
├── NoSuchExercise    the lab has no exercise of that name
├── NotPackaged       the handler's file, or something to go with it, is not there
├── NotDeployed       the function was sent, and did not become ready
├── NotHere           the verb needs something that this place does not have
├── NoSuchLab         no lab of that name; in helpers/course/project.py
└── CloudError        there is no cloud to work with; in helpers/cloud/errors.py
"""

from collections.abc import Iterable
from difflib import get_close_matches


class LabError(Exception):
    """The message is all a learner needs, so that is all a notebook shows of it."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class NoSuchFunction(LabError):
    """No function of that name in this lab, or no such version or alias of it."""


class NoSuchExercise(LabError):
    """The lab has no exercise of that name."""


class NotPackaged(LabError):
    """The handler's file, or something to go with it, is not there."""


class NotDeployed(LabError):
    """The function was sent, and did not become ready."""


class NotHere(LabError):
    """The verb needs something that this place does not have."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence to append, with a space before it: the nearest of `known`, or all of them.

    >>> did_you_mean("greter", ["greeter", "resize"])
    " Did you mean 'greeter'?"
    """
    names = sorted(known)
    close = get_close_matches(word.lower(), [name.lower() for name in names], n=1, cutoff=0.6)
    if close:
        nearest = next(name for name in names if name.lower() == close[0])
        return f" Did you mean {nearest!r}?"
    return f" There is: {', '.join(names)}." if names else ""
