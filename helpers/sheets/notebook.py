"""Notebooks as plain dictionaries, and as files: the same notebook always has the same bytes.

Dictionaries, since importing nbformat takes a second, for which learners should not have to wait.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from helpers.sheets.errors import SheetFault
from helpers.system.atomic import write_atomically

Cell = dict[str, Any]
Notebook = dict[str, Any]

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
CELL_METADATA = ("lab", "nbgrader", "tags", "slideshow")
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

NOT_A_NOTEBOOK = """\
{path} is not a notebook: {why}.
Open it in an editor: it may hold the marks of a merge conflict, or it may have been cut short."""

NO_FILE = """\
There is no {path}.
In a class the worked sheets are with your teacher; otherwise bring the file back with:
git checkout -- {path.parent.name}"""


def read(path: Path) -> Notebook:
    """Read a notebook, and join its multi-line strings. Raises SheetFault if it is not one."""
    if not path.exists():
        raise SheetFault(NO_FILE.format(path=path))
    try:
        notebook: Notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            _join(cell)
    except (ValueError, KeyError, TypeError) as error:
        raise SheetFault(NOT_A_NOTEBOOK.format(path=path, why=error)) from error
    return notebook


def text(notebook: Notebook) -> str:
    """Return the notebook as nbformat writes it, sorted, with multi-line strings split."""
    split = dict(notebook, cells=[_split(cell) for cell in notebook["cells"]])
    return json.dumps(split, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def write(path: Path, notebook: Notebook) -> bool:
    """Write the notebook. Return whether that changed the file."""
    new = text(notebook)
    if path.exists() and path.read_text("utf-8") == new:
        return False
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, new)
    return True


def code_cells(notebook: Notebook) -> list[Cell]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def headings(notebook: Notebook) -> Iterator[str]:
    """Yield for each cell the nearest heading, above or in it."""
    heading = ""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            titles: list[str] = re.findall(r"^#+ +(.+?)\s*$", cell["source"], re.MULTILINE)
            heading = titles[-1] if titles else heading
        yield heading


def tidy(notebook: Notebook) -> Notebook:
    """Return the notebook without the parts that differ between runs or machines.

    Those are times of execution, the state and views of widgets, metadata of the editor, the
    version of Python, and traceback frames outside the notebook, with this machine's paths. Every
    cell gets a unique id.
    """
    kept = {"lab": notebook["metadata"]["lab"]} if "lab" in notebook["metadata"] else {}
    metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}, **kept}
    cells = [_tidy_cell(cell) for cell in notebook["cells"]]
    for cell, cell_id in zip(cells, _ids(cells), strict=True):
        cell["id"] = cell_id
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _tidy_cell(cell: Cell) -> Cell:
    kept = ("attachments", "cell_type", "execution_count", "id", "source")
    new = {key: cell[key] for key in kept if key in cell}
    new["metadata"] = {k: cell["metadata"][k] for k in CELL_METADATA if k in cell["metadata"]}
    if cell["cell_type"] == "code":
        new["outputs"] = [_tidy_output(output) for output in cell["outputs"]]
        new.setdefault("execution_count", None)
    return new


def _tidy_output(output: dict[str, Any]) -> dict[str, Any]:
    new = dict(output)
    if "metadata" in new:
        new["metadata"] = {}
    if "data" in new:
        new["data"] = {kind: value for kind, value in new["data"].items() if kind != WIDGET_VIEW}
    if "traceback" in new:
        new["traceback"] = [frame for frame in new["traceback"] if not _is_in_file(frame)]
    return new


def _is_in_file(frame: str) -> bool:
    """Return whether a frame of an IPython traceback is in a file, not in a cell.

    A frame begins "Cell In[3], line 1" or "File ~/lib/client.py:565, in call(…)", in colours.
    """
    return re.sub(r"\x1b\[[0-9;]*m", "", frame).startswith("File ")


def _ids(cells: list[Cell]) -> Iterator[str]:
    """Yield each cell's id if it is valid and unique, or else one made from position and source."""
    seen: set[str] = set()
    for index, cell in enumerate(cells):
        cell_id = cell.get("id", "")
        if not CELL_ID.fullmatch(cell_id) or cell_id in seen:
            digest = sha256(cell["source"].encode()).hexdigest()[:8]
            cell_id = f"cell-{index:03d}-{digest}"
        seen.add(cell_id)
        yield cell_id


def _join(cell: Cell) -> None:
    cell["source"] = "".join(cell["source"])
    for output in cell.get("outputs", ()):
        if "text" in output:
            output["text"] = "".join(output["text"])
        for kind, value in output.get("data", {}).items():
            is_json = kind == "application/json" or kind.endswith("+json")
            if isinstance(value, list) and not is_json:
                output["data"][kind] = "".join(value)


def _split(cell: Cell) -> Cell:
    new = dict(cell, source=cell["source"].splitlines(keepends=True))
    if "outputs" in new:
        new["outputs"] = [_split_output(output) for output in new["outputs"]]
    return new


def _split_output(output: dict[str, Any]) -> dict[str, Any]:
    new = dict(output)
    if "text" in new:
        new["text"] = new["text"].splitlines(keepends=True)
    if "data" in new:
        new["data"] = {
            kind: value.splitlines(keepends=True)
            if isinstance(value, str) and not kind.startswith("image/png")
            else value
            for kind, value in new["data"].items()
        }
    return new
