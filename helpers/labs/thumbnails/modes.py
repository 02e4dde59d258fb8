"""Exercise modes: upright, on white where it was transparent, and in RGB."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from helpers.checks import Diagnosis, Link, Probe, compare, first_of
from helpers.checks.code import submission
from helpers.labs.thumbnails.drawn import Drawn, draw, encoded, landscape, pixels, quarters
from helpers.labs.thumbnails.fit import EDGE, is_fitted
from helpers.labs.thumbnails.studio import NAME, PICTURES, Studio, image_in, small

DONE = "Upright, on white and in RGB: so a browser shows the thumbnails as they are meant."

ORIENTATION = 0x0112
# How a camera stores a photo that is to be shown upright, by the note that it adds.
STORED = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


class Modes(Diagnosis):
    CANT_WRITE = Link.CODE("""
        An image in the mode {mode} can't be stored as JPEG. Whatever its mode was, it has to be RGB
        in the end.""")
    BLEACHED = Link.CODE("""
        Where an image with alpha ({mode}) was opaque, its thumbnail has lost its colours. The image
        goes above, the white below.""")
    HIDDEN_SHOWN = Link.CODE("""
        Where an image with alpha ({mode}) was transparent, its thumbnail is black: what lay hidden
        there has come to light. Lay the image over white before its alpha goes.""")
    NOT_WHITE = Link.CODE("""
        Where an image with alpha ({mode}) was transparent, its thumbnail is {ground}; it should be
        white.""")
    NOT_TURNED = Link.CODE("""
        A photo with the EXIF orientation {orientation} does not stand upright in its thumbnail.
        Follow the note before you make the image small, and keep what is returned.""")
    NOT_RGB = Link.CODE("""
        The thumbnail of a photo for the press has the mode {made}; for screens it should be
        RGB.""")
    TURNED = Link.CODE("""
        A photo without an EXIF note came out turned. Turn only those whose note says so:
        `ImageOps.exif_transpose` looks at it.""")
    OTHER_COLOURS = Link.CODE("""
        An image in the mode {mode} has other colours in its thumbnail. Below are those that it
        should have and those that it has, quarter by quarter.""")
    NOT_FITTED = Link.CODE("""
        An image in the mode {mode}, {photo} pixels, became a thumbnail of {thumb}. It should still
        fit into 160 x 160, with its proportions.""")


@dataclass(frozen=True)
class Case:
    """An upload, and how its thumbnail should look."""

    mode: str
    data: bytes
    drawn: Drawn
    is_transparent: bool = False  # in its top left quarter
    orientation: int = 1

    @property
    def wanted(self) -> tuple[str, ...]:
        found = self.drawn.quarters
        return ("white", *found[1:]) if self.is_transparent else found


def check(probe: Probe) -> str:
    studio = Studio(probe)
    with submission(probe, NAME, PICTURES):
        for number, case in enumerate(_cases()):
            _require_seen_right(studio, case, f"-{number}.jpeg")
        key = studio.upload(transparent("RGBA").data, "-e.png")
        studio.require_invoked(key, [small(key)])
    return DONE


def _cases() -> list[Case]:
    upright, printed, grey = landscape(), draw(300, 200), draw(240, 300)
    return [
        Case("RGB", upright.jpeg, upright),
        *map(_turned, STORED),
        Case("P", encoded(grey.image.quantize(16), "PNG"), grey),
        Case("CMYK", encoded(printed.image.convert("CMYK")), printed),
        transparent("RGBA"),
        transparent("P"),
    ]


def _turned(orientation: int) -> Case:
    drawn, exif = landscape(), Image.Exif()
    exif[ORIENTATION] = orientation
    data = encoded(drawn.image.transpose(STORED[orientation]), exif=exif)
    return Case("RGB", data, drawn, orientation=orientation)


def transparent(mode: str) -> Case:
    """Return one whose top left quarter is transparent, and black below that."""
    drawn = draw(320, 240)
    image = drawn.image.copy()
    image.paste((0, 0, 0), (0, 0, 160, 120))
    if mode == "P":
        flat = image.quantize(16)
        data = encoded(flat, "PNG", transparency=flat.getpixel((10, 10)))
    else:
        alpha = Image.new("L", image.size, 255)
        alpha.paste(0, (0, 0, 160, 120))
        image.putalpha(alpha)
        data = encoded(image, "PNG")
    return Case(mode, data, drawn, is_transparent=True)


def _require_seen_right(studio: Studio, case: Case, ending: str) -> None:
    key = studio.upload(case.data, ending)
    answer = studio.invoke(key)
    if answer.error and "cannot write mode" in answer.error.message:
        raise Modes.CANT_WRITE(str(answer.error), mode=case.mode)
    if answer.error:
        raise studio.failure(answer)
    made = image_in(studio.thumbnail(key))
    if found := find_slip(case, made):
        raise found(
            compare(should_be=", ".join(case.wanted), thumbnail=", ".join(quarters(made))),
            mode=case.mode,
            ground=quarters(made)[0],
            orientation=case.orientation,
            made=made.mode,
            photo=pixels(case.drawn.size),
            thumb=pixels(made.size),
        )


def find_slip(case: Case, made: Image.Image) -> Diagnosis | None:
    """Return what is wrong with the thumbnail of that case, None if nothing is."""
    seen, wanted = quarters(made), case.wanted
    is_other, ground = seen != wanted, seen[0]
    alpha = case.is_transparent and is_other
    is_turned = case.mode == "RGB" and set(seen) == set(wanted)
    lies = made.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8)  # and is shown upright
    size = made.size[::-1] if lies else made.size
    return first_of(
        (Modes.BLEACHED, alpha and ground == "white"),
        (Modes.HIDDEN_SHOWN, alpha and ground == "black"),
        (Modes.NOT_WHITE, alpha),
        (Modes.NOT_TURNED, is_other and case.orientation != 1),
        (Modes.NOT_RGB, made.mode not in ("RGB", "L")),
        (Modes.TURNED, is_other and is_turned),
        (Modes.OTHER_COLOURS, is_other),
        (Modes.NOT_FITTED, not is_fitted(size, case.drawn.size, EDGE)),
    )
