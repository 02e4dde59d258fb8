"""Build the generated files: labs/ from solutions/, environment.yml from uv.lock."""

from collections.abc import Iterable
from pathlib import Path

from helpers import sheets
from helpers.command.environment_file import environment_file
from helpers.course.project import Project, find_project
from helpers.sheets.run import OnCell

STALE = "environment.yml does not match uv.lock: run `lab build`."


def write_everything(
    names: Iterable[str], on_cell: OnCell, project: Project | None = None
) -> list[Path]:
    """Build these labs, or all, and environment.yml. Return the files that changed."""
    project = project or find_project()
    changed = sheets.build(names, on_cell=on_cell, project=project)
    if not is_current(project):
        (project.root / "environment.yml").write_text(environment_file(project.root))
        changed.append(project.root / "environment.yml")
    return changed


def differences(project: Project | None = None) -> list[str]:
    """Return a line for each file that a build would change, without running anything."""
    project = project or find_project()
    return sheets.differences(project) + ([] if is_current(project) else [STALE])


def is_current(project: Project) -> bool:
    """Return whether environment.yml matches the lock."""
    path = project.root / "environment.yml"
    return path.exists() and path.read_text() == environment_file(project.root)
