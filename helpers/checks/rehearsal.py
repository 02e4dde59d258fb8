"""Call the handler in a file, on this machine, without a cloud.

It runs in a process of its own: what it prints, changes, breaks or never ends stays in there.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHILD = Path(__file__).with_name("rehearsal_child.py")
BUSY = 10  # a busy machine may take so many times as long on the clock as it computes


@dataclass(frozen=True)
class Called:
    """What came of one call. `error` is "KeyError: 'name'", say, and `line` where in the file."""

    event: Any
    result: Any = None
    printed: str = ""
    error: str = ""
    line: int | None = None
    not_json: str = ""  # the result as Python writes it, where JSON can't


@dataclass(frozen=True)
class Rehearsal:
    """What came of the file. Without `calls`, `problem` says what stood in their way:

    syntax, indentation, import (it raised when it was imported), handler (there is no such
    function; `names` are those that there are), inputs (it can't be called with two), ended, or
    too long.
    """

    calls: tuple[Called, ...] = ()
    problem: str = ""
    words: str = ""
    line: int | None = None
    names: tuple[str, ...] = ()


def rehearse(
    file: Path, events: Sequence[Any], *, handler: str = "handler", seconds: float = 3
) -> Rehearsal:
    """Import the file afresh and call its handler with each event.

    It may compute for so many seconds, and wait and compute for ten times as many.
    """
    asked = {"file": str(file.resolve()), "handler": handler, "events": [*events]}
    request = json.dumps(asked | {"seconds": seconds})
    command = [sys.executable, "-I", "-B", str(CHILD)]
    try:
        done = subprocess.run(
            command,
            input=request.encode(),
            capture_output=True,
            timeout=BUSY * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Rehearsal(problem="too long")
    if done.returncode == -signal.SIGPROF:
        return Rehearsal(problem="too long")
    if not done.stdout:
        return Rehearsal(problem="ended", words=done.stderr.decode(errors="replace")[-500:])
    return _read(json.loads(done.stdout), events)


def _read(answer: dict[str, Any], events: Sequence[Any]) -> Rehearsal:
    calls = answer.pop("calls", ())
    names = tuple(answer.pop("names", ()))
    called = (
        [Called(event, **call) for event, call in zip(events, calls, strict=True)] if calls else []
    )
    return Rehearsal(tuple(called), names=names, **answer)
