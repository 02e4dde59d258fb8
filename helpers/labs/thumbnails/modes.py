"""Exercise modes: upright, on white where it was transparent, and in RGB."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from helpers.checks.function import configuration
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.thumbnails.drawn import COLOURS, Drawn, broad, draw, point, quarters, stored
from helpers.labs.thumbnails.fit import EDGE, is_fitted
from helpers.labs.thumbnails.given import PICTURES_FIT, PICTURES_MODES
from helpers.labs.thumbnails.scene import NAME, PICTURES, Scene, blamed, see_arrival

NOT_TURNED = """\
A photo with the EXIF orientation {orientation} does not stand upright in its thumbnail. The note \
has to be followed before the picture is made small."""
TURNED_WRONG = """\
A photo without any EXIF note came out turned. Turn only those whose note says so: \
`ImageOps.exif_transpose` looks at it."""
CANT_WRITE = """\
A picture in the mode {mode} can't be stored as JPEG. Whatever its mode was, it has to be RGB in \
the end."""
BLACK = """\
Where a picture with alpha ({mode}) was transparent, its thumbnail is {colour}: what lay hidden \
there has come to light. Lay the picture over white before its alpha goes."""
NOT_WHITE = """\
Where a picture with alpha ({mode}) was transparent, its thumbnail should be white, and it is \
{colour}."""
BLEACHED = """\
Where a picture with alpha ({mode}) was opaque, its thumbnail has lost its colours. The picture \
comes above, the white below."""
STILL_CMYK = """\
A photo for the press was stored in the mode {mode}; for screens it should be RGB."""
OTHER_COLOURS = """\
A picture in the mode {mode} has other colours in its thumbnail. Below are those it had, and those \
it has, quarter by quarter."""
SIZE_LOST = """\
A picture in the mode {mode}, {photo} pixels, became a thumbnail of {thumb}. It should still fit \
into {edge} x {edge}, with its proportions."""
DONE = "Upright, on white and in RGB: so a browser shows the thumbnails as they are meant."

ORIENTATION = 0x0112
# How a camera stores a picture that is to be shown upright, by the note it adds.
STORED = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Case:
    """An upload, and how its thumbnail should look."""

    name: str
    data: bytes
    drawn: Drawn
    is_transparent: bool = False  # in its top left quarter
    orientation: int = 1


def check(probe: Probe) -> str:
    configuration(probe, NAME)
    try:
        scene = Scene(probe)
        for number, case in enumerate(_cases()):
            _see(scene, case, f"-{number}.jpeg")
        see_arrival(scene, scene.upload(_transparent("RGBA").data, "-e.png"))
    except Incorrect as error:
        raise blamed(probe, error, PICTURES, [PICTURES_MODES, PICTURES_FIT]) from None
    return DONE


def _cases() -> list[Case]:
    upright = broad()
    turned = [_turned(orientation) for orientation in STORED]
    printed, grey = draw(300, 200), draw(240, 300)
    palette = Drawn(grey.picture.quantize(16), grey.quarters)
    return [
        Case("RGB", upright.stored(), upright),
        *turned,
        Case("P", palette.stored("PNG"), palette),
        Case("CMYK", stored(printed.picture.convert("CMYK")), printed),
        _transparent("RGBA"),
        _transparent("P"),
    ]


def _turned(orientation: int) -> Case:
    drawn = broad()
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    picture = drawn.picture.transpose(STORED[orientation])
    return Case("RGB", stored(picture, exif=exif), drawn, orientation=orientation)


def _transparent(mode: str) -> Case:
    """Its top left quarter is transparent, and black below that."""
    drawn = draw(320, 240)
    picture = drawn.picture.copy()
    picture.paste((0, 0, 0), (0, 0, 160, 120))
    if mode == "P":
        flat = picture.quantize(16)
        data = stored(flat, "PNG", transparency=flat.getpixel((10, 10)))
    else:
        alpha = Image.new("L", picture.size, 255)
        alpha.paste(0, (0, 0, 160, 120))
        picture.putalpha(alpha)
        data = stored(picture, "PNG")
    return Case(mode, data, drawn, is_transparent=True)


def _see(scene: Scene, case: Case, ending: str) -> None:
    key = scene.upload(case.data, ending)
    answer = scene.invoke(key)
    if answer.error and "cannot write mode" in answer.error.message:
        words = CANT_WRITE.format(mode=case.name)
        raise Incorrect(words, link="code", evidence=str(answer.error))
    if answer.error:
        raise scene.failed(answer)
    made = scene.thumbnail(key).picture
    words = _slip(case, made)
    if words:
        evidence = f"should be {_row(_wanted(case))}\nis        {_row(quarters(made))}"
        raise Incorrect(words, link="code", evidence=evidence)


def _slip(case: Case, made: Image.Image) -> str:
    seen, wanted = quarters(made), _wanted(case)
    if case.is_transparent and seen != wanted:
        return _slip_of_alpha(case, made)
    if case.orientation != 1 and seen != wanted:
        return NOT_TURNED.format(orientation=case.orientation)
    if made.mode not in ("RGB", "L"):
        return STILL_CMYK.format(mode=made.mode)
    if seen != wanted:
        is_turned = case.name == "RGB" and set(seen) == set(wanted)
        return TURNED_WRONG if is_turned else OTHER_COLOURS.format(mode=case.name)
    if not is_fitted(_size_as_seen(made), case.drawn.size, EDGE):
        photo, thumb = _words(case.drawn.size), _words(made.size)
        return SIZE_LOST.format(mode=case.name, photo=photo, thumb=thumb, edge=EDGE)
    return ""


def _slip_of_alpha(case: Case, made: Image.Image) -> str:
    ground = point(made, 0.25, 0.25)
    if ground == "white":
        return BLEACHED.format(mode=case.name)
    words = BLACK if ground == "black" else NOT_WHITE
    return words.format(mode=case.name, colour=ground if ground not in COLOURS else f"{ground}")


def _wanted(case: Case) -> tuple[str, ...]:
    quarter = case.drawn.quarters
    return ("white", *quarter[1:]) if case.is_transparent else quarter


def _size_as_seen(made: Image.Image) -> tuple[int, int]:
    turned = made.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8)
    return (made.height, made.width) if turned else made.size


def _row(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _words(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
