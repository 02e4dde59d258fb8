"""Run the cells of a worked answer in the learner's own notebook."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

RunCell = Callable[[str], Exception | None]  # from a cell's source to the error that stopped it


def run_cell_of(shell: Any) -> RunCell | None:
    """Return a function that runs a cell in this IPython shell; None outside a notebook."""
    if shell is None:
        return None

    def run_cell(source: str) -> Exception | None:
        with _no_traceback(shell):
            done = shell.run_cell(source, store_history=False)
        error: Exception | None = done.error_before_exec or done.error_in_exec
        return error

    return run_cell


@contextmanager
def _no_traceback(shell: Any) -> Iterator[None]:
    """Suppress tracebacks for the block: they would show code that the learner never saw."""
    before = shell.custom_exceptions, shell.CustomTB
    shell.set_custom_exc((Exception,), lambda *error, tb_offset=None: None)
    try:
        yield
    finally:
        shell.custom_exceptions, shell.CustomTB = before
