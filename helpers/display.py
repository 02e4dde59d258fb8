"""Results that display themselves in a notebook: a card in HTML, and the same in plain text.

Colours are JupyterLab's own variables, so a card fits the light and the dark theme; the values
after the comma are for other places, such as a web page. Colour never carries the meaning alone:
each tone has a mark as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from html import escape


class Tone(Enum):
    """A card's mark and the colour of its edge."""

    GOOD = ("✓", "var(--jp-success-color1, #2e7d32)")
    WAITING = ("○", "var(--jp-border-color1, #9e9e9e)")
    WRONG = ("✗", "var(--jp-error-color1, #d32f2f)")
    UNSURE = ("?", "var(--jp-warn-color1, #ef6c00)")
    PLAIN = ("·", "var(--jp-info-color1, #0288d1)")

    @property
    def mark(self) -> str:
        return self.value[0]

    @property
    def colour(self) -> str:
        return self.value[1]


CARD = (
    '<div style="border-left: 4px solid {colour}; padding: 2px 0 2px 12px; margin: 4px 0; '
    'color: var(--jp-content-font-color1, inherit)">{inside}</div>'
)
HEAD = '<div><strong><span style="color: {colour}">{mark}</span> {title}</strong></div>'
LINE = '<div style="margin-top: 4px">{words}</div>'
BLOCK = (
    '<pre style="margin: 6px 0 2px; padding: 6px 8px; white-space: pre-wrap; '
    "color: inherit; border-radius: 2px; font-size: 0.92em; "
    'background: var(--jp-layout-color2, rgba(127, 127, 127, 0.12))">{text}</pre>'
)
QUIET = '<div style="margin-top: 4px; color: var(--jp-content-font-color2, inherit)">{words}</div>'
TABLE = '<table style="margin: 6px 0; color: inherit"><thead><tr>{head}</tr></thead>{rows}</table>'
CELL = '<{tag} style="text-align: left; padding: 2px 14px 2px 0">{words}</{tag}>'


@dataclass(frozen=True)
class Table:
    """A table whose cells are prose; every row is as long as the head."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def plain(self) -> str:
        """Return columns as wide as their widest cell, separated by two spaces."""
        lines = [self.head, *self.rows] if any(self.head) else self.rows
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.head))]
        padded = [
            [f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)] for line in lines
        ]
        return "\n".join("  ".join(cells).rstrip() for cells in padded)

    def html(self) -> str:
        body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in self.rows)
        return TABLE.format(head=_cells("th", self.head), rows=f"<tbody>{body}</tbody>")


@dataclass(frozen=True)
class Card:
    """What a result displays, the most important parts first. Empty parts are left out.

    `lines` are prose, in which `backticks` mark code; `block` is preformatted text.
    """

    tone: Tone
    title: str
    lines: Sequence[str] = ()
    block: str = ""
    foot: str = ""
    table: Table | None = None

    def plain(self) -> str:
        parts = [f"{self.tone.mark} {self.title}"]
        parts += [indented(line) for line in self.lines if line]
        parts += [indented(self.block, "  | ")] if self.block else []
        parts += [indented(self.table.plain())] if self.table else []
        parts += [indented(self.foot)] if self.foot else []
        return "\n".join(parts)

    def html(self) -> str:
        parts = [HEAD.format(colour=self.tone.colour, mark=self.tone.mark, title=prose(self.title))]
        parts += [LINE.format(words=prose(line)) for line in self.lines if line]
        parts += [BLOCK.format(text=escape(self.block))] if self.block else []
        parts += [self.table.html()] if self.table else []
        parts += [QUIET.format(words=prose(self.foot))] if self.foot else []
        return CARD.format(colour=self.tone.colour, inside="".join(parts))


class Shown:
    """A result that displays itself. A subclass only says with which card."""

    def _card(self) -> Card:
        raise NotImplementedError

    def __repr__(self) -> str:
        return self._card().plain()

    def _repr_html_(self) -> str:
        return self._card().html()


def prose(text: str) -> str:
    """Return prose as HTML: `code` between backticks, line breaks kept, the rest escaped.

    >>> prose("Use `a < b`.")
    'Use <code>a &lt; b</code>.'
    """
    marked = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escape(text, quote=False))
    return marked.replace("\n", "<br>")


def indented(text: str, by: str = "  ") -> str:
    return "\n".join(f"{by}{line}".rstrip() for line in text.splitlines())


def _cells(tag: str, row: Sequence[str]) -> str:
    return "".join(CELL.format(tag=tag, words=prose(cell)) for cell in row)


def milliseconds(value: float) -> str:
    """Return a time as it is always displayed, which the sheets' tests rely on: 12.3 ms."""
    return f"{value:.1f} ms"


def counted(number: int, thing: str, things: str = "") -> str:
    """
    >>> counted(1, "file"), counted(2, "file")
    ('1 file', '2 files')
    """
    return f"{number} {thing if number == 1 else things or thing + 's'}"
