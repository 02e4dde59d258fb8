"""The end of a program's log, as a message shows it."""

from pathlib import Path


def last_lines(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log, indented."""
    return indented(log.read_text(errors="replace").splitlines()[-lines:])


def indented(lines: list[str]) -> str:
    """Return the lines set off from the sentences around them."""
    return "\n".join(f"    {line}" for line in lines)
