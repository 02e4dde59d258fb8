"""The folder that stands for AWS's /var/runtime: the packages a function finds without packaging.

AWS ships boto3 and its dependencies beside its runtime client
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html). Here they are links to the
copies that are installed with the course, and to nothing else of it.
"""

import importlib.metadata
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOTS = ("awslambdaric", "boto3")


@cache
def make_runtime_folder(folder: Path) -> Path:
    """Fill `folder` with links to the runtime's packages; returns it.

    Finding out which they are takes longer than all the rest of a cold start: it is done once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(_with_dependencies(ROOTS)):
        for installed in _top_level(importlib.metadata.distribution(name)):
            link = folder / installed.name
            if not link.is_symlink():
                link.symlink_to(installed)
    return folder


def linked_places(folder: Path) -> list[Path]:
    """Where the links lead: what a confined process must be able to read."""
    return [link.resolve() for link in folder.iterdir()]


def _with_dependencies(names: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting.extend(_requirements(name))
    return found


def _requirements(name: str) -> Iterator[str]:
    for requirement in importlib.metadata.distribution(name).requires or []:
        marker = requirement.partition(";")[2]
        if "extra" in marker or "<" in marker:  # optional parts, and those for older Pythons
            continue
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert match
        yield match.group()


def _top_level(distribution: importlib.metadata.Distribution) -> set[Path]:
    """The importable folders and modules that a distribution put into site-packages."""
    names = {file.parts[0] for file in distribution.files or []}
    importable = (
        name for name in names if not name.endswith((".dist-info", ".pth")) and name[0] not in "._"
    )
    return {Path(str(distribution.locate_file(name))) for name in importable}
