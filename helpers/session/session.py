"""A learner's session in a lab: checks, hints and worked answers, and the progress they make."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError

from helpers.display import Card, Shown, Tone, indented
from helpers.errors import NoSuchExercise, NotSupportedHere
from helpers.exercises.exercise import Exercise, find_exercise
from helpers.exercises.judge import judge, not_through
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Outcome, Verdict
from helpers.progress.progress import Progress, Standing, Store
from helpers.session.worked_cells import RunCell
from helpers.sheets.errors import NoWorkedAnswer

NOT_SAVED = "Your progress could not be saved ({error}). Is the disk full, or read-only?"
NO_ANSWER = "There is no worked answer to {name!r} here: in a class, your teacher has it."
NO_NOTEBOOK = "carry_on runs the cells of a worked answer, so it works only in a notebook."
HAS_RUN = "The worked answer to {name!r} has run in your notebook, and the lab goes on."
STILL_UNSOLVED = """\
The worked answer to {name!r} has run, but it did not solve the exercise: the check still says \
{outcome}.
{why}
{way_on}"""
STOPPED = """\
The worked answer to {name!r} stopped before its end.
{why}
{way_on}"""
NOT_RUN = """\
The worked answer to {name!r} was not run: something that it builds on is not as it should be.
{why}
{way_on}"""
WAY_ON = """\
It builds on the cells above, and something that they make is missing or has changed. Stay in this \
cell, and choose Run All Above Selected Cell in the menu Run: the lab starts again, empty, and all \
cells above are run. Then run this cell again."""
STRICT = "{name}: {outcome}. {message}"

WorkedAnswer = Callable[[str, str], list[str]]  # lab and exercise to the cells' sources


@dataclass(frozen=True, repr=False)
class Hint(Shown):
    """One hint of an exercise, counted from 1."""

    exercise: str
    number: int
    of: int
    text: str

    def _card(self) -> Card:
        title = f"Hint {self.number} of {self.of}: {self.exercise}"
        last = f'That was the last one. `lab.carry_on("{self.exercise}")` runs the worked answer.'
        more = "Run this again for the next one."
        return Card(Tone.PLAIN, title, [self.text], foot=last if self.number == self.of else more)


class LabSession:
    """Remembers verdicts and hints since the lab was opened; the store keeps the progress."""

    def __init__(
        self,
        lab: str,
        exercises: Sequence[Exercise],
        store: Store,
        *,
        probe: Callable[[], Probe],
        worked_answer: WorkedAnswer,
        run_cell: RunCell | None,
        unavailable_reason: Callable[[], str] = str,
        explain: Callable[[Exception], str] = not_through,
        say: Callable[[str], None] = print,
        strict: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.lab = lab
        self.exercises = exercises
        self.store = store
        self._probe = probe
        self._worked_answer = worked_answer
        self._run_cell = run_cell
        self._unavailable_reason = unavailable_reason  # of the cloud; "" if it can be called
        self._explain = explain
        self._say = say
        self._strict = strict
        self._now = now
        self.forget()

    def forget(self) -> None:
        """Start again, as the account does. The progress in the store stays."""
        self._verdicts: dict[str, Verdict] = {}
        self._hints: dict[str, int] = {}
        self._helped: set[str] = set()

    def check(self, name: str) -> Verdict:
        """Return the verdict on that exercise.

        Raises nothing, unless the session is strict: then AssertionError for all but *correct*.
        """
        verdict = self._check(name)
        if self._strict and not verdict.correct:
            message = STRICT.format(
                name=verdict.exercise, outcome=verdict.outcome.value, message=verdict.message
            )
            raise AssertionError(f"{message} ({verdict.evidence})" if verdict.evidence else message)
        return verdict

    def _check(self, name: str) -> Verdict:
        try:
            exercise = find_exercise(self.exercises, name)
        except NoSuchExercise as error:
            return Verdict(str(name), Outcome.CANT_CHECK, str(error))
        if reason := self._unavailable_reason():
            verdict = Verdict(name, Outcome.CANT_CHECK, reason)
        else:
            verdict = judge(exercise, self._probe(), self._explain)
        self._verdicts[name] = verdict
        self._record(name, lambda standing: self._after_check(standing, verdict))
        return verdict

    def hint(self, name: str) -> Hint:
        """Return the next hint, or the last one again. Raises NoSuchExercise."""
        hints = find_exercise(self.exercises, name).hints
        number = min(self._hints.get(name, 0) + 1, len(hints))
        self._hints[name] = number
        self._record(name, lambda standing: replace(standing, hints=max(standing.hints, number)))
        return Hint(name, number, len(hints), hints[number - 1])

    def carry_on(self, name: str) -> None:
        """Run the worked answer and say so, unless the exercise is solved.

        Raises NoSuchExercise, and NotSupportedHere outside a notebook.
        """
        exercise = find_exercise(self.exercises, name)
        verdict = self._verdicts.get(name) or self._check(name)
        if verdict.correct:
            return
        try:
            cells = self._worked_answer(self.lab, name)
        except NoWorkedAnswer:
            self._say(NO_ANSWER.format(name=name))
            return
        if self._run_cell is None:
            raise NotSupportedHere(NO_NOTEBOOK)
        self._helped.add(name)
        self._say(self._run_worked_answer(exercise, cells, self._run_cell))

    def _run_worked_answer(
        self, exercise: Exercise, cells: Sequence[str], run_cell: RunCell
    ) -> str:
        """Run the worked answer and check the exercise again. Return a message about the result."""
        name = exercise.name
        blocked = self.undo_wrong_answer(name)
        if blocked:
            return NOT_RUN.format(name=name, why=blocked, way_on=WAY_ON)
        error = next((error for cell in cells if (error := run_cell(cell))), None)
        if error:
            is_from_boto3 = isinstance(error, BotoCoreError)
            why = self._explain(error) if is_from_boto3 else f"{type(error).__name__}: {error}"
            return STOPPED.format(name=name, why=indented(why), way_on=WAY_ON)
        # Not recorded, since the learner did not ask for this check.
        verdict = self._verdicts[name] = judge(exercise, self._probe(), self._explain)
        if verdict.correct:
            return HAS_RUN.format(name=name)
        why, outcome = _why(verdict), verdict.outcome.value
        return STILL_UNSOLVED.format(name=name, outcome=outcome, why=why, way_on=WAY_ON)

    def undo_wrong_answer(self, name: str) -> str:
        """Undo what a wrong answer left behind. Return why that failed, "" if it did not."""
        exercise = find_exercise(self.exercises, name)
        if exercise.undo is None:
            return ""
        clearing = replace(exercise, check=exercise.undo)
        verdict = judge(clearing, self._probe(), self._explain)
        return "" if verdict.correct else _why(verdict)

    def _after_check(self, standing: Standing, verdict: Verdict) -> Standing:
        diagnoses = Counter(standing.diagnoses)
        if verdict.diagnosis:
            diagnoses[verdict.diagnosis] += 1
        checked = replace(
            standing,
            checks=standing.checks + 1,
            last=verdict.outcome.value,
            diagnoses=dict(diagnoses),
        )
        if not verdict.correct:
            return checked
        helped = verdict.exercise in self._helped
        if standing.passed is None:
            return replace(checked, passed=self._now().isoformat(timespec="seconds"), helped=helped)
        return replace(checked, helped=standing.helped and helped)

    def _record(self, name: str, change: Callable[[Standing], Standing]) -> None:
        def changed(progress: Progress) -> Progress:
            return progress.having(self.lab, name, change(progress.standing(self.lab, name)))

        try:
            self.store.update(changed)
        except OSError as error:
            self._say(NOT_SAVED.format(error=error))


def is_strict(environ: Mapping[str, str]) -> bool:
    """Return whether checks raise: under nbgrader's autograding, or with LAB_STRICT=1."""
    return is_graded(environ) or environ.get("LAB_STRICT") == "1"


def is_graded(environ: Mapping[str, str]) -> bool:
    """Return whether nbgrader runs this notebook."""
    return bool(environ.get("NBGRADER_EXECUTION"))


def _why(verdict: Verdict) -> str:
    return indented("\n".join(filter(None, (verdict.message, verdict.evidence))))
