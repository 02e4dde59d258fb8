"""Every exercise of every lab tells stub, wrong answers and worked answer apart.

And when all that has been done in the lab's account, its reset leaves nothing there.
"""

import os
from pathlib import Path

import pytest

from helpers.cloud.health import ask
from helpers.cloud.model import Cloud
from helpers.course.project import Sheet, find_project
from helpers.lab import Lab
from helpers.sheets.build import worked_sheets
from tests.inventory import inventory
from tests.notebooks.proofs import answers_to, prove, too_few

PROJECT = find_project()
ONLY = os.environ.get("PROVE", "").split(",") if "PROVE" in os.environ else []


@pytest.mark.parametrize("sheet", worked_sheets(PROJECT), ids=lambda sheet: sheet.name)
def test_the_checks_of(sheet: Sheet, tmp_path: Path, cloud: Cloud) -> None:
    folder = tmp_path / "solutions"  # worked sheets leave the learner's progress alone
    folder.mkdir()
    answers = answers_to(sheet)
    failures = too_few(sheet, PROJECT, answers)
    if ONLY:  # while one works at an exercise: PROVE=fit,modes
        answers = [answer for answer in answers if answer.exercise in ONLY]
    failures += prove(sheet, PROJECT, answers, folder)
    failures += left_behind(sheet, folder, cloud)
    if failures:
        pytest.fail("\n\n".join([f"{len(failures)} of this lab's proofs fail:", *failures]))


def left_behind(sheet: Sheet, folder: Path, cloud: Cloud) -> list[str]:
    """What is still in the lab's account after it was opened again and reset, in words."""
    lab = Lab(sheet.name, environ=dict(os.environ), say=print, folder=folder, cloud=cloud)
    lab.reset()
    health = ask(cloud.endpoint)
    assert health
    found = inventory(lab.client, set(health.running))
    return [f"after the reset there is still a {kind}: {names}" for kind, names in found.items()]
