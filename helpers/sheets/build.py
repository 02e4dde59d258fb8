"""Build the course: run the worked sheets, keep their outputs, and make the sheets from them.

Building twice gives the same bytes. An output is replaced only if it differs by the rules with
which nbval compares: a cell that printed "142 ms" and now prints "139 ms" keeps its output.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from helpers.course.project import Project, Sheet, find_project
from helpers.sheets.given import given_code
from helpers.sheets.marks import exercises, has_marks, stub
from helpers.sheets.nbgrader import stamp
from helpers.sheets.notebook import Notebook, code_cells, read, text, tidy, write
from helpers.sheets.run import OnCell, execute, ignore

Rules = Sequence[tuple[str, str]]  # (regular expression, its replacement)

IMAGES = ("image/png", "image/jpeg")
UNCOMPARED = ("data", "execution_count", "metadata", "traceback", *IMAGES)

NOT_AS_BUILT = "labs/{file} is not what a build makes from its worked sheet: run `lab build`."
NOT_AS_RUN = "solutions/{file} has changed since it was last run: run `lab build`."
NOT_TIDY = "solutions/{file} holds more than a build leaves in it: run `lab build`."
GIVEN_DIFFERS = "The given code of {file} is not written down as it is: run `lab build`."
NO_SOURCE = "labs/{file} has no worked sheet: write solutions/{file}, or delete it."


def build(
    names: Iterable[str] = (),
    *,
    run: bool = True,
    on_cell: OnCell = ignore,
    project: Project | None = None,
) -> list[Path]:
    """Build these labs, or all of them. Return the files that changed.

    Without `run` the worked sheets keep their outputs. Raises NoSuchLab, SheetFault if a worked
    sheet breaks the rules for sheets, and SheetStopped if a cell fails.
    """
    project = project or find_project()
    chosen = [project.sheet(name) for name in names] or worked_sheets(project)
    drafts = [(sheet, _draft(project, sheet)) for sheet in chosen]  # raises before anything runs
    changed = []
    for sheet, draft in drafts:
        worked = _run(project, sheet, draft, on_cell) if run else draft
        changed += _write(project, sheet, worked)
    return changed


def differences(project: Project | None = None) -> list[str]:
    """Return a line for each file that a build would change, without running anything."""
    project = project or find_project()
    return [line for sheet in project.sheets() for line in _differences(project, sheet)]


def sheet_from(worked: Notebook, file: str = "this notebook") -> Notebook:
    """Return the sheet for a worked sheet: with stubs for solutions, and without outputs."""
    sheet = worked_from(worked, file)
    sheet["metadata"].pop("lab", None)
    for cell in code_cells(sheet):
        cell.update(outputs=[], execution_count=None)
        if has_marks(cell["source"]):
            cell["source"] = stub(cell["source"])
    return sheet


def worked_from(notebook: Notebook, file: str = "this notebook") -> Notebook:
    """Return the worked sheet as it is kept: tidy, with nbgrader's metadata. Raises SheetFault."""
    marked = exercises(notebook, file)
    worked = tidy(copy.deepcopy(notebook))
    stamp(worked, marked)
    return worked


def worked_sheets(project: Project) -> list[Sheet]:
    return [sheet for sheet in project.sheets() if (project.solutions / sheet.file).exists()]


def fingerprint(notebook: Notebook) -> str:
    """Return a hash of the code alone, which a worked sheet keeps from its last run."""
    code = "\0".join(cell["source"] for cell in code_cells(notebook))
    return sha256(code.encode()).hexdigest()[:16]


def read_rules(project: Project) -> Rules:
    """Return nbval's rules for outputs to be compared: pairs of `regex:` and `replace:` lines."""
    path = project.root / "helpers" / "sheets" / "sanitize.cfg"
    text = path.read_text("utf-8") if path.exists() else ""
    return re.findall(r"^regex: (.*)\nreplace: (.*)$", text, re.MULTILINE)


def settle(new: Notebook, old: Notebook, rules: Rules) -> None:
    """Restore the outputs of `old` in `new` wherever both are the same by the rules.

    Images are not compared: they are kept as long as the notebook's code and the text beside them
    are the same.
    """
    same_code = fingerprint(new) == old["metadata"].get("lab", {}).get("fingerprint")
    before = {cell["id"]: cell for cell in code_cells(old) if "id" in cell}
    for cell in code_cells(new):
        earlier = before.get(cell["id"])
        if not earlier or earlier["source"] != cell["source"]:
            continue
        types = {kind for output in cell["outputs"] for kind in output.get("data", {})}
        if types.intersection(IMAGES) and not same_code:
            continue
        if _comparable(cell, rules) == _comparable(earlier, rules):
            cell["outputs"] = copy.deepcopy(earlier["outputs"])
            for output in cell["outputs"]:
                if "execution_count" in output:
                    output["execution_count"] = cell["execution_count"]


def _draft(project: Project, sheet: Sheet) -> Notebook:
    path = project.solutions / sheet.file
    return worked_from(read(path), f"solutions/{sheet.file}")


def _run(project: Project, sheet: Sheet, draft: Notebook, on_cell: OnCell) -> Notebook:
    """Run the worked sheet, and return it with new outputs where they differ from the old ones."""
    worked = copy.deepcopy(draft)
    for cell_run in execute(worked, project.solutions, sheet.name):
        on_cell(cell_run)
    worked = tidy(worked)
    settle(worked, draft, read_rules(project))
    worked["metadata"]["lab"] = {"fingerprint": fingerprint(worked)}
    return worked


def _write(project: Project, sheet: Sheet, worked: Notebook) -> list[Path]:
    files = {
        project.solutions / sheet.file: worked,
        project.labs / sheet.file: sheet_from(worked, f"solutions/{sheet.file}"),
    }
    changed = [path for path, notebook in files.items() if write(path, notebook)]
    return changed + _write_given(project, sheet, files[project.labs / sheet.file])


def _write_given(project: Project, sheet: Sheet, made: Notebook) -> list[Path]:
    """Write down the code that the sheet gives, for a lab that has a folder in helpers/labs/."""
    path, wanted = project.given(sheet.name), given_code(project, sheet, made)
    if not path.parent.is_dir() or _holds(path, wanted):
        return []
    path.write_text(wanted, "utf-8")
    return [path]


def _holds(path: Path, wanted: str) -> bool:
    return path.exists() and path.read_text("utf-8") == wanted


def _differences(project: Project, sheet: Sheet) -> list[str]:
    source, made = project.solutions / sheet.file, project.labs / sheet.file
    if not source.exists():
        return [NO_SOURCE.format(file=sheet.file)]
    draft = _draft(project, sheet)
    sheet_made = sheet_from(draft)
    given = project.given(sheet.name)
    has_folder = given.parent.is_dir()
    reasons = {
        GIVEN_DIFFERS: has_folder and not _holds(given, given_code(project, sheet, sheet_made)),
        NOT_AS_BUILT: not _holds(made, text(sheet_made)),
        NOT_AS_RUN: draft["metadata"].get("lab", {}).get("fingerprint") != fingerprint(draft),
        NOT_TIDY: not _holds(source, text(draft)),
    }
    return [message.format(file=sheet.file) for message, is_true in reasons.items() if is_true]


def _comparable(cell: dict[str, Any], rules: Rules) -> list[tuple[str, str]]:
    """Return the cell's outputs as nbval compares them: by its rules, and without images."""
    comparable = []
    for output in cell["outputs"]:
        parts = {**output, **output.get("data", {})}
        kinds = sorted(kind for kind in parts if kind not in UNCOMPARED)
        comparable += [(kind, _sanitized(str(parts[kind]), rules)) for kind in kinds]
    return comparable


def _sanitized(text: str, rules: Rules) -> str:
    for pattern, replacement in rules:
        text = re.sub(pattern, replacement, text)
    return text
