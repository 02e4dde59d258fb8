"""A deadline for what a check calls, since a learner's code may go on for ever."""

import ctypes
import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


class TookTooLong(Exception):
    """The call was given up."""


def within(seconds: float, call: Callable[[], Answer]) -> Answer:
    """What `call` returns; what it raises is raised here. Raises TookTooLong after `seconds`."""
    answers: list[Answer] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(call())
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        thread.join(seconds)
    finally:  # also when the learner interrupts the check
        _end(thread)
    if errors and not isinstance(errors[0], _Ended):
        raise errors[0]
    if not answers:
        raise TookTooLong(f"not done within {seconds:g} s")
    return answers[0]


class _Ended(BaseException):
    """Raised in a call that took too long; no `except Exception` of a learner's catches it."""


def _end(thread: threading.Thread) -> None:
    """Have a thread stop at its next line of Python; a loop without end would take the kernel."""
    if thread.is_alive() and thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(_Ended)
        )
