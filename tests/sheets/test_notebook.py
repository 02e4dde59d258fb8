"""Notebooks are kept without the parts that change from run to run, with the same bytes."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.sheets.errors import SheetFault
from helpers.sheets.notebook import WIDGET_VIEW, headings, read, text, tidy, write
from tests.sheets import tiny


def ran(output: dict[str, Any], **cell: Any) -> dict[str, Any]:
    return tiny.code("x") | {"outputs": [output], "execution_count": 1} | cell


def test_a_tidy_notebook_is_valid_for_nbformat() -> None:
    nbformat.validate(nbformat.reads(text(tidy(tiny.worked())), as_version=4))


def test_its_bytes_are_nbformats_own() -> None:
    mine = text(tidy(tiny.worked()))
    assert nbformat.writes(nbformat.reads(mine, as_version=4)) + "\n" == mine


def test_reading_returns_what_was_written(tmp_path: Path) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "a\nb\n"}
    notebook = tidy(tiny.notebook(ran(output), tiny.prose("one\ntwo")))
    assert write(tmp_path / "n.ipynb", notebook)
    assert read(tmp_path / "n.ipynb") == notebook


def test_writing_the_same_notebook_again_changes_nothing(tmp_path: Path) -> None:
    assert write(tmp_path / "n.ipynb", tidy(tiny.worked()))
    assert not write(tmp_path / "n.ipynb", tidy(tiny.worked()))
    assert [path.name for path in tmp_path.iterdir()] == ["n.ipynb"]


def test_times_widget_state_and_the_machine_are_left_out() -> None:
    view = {WIDGET_VIEW: {"model_id": "8a1f"}, "text/plain": "Button()"}
    cell = ran({"output_type": "display_data", "data": view, "metadata": {"isolated": True}})
    cell["metadata"] |= {"execution": {"iopub.status.idle": "2026-01-01"}, "scrolled": True}
    notebook = tiny.notebook(cell)
    notebook["metadata"] = {
        "widgets": {"application/vnd.jupyter.widget-state+json": {}},
        "language_info": {"name": "python", "version": "3.11.7"},
    }
    tidied = tidy(notebook)
    assert tidied["cells"][0]["metadata"] == {}
    assert tidied["cells"][0]["outputs"][0]["data"] == {"text/plain": "Button()"}
    assert sorted(tidied["metadata"]) == ["kernelspec", "language_info"]
    assert tidied["metadata"]["language_info"] == {"name": "python"}


def test_a_traceback_keeps_the_frames_of_the_notebook_only() -> None:
    frames = [
        "\x1b[31mClientError\x1b[0m   Traceback (most recent call last)",
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[3]\x1b[39m, line 1",
        "\x1b[36mFile \x1b[39m\x1b[32m~/lib/botocore/client.py:565\x1b[39m, in call(self)",
        "\x1b[31mClientError\x1b[0m: no such function",
    ]
    error = {"output_type": "error", "ename": "ClientError", "evalue": "", "traceback": frames}
    kept = tidy(tiny.notebook(ran(error)))["cells"][0]["outputs"][0]["traceback"]
    assert kept == [frames[0], frames[1], frames[3]]


def test_valid_ids_are_kept_and_missing_ones_are_made() -> None:
    cells = [tiny.prose("a") | {"id": "mine"}, tiny.prose("b"), tiny.prose("c") | {"id": "mine"}]
    first, second, third = (cell["id"] for cell in tidy(tiny.notebook(*cells))["cells"])
    assert first == "mine"
    assert (second, third) == ("cell-001-3e23e816", "cell-002-2e7d2c03")


def test_a_cells_heading_is_the_nearest_above() -> None:
    cells = [
        tiny.code("a"),
        tiny.prose("# One\n\n## Two"),
        tiny.code("b"),
        tiny.prose("just words"),
    ]
    assert list(headings(tiny.notebook(*cells))) == ["", "Two", "Two", "Two"]


@pytest.mark.parametrize("bytes_", ["{", "<<<<<<< HEAD\n{}", "[]", json.dumps({"cells": [{}]})])
def test_a_file_that_is_not_a_notebook_is_reported_by_name(tmp_path: Path, bytes_: str) -> None:
    (tmp_path / "01_x.ipynb").write_text(bytes_)
    with pytest.raises(SheetFault, match=r"01_x\.ipynb is not a notebook"):
        read(tmp_path / "01_x.ipynb")


def test_a_missing_worked_sheet_says_who_has_it(tmp_path: Path) -> None:
    with pytest.raises(SheetFault, match="with your teacher"):
        read(tmp_path / "01_x.ipynb")
