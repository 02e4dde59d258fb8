"""Build sheets from worked sheets, with the same bytes each time."""

import copy
from pathlib import Path
from typing import Any

import pytest

from helpers.course.project import Project
from helpers.sheets import SheetFault, SheetStopped, build, differences
from helpers.sheets.build import fingerprint, read_rules, settle, sheet_from, worked_from
from helpers.sheets.notebook import code_cells, read, text
from tests.sheets import tiny

RULES = [(r"\d+ ms", "<ms>")]


def test_a_sheet_has_stubs_and_no_outputs() -> None:
    sheet = sheet_from(tiny.worked())
    assert sheet["cells"][4]["source"] == tiny.STUB
    assert all(not cell["outputs"] for cell in code_cells(sheet))
    assert all(cell["execution_count"] is None for cell in code_cells(sheet))


def test_making_a_sheet_does_not_change_the_worked_sheet() -> None:
    worked = tiny.worked()
    before = copy.deepcopy(worked)
    sheet_from(worked)
    assert worked == before


def test_a_sheet_has_the_prose_and_the_ids_of_its_worked_sheet() -> None:
    worked = worked_from(tiny.worked())
    sheet = sheet_from(worked)
    for key in ("id", "cell_type"):
        assert [cell[key] for cell in sheet["cells"]] == [cell[key] for cell in worked["cells"]]


def test_building_runs_the_worked_sheet_and_writes_both(tmp_path: Path) -> None:
    project = tiny.project(tmp_path, n01_sums=tiny.worked())
    changed = build(project=project)
    assert [path.parent.name for path in changed] == ["solutions", "labs"]
    cells = code_cells(read(project.solutions / "01_sums.ipynb"))
    assert [cell["execution_count"] for cell in cells] == [1, 2, 3, 4, 5, 6]
    assert cells[-1]["outputs"][0]["text"] == "It is 6\n"
    assert differences(project) == []


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    timed = tiny.code("import time\nprint(f'{time.perf_counter_ns()} ms')")
    project = tiny.project(tmp_path, n01_sums=tiny.notebook(*tiny.worked()["cells"], timed))
    (tmp_path / "helpers" / "sheets").mkdir(parents=True)
    (tmp_path / "helpers" / "sheets" / "sanitize.cfg").write_text("regex: \\d+ ms\nreplace: <ms>\n")
    build(project=project)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.ipynb")}
    assert build(project=project) == []
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.ipynb")} == before


def test_a_worked_sheet_can_be_built_without_running_it(tmp_path: Path) -> None:
    project = tiny.project(tmp_path, n01_sums=tiny.worked())
    build(run=False, project=project)
    assert differences(project) == [
        "solutions/01_sums.ipynb has changed since it was last run: run `lab build`."
    ]


def test_only_the_labs_asked_for_are_built(tmp_path: Path) -> None:
    project = tiny.project(tmp_path, n00_sums=tiny.worked(), n01_more=tiny.worked())
    build(["more"], run=False, project=project)
    assert [path.name for path in project.labs.iterdir()] == ["01_more.ipynb"]


def test_a_fault_in_one_sheet_is_found_before_anything_runs(tmp_path: Path) -> None:
    bad = tiny.notebook(tiny.code(tiny.SOLVED))
    project = tiny.project(tmp_path, n00_sums=tiny.worked(), n01_bad=bad)
    with pytest.raises(SheetFault, match=r"solutions/01_bad\.ipynb, cell 1"):
        build(on_cell=lambda run: pytest.fail("ran"), project=project)
    assert list(project.labs.iterdir()) == []


def test_a_sheet_that_stops_is_not_written(tmp_path: Path) -> None:
    broken = tiny.notebook(*tiny.worked()["cells"], tiny.code("1 / 0"))
    project = tiny.project(tmp_path, n01_sums=broken)
    before = (project.solutions / "01_sums.ipynb").read_bytes()
    with pytest.raises(SheetStopped, match="ZeroDivisionError"):
        build(project=project)
    assert (project.solutions / "01_sums.ipynb").read_bytes() == before
    assert list(project.labs.iterdir()) == []


@pytest.fixture
def built(tmp_path: Path) -> Project:
    project = tiny.project(tmp_path, n01_sums=tiny.worked())
    build(project=project)
    return project


def test_an_edited_sheet_is_a_difference(built: Project) -> None:
    sheet = built.labs / "01_sums.ipynb"
    sheet.write_text(sheet.read_text().replace("Adding up", "Adding"))
    assert differences(built) == [
        "labs/01_sums.ipynb is not what a build makes from its worked sheet: run `lab build`."
    ]


def test_an_edited_worked_sheet_is_a_difference(built: Project) -> None:
    worked = built.solutions / "01_sums.ipynb"
    worked.write_text(worked.read_text().replace("It is", "It was"))
    assert len(differences(built)) == 2  # the sheet, and the outputs


def test_metadata_of_an_editor_is_a_difference(built: Project) -> None:
    worked = built.solutions / "01_sums.ipynb"
    worked.write_text(worked.read_text().replace('"tags": []', "").replace("\n ", "\n  "))
    assert differences(built) == [
        "solutions/01_sums.ipynb holds more than a build leaves in it: run `lab build`."
    ]


def test_a_sheet_without_a_worked_sheet_is_a_difference(built: Project) -> None:
    (built.solutions / "01_sums.ipynb").unlink()
    assert "no worked sheet" in differences(built)[0]


def printed(words: str, image: str = "", source: str = "plot()") -> dict[str, Any]:
    """Return a notebook with one cell that has run."""
    cell = tiny.code(source) | {"execution_count": 1, "id": "plot"}
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": words}]
    if image:
        data = {"image/png": image, "text/plain": "<Figure>"}
        cell["outputs"].append({"output_type": "display_data", "data": data, "metadata": {}})
    notebook = tiny.notebook(cell)
    notebook["metadata"]["lab"] = {"fingerprint": fingerprint(notebook)}
    return notebook


def test_outputs_that_are_the_same_by_the_rules_are_kept() -> None:
    new, old = printed("139 ms", "new"), printed("142 ms", "old")
    settle(new, old, RULES)
    assert new == old


def test_outputs_that_differ_are_replaced() -> None:
    new, old = printed("139 ms, cold", "new"), printed("142 ms, warm", "old")
    settle(new, old, RULES)
    assert new["cells"][0]["outputs"][0]["text"] == "139 ms, cold"


def test_an_image_is_replaced_when_the_notebooks_code_has_changed() -> None:
    new, old = printed("139 ms", "new"), printed("142 ms", "old")
    old["metadata"]["lab"]["fingerprint"] = "of the code before"
    settle(new, old, RULES)
    assert new["cells"][0]["outputs"][1]["data"]["image/png"] == "new"


def test_outputs_of_changed_code_are_replaced() -> None:
    new, old = printed("139 ms", source="b()"), printed("142 ms", source="a()")
    settle(new, old, RULES)
    assert new["cells"][0]["outputs"][0]["text"] == "139 ms"


def test_the_rules_are_those_nbval_reads() -> None:
    plugin = pytest.importorskip("nbval.plugin")
    project = Project(Path(__file__).parents[2])
    words = (project.root / "helpers" / "sheets" / "sanitize.cfg").read_text()
    assert read_rules(project) == plugin.get_sanitize_patterns(words)
    assert len(read_rules(project)) > 5


def test_a_sheet_of_a_worked_sheet_that_ran_is_the_same_as_before() -> None:
    ran = worked_from(tiny.worked())
    for number, cell in enumerate(code_cells(ran), start=1):
        cell["execution_count"] = number
    assert text(sheet_from(ran)) == text(sheet_from(tiny.worked()))
