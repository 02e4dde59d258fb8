"""Exercise fit: a thumbnail keeps the photo's proportions, and is never larger than the photo."""

from helpers.checks import Diagnosis, Link, Probe, first_of, require
from helpers.checks.code import submission
from helpers.labs.thumbnails.drawn import landscape, pixels, portrait, quarters, tiny
from helpers.labs.thumbnails.studio import NAME, PICTURES, Studio

EDGE = 160

Size = tuple[int, int]

DONE = "Landscape, portrait and tiny photos keep their proportions, and none was enlarged."


class Fit(Diagnosis):
    NOT_KEPT = Link.CODE("""
        A photo of {photo} pixels is as large as before. Some methods of an image change it, others
        return a new one: keep what they return.""")
    ENLARGED = Link.CODE("""
        A photo that was small already, {photo} pixels, was enlarged to {thumb}. That makes it
        blurred and heavy: leave it as it is.""")
    STRETCHED = Link.CODE("""
        The thumbnail is squeezed: a photo of {photo} pixels became one of {thumb}. Divide width and
        height by the same number.""")
    TOO_LARGE = Link.CODE("""
        A photo of {photo} pixels became a thumbnail of {thumb}, which does not fit into 160 x 160.
        Look at both sides: in portrait format the height is what counts.""")
    SHRUNK = Link.CODE("""
        A photo that was small already, {photo} pixels, became even smaller, {thumb}. It fits as it
        is: leave it.""")
    TOO_SMALL = Link.CODE("""
        A photo of {photo} pixels became a thumbnail of {thumb}. The longer side should have 160
        pixels.""")
    CUT = Link.CODE("""
        The thumbnail shows only a part of the photo: something was cut off. All of it should be
        there, only smaller.""")


def check(probe: Probe) -> str:
    studio = Studio(probe)
    with submission(probe, NAME, PICTURES):
        for number, drawn in enumerate((landscape(), portrait(), tiny())):
            made = studio.thumbnail_of(drawn.jpeg, f"-{number}.jpeg")
            if found := find_slip(drawn.size, made.size):
                raise found(photo=pixels(drawn.size), thumb=pixels(made.size))
            require(quarters(made) == drawn.quarters, Fit.CUT)
    return DONE


def is_fitted(size: Size, photo: Size, edge: int) -> bool:
    """Return whether it is the photo's size, made to fit, but for the rounding of a pixel."""
    factor = min(1.0, edge / max(photo))
    return all(abs(one - other * factor) <= 1 for one, other in zip(size, photo, strict=True))


def find_slip(photo: Size, thumb: Size) -> Diagnosis | None:
    """Return what is wrong with the size of a thumbnail, None if nothing is."""
    if is_fitted(thumb, photo, EDGE):
        return None
    is_small = max(photo) <= EDGE
    proportion = (thumb[0] / thumb[1]) / (photo[0] / photo[1])
    return first_of(
        (Fit.NOT_KEPT, thumb == photo),
        (Fit.ENLARGED, is_small and max(thumb) > max(photo)),
        (Fit.STRETCHED, not 0.9 < proportion < 1.1),
        (Fit.TOO_LARGE, max(thumb) > EDGE + 1),
        (Fit.SHRUNK, is_small),
        (Fit.TOO_SMALL, True),
    )
