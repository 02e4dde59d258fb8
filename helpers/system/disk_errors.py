"""Why nothing can be written in a folder, and what to do about it."""

import errno
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
