"""Read uv.lock: the exact version of each package, for one Python and one system."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.markers import Marker, default_environment

Table = Mapping[str, Any]
Machine = Mapping[str, str]  # the variables of a marker: python_full_version, sys_platform…


def read_lock(path: Path) -> Table:
    """Parse the lock. Raises OSError if it can't be opened, ValueError if it is damaged."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def locked_versions(lock: Table, machine: Machine | None = None) -> dict[str, str]:
    """Return name and version of every package that the course needs on `machine`.

    By default, that is this machine. Development tools are left out. Raises LookupError if the
    lock is inconsistent.
    """
    machine = this_machine() if machine is None else machine
    course = next(package for package in lock["package"] if "editable" in package["source"])
    packages = reachable(lock, course, (), machine, set())
    return {package["name"]: package["version"] for package in packages if package is not course}


def this_machine() -> Machine:
    """Return the marker variables of the Python that runs this."""
    return {name: str(value) for name, value in default_environment().items()}


def reachable(
    lock: Table, package: Table, extras: tuple[str, ...], machine: Machine, seen: set[object]
) -> Iterator[Table]:
    """Yield the package and all its dependencies. `seen` breaks circular ones."""
    if (package["name"], extras) in seen:
        return
    seen.add((package["name"], extras))
    yield package
    for dependency in dependencies(package, extras, machine):
        chosen = tuple(dependency.get("extra", ()))
        yield from reachable(lock, require(lock, dependency), chosen, machine, seen)


def dependencies(package: Table, extras: tuple[str, ...], machine: Machine) -> Iterator[Table]:
    """Yield the package's dependencies on `machine`, including those of the chosen extras."""
    optional = package.get("optional-dependencies", {})
    for group in (package.get("dependencies", ()), *(optional.get(extra, ()) for extra in extras)):
        yield from (each for each in group if applies(each.get("marker"), machine))


def applies(marker: str | None, machine: Machine) -> bool:
    """Return whether a dependency with this marker applies to `machine`."""
    return marker is None or Marker(marker).evaluate(dict(machine))


def require(lock: Table, dependency: Table) -> Table:
    """Return the locked package for a dependency. Raises LookupError if the lock has none."""
    for package in lock["package"]:
        same_name = package["name"] == dependency["name"]
        if same_name and dependency.get("version", package["version"]) == package["version"]:
            found: Table = package
            return found
    raise LookupError(f"uv.lock names {dependency['name']} as a dependency, but does not lock it")
