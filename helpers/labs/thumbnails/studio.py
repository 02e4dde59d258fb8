"""The lab's two buckets and its function, as a check works with them."""

from collections.abc import Sequence

from PIL import Image

from helpers.checks import Diagnosis, Incorrect, Link, Probe, compare, require
from helpers.checks.buckets import Stored, find_object, keys_in, own_mark, require_bucket
from helpers.checks.effects import find_effect
from helpers.checks.function import ask, configuration
from helpers.checks.sample_events import s3_event
from helpers.functions.invoke import Invocation
from helpers.labs.thumbnails.drawn import decoded
from helpers.labs.thumbnails.refused import Work

NAME = "thumbnailer"
PICTURES, HANDLER = "pictures.py", "thumbnailer.py"  # the function's two files
TASK = "read what is in the bucket of uploads and write into the gallery"
PATIENCE = 10.0  # seconds for what the bucket starts by itself


class Thumbnail(Diagnosis):
    MISSING = Link.EFFECT("""
        `thumbnailer` ran without an error, but there is no thumbnail: the gallery should now have
        the object `{wanted}`.""")
    ELSEWHERE = Link.EFFECT("""
        A thumbnail has arrived, but under another key. Below are the key that it should have, and
        the one it has.""")
    NOT_AN_IMAGE = Link.EFFECT("The object `{key}` is not an image.")
    NOT_JPEG = Link.CODE("The thumbnail is a {format}; it should be a JPEG.")
    UPLOAD_CHANGED = Link.EFFECT("""
        `thumbnailer` has changed or removed the upload. Never write into the bucket that others
        upload into.""")
    NOT_INVOKED = Link.EVENT_SOURCE("""
        The function works when it is invoked, but nothing has arrived for `{key}`, which was only
        uploaded. Does the bucket invoke it? `lab.check("trigger")` looks at that.""")


class Studio:
    """One check's visit: its objects have `mark` in their keys, and are gone when it is over.

    A file that should not invoke the function by itself, since the check does, is named `.jpeg`:
    the lab's rules are for `.jpg` and `.png`.
    """

    def __init__(self, probe: Probe) -> None:
        account = configuration(probe, NAME)["FunctionArn"].split(":")[4]
        self.probe = probe
        self.uploads, self.gallery = f"photos-{account}", f"thumbnails-{account}"
        for bucket in (self.uploads, self.gallery):
            require_bucket(probe, bucket)
        self.mark = own_mark(probe, self.gallery, self.uploads)
        self._uploaded: dict[str, bytes] = {}

    def upload(self, data: bytes, ending: str = ".jpeg", folder: str = "incoming/") -> str:
        """Put an object whose name is the mark and that ending. Returns its key."""
        key = f"{folder}{self.mark}{ending}"
        self.probe.client("s3").put_object(Bucket=self.uploads, Key=key, Body=data)
        self._uploaded[key] = data
        return key

    def invoke(self, *keys: str) -> Invocation:
        """Invoke the function with the event that S3 would send for these objects."""
        return ask(self.probe, NAME, s3_event(self.uploads, *keys))

    def run(self, *keys: str) -> None:
        """Invoke it, and require that it does not fail and leaves the uploads as they are."""
        answer = self.invoke(*keys)
        if answer.error:
            raise self.failure(answer)
        for key in keys:
            self.require_untouched(key)

    def failure(self, answer: Invocation) -> Incorrect:
        """Return why an invocation failed."""
        needs = {"s3:GetObject": self.uploads, "s3:PutObject": self.gallery}
        return Work(NAME, TASK, needs).failure(self.probe, answer)

    def require_untouched(self, key: str) -> None:
        now = find_object(self.probe, self.uploads, key)
        is_same = now is not None and now.data == self._uploaded[key]
        require(is_same, Thumbnail.UPLOAD_CHANGED, f"{self.uploads}/{key}")

    def arrived(self, prefix: str = "") -> list[str]:
        """Return the check's keys in the gallery that begin so, in order."""
        return keys_in(self.probe, self.gallery, prefix=prefix, mark=self.mark)

    def find(self, key: str) -> Stored | None:
        """Return the object of the gallery, None if there is none of that key."""
        return find_object(self.probe, self.gallery, key)

    def thumbnail(self, key: str, elsewhere: Diagnosis = Thumbnail.ELSEWHERE) -> Stored:
        """Return the small thumbnail of that upload. Raises a diagnosis if there is none."""
        found = self.find(small(key))
        others = self.arrived("small/")
        evidence = compare(wanted=small(key), arrived="".join(others[:1]))
        require(found or not others, elsewhere, evidence)
        if not found:
            raise Thumbnail.MISSING(wanted=small(key))
        return found

    def thumbnail_of(self, data: bytes, ending: str = ".jpeg") -> Image.Image:
        """Upload, run, and return the small thumbnail."""
        key = self.upload(data, ending)
        self.run(key)
        return image_in(self.thumbnail(key))

    def require_invoked(self, key: str, wanted: Sequence[str]) -> None:
        """Wait for what the bucket should start by itself after the upload of that key."""
        found = find_effect(self.probe, lambda: {*wanted} <= {*self.arrived()}, within=PATIENCE)
        require(found, Thumbnail.NOT_INVOKED, key=key)


def image_in(stored: Stored) -> Image.Image:
    """Return it decoded. Raises a diagnosis if it is not an image, or not a JPEG."""
    image = decoded(stored.data)
    if image is None:
        raise Thumbnail.NOT_AN_IMAGE(key=stored.key)
    require(image.format == "JPEG", Thumbnail.NOT_JPEG, format=image.format)
    return image


def name_of(key: str) -> str:
    return key.removeprefix("incoming/")


def small(key: str) -> str:
    """Return the key of an upload's small thumbnail."""
    return f"small/{name_of(key)}.jpg"
