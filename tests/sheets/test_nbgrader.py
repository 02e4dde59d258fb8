"""The metadata that nbgrader needs, by its schema version 3."""

from typing import Any

from helpers.sheets.build import sheet_from, worked_from
from tests.sheets import tiny

# nbgrader/nbgraderformat/v3.py: required keys, and the further ones of a graded cell
REQUIRED = {
    "schema_version": int,
    "grade_id": str,
    "cell_type": str,
    "grade": bool,
    "solution": bool,
    "locked": bool,
    "task": bool,
}


def metadata(notebook: dict[str, Any]) -> dict[int, dict[str, Any]]:
    cells = enumerate(notebook["cells"])
    return {at: c["metadata"]["nbgrader"] for at, c in cells if "nbgrader" in c["metadata"]}


def test_every_entry_fits_the_schema() -> None:
    for entry in metadata(worked_from(tiny.worked())).values():
        assert {key: type(entry[key]) for key in REQUIRED} == REQUIRED
        assert entry["schema_version"] == 3
        assert ("points" in entry) == entry["grade"]


def test_the_exercise_is_handed_in_and_its_check_is_graded() -> None:
    found = metadata(worked_from(tiny.worked()))
    assert list(found) == [4, 5]
    assert (found[4]["solution"], found[4]["grade"], found[4]["locked"]) == (True, False, False)
    assert (found[5]["solution"], found[5]["grade"], found[5]["locked"]) == (False, True, True)
    assert found[5]["points"] == 1


def test_the_sheet_has_the_same_metadata_as_the_worked_sheet() -> None:
    assert metadata(sheet_from(tiny.worked())) == metadata(worked_from(tiny.worked()))


def test_every_cell_has_a_unique_grade_id() -> None:
    sheet = tiny.notebook(
        *tiny.exercise("sum", tiny.SOLVED, tiny.SOLVED), *tiny.exercise("sum-2", tiny.SOLVED)
    )
    ids = [entry["grade_id"] for entry in metadata(worked_from(sheet)).values()]
    assert ids == ["sum", "sum_2", "sum_check", "sum-2", "sum-2_check"]


def test_only_the_last_check_of_an_exercise_is_graded() -> None:
    sheet = tiny.notebook(tiny.code('lab.check("sum")'), *tiny.exercise("sum", tiny.SOLVED))
    found = metadata(worked_from(sheet))
    assert [at for at, entry in found.items() if entry["grade"]] == [4]


def test_metadata_of_an_exercise_that_is_gone_goes_too() -> None:
    stale = tiny.code("print(1)")
    stale["metadata"]["nbgrader"] = {"grade_id": "gone"}
    assert metadata(worked_from(tiny.notebook(stale))) == {}
