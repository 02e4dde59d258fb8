"""The errors of a lab. Each message says what is wrong and what to do.

LabError
├── NoSuchFunction    the lab has no function of that name, or the function no such version
├── NoSuchExercise    the lab has no exercise of that name
├── NotPackaged       the handler's file or a package for it does not exist
├── NotDeployed       the function was created or updated, but did not become active
├── NotSupportedHere  the method needs something that is missing here, such as a notebook
├── NoSuchLab         the course has no lab of that name; in helpers/course/project.py
└── CloudError        no cloud is available; in helpers/cloud/errors.py
"""

from collections.abc import Iterable
from difflib import get_close_matches


class LabError(Exception):
    """Its message is all that a learner needs, so a notebook shows no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


class NoSuchFunction(LabError):
    """The lab has no function of that name, or the function no such version or alias."""


class NoSuchExercise(LabError):
    """The lab has no exercise of that name."""


class NotPackaged(LabError):
    """The handler's file or a package for it does not exist."""


class NotDeployed(LabError):
    """The function was created or updated, but did not become active."""


class NotSupportedHere(LabError):
    """The method needs something that is missing here, such as a notebook."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence to append, after a space: the nearest of `known`, or all of them.

    >>> did_you_mean("greter", ["greeter", "resize"])
    " Did you mean 'greeter'?"
    """
    names = sorted(known)
    close = get_close_matches(word.lower(), [name.lower() for name in names], n=1, cutoff=0.6)
    if close:
        nearest = next(name for name in names if name.lower() == close[0])
        return f" Did you mean {nearest!r}?"
    return f" There is: {', '.join(names)}." if names else ""
