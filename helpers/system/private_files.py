"""Files that only their owner can read, and files that only their owner can have written.

Standard library only, since the engine uses it from its first moment on.
"""

import os
from pathlib import Path


def is_own(path: Path) -> bool:
    """Return whether the file exists and belongs to this user. To root, every file belongs."""
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
