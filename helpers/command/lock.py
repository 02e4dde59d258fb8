"""What uv.lock asks for: the exact version of each package, for one Python and one system."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.markers import Marker, default_environment

Table = Mapping[str, Any]
Machine = Mapping[str, str]  # the variables of a marker: python_full_version, sys_platform…


def read_lock(path: Path) -> Table:
    """The lock as TOML has it. Raises OSError where there is none, ValueError if it is damaged."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def locked_versions(lock: Table, machine: Machine | None = None) -> dict[str, str]:
    """Name and version of every package the course itself needs on `machine`, by default this one.

    Developers' tools are left out. Raises LookupError if the lock contradicts itself.
    """
    machine = this_machine() if machine is None else machine
    course = next(package for package in lock["package"] if "editable" in package["source"])
    found = reachable(lock, course, (), machine, set())
    return {package["name"]: package["version"] for package in found if package is not course}


def this_machine() -> Machine:
    """The marker variables of the Python that runs this."""
    return {name: str(value) for name, value in default_environment().items()}


def reachable(
    lock: Table, package: Table, extras: tuple[str, ...], machine: Machine, seen: set[object]
) -> Iterator[Table]:
    """`package` and all that it needs. Packages need each other in circles, hence `seen`."""
    if (package["name"], extras) in seen:
        return
    seen.add((package["name"], extras))
    yield package
    for wanted in dependencies(package, extras, machine):
        asked = tuple(wanted.get("extra", ()))
        yield from reachable(lock, find(lock, wanted), asked, machine, seen)


def dependencies(package: Table, extras: tuple[str, ...], machine: Machine) -> Iterator[Table]:
    """What `package` needs on `machine`, with those of its extras that were asked for."""
    optional = package.get("optional-dependencies", {})
    for group in (package.get("dependencies", ()), *(optional.get(extra, ()) for extra in extras)):
        yield from (wanted for wanted in group if applies(wanted.get("marker"), machine))


def applies(marker: str | None, machine: Machine) -> bool:
    """Whether a dependency with this marker is wanted on `machine`."""
    return marker is None or Marker(marker).evaluate(dict(machine))


def find(lock: Table, wanted: Table) -> Table:
    """The locked package that answers a dependency. Raises LookupError if the lock has none."""
    for package in lock["package"]:
        same_name = package["name"] == wanted["name"]
        if same_name and wanted.get("version", package["version"]) == package["version"]:
            found: Table = package
            return found
    raise LookupError(f"uv.lock names {wanted['name']} as a dependency, but does not hold it")
