"""The long labs have two sittings: whoever closed everything gets into the second one."""

import pytest

from helpers.course.project import Sheet as Lab
from helpers.sheets.notebook import read
from tests.browser.labs import PROJECT, Opener, cells_of

HALF_WAY = "the first sitting ends here"


def second_half(lab: Lab) -> int:
    """The number of the first code cell after the break, counted from 0; 0 if there is none."""
    cells = read(PROJECT.labs / lab.file)["cells"]
    before = [n for n, cell in enumerate(cells) if HALF_WAY in cell["source"]]
    return sum(cell["cell_type"] == "code" for cell in cells[: before[0]]) if before else 0


IN_TWO = [lab for lab in PROJECT.sheets() if second_half(lab)]


@pytest.mark.parametrize("lab", IN_TWO, ids=lambda lab: lab.name)
def test_the_second_half_begins_where_all_above_was_run(run_sheet: Opener, lab: Lab) -> None:
    first = second_half(lab)
    sheet = run_sheet(lab.file, above=first)
    sheet.run_cell(first)
    assert sheet.failed_cells() == [
        n
        for n, cell in enumerate(cells_of(lab)[:first])
        if "raises-exception" in cell["metadata"].get("tags", ())
    ]


def test_the_readme_names_the_labs_that_have_two_sittings() -> None:
    readme = (PROJECT.root / "README.md").read_text("utf-8").splitlines()
    twice = [line for line in readme if "| 2 × " in line]
    assert [line.partition("](")[2].partition(")")[0] for line in twice] == [
        f"labs/{lab.file}" for lab in IN_TWO
    ]
