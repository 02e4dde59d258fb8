"""Run a sheet in a kernel, cell by cell, and yield the progress for others to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import DEVNULL
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Any

from helpers.course.project import Project, find_project
from helpers.sheets.errors import SheetStopped
from helpers.sheets.notebook import Notebook, code_cells, headings, read, tidy
from helpers.system.interrupts import held
from helpers.system.log_tail import indented

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

CELL_TIMEOUT = 60  # seconds

STOPPED = """\
{lab} stopped at code cell {number} of {total} (under “{heading}”): {why}.

{source}

{fix}"""

OPEN_IT = "Look at the cell above. Open the notebook in JupyterLab to try it."
TOO_LONG = "It may wait for something that never happens: look for a wait without a deadline."
DIED = "The kernel's process ended: it was killed, or ran out of memory. Run it again."


@dataclass(frozen=True)
class CellRun:
    """A code cell that starts (`seconds` is None) or has ended."""

    lab: str
    number: int
    total: int
    heading: str
    seconds: float | None = None


OnCell = Callable[[CellRun], None]


def ignore(run: CellRun) -> None:
    """Show nothing."""


def play(
    name: str,
    *,
    on_cell: OnCell = ignore,
    timeout: int = CELL_TIMEOUT,
    project: Project | None = None,
) -> Notebook:
    """Run that lab's worked sheet from top to bottom. Return it with its new outputs.

    `on_cell` is called twice for each code cell: when it starts and when it has ended. `timeout`
    is in seconds, for each cell. Raises NoSuchLab, or SheetStopped if a cell fails.
    """
    project = project or find_project()
    sheet = project.sheet(name)
    notebook = read(project.solutions / sheet.file)
    for run in execute(notebook, project.solutions, sheet.name, timeout=timeout):
        on_cell(run)
    return tidy(notebook)


def execute(
    notebook: Notebook, folder: Path, lab: str, *, timeout: int = CELL_TIMEOUT
) -> Iterator[CellRun]:
    """Run the notebook in that folder, and put the outputs into its cells one by one."""
    total = len(code_cells(notebook))
    number = 0
    with kernel(folder, timeout) as client:
        for cell, heading in zip(notebook["cells"], headings(notebook), strict=True):
            if cell["cell_type"] != "code":
                continue
            number += 1
            run = CellRun(lab, number, total, heading)
            yield run
            yield replace(run, seconds=_run_cell(client, cell, run))


@contextmanager
def kernel(folder: Path, timeout: int = CELL_TIMEOUT) -> Iterator[NotebookClient]:
    """Start a kernel of this very Python in that folder, whatever kernels are registered."""
    import nbformat  # these take a second to import, which `import helpers` must not
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())

    with TemporaryDirectory(prefix="lab-kernel-") as own:
        manager = AsyncKernelManager(
            kernel_spec_manager=ThisPython(),
            connection_file=f"{own}/connection.json",
            transport="ipc",  # with TCP the kernel hangs if another program takes its port first
            ip=f"{own}/socket",
        )
        client = NotebookClient(
            nbformat.v4.new_notebook(),  # type: ignore[no-untyped-call]
            km=manager,
            timeout=timeout,
            startup_timeout=60,
            record_timing=False,
            coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(folder)}},
        )
        with _running(client, manager):
            yield client


@contextmanager
def _running(client: NotebookClient, manager: AsyncKernelManager) -> Iterator[None]:
    """Start the client's kernel, and end it however the block or the start ends.

    Its stderr is discarded: a kernel that is ended in the middle of a cell complains there.
    """
    from jupyter_core.utils import run_sync

    try:
        with held():  # a Ctrl-C before the manager knows the kernel would leave it running
            client.start_new_kernel(stderr=DEVNULL)
        with client.setup_kernel(cleanup_kc=True):
            try:
                yield
            except BaseException:
                client.shutdown_kernel = "immediate"  # without waiting for the cell
                raise
    finally:
        with held():
            if manager.has_kernel:
                run_sync(manager.shutdown_kernel)(now=True)
            if client.kc:  # interrupted while it waited for the kernel: open sockets hang the exit
                client.kc.stop_channels()
            manager.cleanup_connection_file()


def run_source(client: NotebookClient, source: str, tags: tuple[str, ...] = ()) -> dict[str, Any]:
    """Run a string as a cell of its own. Return the cell with its outputs.

    Raises nbclient's errors, unless the tags include "raises-exception".
    """
    import nbformat

    metadata = {"tags": list(tags)}
    cell = nbformat.v4.new_code_cell(source, metadata=metadata)  # type: ignore[no-untyped-call]
    client.nb["cells"] = [cell]
    return dict(client.execute_cell(cell, 0))


def _run_cell(client: NotebookClient, cell: dict[str, Any], run: CellRun) -> float:
    """Run the cell, and put its outputs into it. Return how long it took, in seconds."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    started = monotonic()
    try:
        done = run_source(client, cell["source"], tuple(cell["metadata"].get("tags", ())))
    except CellExecutionError as error:
        raise _stopped(run, cell, f"{error.ename}: {error.evalue}", OPEN_IT) from error
    except CellTimeoutError as error:
        why = f"it had not ended after {client.timeout} s"
        raise _stopped(run, cell, why, TOO_LONG) from error
    except DeadKernelError as error:
        raise _stopped(run, cell, "its kernel died", DIED) from error
    cell.update(outputs=done["outputs"], execution_count=done["execution_count"])
    return monotonic() - started


def _stopped(run: CellRun, cell: dict[str, Any], why: str, fix: str) -> SheetStopped:
    source = indented(cell["source"].splitlines())
    where = {"lab": run.lab, "number": run.number, "total": run.total, "heading": run.heading}
    return SheetStopped(STOPPED.format(**where, why=why, source=source, fix=fix))
