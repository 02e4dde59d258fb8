"""Labs and exercises are found: by their sheets, and by hints.md and a module each."""

import pytest

from helpers.course.project import NoSuchLab, find_project
from helpers.course.registry import exercises_of, lab_names, require_lab
from helpers.sheets.marks import exercise_of
from helpers.sheets.notebook import read


def test_every_sheet_is_a_lab_in_the_order_of_the_course():
    assert lab_names() == [sheet.name for sheet in find_project().sheets()]


@pytest.mark.parametrize("lab", lab_names())
def test_a_labs_exercises_are_those_of_its_sheet_in_their_order(lab):
    project = find_project()
    cells = read(project.labs / project.sheet(lab).file)["cells"]
    marked = dict.fromkeys(name for cell in cells if (name := exercise_of(cell)))
    assert [exercise.name for exercise in exercises_of(lab)] == list(marked)


def test_a_lab_that_is_not_there_is_answered_with_the_nearest():
    assert require_lab("welcome") == "welcome"
    with pytest.raises(NoSuchLab, match="Did you mean 'welcome'"):
        exercises_of("wellcome")
