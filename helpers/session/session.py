"""One sitting of a learner at a lab: checks, hints and worked answers, and their record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError

from helpers.display import Card, Shown, Tone, indented
from helpers.errors import NoSuchExercise, NotHere
from helpers.exercises.exercise import Exercise, find_exercise
from helpers.exercises.judge import judge, not_through
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Outcome, Verdict
from helpers.progress.progress import Progress, Standing, Store
from helpers.session.worked_cells import RunCell
from helpers.sheets.errors import NoWorkedAnswer

NOT_SAVED = "Your progress could not be saved ({error}). Is the disk full, or read-only?"
NO_ANSWER = "There is no worked answer to {name!r} here: in a class, your teacher has it."
NO_NOTEBOOK = "carry_on runs a worked answer's cells, so it works in a notebook only."
HAS_RUN = "The worked answer to {name!r} has run in your notebook, and the lab goes on."
NOT_YET = """\
The worked answer to {name!r} has run, but the exercise is not solved by it: the check still says \
{outcome}.
{why}
{way_on}"""
STOPPED = """\
The worked answer to {name!r} could not run to its end.
{why}
{way_on}"""
IN_THE_WAY = """\
The worked answer to {name!r} was not run: what it builds on is not as it should be.
{why}
{way_on}"""
WAY_ON = """\
It builds on the cells above, and something that they make is missing or has changed. Stay in this \
cell, and choose Run All Above Selected Cell in the menu Run: the lab begins anew, empty, and each \
cell is run in its turn. Then run this cell again."""
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


class Sitting:
    """Knows what was asked since the lab was opened; the store keeps what should outlast it."""

    def __init__(
        self,
        lab: str,
        exercises: Sequence[Exercise],
        store: Store,
        *,
        probe: Callable[[], Probe],
        worked_answer: WorkedAnswer,
        run_cell: RunCell | None,
        absence: Callable[[], str] = str,
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
        self._absence = absence  # what to say if the cloud can't be called, "" if it can
        self._explain = explain
        self._say = say
        self._strict = strict
        self._now = now
        self.forget()

    def forget(self) -> None:
        """Begin anew, as the account does; what the store has stays."""
        self._verdicts: dict[str, Verdict] = {}
        self._hints: dict[str, int] = {}
        self._helped: set[str] = set()

    def check(self, name: str) -> Verdict:
        """The verdict on that exercise.

        Raises nothing, unless it is strict: then AssertionError for all but *correct*.
        """
        verdict = self._look(name)
        if self._strict and not verdict.correct:
            raise AssertionError(_in_one_line(verdict))
        return verdict

    def _look(self, name: str) -> Verdict:
        try:
            exercise = find_exercise(self.exercises, name)
        except NoSuchExercise as error:
            return Verdict(str(name), Outcome.CANT_CHECK, str(error))
        verdict = self._verdicts[name] = self._judge(exercise)
        self._record(name, lambda standing: self._after_check(standing, verdict))
        return verdict

    def _judge(self, exercise: Exercise) -> Verdict:
        absence = self._absence()
        if absence:
            return Verdict(exercise.name, Outcome.CANT_CHECK, absence)
        return judge(exercise, self._probe(), self._explain)

    def hint(self, name: str) -> Hint:
        """The next hint, and the last one again when there is no other. Raises NoSuchExercise."""
        hints = find_exercise(self.exercises, name).hints
        number = min(self._hints.get(name, 0) + 1, len(hints))
        self._hints[name] = number
        self._record(name, lambda standing: replace(standing, hints=max(standing.hints, number)))
        return Hint(name, number, len(hints), hints[number - 1])

    def carry_on(self, name: str) -> None:
        """Nothing where the exercise is solved; else run the worked answer and say so.

        Raises NoSuchExercise, and NotHere where there is no notebook to run it in.
        """
        exercise = find_exercise(self.exercises, name)
        verdict = self._verdicts.get(name) or self._look(name)
        if verdict.correct:
            return
        try:
            cells = self._worked_answer(self.lab, name)
        except NoWorkedAnswer:
            self._say(NO_ANSWER.format(name=name))
            return
        if self._run_cell is None:
            raise NotHere(NO_NOTEBOOK)
        self._helped.add(name)
        self._say(self._help(exercise, cells, self._run_cell))

    def _help(self, exercise: Exercise, cells: Sequence[str], run_cell: RunCell) -> str:
        """Run the worked answer; returns what came of it, looked at again rather than believed."""
        name = exercise.name
        blocked = self.undo_wrong_answer(name)
        if blocked:
            return IN_THE_WAY.format(name=name, why=blocked, way_on=WAY_ON)
        error = next((error for cell in cells if (error := run_cell(cell))), None)
        if error:
            return STOPPED.format(name=name, why=self._in_words(error), way_on=WAY_ON)
        # Nothing of it is recorded: it was not the learner who asked.
        verdict = self._verdicts[name] = judge(exercise, self._probe(), self._explain)
        if verdict.correct:
            return HAS_RUN.format(name=name)
        why, outcome = _why(verdict), verdict.outcome.value
        return NOT_YET.format(name=name, outcome=outcome, why=why, way_on=WAY_ON)

    def undo_wrong_answer(self, name: str) -> str:
        """Remove what a wrong answer left. Return why that failed, "" if it did not."""
        exercise = find_exercise(self.exercises, name)
        if exercise.undo is None:
            return ""
        clearing = replace(exercise, check=exercise.undo)
        verdict = judge(clearing, self._probe(), self._explain)
        return "" if verdict.correct else _why(verdict)

    def _in_words(self, error: Exception) -> str:
        if isinstance(error, BotoCoreError):
            return indented(self._explain(error))
        return indented(f"{type(error).__name__}: {error}")

    def _after_check(self, standing: Standing, verdict: Verdict) -> Standing:
        checked = replace(standing, checks=standing.checks + 1, last=verdict.outcome.value)
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
    """Whether checks raise: under nbgrader's autograding, or with LAB_STRICT=1."""
    return is_graded(environ) or environ.get("LAB_STRICT") == "1"


def is_graded(environ: Mapping[str, str]) -> bool:
    """Whether this notebook is run by nbgrader."""
    return bool(environ.get("NBGRADER_EXECUTION"))


def _in_one_line(verdict: Verdict) -> str:
    words = STRICT.format(
        name=verdict.exercise, outcome=verdict.outcome.value, message=verdict.message
    )
    return f"{words} ({verdict.evidence})" if verdict.evidence else words


def _why(verdict: Verdict) -> str:
    return indented("\n".join(filter(None, (verdict.message, verdict.evidence))))
