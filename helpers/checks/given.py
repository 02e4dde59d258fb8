"""The code that a lab gives to its learners, so that a check can tell it from what they wrote.

`lab build` writes it down, from the sheet and the lab's data, in helpers/labs/<lab>/given.json:
each file of the work folder, with every text that the sheet gives it.
"""

import json
from functools import cache
from importlib.resources import files

from helpers.checks.package import is_same_code
from helpers.exercises.probe import Probe


def is_given(probe: Probe, path: str, text: str) -> bool:
    """Return whether that is a program that the lab gives for the file of the work folder."""
    texts = _given_in(probe.folder.name).get(path, ())
    return any(is_same_code(text, each) for each in texts)


@cache
def _given_in(lab: str) -> dict[str, list[str]]:
    given = files(f"helpers.labs.{lab}").joinpath("given.json")
    found: dict[str, list[str]] = json.loads(given.read_text("utf-8"))
    return found
