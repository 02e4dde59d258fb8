"""The hints of every exercise: three different ones, whose code can be pasted as it is."""

import ast
import re

import pytest

from helpers.course.registry import exercises_of, lab_names

EXERCISES = [exercise for lab in lab_names() for exercise in exercises_of(lab)]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_every_exercise_has_three_different_hints(exercise):
    assert len(set(exercise.hints)) == 3
    assert all(len(hint) > 20 for hint in exercise.hints)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_code_in_a_hint_is_python(exercise):
    for code in re.findall("`([^`]+)`", " ".join(exercise.hints)):
        if set(code) & set("(={"):  # a name alone, such as `or`, is talked about
            ast.parse(code)
