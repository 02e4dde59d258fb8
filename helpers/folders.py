"""Folders and files for their owner alone; and why nothing can be written in a folder.

Standard library only, since the engine uses it from its first moment on.
"""

import errno
import os
from pathlib import Path

FULL = {errno.ENOSPC, errno.EDQUOT}
NO_FOLDER = {errno.ENOTDIR, errno.EEXIST}


def refused(folder: Path, error: OSError) -> tuple[str, str]:
    """What is wrong, in one sentence, and the fix for whoever owns that folder."""
    if error.errno in FULL:
        return f"The disk of {folder} is full.", "Make room on it, and try again."
    if error.errno in NO_FOLDER:
        file = next((p for p in (folder, *folder.parents) if p.is_file()), folder)
        return f"{folder} can't be a folder: {file} is a file.", f"Move {file} away, or rename it."
    why = (error.strerror or str(error)).lower()
    fix = f"Make it yours: `sudo chown -R $USER '{folder}'`."
    return f"Nothing can be written to {folder}: {why}.", fix


def is_own(path: Path) -> bool:
    """Return whether it (or what it links to) is there and this user's. Everything is root's."""
    try:
        owner = path.stat().st_uid
    except OSError:
        return False
    return os.geteuid() in (0, owner)


def private(path: str, flags: int) -> int:
    """Open a file that only its owner can read, whatever the umask: `open(…, opener=private)`."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor
