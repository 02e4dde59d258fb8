"""The command that validates all worked sheets many times in a row."""

from helpers.course.project import find_project
from helpers.sheets.build import worked_sheets
from tests.strict_runs import FAILED, Run, order_of, summary

SHEETS = [sheet.file for sheet in worked_sheets(find_project())]
SAID = """\
=========================== short test summary info ============================
FAILED solutions/01_first_function.ipynb::Cell 12
ERROR solutions/02_web_backend.ipynb::Cell 0 - RuntimeError: no kernel
2 failed, 40 passed in 12.34s
"""


def run(number: int, *failed: str) -> Run:
    return Run(number, SHEETS, 10.0 * number, list(failed), 200.0, "")


def test_each_run_has_an_order_of_its_own_and_always_the_same() -> None:
    orders = [order_of(number, []) for number in range(20)]
    assert orders == [order_of(number, []) for number in range(20)]
    assert all(sorted(order) == sorted(SHEETS) for order in orders)
    assert len({tuple(order) for order in orders}) > 1


def test_some_sheets_alone_can_be_run() -> None:
    assert order_of(1, ["01"]) == ["01_first_function.ipynb"]


def test_the_cells_that_differ_are_named() -> None:
    assert FAILED.findall(SAID) == [
        "solutions/01_first_function.ipynb::Cell 12",
        "solutions/02_web_backend.ipynb::Cell 0",
    ]
    assert str(run(1, "a", "b")).endswith("2 differ")


def test_the_last_word_names_the_runs_that_differed(capsys) -> None:  # type: ignore[no-untyped-def]
    assert summary([run(1), run(2)]) == 0
    assert capsys.readouterr().out == "2 runs, 10.0 to 20.0 s each: not one difference\n"
    assert summary([run(1), run(2, "a")]) == 1
    assert capsys.readouterr().out.endswith("differences in runs [2]\n")
