"""The folder where this user's engine and progress live."""

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import platformdirs

from helpers.cloud.errors import CloudDidNotStart
from helpers.system.private_files import is_own

SOMEBODY_ELSES = """\
The folder {home} belongs to another user, who could command a cloud that lives there.
Set LAB_HOME to a folder of your own, or unset it to use the one in your home folder."""

OPEN_TO_ALL = """\
The folder {home} can't be closed to other users: its disk keeps no permissions, as a USB stick's
or, in WSL, Windows' own.
Set LAB_HOME to a folder on another disk, or unset it to use the one in your home folder."""

OWNERS, OTHERS = 0o700, 0o077


def lab_home(environ: Mapping[str, str] = os.environ) -> Path:
    """LAB_HOME if it is set, else the user's folder for application state. It may not exist yet."""
    named = environ.get("LAB_HOME")
    return Path(named).expanduser() if named else platformdirs.user_state_path("serverless-lab")


def make_home(home: Path) -> None:
    """Make the folder if it is not there, and close it to all other users.

    Raises CloudDidNotStart if it is another user's or stays open, OSError if it can't be made.
    """
    home.mkdir(mode=OWNERS, parents=True, exist_ok=True)
    if not is_own(home):
        raise CloudDidNotStart(SOMEBODY_ELSES.format(home=home))
    if stat.S_IMODE(home.stat().st_mode) != OWNERS:
        with suppress(PermissionError):
            home.chmod(OWNERS)
    if home.stat().st_mode & OTHERS:
        raise CloudDidNotStart(OPEN_TO_ALL.format(home=home))
