"""A lab's place: its account in the cloud and its work folder, and how both become empty."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import boto3

from helpers.clients import Client
from helpers.cloud.environment import point_boto3_at
from helpers.cloud.health import ask
from helpers.cloud.model import Cloud
from helpers.cloud.sweep import sweep
from helpers.errors import NotHere

MARK = ".lab"  # in a work folder: only what a lab made does a lab empty
MARK_WORDS = "This folder belongs to a lab, which empties it when it is opened.\n"

NOT_OURS = """\
The folder {folder} is where this lab keeps its files, but it holds files that no lab put there.
Nothing was touched. Move or rename that folder, and run the cell again."""
NOT_A_FOLDER = """\
This lab keeps its files in a folder {folder}, but there is something else of that name.
Nothing was touched. Move or rename it, and run the cell again."""
NOT_ON_AWS = "This is a real AWS account, so nothing in it is deleted by a lab."


def account_of(lab: str, worked: bool = False) -> str:
    """The lab's account: twelve digits, always the same, so that what is shown is the same.

    A worked sheet has another than the lab's sheet: to look at it takes nothing from the learner.
    """
    word = f"{lab} worked" if worked else lab
    number = int.from_bytes(sha256(word.encode()).digest()[:8], "big")
    return str(number % 900_000_000_000 + 100_000_000_000)


def is_worked(beside: Path) -> bool:
    """Whether a notebook in that folder is a worked sheet."""
    return beside.name == "solutions"


def point_at(cloud: Cloud, account: str, environ: MutableMapping[str, str]) -> None:
    """Make plain boto3 talk to that account; what it has read before is forgotten."""
    point_boto3_at(cloud, account, environ)
    boto3.DEFAULT_SESSION = None


@contextmanager
def pointed_at(
    cloud: Cloud, account: str, environ: MutableMapping[str, str] = os.environ
) -> Iterator[None]:
    """As `point_at`, for a while: afterwards `environ` is as it was."""
    before = dict(environ)
    point_at(cloud, account, environ)
    try:
        yield
    finally:
        for name in environ.keys() - before.keys():
            del environ[name]
        environ.update(before)
        boto3.DEFAULT_SESSION = None


def empty_account(client: Client, cloud: Cloud) -> None:
    """Delete everything in the account. Raises NotHere where the account is a real one."""
    if cloud.kind == "aws":
        raise NotHere(NOT_ON_AWS)
    health = ask(cloud.endpoint)
    running = set(health.running) if health else set()
    # Functions write their logs before anyone has called the service, and so started it.
    sweep(client, running | {"logs"} if "lambda" in running else running)


def see_that_it_is_ours(folder: Path) -> None:
    """Raises NotHere where something stands in the folder's place that no lab has put there.

    To be asked before anything is emptied.
    """
    if not folder.is_dir() and (folder.exists() or folder.is_symlink()):
        raise NotHere(NOT_A_FOLDER.format(folder=folder))
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise NotHere(NOT_OURS.format(folder=folder))


def empty_folder(folder: Path) -> None:
    """Make the folder, empty. Raises NotHere if it holds what no lab has put there."""
    see_that_it_is_ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for each in folder.iterdir():
        shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
    (folder / MARK).write_text(MARK_WORDS, "utf-8")


def find_path(path: str | os.PathLike[str], folder: Path) -> Path:
    """The path itself if it is there; else a plain file name is one in the work folder."""
    given = Path(path)
    if given.exists() or given.name != str(given):
        return given
    return Path(os.path.relpath(folder / given))
