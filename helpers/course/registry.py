"""The exercises of each lab: one module a lab, which has EXERCISES."""

from importlib import import_module

from helpers.course.project import NoSuchLab
from helpers.errors import did_you_mean
from helpers.exercises.exercise import Exercise

# Name and title, in the order of the course; a lab's module has its name, with _ for -.
LABS = {
    "welcome": "Welcome",
    "first-function": "First function",
    "web-backend": "Web backend",
    "cron": "Cron",
    "streams": "Stream processing",
    "thumbnails": "Thumbnails",
    "webhooks": "Webhooks",
}

NO_LAB = "There is no lab {name!r}.{guess}"


def known_lab(name: str) -> str:
    """The name itself. Raises NoSuchLab, which says what was probably meant."""
    if name not in LABS:
        raise NoSuchLab(NO_LAB.format(name=name, guess=did_you_mean(str(name), LABS)))
    return name


def exercises_of(lab: str) -> tuple[Exercise, ...]:
    """The lab's exercises, in their order. Raises NoSuchLab."""
    module = import_module(f"helpers.labs.{known_lab(lab).replace('-', '_')}")
    exercises: tuple[Exercise, ...] = module.EXERCISES
    return exercises
