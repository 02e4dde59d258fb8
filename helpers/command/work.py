"""What the command line does with labs and progress: look, compare, begin again."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from helpers.cloud.choose import choose_kind, open_cloud
from helpers.cloud.clients import clients_for
from helpers.cloud.embedded import Engine
from helpers.cloud.environment import REGION
from helpers.cloud.home import lab_home
from helpers.cloud.model import Cloud
from helpers.course.project import Project, Sheet, find_project
from helpers.errors import LabError
from helpers.progress.board import Board, ClassBoard, Place, places
from helpers.progress.class_progress import read_class
from helpers.progress.progress import Progress, ProgressFile, learner_of
from helpers.session.account import account_of, empty_account, pointed_at
from helpers.session.workspace import empty_folder, see_that_it_is_ours

EMPTIED = "{lab}: its account is empty, and so is its work folder."
NO_CLOUD = "{lab}: its work folder is empty. Your cloud is not running, so it held nothing."
NOT_EMPTIED = "{lab}: {error}"
FORGOTTEN = "Forgotten which exercises of {what} are passed."


def own_board(environ: Mapping[str, str] = os.environ) -> Board:
    """How the learner stands in the whole course. Raises OSError if that can't be read."""
    return Board(all_places(), progress_file(environ).read())


def class_board(files: Sequence[Path]) -> ClassBoard:
    """How the learners stand whose files these are; a file that can't be read is named in it."""
    return ClassBoard(all_places(), read_class(files))


def reset_labs(
    name: str = "", project: Project | None = None, environ: Mapping[str, str] = os.environ
) -> Iterator[str]:
    """Empty the accounts and the work folders of that lab, or of all; a line for each lab.

    Its sheet and its worked sheet have one of each. Raises NoSuchLab, and CloudError where the
    environment names a cloud that can't be had. A cloud that does not run is not started.
    """
    project = project or find_project()
    cloud = running_cloud(environ)
    for sheet in [project.sheet(name)] if name else project.sheets():
        try:
            empty(sheet, project, cloud)
        except LabError as error:
            yield NOT_EMPTIED.format(lab=sheet.name, error=error)
        else:
            yield (EMPTIED if cloud else NO_CLOUD).format(lab=sheet.name)


def empty(sheet: Sheet, project: Project, cloud: Cloud | None) -> None:
    """Empty what the sheet and its worked sheet have made, or nothing. Raises LabError."""
    sides = [(project.labs, False), (project.solutions, True)]
    folders = [notebooks / sheet.name.replace("-", "_") for notebooks, _ in sides]
    for folder in folders:
        see_that_it_is_ours(folder)
    for folder, (_, is_worked) in zip(folders, sides, strict=True):
        if cloud:
            empty_in(cloud, account_of(sheet.name, worked=is_worked))
        if folder.exists():
            empty_folder(folder)


def empty_in(cloud: Cloud, account: str) -> None:
    """Empty that account, with nothing of the learner's own AWS settings in sight."""
    with pointed_at(cloud, account):
        empty_account(clients_for(cloud, account, REGION), cloud)


def forget_progress(
    name: str = "", project: Project | None = None, environ: Mapping[str, str] = os.environ
) -> str:
    """Forget what was passed in that lab, or in all; says so. Raises NoSuchLab, OSError."""
    forgotten = (project or find_project()).sheet(name).name if name else ""

    def without(progress: Progress) -> Progress:
        kept = {lab: each for lab, each in progress.labs.items() if name and lab != forgotten}
        return replace(progress, labs=kept)

    progress_file(environ).update(without)
    return FORGOTTEN.format(what=forgotten or "all labs")


def running_cloud(environ: Mapping[str, str]) -> Cloud | None:
    """The cloud that the environment names, without starting one. Raises CloudError."""
    if choose_kind(environ) == "embedded":
        return Engine(lab_home(environ)).find()
    return open_cloud(environ)


def progress_file(environ: Mapping[str, str]) -> ProgressFile:
    return ProgressFile(lab_home(environ) / "progress.json", learner_of(environ))


def all_places() -> list[Place]:
    """Return every lab of the course, as a board shows it."""
    return places(find_project().sheets())
