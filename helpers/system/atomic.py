"""Write a file as a whole: nobody ever reads half of it, and a crash leaves the one before.

Standard library only, since the engine uses it from its first moment on.
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def write_atomically(
    path: Path, text: str, *, opener: Callable[[str, int], int] | None = None
) -> None:
    """Write the text to a draft beside the file, and put that in the file's place.

    `opener` is as for `open`: with `private`, only the owner can read the file. Raises OSError,
    and then leaves the file as it was.
    """
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with open(draft, "x", encoding="utf-8", opener=opener) as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(path)
    except BaseException:  # Ctrl-C too
        draft.unlink(missing_ok=True)
        raise
