"""The other side of rehearsal.py: reads what to call from stdin, writes what came of it to stdout.

It imports nothing of the course, so that the handler under trial meets no module of ours.
"""

import contextlib
import importlib
import inspect
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main() -> None:
    request = json.load(sys.stdin)
    # of computing, whatever else the machine does meanwhile; then SIGPROF ends this process
    signal.setitimer(signal.ITIMER_PROF, request["seconds"])
    # What the file writes on its own, past Python's print, must not get into the answer.
    answer_to = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with answer_to:
        json.dump(rehearse(Path(request["file"]), request["handler"], request["events"]), answer_to)


def rehearse(file: Path, name: str, events: list[Any]) -> dict[str, Any]:
    sys.path.insert(0, str(file.parent))
    screen = io.StringIO()
    try:
        with contextlib.redirect_stdout(screen):
            module = importlib.import_module(file.stem)
    except SyntaxError as error:
        return unreadable(error)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is told, whatever it is
        return {"problem": "import", "words": named(error), "line": line_in(file, error)}
    handler = getattr(module, name, None)
    if not callable(handler):
        names = [each for each, value in vars(module).items() if inspect.isfunction(value)]
        return {"problem": "handler", "names": names}
    signature = inspect.signature(handler)
    try:
        signature.bind({}, None)
    except TypeError:
        return {"problem": "inputs", "words": f"{name}{signature}"}
    return {"calls": [call(file, handler, event) for event in events]}


def unreadable(error: SyntaxError) -> dict[str, Any]:
    problem = "indentation" if isinstance(error, IndentationError) else "syntax"
    words = f"{type(error).__name__}: {error.msg}\n{error.text or ''}"
    return {"problem": problem, "words": words, "line": error.lineno}


def call(file: Path, handler: Callable[..., Any], event: Any) -> dict[str, Any]:
    screen = io.StringIO()
    try:
        with contextlib.redirect_stdout(screen):
            result = handler(event, None)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is told, whatever it is
        line = line_in(file, error)
        return {"error": named(error), "line": line, "printed": screen.getvalue()}
    try:
        return {"result": json.loads(json.dumps(result)), "printed": screen.getvalue()}
    except (TypeError, ValueError):
        return {"not_json": repr(result)[:200], "printed": screen.getvalue()}


def named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def line_in(file: Path, error: BaseException) -> int | None:
    """The last line of the file that the error passed through."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(file)]
    return lines[-1] if lines else None


if __name__ == "__main__":
    main()
