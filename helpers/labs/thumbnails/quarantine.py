"""Exercise quarantine: what is no picture is put aside, and everything else still fails."""

from __future__ import annotations

import random

from helpers.checks.function import configuration
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.functions.invoke import Invocation
from helpers.labs.thumbnails.breath import see_failure
from helpers.labs.thumbnails.drawn import draw
from helpers.labs.thumbnails.given import HANDLER_KEYS, HANDLER_QUARANTINE
from helpers.labs.thumbnails.scene import HANDLER, NAME, Scene, blamed

STILL_FAILS = """\
{what} still makes the function fail: Lambda would try it twice more, and then forget it."""
NOT_ASCII = """\
The reason can't be stored: metadata travels in HTTP's headers and takes plain letters only. A \
file's name may have accents; keep it out of the reason."""
NOT_THERE = """\
`thumbnailer` ran without an error, but {what} is not in quarantine: there should be `{wanted}` in \
the second bucket."""
OTHER_PLACE = """\
{what} went somewhere else. Below are the key it should have, and the one it has."""
NO_REASON = """\
{what} is in quarantine, and nothing says why. Give the object `Metadata={{"reason": …}}` with \
some words."""
CHANGED = "{what} is in quarantine, but its bytes are not those that were uploaded."
GONE = """\
The upload itself is gone. The bucket of uploads belongs to those who upload: put a copy into \
quarantine, and leave it alone."""
MADE_UP = "There is a thumbnail of {what}, which is no picture."
STOPPED = """\
{what} is in quarantine, but the photo that came after it in the same event has no thumbnail. Go \
on with the next record."""
GOOD_ASIDE = """\
A photo that nothing is wrong with was put into quarantine: {reason}"""
GOOD_MISSING = """\
A photo that nothing is wrong with has no thumbnail any more: there should be `{wanted}`."""
SWALLOWED = """\
An object that is not in the bucket makes no error any more, and so would a store that fails for a \
moment: nobody would notice, and nobody would try again. Catch only what Pillow raises for a bad \
file, and only around the making of the thumbnail."""
ASIDE_ON_ERROR = """\
An object that could not be fetched was put into quarantine. Nothing is wrong with the file: \
fetching it may succeed at the next attempt. Keep `get_object` out of the `try`."""
DONE = (
    "Files that are no pictures wait in quarantine with a reason; all other errors are still seen."
)

ACCENT = "-fr\N{LATIN SMALL LETTER U WITH DIAERESIS}h"


def check(probe: Probe) -> str:
    configuration(probe, NAME)
    try:
        scene = Scene(probe)
        for number, (what, data) in enumerate(_bad_files()):
            _see_bad(scene, what, data, f"{number}")
        _see_missing(scene)
        see_failure(scene)
    except Incorrect as error:
        raise blamed(probe, error, HANDLER, [HANDLER_KEYS, HANDLER_QUARANTINE]) from None
    return DONE


def _bad_files() -> list[tuple[str, bytes]]:
    words = " ".join(random.choices(["film", "strap", "battery", "lens", "bag"], k=9))
    photo = draw(400, 300).stored()
    return [
        ("A text named .jpg", words.encode()),
        ("A photo that breaks off", photo[: len(photo) // 2]),
        ("An empty file", b""),
    ]


def _see_bad(scene: Scene, what: str, data: bytes, name: str) -> None:
    """The bad file, and a good photo after it in the same event."""
    bad = scene.upload(data, f"-{name}{ACCENT}.jpeg")
    good = scene.upload(draw(300, 200).stored(), f"-{name}-good.jpeg")
    answer = scene.invoke(bad, good)
    if answer.error:
        raise _still_fails(scene, what, answer)
    _see_aside(scene, what, bad, data)
    aside = scene.fetch(_aside(good))
    if aside:
        raise Incorrect(GOOD_ASIDE.format(reason=aside.metadata.get("reason", "")), link="code")
    if not scene.fetch(f"small/{good.removeprefix('incoming/')}.jpg"):
        alone = scene.invoke(good).error or not scene.arrived(f"small/{scene.mark}-{name}-good")
        words = GOOD_MISSING.format(wanted=f"small/{_name(good)}.jpg") if alone else STOPPED
        raise Incorrect(words.format(what=what), link="code")


def _still_fails(scene: Scene, what: str, answer: Invocation) -> Incorrect:
    assert answer.error
    error, evidence = answer.error, str(answer.error)
    if error.type.startswith(("Runtime.", "Sandbox.")):
        return scene.failed(answer)
    if "ascii" in error.message.lower():
        return Incorrect(NOT_ASCII, link="code", evidence=evidence)
    if error.type in ("UnidentifiedImageError", "OSError"):
        return Incorrect(STILL_FAILS.format(what=what), link="code", evidence=evidence)
    return scene.failed(answer)


def _see_aside(scene: Scene, what: str, key: str, data: bytes) -> None:
    wanted = _aside(key)
    found = scene.fetch(wanted)
    if scene.fetch(f"small/{_name(key)}.jpg"):
        raise Incorrect(MADE_UP.format(what=what), link="code")
    original = scene.fetch(key, scene.uploads)
    if original is None or original.data != data:
        raise Incorrect(GONE, link="effect")
    if found is None:
        raise _not_aside(scene, what, wanted)
    if found.data != data:
        raise Incorrect(CHANGED.format(what=what), link="code")
    if not found.metadata.get("reason", "").strip():
        shown = f"Metadata: {dict(found.metadata)}"
        raise Incorrect(NO_REASON.format(what=what), link="code", evidence=shown)


def _not_aside(scene: Scene, what: str, wanted: str) -> Incorrect:
    name = wanted.removeprefix("quarantine/").removesuffix(".jpeg")
    others = [key for key in scene.arrived() if name in key]
    if others:
        evidence = f"wanted   {wanted}\narrived  {others[0]}"
        return Incorrect(OTHER_PLACE.format(what=what), link="code", evidence=evidence)
    return Incorrect(NOT_THERE.format(what=what, wanted=wanted), link="effect")


def _see_missing(scene: Scene) -> None:
    """An object that isn't there is no bad file: the function has to fail."""
    key = f"incoming/{scene.mark}-missing.jpeg"
    failed = scene.invoke(key).error
    if scene.fetch(_aside(key)):
        raise Incorrect(ASIDE_ON_ERROR, link="code")
    if not failed:
        raise Incorrect(SWALLOWED, link="code")


def _aside(key: str) -> str:
    return f"quarantine/{_name(key)}"


def _name(key: str) -> str:
    return key.removeprefix("incoming/")
