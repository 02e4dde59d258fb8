"""The labs as the browser's tests know them, and where in a sheet a cell is."""

from collections.abc import Callable
from typing import Any

import pytest

from helpers.course.project import NoSuchLab, find_project
from helpers.course.project import Sheet as Lab
from helpers.sheets.notebook import code_cells, read
from tests.browser.page import Sheet

Opener = Callable[..., Sheet]

PROJECT = find_project()
LABS = pytest.mark.parametrize("lab", PROJECT.sheets(), ids=lambda lab: lab.name)


def in_lab(name: str) -> pytest.MarkDecorator:
    """For a test of one lab's panel: it shares the lab's window with the tests of all labs."""
    try:
        labs = [PROJECT.sheet(name)]
    except NoSuchLab:  # the panel was there first
        labs = []
    return pytest.mark.parametrize("lab", labs, ids=lambda lab: lab.name)


def cells_of(lab: Lab) -> list[dict[str, Any]]:
    """The sheet's code cells, in the order in which JupyterLab shows them."""
    return code_cells(read(PROJECT.labs / lab.file))


def number_of(lab: Lab, words: str) -> int:
    """The number of the last code cell that holds these words, counted from 0."""
    return max(n for n, cell in enumerate(cells_of(lab)) if words in cell["source"])
