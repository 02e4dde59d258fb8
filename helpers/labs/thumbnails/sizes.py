"""Exercise sizes: two sizes of each photo, and a second delivery that changes nothing."""

from helpers.checks import Diagnosis, Link, Probe, compare, first_of, require
from helpers.checks.buckets import Stored
from helpers.checks.code import submission
from helpers.labs.thumbnails.drawn import Drawn, draw, encoded, pixels, quarters
from helpers.labs.thumbnails.fit import is_fitted
from helpers.labs.thumbnails.quarantine import aside, require_retries
from helpers.labs.thumbnails.studio import HANDLER, NAME, Studio, image_in, name_of

EDGES = {"small": 160, "large": 480}

DONE = "Two sizes of each photo; a second delivery changes nothing, and a new photo everything."


class Sizes(Diagnosis):
    ELSEWHERE = Link.CODE("""
        The `{size}` version went to another key. Below are the key that it should have, and the one
        it has.""")
    MISSING = Link.EFFECT("""
        There is no `{size}` version of a good photo: `{wanted}` is missing in the gallery.""")
    FROM_SMALL = Link.CODE("""
        The `large` version has no more pixels than the small one. Make each size from the photo
        itself.""")
    WRONG_SIZE = Link.CODE("""
        The `{size}` version of a photo of {photo} pixels has {thumb}; its longer side should have
        {edge}.""")
    NO_TYPE = Link.CODE("""
        The content type of the `{size}` version is `{kind}`; it should be `image/jpeg`, as
        before.""")
    MORE_OBJECTS = Link.CODE("""
        The same event, delivered twice, left more objects than delivered once. Make the keys from
        the photo's key alone, without time, number or chance.""")
    OTHER_BYTES = Link.CODE("""
        The same event, delivered twice, left other bytes than delivered once.""")
    STALE = Link.CODE("""
        A photo was replaced by another one under the same key, and its `{size}` version still shows
        the old one.""")
    COLLISION = Link.CODE("""
        Two photos whose names differ only in their endings share one `{size}` version: the second
        has overwritten the first. Keep the whole name, as in `sun.png.jpg`.""")
    NOT_PUT_ASIDE = Link.CODE("""
        A file that is not an image no longer goes into quarantine: there should be `{wanted}`.""")


def check(probe: Probe) -> str:
    studio = Studio(probe)
    with submission(probe, NAME, HANDLER):
        _require_two_sizes(studio)
        _require_whole_names(studio)
        bad = studio.upload(b"not an image at all", "-n.jpeg")
        studio.run(bad)
        require(studio.find(aside(bad)), Sizes.NOT_PUT_ASIDE, wanted=aside(bad))
        require_retries(studio)
        key = studio.upload(draw(600, 400).jpeg, "-end.jpg")
        studio.require_invoked(key, [target(key, size) for size in EDGES])
    return DONE


def target(key: str, size: str) -> str:
    return f"{size}/{name_of(key)}.jpg"


def _require_two_sizes(studio: Studio) -> None:
    """Require the same of one delivery and of two, and other images of a photo in its place."""
    first, second = draw(900, 600), draw(600, 900)
    key = studio.upload(first.jpeg, "-a.jpeg")
    studio.run(key)
    made = {size: _version(studio, key, first, size).data for size in EDGES}
    before = studio.arrived()
    studio.run(key)
    after = studio.arrived()
    require(after == before, Sizes.MORE_OBJECTS, "\n".join(sorted({*after} - {*before}) or after))
    for size in EDGES:
        require(_find(studio, key, size).data == made[size], Sizes.OTHER_BYTES)
    studio.upload(second.jpeg, "-a.jpeg")
    studio.run(key)
    for size in EDGES:
        shown = quarters(image_in(_find(studio, key, size)))
        require(shown == second.quarters, Sizes.STALE, size=size)


def _find(studio: Studio, key: str, size: str) -> Stored:
    wanted, found = target(key, size), studio.find(target(key, size))
    others = [other for other in studio.arrived() if size in other]
    evidence = compare(wanted=wanted, arrived="".join(others[:1]))
    require(found or not others, Sizes.ELSEWHERE, evidence, size=size)
    if not found:
        raise Sizes.MISSING(size=size, wanted=wanted)
    return found


def _version(studio: Studio, key: str, drawn: Drawn, size: str) -> Stored:
    """Return that version of the photo, which has its size and its content type."""
    found = _find(studio, key, size)
    thumb, edge, kind = image_in(found).size, EDGES[size], found.content_type
    is_right = is_fitted(thumb, drawn.size, edge)
    slip = first_of(
        (Sizes.FROM_SMALL, size == "large" and max(thumb) <= EDGES["small"]),
        (Sizes.WRONG_SIZE, not is_right),
        (Sizes.NO_TYPE, kind != "image/jpeg"),
    )
    if slip:
        photo = pixels(drawn.size)
        raise slip(size=size, photo=photo, thumb=pixels(thumb), edge=edge, kind=kind)
    return found


def _require_whole_names(studio: Studio) -> None:
    """Require versions of their own of two photos whose names differ only in their endings."""
    jpeg, png = draw(300, 200), draw(300, 200)
    photos = {
        studio.upload(jpeg.jpeg, "-sun.jpeg"): jpeg,
        studio.upload(encoded(png.image, "PNG"), "-sun.PNG"): png,
    }
    studio.run(*photos)
    for key, drawn in photos.items():
        for size in EDGES:
            found = studio.find(target(key, size))
            is_its_own = found is not None and quarters(image_in(found)) == drawn.quarters
            require(is_its_own, Sizes.COLLISION, size=size)
