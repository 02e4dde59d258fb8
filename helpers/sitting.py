"""One sitting of a learner at a lab: checks, hints and worked answers, and their record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from helpers.checks.probe import Probe
from helpers.display import Card, Shown, Tone
from helpers.errors import NoSuchExercise, NotHere
from helpers.exercises import Exercise, Outcome, Verdict, find_exercise, judge, not_through
from helpers.progress import Progress, Standing, Store
from helpers.sheets.errors import NoWorkedAnswer

NOT_SAVED = "Your progress could not be saved ({error}). Is the disk full, or read-only?"
NO_ANSWER = "There is no worked answer to {name!r} here: in a class, your teacher has it."
NO_NOTEBOOK = "carry_on runs a worked answer's cells, so it works in a notebook only."
HAS_RUN = "The worked answer to {name!r} has run in your notebook, and the lab goes on."
DID_NOT_RUN = """\
The worked answer to {name!r} stopped at the error above. Run the notebook again from the top."""
STRICT = "{name}: {outcome}. {message}"

WorkedAnswer = Callable[[str, str], list[str]]  # lab and exercise to the cells' sources
RunCell = Callable[[str], bool]  # a cell's source to whether it went through


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
        verdict = self._verdicts[name] = judge(exercise, self._probe(), self._explain)
        self._record(name, lambda standing: self._after_check(standing, verdict))
        return verdict

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
        if exercise.make_way:
            exercise.make_way(self._probe())
        went_through = all(self._run_cell(cell) for cell in cells)
        self._say((HAS_RUN if went_through else DID_NOT_RUN).format(name=name))

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
    return bool(environ.get("NBGRADER_EXECUTION")) or environ.get("LAB_STRICT") == "1"


def _in_one_line(verdict: Verdict) -> str:
    words = STRICT.format(
        name=verdict.exercise, outcome=verdict.outcome.value, message=verdict.message
    )
    return f"{words} ({verdict.evidence})" if verdict.evidence else words


def run_cell_of(shell: Any) -> RunCell | None:
    """How to run a cell in this IPython shell; None outside of a notebook."""
    if shell is None:
        return None
    return lambda source: bool(shell.run_cell(source, store_history=False).success)
