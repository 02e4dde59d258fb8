"""Make environment.yml, for conda and mamba, with the same versions as in uv.lock."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from helpers.command.lock import read_lock
from helpers.errors import LabError

HEAD = """\
# For conda and mamba: `conda env create -f environment.yml`, then `conda activate serverless-lab`.
# Made from uv.lock by `lab build`. Don't edit it: a test fails when the two disagree.
name: serverless-lab
channels:
  - conda-forge
dependencies:
  - python {python}
  - pip
  - pip:
"""


NO_UV = """\
environment.yml is made by uv, which is not installed here.
Install it with `pip install uv` and run `lab build` again."""

NOT_READ = """\
uv can't read uv.lock: {error}
Run `uv lock`, then `lab build` again."""


class NotExported(LabError):
    """uv is not installed, or it can't read the lock."""


def environment_file(root: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Return the text of environment.yml for the lock in `root`.

    Raises NotExported if uv can't be found, or can't read the lock.
    """
    python = read_lock(root / "uv.lock")["requires-python"].replace(" ", "")
    pins = [*exported_pins(root, find_uv(environ)), "-e ."]
    return HEAD.format(python=python) + "".join(f'    - "{pin}"\n' for pin in pins)


def exported_pins(root: Path, uv: str) -> list[str]:
    """Return a line per package, `name==version ; marker`, without the course and its dev tools."""
    options = "--frozen --no-dev --no-hashes --no-emit-project --no-annotate --no-header --quiet"
    export = [uv, "export", *options.split(), "--project", str(root)]
    done = subprocess.run(export, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotExported(NOT_READ.format(error=done.stderr.strip()))
    return done.stdout.splitlines()


def find_uv(environ: Mapping[str, str]) -> str:
    """Return the uv that runs this code (`uv run` sets UV), or the one on the search path."""
    uv = environ.get("UV") or shutil.which("uv", path=environ.get("PATH"))
    if uv is None:
        raise NotExported(NO_UV)
    return uv
