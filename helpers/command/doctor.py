"""What can be wrong with a set-up, and how to put it right.

Each diagnosis is a function from facts to a Finding. `examine` collects the facts of this machine
and of this project, and holds every diagnosis once, in the order in which they should be read.
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
from helpers.system.disk_errors import refused
from helpers.system.private_files import is_own

if TYPE_CHECKING:
    from helpers.cloud.embedded import EngineStatus

MEGABYTE = 1_000_000
NEEDED = 300 * MEGABYTE  # what the engine and a lab's files may take
PORT = 4566  # where LocalStack is found by custom
SHOWN = 4  # packages named one by one


@dataclass(frozen=True)
class Finding:
    """What was examined, how it is, and what to do. A note needs no one to do anything."""

    about: str
    state: Literal["fine", "note", "wrong"]
    what: str
    fix: str = ""

    def in_words(self) -> str:
        """Two lines at most: how it is, and under it what to do."""
        fix = f"\n       {self.fix}" if self.fix else ""
        return f"{self.state:5}  {self.what}{fix}"


def examine(root: Path, home: Path, environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Every diagnosis on the facts of this machine. A diagnosis that fails is a finding itself."""
    for about, diagnosis in diagnoses(root, home, environ).items():
        try:
            yield diagnosis()
        except Exception as error:  # noqa: BLE001  whatever it is, the others must be heard
            what = f"The {about} can't be examined. {type(error).__name__}: {error}"
            yield Finding(about, "wrong", what, reinstall(environ))


def diagnoses(
    root: Path, home: Path, environ: Mapping[str, str]
) -> dict[str, Callable[[], Finding]]:
    """The diagnoses by what they are about, with their facts still to be looked up."""
    return {
        "Python": lambda: python(running(), read_lock(root / "uv.lock")["requires-python"]),
        "packages": lambda: packages(
            locked_versions(read_lock(root / "uv.lock")), installed(), reinstall(environ)
        ),
        "byte-code": lambda: byte_code(compiled("botocore")),
        "kernel": lambda: kernel(*registered_kernel(), sys.executable),
        "engine": lambda: cloud(home, environ),
        "port": lambda: port(PORT, is_taken(PORT), engine_status(home).port),
        "project's folder": lambda: writable("project's folder", root, refusal(root)),
        "cloud's folder": lambda: clouds_folder(home),
        "disk": lambda: disk(home, shutil.disk_usage(existing(home)).free),
        "proxy": lambda: proxy(environ),
    }


# --- diagnoses -------------------------------------------------------------------------------


def python(version: str, required: str) -> Finding:
    """`version` as in "3.11.7", `required` as pyproject has it: ">=3.11, <3.14"."""
    if version in SpecifierSet(required):
        return Finding("Python", "fine", f"Python {version}.")
    what = f"This is Python {version}; the course needs {required}."
    fix = "Run `uv sync --python 3.13`: uv finds that Python, or downloads it."
    return Finding("Python", "wrong", what, fix)


def packages(locked: Mapping[str, str], present: Mapping[str, str], fix: str) -> Finding:
    """Both by canonical name. Packages beyond the lock are the learner's own business."""
    off = [
        f"{name} is {present[name]}, not {wanted}" if name in present else f"{name} is missing"
        for name, wanted in sorted(locked.items())
        if present.get(name) != wanted
    ]
    if not off:
        return Finding("packages", "fine", f"{len(locked)} packages, as locked.")
    more = f"; and {len(off) - SHOWN} more" if len(off) > SHOWN else ""
    what = f"Packages differ from uv.lock: {'; '.join(off[:SHOWN])}{more}."
    return Finding("packages", "wrong", what, fix)


def byte_code(is_compiled: bool) -> Finding:
    """Without byte-code all works, but the first start of everything is slow."""
    if is_compiled:
        return Finding("byte-code", "fine", "Byte-code is compiled.")
    what = "The packages are not compiled to byte-code, so the cloud starts slowly the first time."
    fix = "Run `uv sync --compile-bytecode --reinstall` to compile them now."
    return Finding("byte-code", "note", what, fix)


def kernel(command: str | None, folder: str, interpreter: str) -> Finding:
    """`command` starts the kernel "python3", described in `folder`; None where there is no kernel.

    A bare name such as "python" means the interpreter that JupyterLab itself runs on.
    """
    again = "`uv sync --reinstall-package ipykernel`"
    if command is None:
        what = "No Python kernel is registered, so no notebook can run."
        return Finding("kernel", "wrong", what, f"Run {again}.")
    if os.path.dirname(command) in ("", os.path.dirname(interpreter)):
        return Finding("kernel", "fine", f"Notebooks run on {interpreter}.")
    what = f"Notebooks would run on {command}, which does not have the course's packages."
    fix = f"That is asked for in {folder}: delete it, or unset JUPYTER_PATH. Then run {again}."
    return Finding("kernel", "wrong", what, fix)


def engine(status: "EngineStatus") -> Finding:
    """What the engine's record, its process and its answer to a health check tell together."""
    log = f"Its log: {status.log}"
    match status.state:
        case "running":
            what = f"LocalStack {status.version} answers at {status.endpoint}."
            return Finding("engine", "fine", what)
        case "dead":
            what = "The cloud's process has ended without being stopped; what it held is lost."
            return Finding("engine", "wrong", what, f"Run `lab start` for a new one. {log}")
        case "unhealthy":
            what = f"The cloud's process ({status.pid}) runs, but does not answer."
            return Finding("engine", "wrong", what, f"Run `lab stop`, then `lab start`. {log}")
        case _:
            return Finding("engine", "fine", "The cloud is not running; it starts when needed.")


def port(number: int, taken: bool, engines: int | None) -> Finding:
    """`engines` is the port our own engine listens on, None if it does not run."""
    if engines == number:
        return Finding("port", "fine", f"The cloud has port {number}.")
    if not taken:
        return Finding("port", "fine", f"Port {number} is free.")
    where = f"port {engines}" if engines else "another, free port"
    what = f"Port {number} is taken by another program."
    return Finding("port", "note", what, f"Nothing to do: the cloud uses {where} instead.")


def writable(about: str, folder: Path, refusal: OSError | None) -> Finding:
    """`refusal` is what the system said when a file was to be written, None where it was."""
    if refusal is None:
        return Finding(about, "fine", f"{folder} can be written to.")
    what, fix = refused(folder, refusal)
    is_clouds = about == "cloud's folder"
    other = "set LAB_HOME to another folder" if is_clouds else "copy the project to your own home"
    return Finding(about, "wrong", what, f"{fix} Or {other}.")


def clouds_folder(home: Path) -> Finding:
    """Another user's is refused when the cloud starts, even where everybody may write."""
    from helpers.cloud.home import SOMEBODY_ELSES

    finding = writable("cloud's folder", home, refusal(home))
    if finding.state == "fine" and home.exists() and not is_own(home):
        what, _, fix = SOMEBODY_ELSES.format(home=home).partition("\n")
        return Finding("cloud's folder", "wrong", what, fix)
    return finding


def disk(folder: Path, free: int) -> Finding:
    """`free` in bytes."""
    if free >= NEEDED:
        return Finding("disk", "fine", f"{free // MEGABYTE:,} MB are free.")
    what = f"The disk of {folder} is full: {free // MEGABYTE} MB are left."
    fix = f"Make room: a lab needs up to {NEEDED // MEGABYTE} MB. Or set LAB_HOME to another disk."
    return Finding("disk", "wrong", what, fix)


def proxy(environ: Mapping[str, str]) -> Finding:
    """A proxy is fine, as long as calls to this machine itself are kept from it."""
    settings = {name.upper(): value for name, value in environ.items() if value}
    catching = [name for name in ("HTTP_PROXY", "ALL_PROXY") if name in settings]
    spared = {host.strip() for host in settings.get("NO_PROXY", "").split(",")}
    if not catching:
        return Finding("proxy", "fine", "No proxy stands before the cloud.")
    if "*" in spared or {"127.0.0.1", "localhost"} <= spared:
        return Finding("proxy", "fine", "The proxy is kept from this machine's own addresses.")
    what = f"{' and '.join(catching)} would send calls for your own cloud to a proxy."
    return Finding("proxy", "wrong", what, "Set NO_PROXY=127.0.0.1,localhost beside it.")


# --- facts -----------------------------------------------------------------------------------


def running() -> str:
    """The version of the Python that runs this, as in "3.11.7"."""
    return ".".join(map(str, sys.version_info[:3]))


def installed() -> dict[str, str]:
    """Version of every installed package, by canonical name."""
    return {canonicalize_name(d.metadata["Name"]): d.version for d in metadata.distributions()}


def reinstall(environ: Mapping[str, str]) -> str:
    """How this learner brings the packages back to the lock."""
    if environ.get("CONDA_PREFIX") == sys.prefix:
        return "Run `conda env update -f environment.yml --prune`."
    return "Run `uv sync`."


def compiled(module: str) -> bool:
    """Whether the byte-code of `module` is on disk.

    No dotted name: Python would import what is before the dot, and LocalStack changes NO_PROXY.
    """
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.cached is not None and Path(spec.cached).exists()


def registered_kernel() -> tuple[str | None, str]:
    """The command that starts the kernel of our notebooks, and the folder that says so."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return None, ""
    return spec.argv[0], spec.resource_dir


def cloud(home: Path, environ: Mapping[str, str]) -> Finding:
    """The embedded cloud's engine, or the LocalStack that the environment names instead."""
    from helpers.cloud.choose import choose_kind, open_cloud
    from helpers.cloud.errors import CloudError

    try:
        if choose_kind(environ) == "embedded":
            return engine(engine_status(home))
        found = open_cloud(environ)
    except CloudError as error:
        what, _, fix = str(error).partition("\n")
        return Finding("engine", "wrong", what, fix.replace("\n", "\n       "))
    return Finding("engine", "fine", f"LocalStack {found.version} answers at {found.endpoint}.")


def engine_status(home: Path) -> "EngineStatus":
    """What is known of the engine that lives in `home`."""
    from helpers.cloud.embedded import Engine

    return Engine(home).status()


def is_taken(number: int) -> bool:
    """Whether a program listens on that port of this machine, or holds it otherwise."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return True
    return False


def refusal(folder: Path) -> OSError | None:
    """Why no file can be written in `folder`, or where it would be made; None if one can."""
    try:
        with tempfile.NamedTemporaryFile(dir=existing(folder), prefix=".lab-doctor-") as file:
            file.write(b"can this be written?")
    except OSError as error:
        return error
    return None


def existing(folder: Path) -> Path:
    """`folder`, or the nearest folder above it that is there already."""
    return next(place for place in (folder, *folder.absolute().parents) if os.path.exists(place))
