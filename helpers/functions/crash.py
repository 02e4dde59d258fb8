"""Where a function's own code stopped: file, line and error, without the frames of libraries."""

import re
from dataclasses import dataclass

from helpers.functions.invoke import FunctionError

#   File "/var/task/greeter.py", line 3, in handler
#     return {"message": "Hello, " + event["name"]}
FRAME = re.compile(r'File "(?P<path>[^"]+)", line (?P<line>\d+)[^\n]*(?:\n\s*(?P<code>[^\n]+))?')
TASK = "/var/task/"  # where AWS puts the package


@dataclass(frozen=True)
class Crash:
    """The learner's line that a call stopped at; `file` is "" where the traceback names none."""

    error: FunctionError
    file: str = ""
    line: int = 0
    code: str = ""

    @property
    def where(self) -> str:
        """Return " in line 3 of `greeter.py`", to put after "stopped"; "" where it is not known."""
        return f" in line {self.line} of `{self.file}`" if self.file else ""

    def __str__(self) -> str:
        at = [f"{self.file}, line {self.line}:  {self.code}"] if self.file else []
        return "\n".join([*at, str(self.error)])


def crash_of(error: FunctionError) -> Crash:
    """Return where the learner's code stopped: the last frame in the folder of the handler.

    What the package brings along lies in folders of its own, Pillow's in PIL/ for one.
    """
    frames = [frame for entry in error.stack_trace for frame in FRAME.finditer(entry)]
    own = [frame for frame in frames if frame["path"].startswith(TASK)]
    folder = own[0]["path"].rpartition("/")[0] if own else ""
    for frame in reversed(own):
        path, _, file = frame["path"].rpartition("/")
        if path == folder:
            return Crash(error, file, int(frame["line"]), frame["code"] or "")
    return Crash(error)
