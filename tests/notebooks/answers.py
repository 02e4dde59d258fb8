"""Plausible wrong answers, a module for each lab: `first_function.py` for "first-function".

Each module has ANSWERS, at least three for every exercise. The proofs run them in the lab's worked
sheet, at their exercise, one after another in the same account.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class WrongAnswer:
    """What a learner might do instead, and words the verdict must then have.

    `cells` may raise, as a learner's would; `undo` may not, and leaves what the next answer, at
    last the worked one, can run on.
    """

    exercise: str
    name: str
    cells: tuple[str, ...]
    message: str
    undo: tuple[str, ...] = ()
