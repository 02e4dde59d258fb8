"""Explain why a folder can't be written to, and how to fix it."""

import errno
from pathlib import Path

DISK_FULL = {errno.ENOSPC, errno.EDQUOT}
NOT_A_FOLDER = {errno.ENOTDIR, errno.EEXIST}


def diagnose(folder: Path, error: OSError) -> tuple[str, str]:
    """Return what is wrong with the folder, in one sentence, and how its owner can fix it."""
    if error.errno in DISK_FULL:
        return f"The disk of {folder} is full.", "Free some space on it, and try again."
    if error.errno in NOT_A_FOLDER:
        file = next((p for p in (folder, *folder.parents) if p.is_file()), folder)
        return f"{folder} can't be a folder: {file} is a file.", f"Move or rename {file}."
    reason = (error.strerror or str(error)).lower()
    fix = f"Make it yours: `sudo chown -R $USER '{folder}'`."
    return f"{folder} can't be written to: {reason}.", fix
