"""When the cloud is gone in the middle of a notebook: say so once, and put a new one there."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
)

from helpers.cloud.errors import CloudError
from helpers.cloud.model import Cloud
from helpers.exercises.judge import not_through

GONE = (EndpointConnectionError, ConnectionClosedError, ConnectTimeoutError)

STARTED_AGAIN = """\
Your cloud had stopped, and all that was in it is gone: functions, buckets, roles.
A new, empty one runs at the same address. Run the notebook again from the top
(menu Run, Restart Kernel and Run All Cells)."""

MOVED = """\
Your cloud had stopped, and all that was in it is gone: functions, buckets, roles.
A new, empty one runs at another address. Run the notebook again from the top
(menu Run, Restart Kernel and Run All Cells)."""

ANSWERS_AGAIN = """\
Your cloud did not answer this call, but it is there: nothing in it is lost.
Run the cell again."""

SILENT = """\
Your cloud is there, but does not answer; it may be very busy. Run the cell again. If that does not
help, run `lab stop` in a terminal, and the notebook again from the top."""

NOT_BACK = """\
Your cloud does not answer, and it could not be opened again.
{error}"""


class Rescue:
    """Recognises the errors of boto3 that mean: this lab's cloud is gone.

    `reopen` gives the cloud of this learner, started if need be; `runs` says whether that very
    cloud has not ended, and `answers` whether it can be talked to.
    """

    def __init__(
        self,
        cloud: Cloud,
        reopen: Callable[[], Cloud],
        *,
        runs: Callable[[Cloud], bool] = lambda _: True,
        answers: Callable[[Cloud], bool] = lambda _: True,
    ) -> None:
        self.cloud = cloud
        self._reopen = reopen
        self._runs = runs
        self._answers = answers

    def concerns(self, error: BaseException) -> bool:
        """Whether it was this cloud that did not answer."""
        if not isinstance(error, GONE):
            return False
        called, ours = urlsplit(str(error.kwargs["endpoint_url"])), urlsplit(self.cloud.endpoint)
        return called.netloc == ours.netloc

    def help(self) -> str:
        """Open the cloud again; returns what happened and how to go on."""
        try:
            found = self._reopen()
        except CloudError as error:
            return NOT_BACK.format(error=error)
        if found == self.cloud:
            return ANSWERS_AGAIN
        if found.endpoint != self.cloud.endpoint:
            return MOVED  # this notebook's clients call the old address until the lab is reopened
        self.cloud = found
        return STARTED_AGAIN

    def absence(self) -> str:
        """What to say before any call if the cloud can't be called; "" while it can.

        Where it was, another program may listen by now, and a call would wait for its answer.
        """
        if self._runs(self.cloud) and self._answers(self.cloud):
            return ""
        busy = self.cloud.kind == "embedded" and self._runs(self.cloud)
        return SILENT if busy else self.help()

    def explain(self, error: Exception) -> str:
        """What a check says when a call did not get through."""
        return self.help() if self.concerns(error) else not_through(error)


def install(shell: Any, rescue: Rescue) -> None:
    """Have IPython show what `rescue` says in the place of boto3's traceback."""
    if shell is not None:
        shell.set_custom_exc(GONE, _handler(rescue))


def _handler(rescue: Rescue) -> Callable[..., None]:
    def show(
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
        tb_offset: int | None = None,
    ) -> None:
        if rescue.concerns(error):
            words = f"{kind.__name__}: {rescue.help()}"
            # IPython asks an exception first how it would like to be shown.
            error._render_traceback_ = lambda: words.splitlines()  # type: ignore[attr-defined]
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)

    return show
