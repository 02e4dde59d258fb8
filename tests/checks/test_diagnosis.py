"""What a diagnosis says, and that each one of the course is reached."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import helpers.checks
import helpers.labs
from helpers.checks.diagnosis import Diagnosis, all_diagnoses, first_of, require
from helpers.checks.evidence import compare
from helpers.course.registry import exercises_of, lab_names
from helpers.exercises.verdict import Incorrect, Link

TESTS = Path(__file__).parents[1]


class FirstLoop(Diagnosis):
    TOO_LONG = Link.CODE("""
        It ran {seconds} s,
        which is {much}.""")
    NO_ROOM = Link.ROLE("Nothing fits.")


def test_it_is_named_after_its_class_and_its_member():
    assert [each.id for each in FirstLoop] == ["first-loop.too-long", "first-loop.no-room"]


def test_what_a_check_raises_has_words_in_one_line_a_link_an_id_and_evidence():
    error = FirstLoop.TOO_LONG("seen", seconds=3, much="too much")
    assert str(error) == "It ran 3 s, which is too much."
    assert (error.link, error.id, error.evidence) == ("code", "first-loop.too-long", "seen")


def test_a_requirement_raises_only_where_it_does_not_hold():
    require([1], FirstLoop.NO_ROOM)
    with pytest.raises(Incorrect, match="Nothing fits") as caught:
        require([], FirstLoop.NO_ROOM, "evidence")
    assert caught.value.evidence == "evidence"


def test_the_first_of_several_is_the_first_that_holds():
    table = ((FirstLoop.TOO_LONG, 0), (FirstLoop.NO_ROOM, "yes"), (FirstLoop.TOO_LONG, True))
    assert first_of(*table) is FirstLoop.NO_ROOM
    assert first_of((FirstLoop.TOO_LONG, None)) is None


def test_evidence_stands_in_columns_and_leaves_strings_as_they_are():
    assert compare(event={"n": "é"}, should_be="two words") == (
        'event      {"n": "é"}\nshould be  two words'
    )


def ours() -> list[Diagnosis]:
    """Return every diagnosis of the blocks and the labs."""
    for package in (helpers.checks, helpers.labs):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("rehearsal_child"):
                import_module(module.name)
    return [each for each in all_diagnoses() if each.__module__.startswith("helpers.")]


def lab_of(diagnosis: Diagnosis) -> str:
    """Return the lab that the diagnosis belongs to; "" for one of the blocks."""
    parts = diagnosis.__module__.split(".")
    return parts[2] if parts[1] == "labs" else ""


def asserted(lab: str) -> set[str]:
    """Return what a lab's tests expect, or all tests: ids in quotes, alone or after a link."""
    folders = [f"labs/{lab}"] if lab else ["labs", "checks", "functions"]
    files = [file for folder in folders for file in (TESTS / folder).rglob("*.py")]
    texts = "\n".join(file.read_text("utf-8") for file in files)
    return set(re.findall(r'"(?:[a-z ]+: )?([a-z0-9-]+\.[a-z0-9-]+)"', texts))


@pytest.mark.parametrize("lab", ["", *(name.replace("-", "_") for name in lab_names())])
def test_each_diagnosis_is_reached_by_an_answer_or_a_test(lab):
    reached = asserted(lab)
    mine = [each.id for each in ours() if lab_of(each) == lab]
    assert sorted(id for id in mine if id not in reached) == []


def test_within_a_lab_no_two_diagnoses_have_one_id_or_the_same_words_in_one_class():
    found = ours()
    blocks = [each.id for each in found if not lab_of(each)]
    for lab in {lab_of(each) for each in found} - {""}:
        ids = blocks + [each.id for each in found if lab_of(each) == lab]
        assert len(set(ids)) == len(ids)
    groups = {type(each) for each in found}
    assert all(len(group.__members__) == len(list(group)) for group in groups)


@pytest.mark.parametrize("lab", lab_names())
def test_the_diagnoses_of_an_exercise_bear_its_name(lab):
    package = f"helpers.labs.{lab.replace('-', '_')}."
    for exercise in exercises_of(lab):
        module = f"{package}{exercise.name.replace('-', '_')}"
        ids = [each.id for each in ours() if each.__module__ == module]
        assert all(each.startswith(f"{exercise.name}.") for each in ids), ids
