"""What a learner sees in JupyterLab, in a real browser."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from helpers.project import Sheet as Lab
from helpers.project import find_project
from tests.browser.page import Sheet

Opener = Callable[..., Sheet]

PROJECT = find_project()


def meant_to_fail(lab: Lab) -> list[int]:
    """The numbers of the code cells that fail on purpose, counted from 0."""
    notebook = json.loads((PROJECT.labs / lab.file).read_text("utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    tags = [cell["metadata"].get("tags", ()) for cell in cells]
    return [number for number, each in enumerate(tags) if "raises-exception" in each]


def test_a_notebook_runs_and_a_widget_answers(open_sheet: Opener) -> None:
    sheet = open_sheet("tiny.ipynb")
    sheet.run_all()
    expect(sheet.output_of(0)).to_have_text("six is 6")
    assert sheet.failed_cells() == [1]
    sheet.page.get_by_role("button", name="Press").click()
    expect(sheet.page.get_by_text("pressed", exact=True)).to_be_visible()


def test_jupyterlab_asks_the_learner_nothing_and_no_other_machine(open_sheet: Opener) -> None:
    sheet = open_sheet("tiny.ipynb")
    expect(sheet.page.locator(".jp-Dialog")).to_have_count(0)
    expect(sheet.page.locator(".Toastify__toast")).to_have_count(0)
    assert sheet.elsewhere == []


@pytest.mark.parametrize("lab", PROJECT.sheets(), ids=lambda lab: lab.name)
def test_a_lab_runs_as_shipped_and_is_seen_in_both_themes(open_sheet: Opener, lab: Lab) -> None:
    sheet = open_sheet(lab.file)
    sheet.run_all()
    expect(sheet.output_of(0)).to_contain_text("Your own cloud: LocalStack on this computer")
    assert sheet.failed_cells() == meant_to_fail(lab)
    for theme in ("light", "dark"):
        sheet.wear(theme)
        assert sheet.shoot(f"{lab.name}-{theme}").exists()
    assert sheet.elsewhere == []
