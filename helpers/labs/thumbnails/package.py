"""Exercise package: the function with Pillow, as the machine that runs it needs it."""

from collections.abc import Sequence

from helpers.checks.function import RAISED, ask, configuration, failure, other_function
from helpers.checks.package import package_names
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.invoke import Invocation
from helpers.labs.thumbnails.drawn import draw
from helpers.labs.thumbnails.scene import ELSEWHERE, NAME, NOTHING_MADE, Arrival, Scene, target
from helpers.labs.thumbnails.stand_in import Written, run_with_a_store

OURS = ("pictures.py", "thumbnailer.py")

STILL_WITHOUT = "`thumbnailer` still has no Pillow in its package: {names}."
OTHER_FUNCTION = """\
`thumbnailer` still has no Pillow. The function `{name}` has it, but no bucket will ever call that \
one: deploy the folder under its own name."""
LEFT_OUT = """\
`{missing}` is no longer in the package; it holds {names}. Deploy the folder \
`thumbnails/thumbnailer`, not one file of it."""
IN_A_FOLDER = """\
Pillow is in the package, but in the folder `{folder}`, where Python doesn't look. `PIL` has to be \
at the top, beside your own files."""
NO_LIBRARIES = """\
The folder `PIL` is in the package, but not all of Pillow: its compiled files need others, from \
the folder `pillow.libs`, which came with the same distribution. Let `lab.deploy` collect them: it \
takes `packages`."""
WRONG_BUILD = """\
Pillow is in the package, but Python can't load it: its compiled files were made for another \
machine or another Python."""
NO_GALLERY = """\
`thumbnailer` finds Pillow, but no longer the name of the second bucket: the environment variable \
`GALLERY` is gone. Settings that you leave out stay as they are; `environment={}` removes all."""
OTHER_GALLERY = """\
`thumbnailer` finds Pillow, but writes into the bucket `{other}`: that is what its environment \
variable `GALLERY` names. It should be `{gallery}`, the second bucket."""
DONE = "`thumbnailer` has Pillow with it, and makes thumbnails wherever it runs."


def check(probe: Probe) -> str:
    configuration(probe, NAME)
    started = ask(probe, NAME, {"Records": []})
    if started.error:
        raise _not_started(probe, started)
    scene = Scene(probe)
    key = f"incoming/{scene.mark}.jpeg"
    answer = run_with_a_store(probe, scene.uploads, key, draw(400, 300).stored())
    if "GALLERY" in answer.error:
        raise Incorrect(NO_GALLERY, link="configuration", evidence=answer.error)
    if answer.error:
        raise Incorrect(RAISED.format(name=NAME), link="code", evidence=answer.trace)
    assert _thumbnail(scene, key, answer.written).picture
    return DONE


def _thumbnail(scene: Scene, key: str, written: Sequence[Written]) -> Arrival:
    """What was made of that photo. Raises Incorrect if it is not where it should be."""
    found = {each.key: each.data for each in written if each.bucket == scene.gallery}
    others = [each for each in written if each.bucket != scene.gallery]
    wanted = target(key)
    if wanted in found:
        return Arrival(wanted, found[wanted], "", {})
    if found:
        evidence = f"wanted   {wanted}\narrived  {min(found)}"
        raise Incorrect(ELSEWHERE, link="effect", evidence=evidence)
    if others:
        words = OTHER_GALLERY.format(gallery=scene.gallery, other=others[0].bucket)
        raise Incorrect(words, link="configuration")
    raise Incorrect(NOTHING_MADE.format(key=wanted), link="effect")


def _not_started(probe: Probe, answer: Invocation) -> Exception:
    assert answer.error
    if answer.error.type != "Runtime.ImportModuleError":
        return failure(probe, answer)
    names, evidence = package_names(probe, NAME), str(answer.error)
    missing = [file for file in OURS if file not in names]
    shown = ", ".join(f"`{name}`" for name in sorted({name.split("/")[0] for name in names}))
    if missing:
        words = LEFT_OUT.format(missing=missing[0], names=shown)
        return Incorrect(words, link="package", evidence=evidence)
    return _without_pillow(probe, names, shown, evidence)


def _without_pillow(probe: Probe, names: list[str], shown: str, evidence: str) -> Exception:
    inside = [name for name in names if name.endswith("PIL/__init__.py")]
    if not inside:
        other = other_function(probe, NAME, lambda each: _has_pillow(probe, each["FunctionName"]))
        if other:
            return Incorrect(OTHER_FUNCTION.format(name=other), link="function", evidence=evidence)
        return NotAttempted(STILL_WITHOUT.format(names=shown))
    folder = inside[0].removesuffix("PIL/__init__.py")
    if folder:
        words = IN_A_FOLDER.format(folder=folder)
    elif "cannot open shared object" in evidence or not _has_libraries(names):
        words = NO_LIBRARIES
    else:
        words = WRONG_BUILD
    return Incorrect(words, link="package", evidence=evidence)


def _has_pillow(probe: Probe, name: str) -> bool:
    return "PIL/__init__.py" in package_names(probe, name)


def _has_libraries(names: list[str]) -> bool:
    return any(name.startswith("pillow.libs/") or ".dylibs/" in name for name in names)
