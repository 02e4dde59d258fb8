"""Exercise fit: a thumbnail keeps the photo's proportions, and is never larger than the photo."""

from helpers.checks.function import configuration
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.thumbnails.drawn import Drawn, broad, high, quarters, tiny
from helpers.labs.thumbnails.given import PICTURES_FIT, PICTURES_NAIVE
from helpers.labs.thumbnails.scene import NAME, PICTURES, Scene, blamed

EDGE = 160

STRETCHED = """\
The thumbnail is squeezed: a photo of {photo} became one of {thumb} pixels. Width and height must \
be divided by the same number."""
CUT = """\
The thumbnail shows only a part of the photo: something was cut off. All of it should be seen, \
only smaller."""
ENLARGED = """\
A photo that was small already, {photo} pixels, was enlarged to {thumb}. That makes it blurred and \
heavy: leave such a one as it is."""
SHRUNK = """\
A photo that was small already, {photo} pixels, became even smaller, {thumb}. It fits as it is: \
leave it."""
TOO_LARGE = """\
A photo of {photo} pixels became a thumbnail of {thumb}, and that does not fit into {edge} x \
{edge}. Both sides have to be looked at: of a high photo the height is what counts."""
UNCHANGED = """\
A photo of {photo} pixels stays as large as it was. Some methods of a picture change it, others \
give back a new one: keep what they give back."""
TOO_SMALL = """\
A photo of {photo} pixels became a thumbnail of {thumb}. The longer side should have {edge} \
pixels."""
DONE = "Broad, high and tiny photos keep their proportions, and none was enlarged."


def check(probe: Probe) -> str:
    configuration(probe, NAME)
    try:
        scene = Scene(probe)
        for number, drawn in enumerate((broad(), high(), tiny())):
            made = scene.made_of(drawn.stored(), f"-{number}.jpeg").picture
            _see_size(drawn, made.size)
            if quarters(made) != drawn.quarters:
                raise Incorrect(CUT, link="code")
    except Incorrect as error:
        raise blamed(probe, error, PICTURES, [PICTURES_NAIVE, PICTURES_FIT]) from None
    return DONE


def fitted(size: tuple[int, int], edge: int) -> tuple[float, float]:
    """Width and height as they should be."""
    factor = min(1.0, edge / max(size))
    return size[0] * factor, size[1] * factor


def is_fitted(size: tuple[int, int], photo: tuple[int, int], edge: int) -> bool:
    """Within the rounding of a point."""
    return all(abs(one - other) <= 1 for one, other in zip(size, fitted(photo, edge), strict=True))


def _see_size(drawn: Drawn, size: tuple[int, int]) -> None:
    if is_fitted(size, drawn.size, EDGE):
        return
    words = {"photo": _words(drawn.size), "thumb": _words(size), "edge": EDGE}
    raise Incorrect(_slip(drawn.size, size).format(**words), link="code")


def _slip(photo: tuple[int, int], thumb: tuple[int, int]) -> str:
    is_small = max(photo) <= EDGE
    proportion = (thumb[0] / thumb[1]) / (photo[0] / photo[1])
    if thumb == photo:
        return UNCHANGED
    if is_small and max(thumb) > max(photo):
        return ENLARGED
    if not 0.9 < proportion < 1.1:
        return STRETCHED
    if max(thumb) > EDGE + 1:
        return TOO_LARGE
    return SHRUNK if is_small else TOO_SMALL


def _words(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
