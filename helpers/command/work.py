"""The work of `lab progress` and `lab reset`: show progress, compare a class, empty labs."""

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
from helpers.progress.board import Board, ClassBoard, LabEntry, lab_entries
from helpers.progress.class_progress import read_class
from helpers.progress.progress import Progress, ProgressFile, learner_of
from helpers.session.account import account_of, empty_account, pointed_at
from helpers.session.workspace import empty_folder, require_work_folder

EMPTIED = "{lab}: its account is empty, and so is its work folder."
NO_CLOUD = "{lab}: its work folder is empty. Your cloud is not running, so its account is, too."
NOT_EMPTIED = "{lab}: {error}"
FORGOTTEN = "The record of exercises passed in {what} is deleted."


def own_board(environ: Mapping[str, str] = os.environ) -> Board:
    """Return the learner's progress in the whole course. Raises OSError if it can't be read."""
    return Board(all_labs(), progress_file(environ).read())


def class_board(files: Sequence[Path]) -> ClassBoard:
    """Return the progress of the learners with these files. It names files that can't be read."""
    return ClassBoard(all_labs(), read_class(files))


def reset_labs(
    name: str = "", project: Project | None = None, environ: Mapping[str, str] = os.environ
) -> Iterator[str]:
    """Empty the accounts and work folders of that lab, or of all. Yield a line for each lab.

    A lab's sheet and its worked sheet have one of each. A cloud that does not run is not started.
    Raises NoSuchLab, or CloudError if the cloud that the environment names is not available.
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
    """Empty the accounts and folders of the sheet and its worked sheet. Raises LabError.

    If one of the folders is not the lab's, nothing is emptied.
    """
    sides = [(project.labs, False), (project.solutions, True)]
    folders = [notebooks / sheet.name.replace("-", "_") for notebooks, _ in sides]
    for folder in folders:
        require_work_folder(folder)
    for folder, (_, is_worked) in zip(folders, sides, strict=True):
        if cloud:
            account = account_of(sheet.name, worked=is_worked)
            with pointed_at(cloud, account):  # not at what the learner's own settings name
                empty_account(clients_for(cloud, account, REGION), cloud)
        if folder.exists():
            empty_folder(folder)


def forget_progress(
    name: str = "", project: Project | None = None, environ: Mapping[str, str] = os.environ
) -> str:
    """Delete the progress in that lab, or in all, and say so. Raises NoSuchLab or OSError."""
    forgotten = (project or find_project()).sheet(name).name if name else ""

    def without(progress: Progress) -> Progress:
        kept = {lab: each for lab, each in progress.labs.items() if name and lab != forgotten}
        return replace(progress, labs=kept)

    progress_file(environ).update(without)
    return FORGOTTEN.format(what=forgotten or "all labs")


def running_cloud(environ: Mapping[str, str]) -> Cloud | None:
    """Return the cloud that the environment names, without starting one. Raises CloudError."""
    if choose_kind(environ) == "embedded":
        return Engine(lab_home(environ)).find()
    return open_cloud(environ)


def progress_file(environ: Mapping[str, str]) -> ProgressFile:
    return ProgressFile(lab_home(environ) / "progress.json", learner_of(environ))


def all_labs() -> list[LabEntry]:
    """Return every lab of the course, as a board shows it."""
    return lab_entries(find_project().sheets())
