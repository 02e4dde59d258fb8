import contextlib
import threading
import time

import pytest

from helpers.checks.deadline import TookTooLong, within


def endless() -> None:
    while True:
        time.sleep(0.001)


def stubborn() -> None:
    """Catches all that it may; the end of a call that took too long is not among it."""
    while True:
        with contextlib.suppress(Exception):
            endless()


def test_what_is_done_in_time_gives_its_answer():
    assert within(5, lambda: 42) == 42


def test_what_it_raises_is_raised():
    with pytest.raises(KeyError, match="name"):
        within(5, lambda: {}["name"])


def test_leaving_python_ends_the_call_and_not_the_notebook():
    with pytest.raises(SystemExit):
        within(5, lambda: exit(3))


@pytest.mark.parametrize("call", [endless, stubborn])
def test_what_never_ends_is_given_up_and_does_not_go_on_in_the_dark(call):
    before = threading.active_count()
    with pytest.raises(TookTooLong):
        within(0.05, call)
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before
