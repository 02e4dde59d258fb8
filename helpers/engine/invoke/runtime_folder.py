"""The folder in place of AWS's /var/runtime: the packages that a function needn't bring along.

AWS's runtimes have boto3 and its dependencies, and the runtime client
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html). Here they are links to the
packages that are installed with the course, and to no others.
"""

import importlib.metadata
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOTS = ("awslambdaric", "boto3")


@cache
def make_runtime_folder(folder: Path) -> Path:
    """Fill `folder` with links to the runtime's packages, and return it.

    It is done once, since finding the packages takes longer than all the rest of a cold start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(_with_dependencies(ROOTS)):
        for installed in _top_level(importlib.metadata.distribution(name)):
            link = folder / installed.name
            if not link.is_symlink():
                link.symlink_to(installed)
    return folder


def linked_packages(folder: Path) -> list[Path]:
    """Return the packages behind the links, which a confined process must be able to read."""
    return [link.resolve() for link in folder.iterdir()]


def _with_dependencies(names: tuple[str, ...]) -> set[str]:
    packages: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in packages:
            packages.add(name)
            waiting.extend(_requirements(name))
    return packages


def _requirements(name: str) -> Iterator[str]:
    for requirement in importlib.metadata.distribution(name).requires or []:
        marker = requirement.partition(";")[2]
        if "extra" in marker or "<" in marker:  # optional, or for older Pythons
            continue
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert match
        yield match.group()


def _top_level(distribution: importlib.metadata.Distribution) -> set[Path]:
    """Return the packages and modules that a distribution installed into site-packages."""
    names = {file.parts[0] for file in distribution.files or []}
    importable = (
        name for name in names if not name.endswith((".dist-info", ".pth")) and name[0] not in "._"
    )
    return {Path(str(distribution.locate_file(name))) for name in importable}
