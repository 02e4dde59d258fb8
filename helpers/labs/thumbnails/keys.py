"""Exercise keys: names with spaces, accents and signs, and thumbnails that say what they are."""

from urllib.parse import quote_plus

from helpers.checks.function import configuration
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.functions.invoke import FunctionError
from helpers.labs.thumbnails.drawn import draw, quarters
from helpers.labs.thumbnails.given import HANDLER_KEYS, HANDLER_NAIVE
from helpers.labs.thumbnails.refused import refusal_in
from helpers.labs.thumbnails.scene import HANDLER, NAME, Arrival, Scene, blamed, see_arrival, target

NOT_DECODED = """\
`thumbnailer` looks for an object that is not there: for the name `{name}` the event says \
`{encoded}`, and that has to be decoded before the object is fetched."""
PLUS_LEFT = """\
Accents are decoded now, but a space still arrives as `+`. There are two functions that decode, \
and only one of them knows about the plus."""
DECODED_TWICE = """\
The key was decoded twice. A file may really be called `{name}`, with a percent sign in its name; \
the second time spoils it."""
ACCENT_LOST = """\
Spaces are decoded now, but accents are not. Don't replace signs one by one: `urllib.parse` has a \
function that decodes all of them."""
STILL_ENCODED = """\
The photo was found, but its thumbnail went to another name. Use the decoded key for both, for \
fetching and for writing."""
NO_TYPE = """\
The thumbnail's content type is `{kind}`: a browser would save it rather than show it. Say what it \
is with `ContentType` in `put_object`."""
WRONG_TYPE = """\
The thumbnail's content type is `{kind}`, and it has to be `image/jpeg`, letter by letter; that is \
what browsers know."""
OTHER_PICTURE = "The thumbnail shows another picture than the one that was uploaded."
DONE = "Whatever people call their photos: they are found, and browsers show their thumbnails."

UNKNOWN_KIND = "binary/octet-stream"

ENDINGS = {
    "accent": " caf\N{LATIN SMALL LETTER E WITH ACUTE}.jpeg".replace(" ", "-"),
    "space": " am See 1+1.jpeg",
    "percent": "-100%41.jpeg",
}
# What a failure to find each of them means.
SLIPS = {"accent": NOT_DECODED, "space": PLUS_LEFT, "percent": DECODED_TWICE}


def check(probe: Probe) -> str:
    configuration(probe, NAME)
    try:
        scene = Scene(probe)
        for kind in ENDINGS:
            _see_thumbnail(scene, kind)
        _see_all_of_it(scene)
    except Incorrect as error:
        raise blamed(probe, error, HANDLER, [HANDLER_NAIVE, HANDLER_KEYS]) from None
    return DONE


def _see_thumbnail(scene: Scene, kind: str) -> None:
    drawn = draw(300, 200)
    key = scene.upload(drawn.stored(), ENDINGS[kind])
    answer = scene.invoke(key)
    if answer.error and _is_not_found(scene, answer.error):
        evidence = f"key in the event   {quote_plus(key, safe='/')}\nkey in the bucket  {key}"
        raise Incorrect(_words(scene, kind), link="code", evidence=evidence)
    if answer.error:
        raise scene.failed(answer)
    scene.see_untouched(key)
    found = _fetched(scene, key)
    _see_type(found)
    if quarters(found.picture) != drawn.quarters:
        raise Incorrect(OTHER_PICTURE, link="code")


def _is_not_found(scene: Scene, error: FunctionError) -> bool:
    """Whether the object was not there; S3 says so to those only who may list the bucket."""
    if error.type == "NoSuchKey" or "(404)" in error.message:
        return True
    refusal = refusal_in(scene.probe, error.message)
    return refusal is not None and refusal.is_for_a_missing_object


def _words(scene: Scene, kind: str) -> str:
    """For a name that was not found: why, by which names were found before it."""
    if kind == "accent" and _finds_spaces(scene):
        return ACCENT_LOST
    shown, encoded = {
        "accent": ("café.jpg", "caf%C3%A9.jpg"),
        "space": ("", ""),
        "percent": ("100%41.jpg", ""),
    }[kind]
    return SLIPS[kind].format(name=shown, encoded=encoded)


def _finds_spaces(scene: Scene) -> bool:
    return not scene.invoke(scene.upload(draw(60, 40).stored(), " a b.jpeg")).error


def _fetched(scene: Scene, key: str) -> Arrival:
    found = scene.fetch(target(key))
    others = scene.arrived("small/")
    if found is None and others:
        evidence = f"wanted   {target(key)}\narrived  {others[0]}"
        raise Incorrect(STILL_ENCODED, link="code", evidence=evidence)
    return scene.thumbnail(key)


def _see_type(found: Arrival) -> None:
    if found.kind != "image/jpeg":
        words = NO_TYPE if found.kind == UNKNOWN_KIND else WRONG_TYPE
        raise Incorrect(words.format(kind=found.kind), link="code", evidence=found.key)


def _see_all_of_it(scene: Scene) -> None:
    """Once more from the upload on, with the event that S3 itself writes."""
    key = scene.upload(draw(300, 200).stored(), " ganz früh.jpg")
    see_arrival(scene, key)
