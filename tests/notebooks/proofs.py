"""Prove a lab's checks in one pass through its worked sheet, in a kernel.

At each exercise, in this order and in the same account:

    the stub               not attempted; the same again
    each wrong answer      incorrect, with its link and its diagnosis (the first one: again); undone
    each right answer      correct, though in other words; undone
    the worked answer      correct; the same again

The other cells run in their order around it, as a learner would run them.
"""

import importlib
import importlib.util
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from helpers.course.project import Project, Sheet
from helpers.sheets.marks import Marked, answer, exercises, stub
from helpers.sheets.notebook import Notebook, read
from helpers.sheets.run import kernel, run_source
from tests.notebooks.answers import Answer

LEAST_WRONG, LEAST_RIGHT = 3, 2
CELL_TIMEOUT = 60  # seconds

# Leaves no name behind in the learner's notebook, which checks may look at.
ASK = """\
(lambda verdict: print(__import__("json").dumps(
    {{"outcome": verdict.outcome.name, "message": verdict.message, "link": verdict.link,
      "diagnosis": verdict.diagnosis}}
)))(lab.check({exercise!r}))"""
UNDO = "lab._session.undo_wrong_answer({exercise!r})"

# The kernel will be killed: what coverage has measured in it, if it measures, is written before.
KEEP_COVERAGE = """\
__import__("sys").modules.get("coverage") and __import__("coverage").Coverage.current().save()"""


@dataclass(frozen=True)
class Verdict:
    outcome: str
    message: str
    link: str
    diagnosis: str

    @property
    def says(self) -> str:
        """Return it as an answer names it: "correct", or the link and the diagnosis."""
        return f"{self.link}: {self.diagnosis}" if self.outcome == "INCORRECT" else self.outcome


class CannotGoOn(Exception):
    """The kernel died or hung, or there is no lab: nothing further can be proven."""


@dataclass
class Proof:
    """One lab's pass: what has been done so far, and what was not as it should be."""

    lab: str
    client: NotebookClient
    say: Callable[[str], None]
    failures: list[str] = field(default_factory=list)
    at: str = ""

    def step(self, words: str) -> None:
        self.at = words
        self.say(f"{self.lab}: {words}")

    def fail(self, words: str) -> None:
        self.failures.append(f"{self.at}: {words}")

    def run(self, source: str, tags: Sequence[str] = ()) -> str | None:
        """Run a cell; returns the error it raised, in words, or None."""
        try:
            run_source(self.client, source, tuple(tags))
        except CellExecutionError as error:
            return f"{error.ename}: {error.evalue}"
        except (CellTimeoutError, DeadKernelError) as error:
            raise CannotGoOn(f"{type(error).__name__} in the cell\n{source}") from error
        return None

    def must_run(self, source: str, tags: Sequence[str] = ()) -> bool:
        """Run a cell; if it raises, that is a failure, and the answer False."""
        error = self.run(source, tags)
        if error:
            self.fail(f"the cell raised {error}\n{source}")
        return not error

    def ask(self, exercise: str) -> Verdict | None:
        """What the check says; None, and a failure, if it could not say anything."""
        try:
            cell = run_source(self.client, ASK.format(exercise=exercise))
        except CellExecutionError as error:
            self.fail(f"the check raised {error.ename}: {error.evalue}")
            return None
        except (CellTimeoutError, DeadKernelError) as error:
            raise CannotGoOn(f"{type(error).__name__} in lab.check({exercise!r})") from error
        return Verdict(**json.loads(_printed(cell).splitlines()[-1]))

    def expect(
        self, exercise: str, says: str, *, twice: bool = False, raised: str | None = ""
    ) -> None:
        """The check says this, and if it is asked twice, says it again."""
        for time in ("", "asked again, ")[: 1 + twice]:
            verdict = self.ask(exercise)
            if verdict is None or verdict.says == says:
                continue
            after = f"\n  the cells raised {raised}" if raised else ""
            self.fail(f"{time}expected {says}\n  got {verdict.says}: {verdict.message}{after}")


def prove(
    sheet: Sheet,
    project: Project,
    answers: Sequence[Answer],
    folder: Path,
    say: Callable[[str], None] = print,
) -> list[str]:
    """Return all that is wrong with a lab's checks; an empty list is the proof."""
    notebook = read(project.solutions / sheet.file)
    found = exercises(notebook, sheet.file)
    with kernel(folder, CELL_TIMEOUT) as client:
        proof = Proof(sheet.name, client, say)
        try:
            for step in _steps(proof, notebook, found, answers):
                proof.step(step)
            proof.run(KEEP_COVERAGE)
        except CannotGoOn as error:
            proof.fail(f"{error}\n  nothing after this was tried")
    return proof.failures


def too_few(sheet: Sheet, project: Project, answers: Sequence[Answer]) -> list[str]:
    """Return what is missing: exercises with fewer answers than there must be, and strangers."""
    notebook = read(project.solutions / sheet.file)
    names = [exercise.name for exercise in exercises(notebook, sheet.file)]
    counts = Counter((answer.exercise, answer.is_right) for answer in answers)
    least = {"wrong": LEAST_WRONG, "right": LEAST_RIGHT}
    strangers = [answer for answer in answers if answer.exercise not in names]
    return [
        f"{name}: has {counts[name, kind == 'right']} {kind} answers, and {number} is the least"
        for name in names
        for kind, number in least.items()
        if counts[name, kind == "right"] < number
    ] + [f"{each.name!r} answers {each.exercise!r}, which is no exercise" for each in strangers]


def answers_to(sheet: Sheet) -> list[Answer]:
    """Return the lab's answers, wrong and right ones, from its folder in tests/labs/."""
    package = f"tests.labs.{sheet.name.replace('-', '_')}"
    return [
        answer
        for module in ("wrong_answers", "right_answers")
        if importlib.util.find_spec(f"{package}.{module}")
        for answer in importlib.import_module(f"{package}.{module}").ANSWERS
    ]


def _steps(
    proof: Proof,
    notebook: Notebook,
    found: Sequence[Marked],
    answers: Sequence[Answer],
) -> Iterator[str]:
    """Do one thing after another; each is named before it is done."""
    cells = notebook["cells"]
    begins = {exercise.cells[0]: exercise for exercise in found}
    inside = {place for exercise in found for place in exercise.cells}
    set_up = next(place for place, cell in enumerate(cells) if cell["cell_type"] == "code")
    for place, cell in enumerate(cells):
        if place in begins:
            mine = [each for each in answers if each.exercise == begins[place].name]
            yield from _prove_exercise(proof, notebook, begins[place], mine)
        elif cell["cell_type"] == "code" and place not in inside:
            yield f"cell {place + 1} of {len(cells)}"
            ran = proof.must_run(cell["source"], cell["metadata"].get("tags", ()))
            if place == set_up and not ran:
                raise CannotGoOn("the lab could not be opened")


def _prove_exercise(
    proof: Proof, notebook: Notebook, exercise: Marked, answers: Sequence[Answer]
) -> Iterator[str]:
    cells = [notebook["cells"][place]["source"] for place in exercise.cells]
    yield f"{exercise.name}, stub"
    for source in cells:
        proof.must_run(stub(source))
    proof.expect(exercise.name, "NOT_ATTEMPTED", twice=True)
    for number, given in enumerate(answers):
        yield f"{exercise.name}, {'right' if given.is_right else 'wrong'} answer {given.name!r}"
        _prove_answer(proof, given, twice=number == 0)
    yield f"{exercise.name}, worked answer"
    for source in cells:
        proof.must_run(answer(source))
    proof.expect(exercise.name, "CORRECT", twice=True)


def _prove_answer(proof: Proof, given: Answer, *, twice: bool) -> None:
    """Run it as far as it goes: a learner's cell that raises stops them there too."""
    raised = next((error for source in given.cells if (error := proof.run(source))), None)
    says = "CORRECT" if given.is_right else given.says
    proof.expect(given.exercise, says, twice=twice, raised=raised)
    for source in (*given.undo, UNDO.format(exercise=given.exercise)):
        proof.must_run(source)


def _printed(cell: dict[str, Any]) -> str:
    return "".join(output["text"] for output in cell["outputs"] if "text" in output)
