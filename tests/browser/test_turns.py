"""Which sheets are run whole in the browser, and what is run of the others."""

from datetime import date, timedelta

import pytest

from helpers.course.project import NoSuchLab
from tests.browser.labs import (
    A_DAY,
    LOOKED_AT,
    PROJECT,
    as_far_as_its_panel,
    cells_of,
    whole_sheets,
)


def on(day: date) -> list[str]:
    return [lab.name for lab in whole_sheets(day.isoformat())]


def test_each_sheet_has_its_turn_within_days_that_follow_each_other() -> None:
    names = [lab.name for lab in PROJECT.sheets()]
    days = -(-len(names) // A_DAY)
    for first in (date(2026, 12, 29), date(2028, 2, 27)):
        turns = [on(first + timedelta(days=n)) for n in range(days)]
        assert {name for turn in turns for name in turn} == set(names)
        assert {len(turn) for turn in turns} == {A_DAY}


def test_sheets_can_be_asked_for_by_name_or_all_together() -> None:
    assert [lab.name for lab in whole_sheets("streams,cron")] == ["streams", "cron"]
    assert whole_sheets("all") == PROJECT.sheets()
    with pytest.raises(NoSuchLab, match="crom"):
        whole_sheets("crom")


def test_every_lab_that_has_a_panel_is_looked_at() -> None:
    with_panel = {
        lab.name
        for lab in PROJECT.sheets()
        if any(".panel import " in cell["source"] for cell in cells_of(lab))
    }
    assert with_panel == set(LOOKED_AT)


@pytest.mark.parametrize("name", LOOKED_AT)
def test_all_code_above_a_panel_is_run_before_it(name: str) -> None:
    lab = PROJECT.sheet(name)
    panel = as_far_as_its_panel(lab)["cells"]
    cells = cells_of(lab)
    assert LOOKED_AT[name][-1] in panel[-1]["source"]
    run = "\n".join(cell["source"] for cell in panel)
    above = [cell["source"] for cell in cells[: cells.index(panel[-1])]]
    assert [source for source in above if source not in run and repr(source) not in run] == []
