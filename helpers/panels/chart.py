"""Small charts for panels, in SVG: lines over time, and bars. Panels show the same as text.

They follow the theme of the page, and are redrawn several times a second.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 560, 180, 48, 10, 26
STYLE = "width: 100%; max-width: 36em; color: var(--jp-content-font-color1, #333); font-size: 13px"
SVG = '<svg viewBox="0 0 {width} {height}" role="img" aria-label="{label}" style="{style}">\n'
TEXT = '<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{words}</text>\n'
AXIS = (
    '<path d="M {left} {top} V {bottom} H {right}" fill="none" stroke="currentColor" '
    'opacity="0.4"/>\n'
)
LINE = '<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" {dash}/>\n'
BAR = '<rect x="{x:.0f}" y="{y:.0f}" width="{width:.1f}" height="{height}" fill="{colour}"/>\n'

# Dashes distinguish the lines too, for those who can't tell the colours apart.
COLOURS = ("var(--jp-brand-color1, #2b6cb0)", "var(--jp-warn-color1, #c05621)")
DASHES = ("", 'stroke-dasharray="6 3"')


@dataclass(frozen=True)
class Line:
    name: str
    values: Sequence[float]


def lines(seconds: Sequence[float], drawn: Sequence[Line], unit: str) -> str:
    """Draw at most two lines over the same seconds, each named at its end."""
    span = max(seconds, default=0) or 1
    most = max((value for line in drawn for value in line.values), default=0) or 1
    right, bottom = WIDTH - 90, HEIGHT - BOTTOM
    parts = [AXIS.format(left=LEFT, top=TOP, bottom=bottom, right=right)]
    parts += [_text(LEFT - 4, TOP + 8, f"{most:,.0f}", "end"), _text(LEFT - 4, bottom, "0", "end")]
    parts += [_text(right, bottom + 16, f"{span:.0f} s")]
    parts += [_text(LEFT, bottom + 16, unit, "start")]
    for line, colour, dash in zip(drawn, COLOURS, DASHES, strict=False):
        points = [
            (LEFT + at / span * (right - LEFT), bottom - value / most * (bottom - TOP))
            for at, value in zip(seconds, line.values, strict=True)
        ]
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(LINE.format(points=text, colour=colour, dash=dash))
    parts += _names(drawn, most, right, bottom)
    label = "; ".join(f"{line.name}: {line.values[-1]:,.0f}" for line in drawn if line.values)
    return _svg(HEIGHT, label, parts)


def bars(values: Mapping[str, float], most: int = 8) -> str:
    """Draw a bar for each of the `most` largest values, in descending order."""
    ordered = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    largest = max((value for _, value in ordered), default=0) or 1
    parts = []
    for index, (name, value) in enumerate(ordered):
        top = TOP + index * 22
        width = value / largest * (WIDTH - 260)
        parts.append(BAR.format(x=160, y=top, width=width, height=16, colour=COLOURS[0]))
        parts.append(_text(154, top + 13, name, "end"))
        parts.append(_text(166 + width, top + 13, f"{value:,.0f}", "start"))
    label = "; ".join(f"{name}: {value:,.0f}" for name, value in ordered)
    return _svg(TOP * 2 + max(len(ordered), 1) * 22, label, parts)


def _names(drawn: Sequence[Line], most: float, right: int, bottom: int) -> list[str]:
    """Return each line's name at its end, moved apart if two lines end close together."""
    ends = [bottom - line.values[-1] / most * (bottom - TOP) for line in drawn if line.values]
    if len(ends) == 2 and abs(ends[0] - ends[1]) < 16:
        ends[1] = min(ends[0] + 16, bottom + 8)
    return [
        _text(right + 6, end + 4, line.name, "start", colour)
        for line, end, colour in zip(drawn, ends, COLOURS, strict=False)
    ]


def _text(
    x: float, y: float, words: str, anchor: str = "middle", colour: str = "currentColor"
) -> str:
    return TEXT.format(x=x, y=y, words=escape(words), anchor=anchor, colour=colour)


def _svg(height: int, label: str, parts: Sequence[str]) -> str:
    head = SVG.format(width=WIDTH, height=height, label=escape(label), style=STYLE)
    return f"{head}{''.join(parts)}</svg>"
