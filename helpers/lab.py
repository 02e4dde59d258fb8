"""A lab, as a notebook opens it: an empty account in a cloud, and the methods to work in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from helpers.cloud import Cloud, open_cloud
from helpers.cloud.choose import is_answering, is_running
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
from helpers.exercises.refused import RefusedCalls
from helpers.exercises.verdict import Verdict
from helpers.functions.cost import Cost, cost, reset_meter
from helpers.functions.deploy import (
    ROLE_TIMEOUT,
    RUNTIME,
    Function,
    deploy,
    name_of,
    spec_from,
)
from helpers.functions.invoke import Invocation, invoke
from helpers.functions.logs import Logs, read_logs
from helpers.functions.package import Find, installed
from helpers.functions.wheels import Target, Wheels
from helpers.progress.board import Board, lab_entries
from helpers.progress.progress import InMemory, ProgressFile, Store, learner_of
from helpers.session.account import account_of, empty_account, point_at
from helpers.session.recovery import Recovery, install
from helpers.session.refused_cells import given_cells_of, watch
from helpers.session.session import Hint, LabSession, is_graded, is_strict
from helpers.session.takeover import Takeover
from helpers.session.worked_cells import run_cell_of
from helpers.session.workspace import empty_folder, find_path, is_worked, require_work_folder
from helpers.system.process_note import this_process

Result = TypeVar("Result")

WHERE = {
    "embedded": "LocalStack on this computer",
    "attached": "the LocalStack it was attached to",
    "aws": "AWS",
}


class Lab(Shown):
    """A lab with an account of its own, which is empty when the lab is opened.

    From then on, plain `boto3.client("s3")` works in this account. Cells write their files into
    `folder`, which belongs to the lab and is emptied, too.

    Raises NoSuchLab if no lab has that name, and CloudError if no cloud is available.
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
        # A worked sheet's account holds nobody's work, and its outputs must always be the same.
        self._takeover = Takeover(
            self._home / "open" / self.account,
            this_process(environ),
            _say_nothing if is_worked(beside) else say,
        )
        self._store: Store = InMemory()
        if not is_worked(beside):
            self._store = ProgressFile(self._home / "progress.json", learner_of(environ), say)
        self._refused = RefusedCalls()
        self._session = self._open_session(environ)
        self.reset()

    @property
    def data(self) -> Path:
        """Return the folder of the files that come with this lab, wherever its notebook is.

        Raises NoSuchLab if no files come with it.
        """
        return find_project().data(self.name)

    # Work in the cloud

    def reset(self) -> None:
        """Empty the account and the work folder, and set the clock to the real time.

        Your progress stays.
        """
        require_work_folder(self.folder)
        empty_account(self.client, self.cloud)
        set_clock(self.cloud, self.account, None)
        reset_meter(self.cloud, self.account)
        empty_folder(self.folder)
        self._session.forget()
        self._refused.forget()
        self._takeover.take()

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
        """Package that file or folder, and create or update the function.

        The function is named after the file, and so is its role, unless you name them. `timeout`
        is in seconds, `memory` in MB; a setting that you leave out stays as it is. `packages` are
        names of installed packages to include. The embedded cloud runs functions on this machine,
        so they are included as they are installed; for other clouds, wheels for Lambda's Python and
        Linux are downloaded once. Raises LabError, or the ClientError that AWS returned.
        """
        spec = spec_from(
            find_path(path, self.folder),
            name,
            handler=handler,
            packages=packages,
            find=self._find_package(),
            role=role,
            timeout=timeout,
            memory=memory,
            environment=environment,
        )
        role_timeout = ROLE_TIMEOUT if self.cloud.kind == "aws" else 0
        return deploy(self.client, spec, role_timeout=role_timeout)

    def invoke(
        self,
        function: str | Function,
        event: Any = None,
        *,
        kind: str = "RequestResponse",
        qualifier: str | None = None,
    ) -> Invocation:
        """Send the event to the function, and return its result or error, its log and report.

        `kind` is "RequestResponse", "Event" (don't wait) or "DryRun"; `qualifier` is a version or
        an alias. Raises NoSuchFunction. If the function fails, nothing is raised: see `.error`.
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
        """Return the function's log as soon as `at_least` invocations in it have ended.

        Logs arrive a moment after the response: wait for them, but no longer than `timeout`
        seconds. With `contains`, keep only the invocations that printed it.
        """
        return read_logs(
            self.client, name_of(function), at_least=at_least, contains=contains, timeout=timeout
        )

    def wait_for(
        self,
        condition: Callable[[], Result | None],
        *,
        timeout: float = 10,
        every: float = 0.05,
        what: str = "The expected change",
    ) -> Result:
        """Call `condition` every few moments until its result is true, and return that result.

        `timeout` and `every` are in seconds. Raises TimeoutError, which shows the last result.
        """
        return wait_for(condition, timeout=timeout, every=every, what=what)

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> Advance:
        """Let that much time pass. Schedules that are due in the meantime fire, in order.

        The embedded cloud's clock is moved; with other clouds the lab waits. Raises LabError.
        """
        by = timedelta(days=days, hours=hours, minutes=minutes)
        return advance(self.cloud, self.account, by, say=self._say)

    def set_clock(self, time: str) -> Now:
        """Set this cloud's clock to a time such as "2026-03-27 12:00" (UTC). No schedule fires.

        Where the clock can't be set, it says so, and nothing else happens. Raises LabError.
        """
        try:
            to = datetime.fromisoformat(time)
        except (TypeError, ValueError):
            raise LabError(f'{time!r} is not a time. Write it as "2026-03-27 12:00".') from None
        return set_clock(self.cloud, self.account, to)

    def now(self) -> datetime:
        """Return this cloud's time (UTC), which `advance` and `set_clock` may have changed."""
        return now(self.cloud, self.account)

    def cost(self) -> Cost:
        """Return what everything since the lab was opened or reset would have cost on AWS."""
        return cost(self.client, self.cloud, self.account)

    # Work on the exercises

    def check(self, name: str) -> Verdict | None:
        """Return the verdict on the exercise: whether it is solved, or which link is broken.

        Under nbgrader it is displayed instead: nbgrader reads what a graded cell returns as its
        points, and would warn that a verdict is not a number.
        """
        self._takeover.warn()
        verdict = self._session.check(name)
        if not self._is_graded:
            return verdict
        from IPython.display import display  # not needed outside a notebook

        display(verdict)  # type: ignore[no-untyped-call]
        return None

    def hint(self, name: str) -> Hint:
        """Return the exercise's next hint. Raises NoSuchExercise."""
        self._takeover.warn()
        return self._session.hint(name)

    def carry_on(self, name: str) -> None:
        """Run the exercise's worked answer, unless it is solved. Raises NoSuchExercise."""
        self._takeover.warn()
        self._session.carry_on(name)

    def progress(self, *, course: bool = False) -> Board:
        """Return a board of the exercises passed in this lab, or in the whole `course`."""
        sheets = find_project().sheets() if course else [find_project().sheet(self.name)]
        return Board(lab_entries(sheets), self._store.read())

    # How it is put together

    def _find_package(self) -> Find:
        if self.cloud.kind == "embedded":
            return installed
        return Wheels(self._home / "wheels", Target(python=RUNTIME.removeprefix("python")))

    def _open_session(self, environ: Mapping[str, str]) -> LabSession:
        shell = _shell()
        recovery = Recovery(
            self.cloud,
            reopen=lambda: open_cloud(environ, _say_nothing),
            is_running=lambda cloud: is_running(cloud, environ),
            is_answering=is_answering,
        )
        install(shell, recovery)
        watch(shell, self._refused, given_cells_of(self.name))
        namespace = {} if shell is None else shell.user_ns
        return LabSession(
            self.name,
            exercises_of(self.name),
            self._store,
            probe=lambda: Probe(
                self.client,
                self.folder,
                namespace,
                engine=engine_of(self.cloud, self.account),
                refused=self._refused.of,
            ),
            worked_answer=_worked_answer,
            run_cell=run_cell_of(shell),
            unavailable_reason=recovery.unavailable_reason,
            explain=recovery.explain,
            say=self._say,
            strict=is_strict(environ),
        )

    def _card(self) -> Card:
        where = WHERE[self.cloud.kind]
        line = f"Your own cloud: {where}, account {self.account}, region {self.region}."
        return Card(Tone.PLAIN, f"Lab {self.name}", [line])


def _worked_answer(lab: str, exercise: str) -> list[str]:
    from helpers.sheets import worked_answer  # not needed unless a worked answer is run

    return worked_answer(lab, exercise)


def _shell() -> Any:
    """Return the IPython shell that runs this code; None in plain Python."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def _say_nothing(message: str) -> None:
    """Discard a message that has no reader, or that a later one makes superfluous."""
