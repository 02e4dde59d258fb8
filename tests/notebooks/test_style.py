"""A lab is prose with code in it: house figures that every worked sheet keeps to."""

import pytest

from helpers.course.project import Sheet, find_project
from helpers.sheets.build import worked_sheets
from helpers.sheets.notebook import read
from tests.notebooks.figures import Figures, measure
from tests.sheets.tiny import code, notebook, prose

PROJECT = find_project()


@pytest.mark.parametrize("sheet", worked_sheets(PROJECT), ids=lambda sheet: sheet.name)
def test_a_lab_is_prose_with_code_in_it(sheet: Sheet) -> None:
    figures = measure(read(PROJECT.solutions / sheet.file))
    limits = {
        "at least 10 words a line of code": figures.words_per_line >= 10,
        "no code cell of more than 25 lines": figures.longest_cell <= 25,
        "at most 3 code cells in a row": figures.longest_run <= 3,
        "at least 80 % of code cells right after prose": figures.after_prose >= 0.8,
    }
    broken = [limit for limit, kept in limits.items() if not kept]
    assert not broken, figures


def test_figures_are_counted_by_cell() -> None:
    cells = [prose("one two"), code("a\n\nb"), code("c"), prose("three"), code("d")]
    assert measure(notebook(*cells)) == Figures(
        words=3, code_lines=4, longest_cell=2, longest_run=2, after_prose=2 / 3
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("It's [a link](https://example.com/some/where) here.", 4),
        ("<div class='alert'>Mind <b>this</b></div>", 2),
        ("Look:\n```python\nx = 1\n```\nWell?", 2),
        ("![words for who can't see](../labs/images/x.svg)", 5),
        ("| head | foot |\n|---|---|\n| one | two |", 4),
        ("a low-level `boto3.client` call", 4),
    ],
)
def test_only_what_is_read_as_prose_counts(source: str, words: int) -> None:
    assert measure(notebook(prose(source), code("x"))).words == words
