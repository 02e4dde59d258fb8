"""Times as dots on a line that begins now. Panels show the same as text."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

WIDTH, HEIGHT, EDGE, LINE_AT = 1000, 56, 60, 18

DRAWING = """\
<svg viewBox="0 0 {width} {height}" role="img" aria-label="{label}" style="width: 100%; \
max-width: 60em; color: var(--jp-content-font-color1, #333); font-size: 15px">
<line x1="{left}" y1="{y}" x2="{right}" y2="{y}" stroke="currentColor" opacity="0.4"/>
{marks}</svg>"""
NOW = """\
<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="currentColor" stroke-width="2"/>
<text x="{x}" y="{words}" text-anchor="middle" fill="currentColor">now</text>
"""
DOT = """\
<circle cx="{x:.1f}" cy="{y}" r="6" fill="var(--jp-brand-color1, #2b6cb0)"><title>{title}</title>\
</circle>
"""
UNDER = '<text x="{x:.1f}" y="{y}" text-anchor="middle" fill="currentColor">{words}</text>\n'


def timeline(now: datetime, moments: Sequence[datetime]) -> str:
    """Draw `moments` (in order) after `now`, in SVG. Return "" if there are none."""
    if not moments:
        return ""
    span = (moments[-1] - now).total_seconds() or 1
    places = [EDGE + (at - now).total_seconds() / span * (WIDTH - 2 * EDGE) for at in moments]
    marks = NOW.format(x=EDGE, top=LINE_AT - 10, bottom=LINE_AT + 10, words=HEIGHT - 6)
    for place, at in zip(places, moments, strict=True):
        marks += DOT.format(x=place, y=LINE_AT, title=escape(f"{at:%a %Y-%m-%d %H:%M} UTC"))
    marks += UNDER.format(x=places[-1], y=HEIGHT - 6, words=f"{moments[-1]:%Y-%m-%d}")
    label = f"{len(moments)} runs from {now:%Y-%m-%d} to {moments[-1]:%Y-%m-%d}"
    return DRAWING.format(
        width=WIDTH,
        height=HEIGHT,
        left=EDGE,
        right=WIDTH - EDGE,
        y=LINE_AT,
        label=label,
        marks=marks,
    )
