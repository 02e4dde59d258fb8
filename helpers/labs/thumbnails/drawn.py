"""Pictures that a check draws, and how it looks at what became of them.

A drawn picture has four quarters in four colours, so that one can tell from single points which
way up it is, whether it was cut, and what became of its colours.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps

Colour = tuple[int, int, int]

# Far from each other, from white and from black, also after JPEG has been at them.
COLOURS: dict[str, Colour] = {
    "red": (210, 40, 40),
    "green": (30, 150, 60),
    "blue": (40, 60, 200),
    "yellow": (220, 200, 40),
    "violet": (150, 40, 160),
    "turquoise": (40, 190, 190),
}
GROUNDS: dict[str, Colour] = {"white": (255, 255, 255), "black": (0, 0, 0)}
PLACES = ("top left", "top right", "bottom left", "bottom right")
CORNERS = ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75))
NEAR = 60  # how far a channel may be off


@dataclass(frozen=True)
class Drawn:
    """A picture and the names of the colours in its quarters, in the order of PLACES."""

    picture: Image.Image
    quarters: tuple[str, ...]

    @property
    def size(self) -> tuple[int, int]:
        return self.picture.size

    def stored(self, format: str = "JPEG", **more: Any) -> bytes:
        return stored(self.picture, format, **more)


def draw(width: int, height: int) -> Drawn:
    """A picture of that size, in colours that nobody knows beforehand."""
    names = tuple(random.sample(sorted(COLOURS), 4))
    picture = Image.new("RGB", (width, height))
    for name, (x, y) in zip(names, CORNERS, strict=True):
        left, top = (width // 2 if x > 0.5 else 0), (height // 2 if y > 0.5 else 0)
        picture.paste(COLOURS[name], (left, top, left + width, top + height))
    return Drawn(picture, names)


def broad() -> Drawn:
    return draw(random.randrange(300, 460) * 2, random.randrange(100, 140) * 2)


def high() -> Drawn:
    return draw(random.randrange(100, 140) * 2, random.randrange(300, 460) * 2)


def tiny() -> Drawn:
    return draw(random.randrange(40, 60) * 2, random.randrange(20, 30) * 2)


def stored(picture: Image.Image, format: str = "JPEG", **more: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format, **({"quality": 95} if format == "JPEG" else {}), **more)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image | None:
    """The picture in these bytes; None if they are none."""
    try:
        picture = Image.open(io.BytesIO(data))
        picture.load()
    except (OSError, SyntaxError, Image.DecompressionBombError):
        return None
    return picture


def as_seen(picture: Image.Image) -> Image.Image:
    """As a browser shows it: turned as its note says, in RGB."""
    return ImageOps.exif_transpose(picture).convert("RGB")


def quarters(picture: Image.Image) -> tuple[str, ...]:
    """The names of the colours in the middle of each quarter."""
    seen = as_seen(picture)
    return tuple(name_of(_at(seen, place)) for place in CORNERS)


def name_of(colour: Colour) -> str:
    """The name of the colour it is near to; its numbers if there is none."""
    for name, known in (COLOURS | GROUNDS).items():
        if all(abs(one - other) <= NEAR for one, other in zip(colour, known, strict=True)):
            return name
    return f"rgb{colour}"


def point(picture: Image.Image, x: float, y: float) -> str:
    """The name of the colour at that place, in parts of width and height."""
    return name_of(_at(as_seen(picture), (x, y)))


def _at(picture: Image.Image, place: tuple[float, float]) -> Colour:
    spot = (int(place[0] * picture.width), int(place[1] * picture.height))
    red, green, blue = picture.getpixel(spot)  # type: ignore[misc]
    return int(red), int(green), int(blue)
