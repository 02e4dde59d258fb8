"""What a check looks at a learner's work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar
from uuid import uuid4

from botocore.exceptions import ClientError

from helpers.aws.errors import is_missing
from helpers.cloud.clients import Client
from helpers.cloud.engine import Ask, no_engine
from helpers.cloud.waiting import wait_for
from helpers.exercises.denial import Denial
from helpers.exercises.refused import Refused, no_refused_call
from helpers.functions.invoke import Invocation, invoke
from helpers.functions.logs import Logs, read_logs
from helpers.system.clock import CLOCK, Clock

Seen = TypeVar("Seen")
P = ParamSpec("P")


class Probe:
    """The cloud of the lab, the learner's files and variables, and time.

    `client` gives boto3 clients of the lab's account. `folder` is the lab's work folder.
    `namespace` holds the notebook's variables; it is empty elsewhere. `engine` asks the engine.
    `refused` tells which calls boto3 or AWS refused in the notebook, by the exercise's name.
    What a check makes it has removed with `afterwards`, however the check ends:

        bucket = probe.unique("check")
        s3.create_bucket(Bucket=bucket)
        probe.afterwards(s3.delete_bucket, Bucket=bucket)
    """

    def __init__(
        self,
        client: Client,
        folder: Path,
        namespace: Mapping[str, Any] | None = None,
        clock: Clock = CLOCK,
        engine: Ask = no_engine,
        refused: Refused = no_refused_call,
    ) -> None:
        self.client = client
        self.folder = folder
        self.namespace: Mapping[str, Any] = {} if namespace is None else namespace
        self.clock = clock
        self.engine = engine
        self.refused = refused
        self._later = ExitStack()

    def __enter__(self) -> Probe:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._later.close()
        except Exception:
            if error is None:  # else the check's own error says more than what followed from it
                raise

    def afterwards(self, clean_up: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Call this when the check is over; the last that was registered is called first.

        What is gone by then needs no removing: that is no error.
        """

        def remove() -> None:
            try:
                clean_up(*args, **kwargs)
            except ClientError as error:
                if not is_missing(error):
                    raise

        self._later.callback(remove)

    def denials(self, *, after: int = 0) -> list[Denial]:
        """Return what AWS has denied to the lab's roles and services since the one of that number.

        The oldest comes first. Nothing where the cloud does not tell: only the embedded one does.
        """
        told = self.engine("GET", "denials").get("denials", [])
        return [denial for denial in (Denial(**each) for each in told) if denial.number > after]

    def invoke(self, function: str, event: Any = None, qualifier: str | None = None) -> Invocation:
        """Invoke a function of the learner's. A missing one makes the verdict *incorrect*."""
        return invoke(self.client, function, event, qualifier=qualifier)

    def logs(
        self, function: str, *, at_least: int = 1, contains: str = "", timeout: float = 5
    ) -> Logs:
        return read_logs(
            self.client,
            function,
            at_least=at_least,
            contains=contains,
            timeout=timeout,
            clock=self.clock,
        )

    def wait_for(
        self,
        condition: Callable[[], Seen | None],
        *,
        timeout: float = 10,
        every: float = 0.05,
        what: str = "What should follow",
    ) -> Seen:
        """As `lab.wait_for`. The deadline makes the verdict *incorrect*, link "effect"."""
        return wait_for(condition, timeout=timeout, every=every, what=what, clock=self.clock)

    def unique(self, prefix: str) -> str:
        """A name or an input that no one had before, so that no canned answer fits.

        It ends in a UUID, which the sheets' tests fold; with a prefix of at most 26 characters it
        is a bucket's name too.
        """
        return f"{prefix}-{uuid4()}"
