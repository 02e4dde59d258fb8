"""Packages for another machine: wheels for the Python and the Linux that a function will run on.

What is installed here was built for this machine. A package of Python alone runs anywhere, but one
with compiled code (Pillow) has files named like

    PIL/_imaging.cpython-311-darwin.so              here: Python 3.11 on a Mac
    PIL/_imaging.cpython-313-x86_64-linux-gnu.so    what Lambda's python3.13 can load

and a function with the former fails with Runtime.ImportModuleError. So the same version is fetched
once more, in the form that fits, and kept.
"""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import NotPackaged
from helpers.functions.package import find_distribution

# Lambda's runtimes from python3.12 on run on Amazon Linux 2023, which has glibc 2.34
# (https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html, 2026-11-21): a wheel may ask for
# that or less. `manylinux2014`, which many instructions name, is 2.17, and too old for Pillow 13.
GLIBC = 34
OLDEST_GLIBC = 17
PATIENCE = 300  # seconds

NO_TOOL = """\
{name} has to be fetched for {target}, and neither pip nor uv is here to do it.
Install one of them, for example with `pip install uv`."""
NOT_FETCHED = """\
{name} {version} could not be fetched for {target}. It needs the network, once.
{words}"""


@dataclass(frozen=True)
class Target:
    """What a function runs on: x86_64 is Lambda's default architecture."""

    python: str = "3.13"
    machine: str = "x86_64"

    def __str__(self) -> str:
        return f"Python {self.python} on {self.machine} Linux"


Run = Callable[[Sequence[str]], None]


def run(command: Sequence[str]) -> None:
    """Run it, quietly. Raises CalledProcessError, TimeoutExpired."""
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)


class Wheels:
    """Finds the files of distributions as `target` needs them; `folder` keeps what was fetched."""

    def __init__(self, folder: Path, target: Target, run: Run = run) -> None:
        self._folder = folder
        self._target = target
        self._run = run

    def __call__(self, name: str) -> Iterator[tuple[str, Path]]:
        """As `package.Find`. The version is the one installed here. Raises NotPackaged."""
        version = find_distribution(name).version
        for file in sorted(self._fetched(name, version).rglob("*")):
            inside = file.relative_to(self._folder).parts[1:]
            if file.is_file() and "bin" not in inside[:1] and "__pycache__" not in inside:
                yield "/".join(inside), file

    def _fetched(self, name: str, version: str) -> Path:
        """The folder with its files, fetched if this is the first time."""
        kept = f"{name}-{version}-{self._target.python}-{self._target.machine}"
        place = self._folder / kept
        if not place.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
                fresh = Path(scratch) / kept
                self._fetch(name, version, fresh)
                fresh.rename(place)
        return place

    def _fetch(self, name: str, version: str, into: Path) -> None:
        words = {"name": name, "version": version, "target": self._target}
        options = [f"--target={into}", "--no-deps", "--quiet", f"{name}=={version}"]
        try:
            self._run([*self._tool(name), *options])
        except (subprocess.SubprocessError, OSError) as error:
            said = str(getattr(error, "stderr", None) or error).strip().splitlines()
            raise NotPackaged(NOT_FETCHED.format(**words, words="\n".join(said[-3:]))) from None

    def _tool(self, name: str) -> list[str]:
        """pip if this Python has it, else uv, with what makes them look for another machine."""
        if importlib.util.find_spec("pip"):
            return [sys.executable, "-m", "pip", *pip_options(self._target)]
        uv = shutil.which("uv")
        if uv is None:
            raise NotPackaged(NO_TOOL.format(name=name, target=self._target))
        return [uv, "pip", *uv_options(self._target)]


def pip_options(target: Target) -> list[str]:
    """Every platform has to be named: pip does not know that an older glibc's wheel will do."""
    platforms = [f"manylinux_2_{n}_{target.machine}" for n in range(GLIBC, OLDEST_GLIBC - 1, -1)]
    platforms += [f"manylinux2014_{target.machine}", "any"]
    named = [f"--platform={platform}" for platform in platforms]
    return ["install", "--only-binary=:all:", f"--python-version={target.python}", *named]


def uv_options(target: Target) -> list[str]:
    platform = f"--python-platform={target.machine}-manylinux_2_{GLIBC}"
    return ["install", "--only-binary=:all:", f"--python-version={target.python}", platform]
