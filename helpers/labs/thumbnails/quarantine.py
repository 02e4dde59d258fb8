"""Exercise quarantine: what is not an image is put aside, and everything else still fails."""

from __future__ import annotations

import random

from helpers.checks import Diagnosis, Incorrect, Link, Probe, compare, first_of, require
from helpers.checks.buckets import find_object
from helpers.checks.code import submission
from helpers.checks.faults import copy_refused_once
from helpers.checks.function import ask
from helpers.checks.sample_events import s3_event
from helpers.functions.invoke import Invocation
from helpers.labs.thumbnails.drawn import draw
from helpers.labs.thumbnails.studio import HANDLER, NAME, Studio, name_of, small

DONE = (
    "Files that are not images wait in quarantine with a reason; all other errors are still seen."
)

ACCENT = "-fr\N{LATIN SMALL LETTER U WITH DIAERESIS}h"


class Quarantine(Diagnosis):
    STILL_FAILS = Link.CODE("""
        {what} still makes the function fail: Lambda would try it twice more, and then forget
        it.""")
    NOT_ASCII = Link.CODE("""
        The reason can't be stored: metadata travels in HTTP headers and takes only ASCII
        characters. A file's name may have accents; keep it out of the reason.""")
    MADE_UP = Link.CODE("There is a thumbnail of {what}, which is not an image.")
    UPLOAD_GONE = Link.EFFECT("""
        The upload itself is gone. The bucket of uploads belongs to those who upload: put a copy
        into quarantine, and leave it alone.""")
    ELSEWHERE = Link.CODE("""
        {what} went somewhere else. Below are the key that it should have, and the one it has.""")
    NOT_THERE = Link.EFFECT("""
        `thumbnailer` ran without an error, but {what} is not in quarantine: there should be
        `{wanted}` in the gallery.""")
    CHANGED = Link.CODE("{what} is in quarantine, but its bytes are not those that were uploaded.")
    NO_REASON = Link.CODE("""
        {what} is in quarantine, and nothing says why. Give the object `Metadata={{"reason": …}}`
        with some words.""")
    GOOD_PUT_ASIDE = Link.CODE("""
        A photo that nothing is wrong with was put into quarantine, with the reason below.""")
    GOOD_MISSING = Link.CODE("""
        A photo that nothing is wrong with no longer has a thumbnail: there should be `{good}`.""")
    STOPPED = Link.CODE("""
        {what} is in quarantine, but the photo that came after it in the same event has no
        thumbnail. Go on with the next record.""")
    MISSING_PUT_ASIDE = Link.CODE("""
        An object that could not be fetched was put into quarantine. Nothing is wrong with the file:
        fetching it may succeed at the next attempt. Keep `get_object` out of the `try`.""")
    SWALLOWED = Link.CODE("""
        An object that is not in the bucket no longer makes an error, and neither would a store that
        fails for a moment: nobody would notice or try again. Catch only what Pillow raises for a
        bad file, and only around the making of the thumbnail.""")
    REFUSED_PUT_ASIDE = Link.CODE("""
        A good photo went into quarantine because S3 refused its thumbnail once (`SlowDown`). The
        next attempt would succeed. Catch `OSError` and nothing wider, or keep the writing out of
        the `try`.""")
    REFUSED_SWALLOWED = Link.CODE("""
        S3 refused a thumbnail once (`SlowDown`), and the function ended as if all were well: nobody
        would try again. Catch `OSError` and nothing wider, or keep the writing out of the
        `try`.""")


def check(probe: Probe) -> str:
    studio = Studio(probe)
    with submission(probe, NAME, HANDLER):
        for number, (what, data) in enumerate(_bad_files()):
            _require_put_aside(studio, what, data, f"-{number}")
        missing = f"incoming/{studio.mark}-missing.jpeg"
        failed = studio.invoke(missing).error
        require(not studio.find(aside(missing)), Quarantine.MISSING_PUT_ASIDE)
        require(failed, Quarantine.SWALLOWED)
        require_retries(studio)
    return DONE


def aside(key: str) -> str:
    """Return the key of an upload's copy in quarantine."""
    return f"quarantine/{name_of(key)}"


def require_retries(studio: Studio) -> None:
    """Require that the function fails when S3 refuses a write: so Lambda will try again."""
    key = studio.upload(draw(300, 200).jpeg, "-refused.jpeg")
    copy = copy_refused_once(studio.probe, NAME, "PutObject", "SlowDown")
    answer = ask(studio.probe, copy, s3_event(studio.uploads, key))
    require(not studio.find(aside(key)), Quarantine.REFUSED_PUT_ASIDE)
    require(answer.error or not answer.result, Quarantine.REFUSED_SWALLOWED)


def _bad_files() -> list[tuple[str, bytes]]:
    words = " ".join(random.choices(["film", "strap", "battery", "lens", "bag"], k=9))
    photo = draw(400, 300).jpeg
    return [
        ("A text named .jpg", words.encode()),
        ("A photo that breaks off", photo[: len(photo) // 2]),
        ("An empty file", b""),
    ]


def _require_put_aside(studio: Studio, what: str, data: bytes, name: str) -> None:
    """Deliver the bad file, and a good photo after it in the same event."""
    bad = studio.upload(data, f"{name}{ACCENT}.jpeg")
    good = studio.upload(draw(300, 200).jpeg, f"{name}-good.jpeg")
    answer = studio.invoke(bad, good)
    if answer.error:
        raise _still_fails(studio, what, answer)
    wanted, found = aside(bad), studio.find(aside(bad))
    original = find_object(studio.probe, studio.uploads, bad)
    others = [key for key in studio.arrived() if f"{name}{ACCENT}" in key and key != small(bad)]
    good_aside, has_good = studio.find(aside(good)), studio.find(small(good))
    slip = first_of(
        (Quarantine.MADE_UP, studio.find(small(bad))),
        (Quarantine.UPLOAD_GONE, original is None or original.data != data),
        (Quarantine.ELSEWHERE, not found and others),
        (Quarantine.NOT_THERE, not found),
        (Quarantine.CHANGED, found and found.data != data),
        (Quarantine.NO_REASON, found and not found.metadata.get("reason", "").strip()),
        (Quarantine.GOOD_PUT_ASIDE, good_aside),
        (Quarantine.GOOD_MISSING, not has_good and _has_no_thumbnail(studio, good)),
        (Quarantine.STOPPED, not has_good),
    )
    if slip:
        evidence = compare(wanted=wanted, arrived="".join(others[:1])) if not found else ""
        if slip is Quarantine.GOOD_PUT_ASIDE and good_aside:
            evidence = compare(**good_aside.metadata)
        raise slip(evidence, what=what, wanted=wanted, good=small(good))


def _has_no_thumbnail(studio: Studio, key: str) -> bool:
    """Return whether a photo gets none even when it comes alone."""
    return bool(studio.invoke(key).error) or not studio.find(small(key))


def _still_fails(studio: Studio, what: str, answer: Invocation) -> Incorrect:
    assert answer.error
    error, evidence = answer.error, str(answer.error)
    is_its_own = not error.type.startswith(("Runtime.", "Sandbox."))
    found = first_of(
        (Quarantine.NOT_ASCII, is_its_own and "ascii" in error.message.lower()),
        (Quarantine.STILL_FAILS, error.type in ("UnidentifiedImageError", "OSError")),
    )
    return found(evidence, what=what) if found else studio.failure(answer)
