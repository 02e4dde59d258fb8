"""The files in .github/ are what GitHub accepts, and promise no more than there is."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers.course.project import find_project

PROJECT = find_project()
GITHUB = PROJECT.root / ".github"
FORMS = sorted(set(GITHUB.glob("ISSUE_TEMPLATE/*.yml")) - {GITHUB / "ISSUE_TEMPLATE/config.yml"})
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
each_form = pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
each_workflow = pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)


def load(file: Path) -> dict[Any, Any]:
    return dict(yaml.safe_load(file.read_text("utf-8")))


# Issue forms: https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema

FORM_KEYS = {"name", "description", "body", "title", "labels", "assignees", "projects", "type"}
# for each type of field: the attributes that it must have, and those that it may have
ATTRIBUTES = {
    "markdown": ({"value"}, set()),
    "input": ({"label"}, {"description", "placeholder", "value"}),
    "textarea": ({"label"}, {"description", "placeholder", "value", "render"}),
    "dropdown": ({"label", "options"}, {"description", "multiple", "default"}),
    "checkboxes": ({"label", "options"}, {"description"}),
}


def test_there_is_a_form_for_each_kind_of_trouble() -> None:
    assert {load(file)["name"] for file in FORMS} == {
        "The verdict was wrong",
        "A sheet is unclear",
        "Something broke",
    }


@each_form
def test_a_form_has_the_keys_that_it_must_have_and_no_unknown_ones(file: Path) -> None:
    form = load(file)
    assert {"name", "description", "body"} <= form.keys() <= FORM_KEYS
    assert all(form[key] for key in form)
    assert any(field["type"] != "markdown" for field in form["body"])


@each_form
def test_each_field_is_one_that_github_shows(file: Path) -> None:
    for field in load(file)["body"]:
        required, allowed = ATTRIBUTES[field["type"]]
        assert field.keys() <= {"type", "id", "attributes", "validations"}
        assert required <= field["attributes"].keys() <= required | allowed
        assert field.get("validations", {}).keys() <= {"required"}


@each_form
def test_each_question_has_an_id_and_a_label_of_its_own(file: Path) -> None:
    questions = [field for field in load(file)["body"] if field["type"] != "markdown"]
    ids = [field["id"] for field in questions]
    labels = [field["attributes"]["label"] for field in questions]
    assert len(set(ids)) == len(ids)
    assert len(set(labels)) == len(labels)
    assert [name for name in ids if not re.fullmatch(r"[a-zA-Z0-9_-]+", name)] == []


@each_form
def test_each_choice_has_options_and_each_of_them_once(file: Path) -> None:
    for field in load(file)["body"]:
        if field["type"] == "dropdown":
            options = field["attributes"]["options"]
            assert options
            assert all(isinstance(option, str) for option in options)  # not what YAML reads 00 as
            assert len(set(options)) == len(options)


def test_whoever_says_that_a_verdict_was_wrong_is_asked_for_all_that_is_needed_to_see_it() -> None:
    form = load(GITHUB / "ISSUE_TEMPLATE" / "wrong_verdict.yml")
    asked = {field["id"] for field in form["body"] if "id" in field}
    assert {"lab", "exercise", "verdict", "diagnosis", "answer", "doctor"} <= asked


@pytest.mark.parametrize("form", ["wrong_verdict", "unclear_sheet"])
def test_the_labs_to_choose_from_are_those_of_the_readme(form: str) -> None:
    fields = load(GITHUB / "ISSUE_TEMPLATE" / f"{form}.yml")["body"]
    (options,) = [field["attributes"]["options"] for field in fields if field.get("id") == "lab"]
    readme = (PROJECT.root / "README.md").read_text("utf-8")
    assert options == re.findall(r"^\| \[(\d\d [^\]]+)\]", readme, re.MULTILINE)
    assert [int(option[:2]) for option in options] == [lab.number for lab in PROJECT.sheets()]


# Workflows


def jobs(file: Path) -> dict[str, Any]:
    return dict(load(file)["jobs"])


@each_workflow
def test_a_workflow_has_a_name_a_trigger_and_one_run_at_a_time(file: Path) -> None:
    workflow = load(file)
    assert workflow["name"] == file.stem
    assert workflow[True]  # YAML reads the key `on` as true
    assert workflow["concurrency"]["cancel-in-progress"]


@each_workflow
def test_no_job_runs_for_hours_or_may_more_than_it_must(file: Path) -> None:
    workflow = load(file)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert all(step.keys() & {"run", "uses"} for step in job["steps"])


@each_workflow
def test_every_action_is_pinned_and_to_the_same_version_everywhere(file: Path) -> None:
    used = {step["uses"] for job in jobs(file).values() for step in job["steps"] if "uses" in step}
    assert used
    everywhere = "\n".join(path.read_text("utf-8") for path in WORKFLOWS)
    for action, version in (name.split("@") for name in used):
        assert re.fullmatch(r"v\d+", version)
        assert set(re.findall(rf"{action}@(\S+)", everywhere)) == {version}


def test_what_runs_upgraded_packages_may_not_write_and_what_may_write_runs_none() -> None:
    upgrade = jobs(GITHUB / "workflows" / "upgrade.yml")
    assert upgrade["try"]["permissions"] == {"contents": "read"}
    assert {"run": ".ci/run"}.items() <= upgrade["try"]["steps"][-2].items()
    assert upgrade["propose"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    commands = "\n".join(step.get("run", "") for step in upgrade["propose"]["steps"])
    assert not re.search(r"\b(uv|pip|python|lab)\b", commands)
