"""Exercise sizes: two sizes of each photo, and a second delivery that changes nothing."""

from __future__ import annotations

from helpers.checks.function import configuration
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.thumbnails.breath import see_failure
from helpers.labs.thumbnails.drawn import Drawn, draw, quarters
from helpers.labs.thumbnails.fit import is_fitted
from helpers.labs.thumbnails.given import HANDLER_QUARANTINE, HANDLER_SIZES
from helpers.labs.thumbnails.scene import HANDLER, NAME, Arrival, Scene, blamed, see_arrival, target

EDGES = {"small": 160, "large": 480}

ONE_MISSING = """\
There is no `{size}` picture of a good photo: `{wanted}` is missing in the second bucket."""
ELSEWHERE = """\
The `{size}` picture went to another key. Below are the key it should have, and the one it has."""
FROM_SMALL = """\
The `large` picture has no more pixels than the small one. Make each size from the photo itself."""
WRONG_SIZE = """\
The `{size}` picture of a photo of {photo} pixels has {thumb}; its longer side should have \
{edge}."""
NO_TYPE = """\
The `{size}` picture's content type is `{kind}`; it should be `image/jpeg`, as before."""
TWICE = """\
The same event, delivered twice, left more objects than delivered once. The keys must follow from \
the photo's key alone, without time, number or chance."""
DIFFERENT = "The same event, delivered twice, left other bytes than delivered once."
STALE = """\
A photo was replaced by another one under the same key, and its `{size}` picture still shows the \
old one."""
COLLISION = """\
Two photos whose names differ only in their endings share one `{size}` picture: the second has \
overwritten the first. Keep the whole name, as in `sun.png.jpg`."""
NOT_ASIDE = """\
A file that is no picture is no longer put into quarantine: there should be `{wanted}`."""
DONE = "Two sizes of each photo; a second delivery changes nothing, and a new photo everything."


def check(probe: Probe) -> str:
    configuration(probe, NAME)
    try:
        scene = Scene(probe)
        _see_sizes(scene)
        _see_endings(scene)
        _see_quarantine(scene)
        see_failure(scene)
        _see_all_of_it(scene)
    except Incorrect as error:
        raise blamed(probe, error, HANDLER, [HANDLER_QUARANTINE, HANDLER_SIZES]) from None
    return DONE


def _see_sizes(scene: Scene) -> None:
    """One delivery, the same again, and then another photo in its place."""
    first, second = draw(900, 600), draw(600, 900)
    key = scene.upload(first.stored(), "-a.jpeg")
    scene.run(key)
    made = {size: _see_size(scene, key, first, size) for size in EDGES}
    before = scene.arrived()
    scene.run(key)
    after = scene.arrived()
    if after != before:
        new = sorted(set(after) - set(before)) or after
        raise Incorrect(TWICE, link="code", evidence="\n".join(new))
    for size in EDGES:
        if _fetched(scene, key, size).data != made[size].data:
            raise Incorrect(DIFFERENT, link="code")
    scene.upload(second.stored(), "-a.jpeg")
    scene.run(key)
    for size in EDGES:
        if quarters(_fetched(scene, key, size).picture) != second.quarters:
            raise Incorrect(STALE.format(size=size), link="code")


def _see_size(scene: Scene, key: str, drawn: Drawn, size: str) -> Arrival:
    found = _fetched(scene, key, size)
    pixels, edge = found.picture.size, EDGES[size]
    if not is_fitted(pixels, drawn.size, edge):
        from_small = size == "large" and max(pixels) <= EDGES["small"]
        words = FROM_SMALL if from_small else WRONG_SIZE
        photo, thumb = (f"{width} x {height}" for width, height in (drawn.size, pixels))
        words = words.format(size=size, photo=photo, thumb=thumb, edge=edge)
        raise Incorrect(words, link="code")
    if found.kind != "image/jpeg":
        raise Incorrect(NO_TYPE.format(size=size, kind=found.kind), link="code")
    return found


def _fetched(scene: Scene, key: str, size: str) -> Arrival:
    wanted = target(key, size)
    found = scene.fetch(wanted)
    if found:
        return found
    others = [other for other in scene.arrived() if size in other]
    if others:
        evidence = f"wanted   {wanted}\narrived  {others[0]}"
        raise Incorrect(ELSEWHERE.format(size=size), link="code", evidence=evidence)
    raise Incorrect(ONE_MISSING.format(size=size, wanted=wanted), link="effect")


def _see_endings(scene: Scene) -> None:
    drawn = [draw(300, 200), draw(300, 200)]
    keys = [
        scene.upload(drawn[0].stored(), "-sun.jpeg"),
        scene.upload(drawn[1].stored("PNG"), "-sun.PNG"),
    ]
    scene.run(*keys)
    for key, photo in zip(keys, drawn, strict=True):
        for size in EDGES:
            found = scene.fetch(target(key, size))
            if found is None or quarters(found.picture) != photo.quarters:
                raise Incorrect(COLLISION.format(size=size), link="code")


def _see_quarantine(scene: Scene) -> None:
    key = scene.upload(b"no picture at all", "-n.jpeg")
    scene.run(key)
    wanted = f"quarantine/{key.removeprefix('incoming/')}"
    if scene.fetch(wanted) is None:
        raise Incorrect(NOT_ASIDE.format(wanted=wanted), link="code")


def _see_all_of_it(scene: Scene) -> None:
    key = scene.upload(draw(600, 400).stored(), "-end.jpg")
    for size in EDGES:
        see_arrival(scene, key, size)
