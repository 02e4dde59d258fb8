"""There is always a way on, also in a notebook whose cloud is empty again while its variables stay.

Driven in lab 01 as it is shipped: its Lab cell is run a second time in a kernel that was used.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from nbclient import NotebookClient

from helpers.cloud.model import Cloud
from helpers.course.project import find_project
from helpers.course.registry import exercises_of
from helpers.sheets.notebook import read
from helpers.sheets.run import kernel, run_source

PROJECT = find_project()
SHEET = PROJECT.sheet("first-function")
WAY_ON = "Run All Above Selected Cell"


def sources_up_to(source: str) -> list[str]:
    """The code cells of the sheet, as far as that one and with it."""
    cells = [cell["source"] for cell in read(PROJECT.labs / SHEET.file)["cells"] if is_code(cell)]
    return cells[: cells.index(source) + 1]


def is_code(cell: dict[str, Any]) -> bool:
    return bool(cell["cell_type"] == "code")


def carry_on(exercise: str) -> str:
    return f'lab.carry_on("{exercise}")'


@pytest.fixture(scope="module")
def used(cloud: Cloud) -> Iterator[NotebookClient]:
    """A kernel in which the sheet was run as far as `create`, and then its Lab cell again."""
    with kernel(PROJECT.labs) as client:
        sources = sources_up_to(carry_on("create"))
        for source in sources:
            run_source(client, source)
        run_source(client, next(source for source in sources if "Lab(" in source))
        yield client


def said(client: NotebookClient, source: str) -> str:
    outputs = run_source(client, source)["outputs"]
    assert not [output for output in outputs if output["output_type"] == "error"]
    return "".join(output.get("text", "") for output in outputs)


@pytest.mark.parametrize(
    "exercise", [each.name for each in exercises_of(SHEET.name) if each.name != "handler"]
)
def test_without_the_cells_above_carry_on_says_so_instead_of_failing(
    used: NotebookClient, exercise: str
) -> None:
    words = said(used, carry_on(exercise))
    assert WAY_ON in words
    assert "goes on" not in words


def test_the_way_that_it_names_leads_on(used: NotebookClient) -> None:
    for source in sources_up_to(carry_on("create"))[:-1]:
        run_source(used, source)
    assert "the lab goes on" in said(used, carry_on("create"))
