"""Exercise keys: names with spaces, accents and signs, and thumbnails that say what they are."""

from urllib.parse import quote_plus

from helpers.checks import Diagnosis, Link, Probe, compare, first_of, require
from helpers.checks.code import submission
from helpers.functions.invoke import FunctionError
from helpers.labs.thumbnails.drawn import draw, quarters
from helpers.labs.thumbnails.refused import find_refusal
from helpers.labs.thumbnails.studio import HANDLER, NAME, Studio, image_in, small

DONE = "Whatever people call their photos: they are found, and browsers show their thumbnails."

ACCENT = "-caf\N{LATIN SMALL LETTER E WITH ACUTE}.jpeg"


class Keys(Diagnosis):
    NOT_DECODED = Link.CODE("""
        `thumbnailer` asks for an object that is not there: for the name `café.jpg` the event says
        `caf%C3%A9.jpg`. Decode the key before you fetch the object.""")
    ACCENT_LOST = Link.CODE("""
        Spaces are decoded now, but accents are not. Don't replace characters one by one:
        `urllib.parse` has a function that decodes all of them.""")
    PLUS_LEFT = Link.CODE("""
        Accents are decoded now, but a space still arrives as `+`. Two functions decode, and only
        one of them knows about the plus.""")
    DECODED_TWICE = Link.CODE("""
        The key was decoded twice. A file may really be called `100%41.jpg`, with a percent sign;
        the second time spoils it.""")
    STILL_ENCODED = Link.CODE("""
        The photo was found, but its thumbnail went to another name. Use the decoded key for both,
        for fetching and for writing.""")
    NO_TYPE = Link.CODE("""
        The thumbnail's content type is `{kind}`: a browser would save it rather than show it. Say
        what it is with `ContentType` in `put_object`.""")
    WRONG_TYPE = Link.CODE("""
        The thumbnail's content type is `{kind}`, and it has to be `image/jpeg`, letter by letter:
        browsers know no other name.""")
    OTHER_IMAGE = Link.CODE("The thumbnail does not show the photo that was uploaded.")


# How a name ends, and what is wrong if its object is not found though those before it were.
ENDINGS = {
    ACCENT: Keys.NOT_DECODED,
    "-100%41.jpeg": Keys.DECODED_TWICE,
    " am See 1+1.jpeg": Keys.PLUS_LEFT,
}


def check(probe: Probe) -> str:
    studio = Studio(probe)
    with submission(probe, NAME, HANDLER):
        for ending, slip in ENDINGS.items():
            _require_thumbnail(studio, ending, slip)
        key = studio.upload(draw(300, 200).jpeg, " ganz früh.jpg")  # with S3's own event
        studio.require_invoked(key, [small(key)])
    return DONE


def _require_thumbnail(studio: Studio, ending: str, slip: Diagnosis) -> None:
    drawn = draw(300, 200)
    key = studio.upload(drawn.jpeg, ending)
    answer = studio.invoke(key)
    if answer.error and _is_not_found(studio.probe, answer.error):
        spaces = studio.upload(drawn.jpeg, " a b.jpeg")
        if ending == ACCENT and not studio.invoke(spaces).error:
            slip = Keys.ACCENT_LOST
        raise slip(compare(key_in_the_event=quote_plus(key, "/"), key_in_the_bucket=key))
    if answer.error:
        raise studio.failure(answer)
    studio.require_untouched(key)
    made = studio.thumbnail(key, Keys.STILL_ENCODED)
    kind = made.content_type
    found = first_of(
        (Keys.NO_TYPE, kind == "binary/octet-stream"),
        (Keys.WRONG_TYPE, kind != "image/jpeg"),
    )
    if found:
        raise found(made.key, kind=kind)
    require(quarters(image_in(made)) == drawn.quarters, Keys.OTHER_IMAGE)


def _is_not_found(probe: Probe, error: FunctionError) -> bool:
    """Return whether the object was not there; S3 says so only to those who may list the bucket."""
    refusal = find_refusal(probe, error.message)
    is_hidden = refusal is not None and refusal.is_for_a_missing_object
    return is_hidden or error.type == "NoSuchKey" or "(404)" in error.message
