"""The marks of a worked sheet, and the faults that are refused."""

from typing import Any

import pytest

from helpers.sheets.errors import SheetFault
from helpers.sheets.marks import BEGIN, END, Marked, answer, exercises, stub
from tests.sheets import tiny
from tests.sheets.tiny import code, exercise, notebook, prose


def test_exercises_are_found_with_the_cells_that_name_them() -> None:
    assert exercises(tiny.worked()) == [
        Marked("sum", cells=(4,), hint=(3,), check=(5,), carry_on=(6,))
    ]


def test_an_exercise_may_have_several_cells_with_prose_between() -> None:
    sheet = notebook(*exercise("sum", tiny.SOLVED, "print(total)"))
    sheet["cells"].insert(3, prose("and look at it"))
    assert exercises(sheet)[0].cells == (2, 4)


def test_a_check_before_the_exercise_counts_too() -> None:
    sheet = notebook(code('verdict = lab.check("sum")'), *exercise("sum", tiny.SOLVED))
    assert exercises(sheet)[0].check == (0, 4)


def test_magics_and_other_languages_are_ignored() -> None:
    shell = code("%%bash\necho lab.check( 'sum' -- no Python")
    magic = code('%time\nlab.check("sum")')
    assert exercises(notebook(shell, magic, *exercise("sum", tiny.SOLVED)))[0].check == (1, 5)


def test_a_solution_becomes_a_stub_with_the_same_indentation() -> None:
    source = f"def handler(event, context):\n    {BEGIN}\n    return 1\n    {END}\n    # end"
    expected = "def handler(event, context):\n    pass  # your code here\n    # end"
    assert stub(source) == expected


def test_each_of_several_solutions_becomes_a_stub() -> None:
    source = f"a = 1\n{BEGIN}\nb = 2\n{END}\nc = 3\n{BEGIN}\nd = 4\n{END}"
    assert stub(source) == "a = 1\npass  # your code here\nc = 3\npass  # your code here"


def test_a_cell_without_solution_stays_as_it_is() -> None:
    assert stub("a = 1\n\nb = 2") == "a = 1\n\nb = 2"


def test_an_answer_is_the_source_without_marks() -> None:
    assert answer(tiny.SOLVED).splitlines()[1:] == ["# Add up the numbers.", "total = sum(numbers)"]


def whole(*own: dict[str, Any], name: str = "sum") -> dict[str, Any]:
    """Return a notebook with an exercise around these cells."""
    around = exercise(name)
    return notebook(*around[:2], *own, *around[2:])


FAULTS = {
    "a solution that does not end": (
        whole(code(f"{BEGIN}\na = 1", "sum")),
        "cell 3: has “### BEGIN SOLUTION” and no “### END SOLUTION”",
    ),
    "a solution that does not begin": (
        whole(code(f"a = 1\n{END}", "sum")),
        "“### END SOLUTION” instead of “### BEGIN SOLUTION”",
    ),
    "a solution within a solution": (
        whole(code(f"{BEGIN}\n{BEGIN}\na = 1\n{END}\n{END}", "sum")),
        "“### BEGIN SOLUTION” instead of “### END SOLUTION”",
    ),
    "a solution of no exercise": (
        notebook(code(tiny.SOLVED)),
        "cell 1: has a solution and names no exercise",
    ),
    "an exercise without a solution": (
        whole(code("total = 6", "sum")),
        "exercise 'sum' has no “### BEGIN SOLUTION”",
    ),
    "an exercise in two places": (
        whole(code(tiny.SOLVED, "sum"), code("print(1)"), code(tiny.SOLVED, "sum")),
        "cell 5: exercise 'sum' continues here after another code cell",
    ),
    "a check of an unknown exercise": (
        notebook(*exercise("sum", tiny.SOLVED), code('lab.check("smu")')),
        "cell 6: lab.check names an exercise that no cell has, 'smu'",
    ),
    "an exercise without a hint": (
        notebook(*exercise("sum", tiny.SOLVED)[2:]),
        "exercise 'sum' has no hint",
    ),
    "an exercise without a check": (
        notebook(*exercise("sum", tiny.SOLVED)[:3], code('lab.carry_on("sum")')),
        "exercise 'sum' has no check",
    ),
    "an exercise without a way on": (
        notebook(*exercise("sum", tiny.SOLVED)[:4]),
        "exercise 'sum' has no carry on",
    ),
    "a name nbgrader would not take": (
        whole(code(tiny.SOLVED, "a sum"), name="a sum"),
        "'a sum' is not a valid name for an exercise",
    ),
    "an empty code cell": (notebook(code("  \n")), "cell 1: is an empty code cell"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_is_refused(fault: str) -> None:
    sheet, words = FAULTS[fault]
    with pytest.raises(SheetFault) as caught:
        exercises(sheet, "solutions/01_sums.ipynb")
    assert "solutions/01_sums.ipynb, cell" in str(caught.value)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 3  # where and what, the line, what next
