"""What a program said before it failed, as a learner is shown it."""

from pathlib import Path


def last_words(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    return indented(log.read_text(errors="replace").splitlines()[-lines:])


def indented(lines: list[str]) -> str:
    """Set off from the sentences around them."""
    return "\n".join(f"    {line}" for line in lines)
