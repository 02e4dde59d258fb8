"""The long labs have two sittings: whoever closed everything gets into the second one."""

from helpers.course.project import Sheet as Lab
from tests.browser.labs import PROJECT, Opener, meant_to_fail, second_half


def test_the_second_half_begins_where_all_above_was_run(run_sheet: Opener, two: Lab) -> None:
    sheet = run_sheet(two)
    assert sheet.failed_above == [n for n in meant_to_fail(two) if n < second_half(two)]


def test_the_readme_names_the_labs_that_have_two_sittings() -> None:
    readme = (PROJECT.root / "README.md").read_text("utf-8").splitlines()
    twice = [line for line in readme if "| 2 × " in line]
    assert [line.partition("](")[2].partition(")")[0] for line in twice] == [
        f"labs/{lab.file}" for lab in PROJECT.sheets() if second_half(lab)
    ]
