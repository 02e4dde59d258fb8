"""Find out what is wrong with an installation, and how to fix it.

Each diagnosis is a function from facts to a Finding. `examine` collects the facts of this machine
and this project, and makes every diagnosis once, in the order in which they should be read.
"""

import importlib.util
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from helpers.command.lock import locked_versions, read_lock
from helpers.system import disk_errors
from helpers.system.private_files import is_own

if TYPE_CHECKING:
    from helpers.cloud.embedded import EngineStatus

MEGABYTE = 1_000_000
NEEDED = 300 * MEGABYTE  # for the engine and a lab's files
SHOWN = 4  # packages that are named one by one


@dataclass(frozen=True)
class Finding:
    """A diagnosis: its subject, its state, and what to do. Nothing has to be done about a note."""

    about: str
    state: Literal["fine", "note", "wrong"]
    what: str
    fix: str = ""

    def describe(self) -> str:
        """Return at most two lines: the state, and below it what to do."""
        fix = f"\n       {self.fix}" if self.fix else ""
        return f"{self.state:5}  {self.what}{fix}"


def examine(root: Path, home: Path, environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Yield every diagnosis of this machine. A diagnosis that fails is a finding itself."""
    for about, diagnosis in diagnoses(root, home, environ).items():
        try:
            yield diagnosis()
        except Exception as error:  # noqa: BLE001  whatever it is, the others must be made
            what = f"The {about} can't be examined. {type(error).__name__}: {error}"
            yield Finding(about, "wrong", what, reinstall(environ))


def diagnoses(
    root: Path, home: Path, environ: Mapping[str, str]
) -> dict[str, Callable[[], Finding]]:
    """Return the diagnoses by subject, as functions that look up their facts."""
    return {
        "Python": lambda: python(running(), read_lock(root / "uv.lock")["requires-python"]),
        "packages": lambda: packages(
            locked_versions(read_lock(root / "uv.lock")), installed(), reinstall(environ)
        ),
        "byte-code": lambda: byte_code(compiled("botocore")),
        "kernel": lambda: kernel(*registered_kernel(), sys.executable),
        "engine": lambda: cloud(home, environ),
        "port": lambda: default_port(home),
        "project's folder": lambda: writable("project's folder", root, write_error(root)),
        "cloud's folder": lambda: clouds_folder(home),
        "disk": lambda: disk(home, shutil.disk_usage(existing(home)).free),
        "proxy": lambda: proxy(environ),
    }


# --- diagnoses -------------------------------------------------------------------------------


def python(version: str, required: str) -> Finding:
    """Diagnose the version, "3.11.7", against the one required by pyproject, ">=3.11, <3.14"."""
    if version in SpecifierSet(required):
        return Finding("Python", "fine", f"Python {version}.")
    what = f"This is Python {version}; the course needs {required}."
    fix = "Run `uv sync --python 3.13`: uv finds that Python, or downloads it."
    return Finding("Python", "wrong", what, fix)


def packages(locked: Mapping[str, str], present: Mapping[str, str], fix: str) -> Finding:
    """Compare versions by canonical name. Packages that are not locked do not matter."""
    wrong = [
        f"{name} is {present[name]}, not {version}" if name in present else f"{name} is missing"
        for name, version in sorted(locked.items())
        if present.get(name) != version
    ]
    if not wrong:
        return Finding("packages", "fine", f"{len(locked)} packages, as locked.")
    more = f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    what = f"Packages differ from uv.lock: {'; '.join(wrong[:SHOWN])}{more}."
    return Finding("packages", "wrong", what, fix)


def byte_code(is_compiled: bool) -> Finding:
    """Diagnose missing byte-code, without which the first start of everything is slow."""
    if is_compiled:
        return Finding("byte-code", "fine", "The packages are compiled to byte-code.")
    what = "The packages are not compiled to byte-code, so the cloud starts slowly the first time."
    fix = "Run `uv sync --compile-bytecode --reinstall` to compile them now."
    return Finding("byte-code", "note", what, fix)


def kernel(command: str | None, folder: str, interpreter: str) -> Finding:
    """Diagnose the kernel "python3": the command that starts it, None if there is no kernel.

    A bare name such as "python" means the interpreter that runs JupyterLab. `folder` holds the
    kernel's description.
    """
    again = "`uv sync --reinstall-package ipykernel`"
    if command is None:
        what = "No Python kernel is registered, so no notebook can run."
        return Finding("kernel", "wrong", what, f"Run {again}.")
    if os.path.dirname(command) in ("", os.path.dirname(interpreter)):
        return Finding("kernel", "fine", f"Notebooks run on {interpreter}.")
    what = f"Notebooks would run on {command}, which does not have the course's packages."
    fix = f"The kernel is defined in {folder}: delete it, or unset JUPYTER_PATH. Then run {again}."
    return Finding("kernel", "wrong", what, fix)


def engine(status: "EngineStatus") -> Finding:
    """Diagnose the engine by its record, its process and its answer to a health check."""
    log = f"Its log: {status.log}"
    match status.state:
        case "running":
            what = f"LocalStack {status.version} answers at {status.endpoint}."
            return Finding("engine", "fine", what)
        case "dead":
            what = "The cloud's process ended without being stopped; everything in it is lost."
            return Finding("engine", "wrong", what, f"Run `lab start` for a new one. {log}")
        case "unhealthy":
            what = f"The cloud's process ({status.pid}) runs, but does not answer."
            return Finding("engine", "wrong", what, f"Run `lab stop`, then `lab start`. {log}")
        case _:
            return Finding("engine", "fine", "The cloud is not running; it starts when needed.")


def port(number: int, taken: bool, engines: int | None) -> Finding:
    """Diagnose LocalStack's default port. `engines` is our engine's port, None if it is stopped."""
    if engines == number:
        return Finding("port", "fine", f"The cloud uses port {number}.")
    if not taken:
        return Finding("port", "fine", f"Port {number} is free.")
    where = f"port {engines}" if engines else "another, free port"
    what = f"Port {number} is taken by another program."
    return Finding("port", "note", what, f"Nothing to do: the cloud uses {where} instead.")


def default_port(home: Path) -> Finding:
    """Diagnose LocalStack's default port on this machine."""
    from helpers.cloud.http import LOCALSTACK_PORT

    return port(LOCALSTACK_PORT, is_taken(LOCALSTACK_PORT), engine_status(home).port)


def writable(about: str, folder: Path, error: OSError | None) -> Finding:
    """Diagnose a folder by the error of an attempt to write a file there, None if it succeeded."""
    if error is None:
        return Finding(about, "fine", f"{folder} can be written to.")
    what, fix = disk_errors.diagnose(folder, error)
    is_clouds = about == "cloud's folder"
    other = "set LAB_HOME to another folder" if is_clouds else "copy the project to your own home"
    return Finding(about, "wrong", what, f"{fix} Or {other}.")


def clouds_folder(home: Path) -> Finding:
    """Diagnose the home, which must be writable, and this user's even if others may write there."""
    from helpers.cloud.home import NOT_YOURS

    finding = writable("cloud's folder", home, write_error(home))
    if finding.state == "fine" and home.exists() and not is_own(home):
        what, _, fix = NOT_YOURS.format(home=home).partition("\n")
        return Finding("cloud's folder", "wrong", what, fix)
    return finding


def disk(folder: Path, free: int) -> Finding:
    """Diagnose the free space on the home's disk, in bytes."""
    if free >= NEEDED:
        return Finding("disk", "fine", f"{free // MEGABYTE:,} MB are free.")
    what = f"The disk of {folder} is full: {free // MEGABYTE} MB are left."
    fix = (
        f"Free some space: a lab needs up to {NEEDED // MEGABYTE} MB."
        " Or set LAB_HOME to another disk."
    )
    return Finding("disk", "wrong", what, fix)


def proxy(environ: Mapping[str, str]) -> Finding:
    """Diagnose a proxy, which must not receive calls to this machine."""
    settings = {name.upper(): value for name, value in environ.items() if value}
    proxies = [name for name in ("HTTP_PROXY", "ALL_PROXY") if name in settings]
    excluded = {host.strip() for host in settings.get("NO_PROXY", "").split(",")}
    if not proxies:
        return Finding("proxy", "fine", "No proxy is set.")
    if "*" in excluded or {"127.0.0.1", "localhost"} <= excluded:
        return Finding("proxy", "fine", "The proxy is not used for this machine's own addresses.")
    what = f"{' and '.join(proxies)} would send calls to your own cloud to a proxy."
    return Finding("proxy", "wrong", what, "Set NO_PROXY=127.0.0.1,localhost as well.")


# --- facts -----------------------------------------------------------------------------------


def running() -> str:
    """Return the version of the Python that runs this, such as "3.11.7"."""
    return ".".join(map(str, sys.version_info[:3]))


def installed() -> dict[str, str]:
    """Return the version of every installed package, by canonical name."""
    return {canonicalize_name(d.metadata["Name"]): d.version for d in metadata.distributions()}


def reinstall(environ: Mapping[str, str]) -> str:
    """Return how this learner installs the locked packages again."""
    if environ.get("CONDA_PREFIX") == sys.prefix:
        return "Run `conda env update -f environment.yml --prune`."
    return "Run `uv sync`."


def compiled(module: str) -> bool:
    """Return whether the byte-code of a top-level module is on disk.

    With a dotted name, Python would import the package, and LocalStack changes NO_PROXY on import.
    """
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.cached is not None and Path(spec.cached).exists()


def registered_kernel() -> tuple[str | None, str]:
    """Return the command that starts the notebooks' kernel, and the folder that defines it."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return None, ""
    return spec.argv[0], spec.resource_dir


def cloud(home: Path, environ: Mapping[str, str]) -> Finding:
    """Diagnose the embedded cloud's engine, or the LocalStack that the environment names."""
    from helpers.cloud.choose import choose_kind, open_cloud
    from helpers.cloud.errors import CloudError

    try:
        if choose_kind(environ) == "embedded":
            return engine(engine_status(home))
        localstack = open_cloud(environ)
    except CloudError as error:
        what, _, fix = str(error).partition("\n")
        return Finding("engine", "wrong", what, fix.replace("\n", "\n       "))
    return Finding(
        "engine", "fine", f"LocalStack {localstack.version} answers at {localstack.endpoint}."
    )


def engine_status(home: Path) -> "EngineStatus":
    """Return the status of the engine in `home`."""
    from helpers.cloud.embedded import Engine

    return Engine(home).status()


def is_taken(number: int) -> bool:
    """Return whether a program listens on that port of this machine, or has bound it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return True
    return False


def write_error(folder: Path) -> OSError | None:
    """Return the error of an attempt to write a file in `folder`, or where it would be created."""
    try:
        with tempfile.NamedTemporaryFile(dir=existing(folder), prefix=".lab-doctor-") as file:
            file.write(b"can this be written?")
    except OSError as error:
        return error
    return None


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest folder above it that exists."""
    return next(path for path in (folder, *folder.absolute().parents) if os.path.exists(path))
