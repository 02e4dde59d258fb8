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

from helpers.checks.diagnosis import Diagnosis
from helpers.exercises.verdict import Link

CHILD = Path(__file__).with_name("rehearsal_child.py")
BUSY = 10  # a busy machine may take so many times as long on the clock as it computes


class File(Diagnosis):
    """What keeps a file's handler from being called at all, by the names that the child gives."""

    SYNTAX = Link.CODE("""
        Python can't read `{file}`: something in line {line} is not written as it should be. Often
        a `:`, a quote or a bracket is missing, there or one line above.""")
    INDENTATION = Link.CODE("""
        Python can't read `{file}`: the indentation is wrong at line {line}. What belongs to `def`
        or `if` stands four spaces further in, and lines that belong together begin alike.""")
    IMPORT = Link.CODE("""
        `{file}` stops with an error{where}, as soon as Python reads it and before anyone calls its
        handler.""")
    HANDLER = Link.CONFIGURATION("""
        There is no function `handler` in `{file}`; it has {names}. Lambda calls the function that
        it is told to call, and in this lab that is `handler`: write
        `def handler(event, context):`.""")
    INPUTS = Link.CODE("""
        Lambda passes two things to the handler, the event and the context, and yours can't take
        these two: `{words}`. Write `def handler(event, context):`, even if you don't use the
        context.""")
    ENDED = Link.CODE("`{file}` made Python itself stop. A handler ends with `return`.")
    TOO_LONG = Link.CODE("""
        The handler does not come to an end. Is there a loop in it? None is needed here.""")


@dataclass(frozen=True)
class Called:
    """What came of one call. `error` is "KeyError: 'name'", say, and `line` where in the file."""

    event: Any
    result: Any = None
    printed: str = ""
    error: str = ""
    line: int | None = None
    not_json: str = ""  # the result as Python writes it, where JSON can't

    @property
    def is_silent(self) -> bool:
        """Return whether nothing came of it at all, as of a stub."""
        return self.result is None and not (self.printed or self.error or self.not_json)

    @property
    def where(self) -> str:
        """Return " in line 3", to put after "an error"; "" where it is not known."""
        return _at(self.line)


@dataclass(frozen=True)
class Rehearsal:
    """What came of the file. Without `calls`, `problem` names what stood in their way; see File.

    `names` are the functions that the file has.
    """

    calls: tuple[Called, ...] = ()
    problem: str = ""
    words: str = ""
    line: int | None = None
    names: tuple[str, ...] = ()

    def require_calls(self, file: str) -> tuple[Called, ...]:
        """Return the calls. Raises the diagnosis of what stood in their way; `file` names it."""
        if not self.problem:
            return self.calls
        names = ", ".join(f"`{name}`" for name in self.names) or "no function at all"
        words, where = self.words.strip(), _at(self.line)
        evidence = "" if self.problem in ("handler", "inputs") else words
        found = File[self.problem.upper().replace(" ", "_")]
        raise found(evidence, file=file, line=self.line, where=where, names=names, words=words)


def _at(line: int | None) -> str:
    return f" in line {line}" if line else ""


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
