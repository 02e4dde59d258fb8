"""Recover when the cloud ends in the middle of a notebook: say so, and start a new one."""

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
Your cloud had stopped, and everything in it is gone: functions, buckets, roles.
A new, empty one runs at the same address. Run the notebook again from the top
(menu Run, Restart Kernel and Run All Cells)."""

MOVED = """\
Your cloud had stopped, and everything in it is gone: functions, buckets, roles.
A new, empty one runs at another address. Run the notebook again from the top
(menu Run, Restart Kernel and Run All Cells)."""

STILL_RUNNING = """\
Your cloud did not answer this call, but it still runs, and nothing in it is lost.
Run the cell again."""

BUSY = """\
Your cloud runs but does not answer; it may be very busy. Run the cell again. If that does not help,
run `lab stop` in a terminal, and then the notebook again from the top."""

NOT_REOPENED = """\
Your cloud does not answer, and it could not be opened again.
{error}"""


class Recovery:
    """Recognizes the boto3 errors that mean that this lab's cloud is gone, and reopens it.

    `reopen` returns the learner's cloud, started if necessary; `is_running` says whether that
    very cloud still runs, and `is_answering` whether it answers.
    """

    def __init__(
        self,
        cloud: Cloud,
        reopen: Callable[[], Cloud],
        *,
        is_running: Callable[[Cloud], bool] = lambda _: True,
        is_answering: Callable[[Cloud], bool] = lambda _: True,
    ) -> None:
        self.cloud = cloud
        self._reopen = reopen
        self._is_running = is_running
        self._is_answering = is_answering

    def concerns(self, error: BaseException) -> bool:
        """Return whether the error means that this cloud did not answer."""
        if not isinstance(error, GONE):
            return False
        called, ours = urlsplit(str(error.kwargs["endpoint_url"])), urlsplit(self.cloud.endpoint)
        return called.netloc == ours.netloc

    def recover(self) -> str:
        """Open the cloud again. Return what happened and what to do next."""
        try:
            cloud = self._reopen()
        except CloudError as error:
            return NOT_REOPENED.format(error=error)
        if cloud == self.cloud:
            return STILL_RUNNING
        if cloud.endpoint != self.cloud.endpoint:
            return MOVED  # this notebook's clients call the old address until the lab is reopened
        self.cloud = cloud
        return STARTED_AGAIN

    def unavailable_reason(self) -> str:
        """Return why the cloud can't be called, and what to do next; "" if it can be called.

        For use before any call: another program may listen at the cloud's address by now, and the
        call would wait for it.
        """
        is_running = self._is_running(self.cloud)
        if is_running and self._is_answering(self.cloud):
            return ""
        return BUSY if is_running and self.cloud.kind == "embedded" else self.recover()

    def explain(self, error: Exception) -> str:
        """Return what a check says about a call that failed without a response."""
        return self.recover() if self.concerns(error) else not_through(error)


def install(shell: Any, recovery: Recovery) -> None:
    """Make IPython show the message of `recovery` in place of boto3's traceback."""
    if shell is not None:
        shell.set_custom_exc(GONE, _handler(recovery))


def _handler(recovery: Recovery) -> Callable[..., None]:
    def show(
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
        tb_offset: int | None = None,
    ) -> None:
        if recovery.concerns(error):
            message = f"{kind.__name__}: {recovery.recover()}"
            # IPython prefers this method of an exception to its traceback.
            error._render_traceback_ = lambda: message.splitlines()  # type: ignore[attr-defined]
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)

    return show
