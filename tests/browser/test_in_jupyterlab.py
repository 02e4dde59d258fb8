"""What a learner sees in JupyterLab, in a real browser: the sheets whose turn it is, as shipped."""

from collections.abc import Callable

from playwright.sync_api import expect

from helpers.course.project import Sheet as Lab
from helpers.sheets.marks import exercises
from helpers.sheets.notebook import read
from tests.browser.labs import PROJECT, Opener, cells_of, meant_to_fail
from tests.browser.page import Sheet

# JupyterLab, on a tiny sheet


def test_a_sheet_runs_and_a_widget_answers(run_file: Callable[..., Sheet]) -> None:
    sheet = run_file("tiny.ipynb")
    expect(sheet.output_of(0)).to_have_text("six is 6")
    assert sheet.failed_cells() == [1]
    sheet.page.get_by_role("button", name="Press").click()
    expect(sheet.page.get_by_text("pressed", exact=True)).to_be_visible()


def test_jupyterlab_asks_the_learner_nothing_and_no_other_machine(
    run_file: Callable[..., Sheet],
) -> None:
    sheet = run_file("tiny.ipynb")
    expect(sheet.page.locator(".jp-Dialog")).to_have_count(0)
    expect(sheet.page.locator(".Toastify__toast")).to_have_count(0)
    assert sheet.elsewhere == []


# the labs, as shipped


def test_every_cell_runs(run_sheet: Opener, whole: Lab) -> None:
    sheet = run_sheet(whole)
    assert sheet.code_cells.count() == len(cells_of(whole))
    assert sheet.failed_cells() == meant_to_fail(whole)
    assert sheet.elsewhere == []


def test_each_exercise_waits_for_the_learner_and_the_lab_goes_on(
    run_sheet: Opener, whole: Lab
) -> None:
    sheet = run_sheet(whole)
    names = [exercise.name for exercise in exercises(read(PROJECT.solutions / whole.file))]
    assert names
    for name in names:
        hint, verdict, way_on = (
            sheet.output_of(sheet.number_of(f'lab.{verb}("{name}")'))
            for verb in ("hint", "check", "carry_on")
        )
        expect(hint).to_contain_text("Hint 1 of 3")
        expect(verdict).to_contain_text("not attempted")
        expect(way_on.last).to_contain_text(f"The worked answer to '{name}' has run")


def test_a_lab_is_shown_in_both_themes(run_sheet: Opener, whole: Lab) -> None:
    sheet = run_sheet(whole)
    sheet.unroll()
    for theme in ("dark", "light"):
        sheet.wear(theme)
        assert sheet.shoot(f"{whole.name}-{theme}").exists()
