"""Packages for another machine: wheels for the Python and the Linux that a function runs on.

An installed package was built for this machine. A pure Python package runs anywhere, but one with
compiled code (Pillow) has files named like

    PIL/_imaging.cpython-311-darwin.so              here: Python 3.11 on a Mac
    PIL/_imaging.cpython-313-x86_64-linux-gnu.so    what Lambda's python3.13 can load

and with the former, a function fails with Runtime.ImportModuleError. So a wheel of the same version
for Lambda's platform is downloaded, and kept.
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
# that or less. Many instructions name `manylinux2014`, which is 2.17 and too old for Pillow 13.
GLIBC = 34
OLDEST_GLIBC = 17
TIMEOUT = 300  # seconds

NO_TOOL = """\
{name} has to be downloaded for {target}, but neither pip nor uv is installed.
Install one of them, for example with `pip install uv`."""
NOT_DOWNLOADED = """\
{name} {version} could not be downloaded for {target}. This needs the network, once.
{output}"""


@dataclass(frozen=True)
class Target:
    """The platform that a function runs on: x86_64 is Lambda's default architecture."""

    python: str = "3.13"
    machine: str = "x86_64"

    def __str__(self) -> str:
        return f"Python {self.python} on {self.machine} Linux"


Run = Callable[[Sequence[str]], None]


def run(command: Sequence[str]) -> None:
    """Run the command and capture its output. Raises CalledProcessError or TimeoutExpired."""
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=TIMEOUT)


class Wheels:
    """Finds the files of distributions for `target`; downloads are kept in `folder`."""

    def __init__(self, folder: Path, target: Target, run: Run = run) -> None:
        self._folder = folder
        self._target = target
        self._run = run

    def __call__(self, name: str) -> Iterator[tuple[str, Path]]:
        """Yield a distribution's files, in the version installed here, as `package.Find` does.

        Raises NotPackaged.
        """
        version = find_distribution(name).version
        for file in sorted(self._downloaded(name, version).rglob("*")):
            inside = file.relative_to(self._folder).parts[1:]
            if file.is_file() and "bin" not in inside[:1] and "__pycache__" not in inside:
                yield "/".join(inside), file

    def _downloaded(self, name: str, version: str) -> Path:
        """Return the folder with the distribution's files, downloaded on first use."""
        folder_name = f"{name}-{version}-{self._target.python}-{self._target.machine}"
        folder = self._folder / folder_name
        if not folder.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
                draft = Path(scratch) / folder_name
                self._download(name, version, draft)
                draft.rename(folder)
        return folder

    def _download(self, name: str, version: str, into: Path) -> None:
        options = [f"--target={into}", "--no-deps", "--quiet", f"{name}=={version}"]
        try:
            self._run([*self._command(name), *options])
        except (subprocess.SubprocessError, OSError) as error:
            lines = str(getattr(error, "stderr", None) or error).strip().splitlines()
            output = "\n".join(lines[-3:])
            message = NOT_DOWNLOADED.format(
                name=name, version=version, target=self._target, output=output
            )
            raise NotPackaged(message) from None

    def _command(self, name: str) -> list[str]:
        """Return the command of pip, if this Python has it, or else of uv, for the target."""
        if importlib.util.find_spec("pip"):
            return [sys.executable, "-m", "pip", *pip_options(self._target)]
        uv = shutil.which("uv")
        if uv is None:
            raise NotPackaged(NO_TOOL.format(name=name, target=self._target))
        return [uv, "pip", *uv_options(self._target)]


def pip_options(target: Target) -> list[str]:
    """Return pip's options for the target.

    They name every platform, since pip does not accept wheels for an older glibc by itself.
    """
    platforms = [f"manylinux_2_{n}_{target.machine}" for n in range(GLIBC, OLDEST_GLIBC - 1, -1)]
    platforms += [f"manylinux2014_{target.machine}", "any"]
    options = [f"--platform={platform}" for platform in platforms]
    return ["install", "--only-binary=:all:", f"--python-version={target.python}", *options]


def uv_options(target: Target) -> list[str]:
    """Return uv's options for the target."""
    platform = f"--python-platform={target.machine}-manylinux_2_{GLIBC}"
    return ["install", "--only-binary=:all:", f"--python-version={target.python}", platform]
