"""Every exercise of every lab tells stub, wrong answers and worked answer apart."""

from pathlib import Path

import pytest

from helpers.project import Sheet, find_project
from helpers.sheets.build import worked_sheets
from tests.notebooks.proofs import prove, wrong_answers

PROJECT = find_project()


@pytest.mark.parametrize("sheet", worked_sheets(PROJECT), ids=lambda sheet: sheet.name)
def test_the_checks_of(sheet: Sheet, tmp_path: Path) -> None:
    folder = tmp_path / "solutions"  # worked sheets leave the learner's progress alone
    folder.mkdir()
    (tmp_path / "labs").symlink_to(PROJECT.labs)  # the data that sheets read
    failures = prove(sheet, PROJECT, wrong_answers(sheet), folder)
    if failures:
        pytest.fail("\n\n".join([f"{len(failures)} of this lab's proofs fail:", *failures]))
