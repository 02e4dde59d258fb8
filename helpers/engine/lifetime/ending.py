"""The end of an engine and of all processes that it has started."""

import os
from contextlib import suppress


def end(code: int = 0) -> None:
    """End at once: nothing in the engine outlives it, so nothing needs closing."""
    import psutil  # which LocalStack has loaded by then

    try:
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                process.kill()
    finally:
        os._exit(code)
