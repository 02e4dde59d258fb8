"""The labs as the browser's tests know them, and which of their sheets are run whole.

Two sheets a day are run whole, in turn. Of each other one the browser shows the panel, and what is
above runs in its kernel, unseen: that it runs, and says what it should, nbval proves every time.
"""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from helpers.course.project import Sheet as Lab
from helpers.course.project import find_project
from helpers.sheets.notebook import Notebook, code_cells, read
from tests.browser.page import Sheet
from tests.sheets.tiny import code

Cell = dict[str, Any]
Opener = Callable[[Lab], Sheet]

PROJECT = find_project()
A_DAY = 2
HALF_WAY = "the first sitting ends here"
# words in the cells that are looked at in any case, the panel's the last of them
LOOKED_AT = {
    "first-function": ("InvokePanel(",),
    "web-backend": ("browse()", "RequestPanel("),
    "cron": ("SchedulePanel(",),
    "streams": ("StreamPanel(",),
    "thumbnails": ("HTML(title", "PhotoPanel("),
    "webhooks": ("SenderPanel(",),
}
UNSEEN = """\
def _run_unseen(cells):
    from IPython.utils.capture import capture_output

    for source, may_raise in cells:
        with capture_output():
            ran = get_ipython().run_cell(source)
        if not may_raise:
            ran.raise_error()

_run_unseen({cells!r})
del _run_unseen"""


def whole_sheets(asked: str) -> list[Lab]:
    """Return the labs whose sheets are run whole: "cron,streams", "all", or those of a day.

    A day is written like 2026-03-31. Raises NoSuchLab if a name fits no lab.
    """
    labs = PROJECT.sheets()
    if asked == "all":
        return labs
    try:
        first = date.fromisoformat(asked).toordinal() * A_DAY
    except ValueError:
        return [PROJECT.sheet(name) for name in asked.split(",")]
    return [labs[(first + n) % len(labs)] for n in range(A_DAY)]


def in_lab(name: str) -> pytest.MarkDecorator:
    """For a test of one lab's panel: it shares the lab's window with the tests of all labs."""
    return pytest.mark.parametrize("lab", [PROJECT.sheet(name)], ids=lambda lab: lab.name)


def cells_of(lab: Lab) -> list[Cell]:
    """The sheet's code cells, in the order in which JupyterLab shows them."""
    return code_cells(read(PROJECT.labs / lab.file))


def meant_to_fail(lab: Lab) -> list[int]:
    """The numbers of the code cells that raise on purpose, counted from 0."""
    return [n for n, cell in enumerate(cells_of(lab)) if may_raise(cell)]


def may_raise(cell: Cell) -> bool:
    return "raises-exception" in cell["metadata"].get("tags", ())


def second_half(lab: Lab) -> int:
    """The number of the first code cell after the break, counted from 0; 0 if there is none."""
    cells = read(PROJECT.labs / lab.file)["cells"]
    before = [n for n, cell in enumerate(cells) if HALF_WAY in cell["source"]]
    return sum(cell["cell_type"] == "code" for cell in cells[: before[0]]) if before else 0


def as_far_as_its_panel(lab: Lab) -> Notebook:
    """The lab's sheet down to its panel, with one cell for all that runs unseen in between."""
    words = LOOKED_AT[lab.name]
    cells = cells_of(lab)
    seen = [max(n for n, cell in enumerate(cells) if each in cell["source"]) for each in words]
    shown: list[Cell] = []
    for above, here in pairwise([-1, *seen]):
        unseen = [(cell["source"], may_raise(cell)) for cell in cells[above + 1 : here]]
        shown += [code(UNSEEN.format(cells=unseen), None, "raises-exception"), cells[here]]
    return read(PROJECT.labs / lab.file) | {"cells": shown}
