"""An exercise: its name, its title, its hints and its check."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpers.errors import NoSuchExercise, did_you_mean
from helpers.exercises.probe import Probe

NO_EXERCISE = "There is no exercise {name!r} in this lab.{guess}{known}"


@dataclass(frozen=True)
class Exercise:
    """One exercise of a lab. Hints: a nudge, the direction, nearly there.

    The check may return a sentence, which is then what a *correct* verdict says. `undo` is called
    before the worked answer runs: it removes what a wrong answer may have left in its way.
    """

    name: str
    title: str
    hints: tuple[str, str, str]
    check: Callable[[Probe], str | None]
    undo: Callable[[Probe], None] | None = None


def find_exercise(exercises: Sequence[Exercise], name: str) -> Exercise:
    """The exercise of that name. Raises NoSuchExercise, which lists them all."""
    for exercise in exercises:
        if exercise.name == name:
            return exercise
    names = [exercise.name for exercise in exercises]
    guess = did_you_mean(str(name), names)
    known = f" The exercises are: {', '.join(names)}." if guess.startswith(" Did") else ""
    raise NoSuchExercise(NO_EXERCISE.format(name=name, guess=guess, known=known))
