"""Exercise package: the function with Pillow, as the machine that runs it needs it."""

from base64 import b64decode
from collections.abc import Sequence

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, compare, first_of, require
from helpers.checks.buckets import Stored
from helpers.checks.function import ask, failure, other_function
from helpers.checks.package import package_names
from helpers.labs.thumbnails.drawn import draw
from helpers.labs.thumbnails.stand_in import run_with_a_store
from helpers.labs.thumbnails.studio import (
    HANDLER,
    NAME,
    PICTURES,
    Studio,
    Thumbnail,
    image_in,
    small,
)

PILLOW = "PIL/__init__.py"

STILL_WITHOUT = "`thumbnailer` still has no Pillow in its package: {names}."
DONE = "`thumbnailer` has Pillow with it, and makes thumbnails wherever it runs."


class Package(Diagnosis):
    OTHER_FUNCTION = Link.FUNCTION("""
        `thumbnailer` still has no Pillow. The function `{name}` has it, but no bucket will ever
        invoke that one: deploy the folder under its own name.""")
    FILE_LEFT_OUT = Link.PACKAGE("""
        `{file}` is no longer in the package; it holds {names}. Deploy the folder
        `thumbnails/thumbnailer`, not one file of it.""")
    IN_A_FOLDER = Link.PACKAGE("""
        Pillow is in the package, but in the folder `{folder}`, where Python doesn't look. `PIL` has
        to be at the top, beside your own files.""")
    NO_LIBRARIES = Link.PACKAGE("""
        The folder `PIL` is in the package, but not all of Pillow: its compiled files need others,
        from the folder `pillow.libs` of the same distribution. Let `lab.deploy` collect them: it
        takes `packages`.""")
    OTHER_BUILD = Link.PACKAGE("""
        Pillow is in the package, but Python can't load it: its compiled files were made for another
        machine or another Python.""")
    NO_GALLERY = Link.CONFIGURATION("""
        `thumbnailer` finds Pillow, but no longer the name of the second bucket: the environment
        variable `GALLERY` is gone. Settings that you leave out stay as they are; `environment={{}}`
        removes all.""")
    OTHER_GALLERY = Link.CONFIGURATION("""
        `thumbnailer` finds Pillow, but writes into the bucket `{bucket}`: that is what its
        environment variable `GALLERY` names. It should be `{gallery}`, the second bucket.""")


def check(probe: Probe) -> str:
    studio = Studio(probe)
    started = ask(probe, NAME, {"Records": []})
    if started.error and started.error.type == "Runtime.ImportModuleError":
        raise _not_imported(probe, str(started.error))
    key = f"incoming/{studio.mark}.jpeg"
    photo = draw(400, 300).jpeg
    answer = started if started.error else run_with_a_store(probe, studio.uploads, key, photo)
    if answer.error:
        is_there = (answer.error.type, answer.error.message) != ("KeyError", "'GALLERY'")
        require(is_there, Package.NO_GALLERY, str(answer.error))
        raise failure(probe, answer)
    _require_thumbnail(studio, small(key), answer.result)
    return DONE


def _require_thumbnail(studio: Studio, wanted: str, written: Sequence[Sequence[str]]) -> None:
    found = {key: data for bucket, key, data in written if bucket == studio.gallery}
    others = [bucket for bucket, _, _ in written if bucket != studio.gallery]
    if wanted in found:
        image_in(Stored(wanted, b64decode(found[wanted]), "", {}))
        return
    slip = first_of(
        (Thumbnail.ELSEWHERE, found), (Package.OTHER_GALLERY, others), (Thumbnail.MISSING, True)
    )
    assert slip
    evidence = compare(wanted=wanted, arrived=min(found)) if found else ""
    raise slip(evidence, wanted=wanted, gallery=studio.gallery, bucket="".join(others[:1]))


def _not_imported(probe: Probe, evidence: str) -> Exception:
    """Say what of the package is missing, or why Python can't load it."""
    names = package_names(probe, NAME)
    shown = ", ".join(f"`{name}`" for name in sorted({name.split("/")[0] for name in names}))
    for file in (PICTURES, HANDLER):
        require(file in names, Package.FILE_LEFT_OUT, evidence, file=file, names=shown)
    inside = [name for name in names if name.endswith(PILLOW)]
    if not inside:
        other = other_function(
            probe, NAME, lambda each: PILLOW in package_names(probe, each["FunctionName"])
        )
        require(other is None, Package.OTHER_FUNCTION, evidence, name=other)
        return NotAttempted(STILL_WITHOUT.format(names=shown))
    return why_not_loaded(names, inside[0].removesuffix(PILLOW), evidence)


def why_not_loaded(names: Sequence[str], folder: str, evidence: str) -> Exception:
    """Return why Python can't load the Pillow that lies in that folder of the package."""
    has_libraries = any(name.startswith("pillow.libs/") or ".dylibs/" in name for name in names)
    found = first_of(
        (Package.IN_A_FOLDER, folder),
        (Package.NO_LIBRARIES, "cannot open shared object" in evidence or not has_libraries),
        (Package.OTHER_BUILD, True),
    )
    assert found
    return found(evidence, folder=folder)
