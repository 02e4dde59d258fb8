"""Images that a check draws, and how it looks at what became of them.

A drawn image has four quarters in four colours, so that one can tell from single points which way
up it is, whether it was cut, and what became of its colours.
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
CENTRES = ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75))  # of the quarters
NEAR = 60  # how far a channel may be off


@dataclass(frozen=True)
class Drawn:
    """An image and the names of the colours in its quarters, in the order of CENTRES."""

    image: Image.Image
    quarters: tuple[str, ...]

    @property
    def size(self) -> tuple[int, int]:
        return self.image.size

    @property
    def jpeg(self) -> bytes:
        return encoded(self.image)


def draw(width: int, height: int) -> Drawn:
    """Return an image of that size, in colours that nobody knows beforehand."""
    names = tuple(random.sample(sorted(COLOURS), 4))
    image = Image.new("RGB", (width, height))
    for name, (x, y) in zip(names, CENTRES, strict=True):
        left, top = (width // 2 if x > 0.5 else 0), (height // 2 if y > 0.5 else 0)
        image.paste(COLOURS[name], (left, top, left + width, top + height))
    return Drawn(image, names)


def landscape() -> Drawn:
    return draw(random.randrange(300, 460) * 2, random.randrange(100, 140) * 2)


def portrait() -> Drawn:
    return draw(random.randrange(100, 140) * 2, random.randrange(300, 460) * 2)


def tiny() -> Drawn:
    return draw(random.randrange(40, 60) * 2, random.randrange(20, 30) * 2)


def encoded(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    """Return the bytes of the image's file."""
    buffer = io.BytesIO()
    image.save(buffer, format, **({"quality": 95} if format == "JPEG" else {}), **options)
    return buffer.getvalue()


def decoded(data: bytes) -> Image.Image | None:
    """Return the image in these bytes, None if there is none."""
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except (OSError, SyntaxError, Image.DecompressionBombError):
        return None
    return image


def quarters(image: Image.Image) -> tuple[str, ...]:
    """Return the names of the colours in the middle of each quarter, as a browser shows it."""
    seen = ImageOps.exif_transpose(image).convert("RGB")
    spots = [(int(x * seen.width), int(y * seen.height)) for x, y in CENTRES]
    return tuple(name_of(seen.getpixel(spot)) for spot in spots)  # type: ignore[arg-type]


def name_of(colour: Colour) -> str:
    """Return the name of the colour it is near to; its numbers if there is none."""
    for name, known in (COLOURS | GROUNDS).items():
        if all(abs(one - other) <= NEAR for one, other in zip(colour, known, strict=True)):
            return name
    return f"rgb{colour}"


def pixels(size: tuple[int, int]) -> str:
    """Return "640 x 427"."""
    return f"{size[0]} x {size[1]}"
