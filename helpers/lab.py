"""What a notebook opens: its own empty cloud, and the verbs that work in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from helpers.cloud import Cloud, open_cloud
from helpers.cloud.choose import answers, runs
from helpers.cloud.clients import clients_for
from helpers.cloud.clock import Advance, Now, advance, now, set_clock
from helpers.cloud.engine import engine_of
from helpers.cloud.environment import REGION
from helpers.cloud.home import lab_home
from helpers.cloud.waiting import wait_for
from helpers.course.project import find_project
from helpers.course.registry import exercises_of, require_lab
from helpers.display import Card, Shown, Tone
from helpers.errors import LabError
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Verdict
from helpers.functions.cost import Cost, cost, forget
from helpers.functions.deploy import (
    ROLE_PATIENCE,
    RUNTIME,
    Function,
    deploy,
    name_of,
    wanted_from,
)
from helpers.functions.invoke import Invocation, invoke
from helpers.functions.logs import Logs, read_logs
from helpers.functions.package import Find, installed
from helpers.functions.wheels import Target, Wheels
from helpers.progress.board import Board, places
from helpers.progress.progress import InMemory, ProgressFile, Store, learner_of
from helpers.session.account import account_of, empty_account, point_at
from helpers.session.recovery import Rescue, install
from helpers.session.session import Hint, Sitting, is_graded, is_strict
from helpers.session.takeover import Occupancy
from helpers.session.worked_cells import run_cell_of
from helpers.session.workspace import empty_folder, find_path, is_worked, see_that_it_is_ours
from helpers.system.process_note import this_kernel

Seen = TypeVar("Seen")

WHERE = {
    "embedded": "LocalStack on this computer",
    "attached": "the LocalStack it was attached to",
    "aws": "AWS",
}


class Lab(Shown):
    """One lab's cloud, empty when it is opened, and the verbs that work in it.

    From then on plain `boto3.client("s3")` talks to this lab's own account. Cells that write
    files write them into `folder`, which is the lab's own too and begins empty.

    Raises NoSuchLab for a name that no lab has, and CloudError if there is no cloud to be had.
    """

    def __init__(
        self,
        name: str,
        *,
        environ: MutableMapping[str, str] = os.environ,
        say: Callable[[str], None] = print,
        home: Path | None = None,
        folder: Path | None = None,
        cloud: Cloud | None = None,
    ) -> None:
        self.name = require_lab(name)
        beside = folder or Path.cwd()
        self.account = account_of(name, worked=is_worked(beside))
        self.region = REGION
        self.folder = beside / name.replace("-", "_")
        self.cloud = cloud or open_cloud(environ, say)
        self._home = home or lab_home(environ)
        point_at(self.cloud, self.account, environ)
        self.client = clients_for(self.cloud, self.account, self.region)
        self._say = say
        self._is_graded = is_graded(environ)
        self._occupancy = _occupancy(beside, self._home / "open" / self.account, environ, say)
        self._store = _store(beside, self._home, environ, say)
        self._sitting = self._sit_down(environ)
        self.reset()

    @property
    def data(self) -> Path:
        """The folder of the files that come with this lab, wherever its notebook lies.

        Raises NoSuchLab if none come with it.
        """
        return find_project().data(self.name)

    # In the cloud

    def reset(self) -> None:
        """Make everything empty again: the account and the work folder. Progress stays.

        The clock shows the real time again.
        """
        see_that_it_is_ours(self.folder)
        empty_account(self.client, self.cloud)
        set_clock(self.cloud, self.account, None)
        forget(self.cloud, self.account)
        empty_folder(self.folder)
        self._sitting.forget()
        self._occupancy.take()

    def deploy(
        self,
        path: str | os.PathLike[str],
        name: str | None = None,
        *,
        handler: str | None = None,
        role: str | None = None,
        timeout: int | None = None,
        memory: int | None = None,
        environment: Mapping[str, str] | None = None,
        packages: Iterable[str] = (),
    ) -> Function:
        """Package that file or folder, and create the function or bring it up to date.

        It is called like the file, and so is its role, if none is given. `timeout` is in seconds,
        `memory` in MB; a setting that is left out stays as it is. `packages` are names of installed
        packages that go with it: the embedded cloud runs functions on this machine, so as they are
        here; for others their wheels for Lambda's Python and Linux are fetched, which needs the
        network once. Raises LabError, and what AWS objects to.
        """
        wanted = wanted_from(
            find_path(path, self.folder),
            name,
            handler=handler,
            packages=packages,
            find=self._find_packages(),
            role=role,
            timeout=timeout,
            memory=memory,
            environment=environment,
        )
        patience = ROLE_PATIENCE if self.cloud.kind == "aws" else 0
        return deploy(self.client, wanted, role_patience=patience)

    def invoke(
        self,
        function: str | Function,
        event: Any = None,
        *,
        kind: str = "RequestResponse",
        qualifier: str | None = None,
    ) -> Invocation:
        """Send the event to the function, and show result or error, log and report.

        `kind` is "RequestResponse", "Event" (don't wait) or "DryRun"; `qualifier` a version or
        an alias. Raises NoSuchFunction; a function that fails does not raise, see `.error`.
        """
        return invoke(self.client, name_of(function), event, kind=kind, qualifier=qualifier)

    def logs(
        self,
        function: str | Function,
        *,
        at_least: int = 1,
        contains: str = "",
        timeout: float = 5,
    ) -> Logs:
        """What the function logged, once `at_least` so many invocations have ended in it.

        Logs arrive a moment after the answer; `timeout` is how many seconds to wait for them.
        `contains` keeps the invocations that printed it.
        """
        return read_logs(
            self.client, name_of(function), at_least=at_least, contains=contains, timeout=timeout
        )

    def wait_for(
        self,
        condition: Callable[[], Seen | None],
        *,
        timeout: float = 10,
        every: float = 0.05,
        what: str = "What was waited for",
    ) -> Seen:
        """Ask `condition` every so many seconds until its answer is true; returns the answer.

        Raises TimeoutError after `timeout` seconds, with what was seen last.
        """
        return wait_for(condition, timeout=timeout, every=every, what=what)

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> Advance:
        """Let that much time pass: schedules that fall due on the way fire, in order.

        The embedded cloud's clock is moved; with other clouds it is waited for. Raises LabError.
        """
        by = timedelta(days=days, hours=hours, minutes=minutes)
        return advance(self.cloud, self.account, by, say=self._say)

    def set_clock(self, time: str) -> Now:
        """Let it be that time, such as "2026-03-27 12:00" (UTC), in this cloud; nothing fires.

        Where the clock can't be set, that is said, and nothing else happens. Raises LabError.
        """
        try:
            wanted = datetime.fromisoformat(time)
        except (TypeError, ValueError):
            raise LabError(f'{time!r} is no time. Write it as "2026-03-27 12:00".') from None
        return set_clock(self.cloud, self.account, wanted)

    def now(self) -> datetime:
        """What time it is in this cloud (UTC), where `advance` may have turned the clock."""
        return now(self.cloud, self.account)

    def cost(self) -> Cost:
        """What all that ran since the lab was opened, or reset, would have cost on AWS."""
        return cost(self.client, self.cloud, self.account)

    # With the exercises

    def check(self, name: str) -> Verdict | None:
        """Whether the exercise is solved, and if it isn't, which link of it is broken.

        The verdict is returned; under nbgrader it is shown, for nbgrader takes what a graded cell
        returns for points, and warns that a verdict is none.
        """
        self._occupancy.look()
        verdict = self._sitting.check(name)
        if not self._is_graded:
            return verdict
        _display(verdict)
        return None

    def hint(self, name: str) -> Hint:
        """The exercise's next hint. Raises NoSuchExercise."""
        self._occupancy.look()
        return self._sitting.hint(name)

    def carry_on(self, name: str) -> None:
        """Go on: where the exercise isn't solved yet, run its worked answer. See `check`."""
        self._occupancy.look()
        self._sitting.carry_on(name)

    def progress(self, *, course: bool = False) -> Board:
        """Which exercises of this lab, or of the whole `course`, are passed."""
        sheets = find_project().sheets() if course else [find_project().sheet(self.name)]
        return Board(places(sheets), self._store.read())

    # How it is put together

    def _find_packages(self) -> Find:
        if self.cloud.kind == "embedded":
            return installed
        return Wheels(self._home / "wheels", Target(python=RUNTIME.removeprefix("python")))

    def _sit_down(self, environ: Mapping[str, str]) -> Sitting:
        shell = _shell()
        rescue = Rescue(
            self.cloud,
            reopen=lambda: open_cloud(environ, _nothing),
            runs=lambda cloud: runs(cloud, environ),
            answers=answers,
        )
        install(shell, rescue)
        namespace = {} if shell is None else shell.user_ns
        return Sitting(
            self.name,
            exercises_of(self.name),
            self._store,
            probe=lambda: Probe(
                self.client,
                self.folder,
                namespace,
                engine=engine_of(self.cloud, self.account),
            ),
            worked_answer=_worked_answer,
            run_cell=run_cell_of(shell),
            absence=rescue.absence,
            explain=rescue.explain,
            say=self._say,
            strict=is_strict(environ),
        )

    def _card(self) -> Card:
        where = WHERE[self.cloud.kind]
        line = f"Your own cloud: {where}, account {self.account}, region {self.region}."
        return Card(Tone.PLAIN, f"Lab {self.name}", [line])


def _store(
    beside: Path, home: Path, environ: Mapping[str, str], say: Callable[[str], None]
) -> Store:
    if is_worked(beside):
        return InMemory()
    return ProgressFile(home / "progress.json", learner_of(environ), say)


def _occupancy(
    beside: Path, note: Path, environ: Mapping[str, str], say: Callable[[str], None]
) -> Occupancy:
    # A worked sheet's account holds nobody's work, and what the sheet prints has to stay the same.
    return Occupancy(note, this_kernel(environ), _nothing if is_worked(beside) else say)


def _worked_answer(lab: str, exercise: str) -> list[str]:
    from helpers.sheets import worked_answer  # loads what reads notebooks, which few cells need

    return worked_answer(lab, exercise)


def _shell() -> Any:
    """The IPython shell this runs in, None in a plain Python."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def _display(verdict: Verdict) -> None:
    from IPython.display import display  # loads what a plain Python does not need

    display(verdict)  # type: ignore[no-untyped-call]


def _nothing(words: str) -> None:
    """Leave out what is said: it has no reader here, or a message that comes tells it all."""
