"""The home folder of the labs: it holds this user's engine and progress."""

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import platformdirs

from helpers.cloud.errors import CloudDidNotStart
from helpers.system.private_files import is_own

NOT_YOURS = """\
The folder {home} belongs to another user, who could control a cloud that runs there.
Set LAB_HOME to a folder of your own, or unset it to use the one in your home folder."""

OPEN_TO_ALL = """\
The folder {home} can't be closed to other users: its disk keeps no permissions (a USB stick, for
example, or a Windows disk in WSL).
Set LAB_HOME to a folder on another disk, or unset it to use the one in your home folder."""

FOR_OWNER, FOR_OTHERS = 0o700, 0o077


def lab_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return LAB_HOME, or else the user's folder for application state. It may not exist yet."""
    named = environ.get("LAB_HOME")
    return Path(named).expanduser() if named else platformdirs.user_state_path("serverless-lab")


def make_home(home: Path) -> None:
    """Make the folder if it does not exist, and close it to all other users.

    Raises CloudDidNotStart if it is another user's or stays open, OSError if it can't be made.
    """
    home.mkdir(mode=FOR_OWNER, parents=True, exist_ok=True)
    if not is_own(home):
        raise CloudDidNotStart(NOT_YOURS.format(home=home))
    if stat.S_IMODE(home.stat().st_mode) != FOR_OWNER:
        with suppress(PermissionError):
            home.chmod(FOR_OWNER)
    if home.stat().st_mode & FOR_OTHERS:
        raise CloudDidNotStart(OPEN_TO_ALL.format(home=home))
