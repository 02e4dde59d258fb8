"""The lab's buckets and its function, as a check works with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from botocore.exceptions import ClientError
from PIL import Image

from helpers.checks.function import ask
from helpers.checks.package import is_same_code, package_file
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from helpers.functions.invoke import Invocation
from helpers.labs.thumbnails.drawn import opened
from helpers.labs.thumbnails.refused import Work

NAME = "thumbnailer"
PICTURES, HANDLER = f"{NAME}/pictures.py", f"{NAME}/thumbnailer.py"
TASK = "read what is in the bucket of uploads and write into the second bucket"
PATIENCE = 10.0  # seconds for what the bucket sets going
ROUNDS = 10  # a loop may go on writing while its objects are being removed

NO_BUCKET = """\
The bucket `{bucket}` is gone. Run the cells from the top again, and then your own."""
NOTHING_MADE = """\
`thumbnailer` ran without an error, but no thumbnail has arrived: under `small/` in the second \
bucket there should now be `{key}`."""
ELSEWHERE = """\
A thumbnail has arrived, but under another key. Below are the key it should have, and the one it \
has."""
NOT_SET_GOING = """\
The function does its work when it is invoked, but nothing has arrived for `{key}`, which was only \
uploaded. Does the bucket call it? `lab.check("trigger")` looks at that."""
OVERWRITTEN = """\
The upload is no longer what it was: `thumbnailer` has changed or removed it. Never write into the \
bucket that others upload into."""
NO_PICTURE = "Something has arrived under `{key}`, but it is no picture."
NO_JPEG = "The thumbnail is a {format}; it should be a JPEG."
AS_GIVEN = "`{file}` in the cloud is still as it was given to you."
NOT_UPLOADED = """\
The file `thumbnails/{path}` has changed since `{function}` was last deployed. Run the cell with \
`lab.deploy` again."""


@dataclass(frozen=True)
class Arrival:
    """An object in a bucket: its bytes, and what the store says about it."""

    key: str
    data: bytes
    kind: str
    metadata: Mapping[str, str]

    @cached_property
    def picture(self) -> Image.Image:
        """Raises Incorrect if it is none, or no JPEG."""
        picture = opened(self.data)
        if picture is None:
            raise Incorrect(NO_PICTURE.format(key=self.key), link="effect")
        if picture.format != "JPEG":
            raise Incorrect(NO_JPEG.format(format=picture.format), link="code")
        return picture


@dataclass
class Scene:
    """One check's visit: its objects all have `mark` in their keys, and are gone when it is over.

    A file that should not call the function by itself, since the check does, is named `.jpeg`: the
    lab's rules are for `.jpg` and `.png`.
    """

    probe: Probe
    mark: str = field(init=False)
    uploads: str = field(init=False)
    gallery: str = field(init=False)
    uploaded: dict[str, bytes] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        account = self.probe.client("sts").get_caller_identity()["Account"]
        self.uploads, self.gallery = f"photos-{account}", f"thumbnails-{account}"
        self.mark = self.probe.unique("check")
        for bucket in (self.uploads, self.gallery):
            see_bucket(self.probe, bucket)
        self.probe.afterwards(remove_marked, self.probe, self.gallery, self.mark)
        self.probe.afterwards(remove_marked, self.probe, self.uploads, self.mark)

    @property
    def s3(self) -> Any:
        return self.probe.client("s3")

    def upload(self, data: bytes, ending: str = ".jpeg", folder: str = "incoming/") -> str:
        """Put an object whose name is the mark and that ending; returns its key."""
        key = f"{folder}{self.mark}{ending}"
        self.s3.put_object(Bucket=self.uploads, Key=key, Body=data)
        self.uploaded[key] = data
        return key

    def invoke(self, *keys: str) -> Invocation:
        """Hand the function the event that S3 would write about these objects."""
        return ask(self.probe, NAME, s3_event(self.uploads, *keys))

    def run(self, *keys: str) -> None:
        """The same. Raises Incorrect if the function fails, or an upload is not what it was."""
        answer = self.invoke(*keys)
        if answer.error:
            raise self.failed(answer)
        for key in keys:
            self.see_untouched(key)

    def failed(self, answer: Invocation) -> Incorrect:
        """Why an invocation failed."""
        return self.work.failure(self.probe, answer)

    @property
    def work(self) -> Work:
        needs = {"s3:GetObject": self.uploads, "s3:PutObject": self.gallery}
        return Work(NAME, TASK, needs)

    def see_untouched(self, key: str) -> None:
        now = self.fetch(key, self.uploads)
        if now is None or now.data != self.uploaded[key]:
            raise Incorrect(OVERWRITTEN, link="effect", evidence=f"{self.uploads}/{key}")

    def arrived(self, prefix: str = "") -> list[str]:
        """The check's keys in the gallery that begin so, in order."""
        return [key for key in keys_in(self.probe, self.gallery, prefix) if self.mark in key]

    def fetch(self, key: str, bucket: str = "") -> Arrival | None:
        return fetch(self.probe, bucket or self.gallery, key)

    def thumbnail(self, key: str, size: str = "small") -> Arrival:
        """What was made of that upload. Raises Incorrect if there is nothing where it should be."""
        wanted = target(key, size)
        found = self.fetch(wanted)
        if found:
            return found
        others = self.arrived(f"{size}/")
        if others:
            evidence = f"wanted   {wanted}\narrived  {others[0]}"
            raise Incorrect(ELSEWHERE, link="effect", evidence=evidence)
        raise Incorrect(NOTHING_MADE.format(key=wanted), link="effect")

    def made_of(self, data: bytes, ending: str = ".jpeg") -> Arrival:
        """Upload, run, and fetch the thumbnail."""
        key = self.upload(data, ending)
        self.run(key)
        return self.thumbnail(key)


def see_arrival(scene: Scene, key: str, size: str = "small") -> None:
    """Wait for what the bucket itself should set going. Raises Incorrect."""
    wanted = target(key, size)
    try:
        scene.probe.wait_for(lambda: wanted in scene.arrived(), timeout=PATIENCE)
    except TimeoutError:
        raise Incorrect(NOT_SET_GOING.format(key=key), link="event source") from None


def target(key: str, size: str = "small") -> str:
    return f"{size}/{key.removeprefix('incoming/')}.jpg"


def s3_event(bucket: str, *keys: str) -> dict[str, Any]:
    """As S3 writes it, with the fields that a handler may look at."""
    return {"Records": [_record(bucket, key) for key in keys]}


def _record(bucket: str, key: str) -> dict[str, Any]:
    encoded = quote_plus(key, safe="/")
    place = {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"}
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": place, "object": {"key": encoded}},
    }


def see_bucket(probe: Probe, bucket: str) -> None:
    try:
        probe.client("s3").head_bucket(Bucket=bucket)
    except ClientError:
        raise Incorrect(NO_BUCKET.format(bucket=bucket), link="event source") from None


def keys_in(probe: Probe, bucket: str, prefix: str = "") -> list[str]:
    pages = probe.client("s3").get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=bucket, Prefix=prefix)
    return [each["Key"] for page in found for each in page.get("Contents", [])]


def fetch(probe: Probe, bucket: str, key: str) -> Arrival | None:
    s3 = probe.client("s3")
    try:
        answer = s3.get_object(Bucket=bucket, Key=key)
    except s3.exceptions.NoSuchKey:
        return None
    return Arrival(key, answer["Body"].read(), answer["ContentType"], answer["Metadata"])


def remove_marked(probe: Probe, bucket: str, mark: str) -> None:
    """Delete every object with the mark in its key, also those that a loop still writes."""
    for _ in range(ROUNDS):
        keys = [key for key in keys_in(probe, bucket) if mark in key]
        if not keys:
            return
        for key in keys:
            probe.client("s3").delete_object(Bucket=bucket, Key=key)


def blamed(
    probe: Probe, error: Incorrect, path: str, given: Iterable[str], function: str = NAME
) -> Exception:
    """What to say of a failure: is it the learner's code, the given one, or one from before?

    `path` is the file in the work folder, `given` the programs that the sheet itself puts there.
    """
    file = Path(path).name
    uploaded = package_file(probe, function, file)
    if uploaded is None:
        return error
    known, written = list(given), _written(probe, path) or uploaded
    if not _is_one_of(written, [uploaded, *known]):
        words = NOT_UPLOADED.format(path=path, function=function)
        return Incorrect(words, link="package", evidence=error.evidence)
    if _is_one_of(uploaded, known):
        return NotAttempted(AS_GIVEN.format(file=file))
    return error


def _written(probe: Probe, path: str) -> str | None:
    file = probe.folder / path
    return file.read_text("utf-8", errors="replace") if file.is_file() else None


def _is_one_of(code: str, known: Iterable[str]) -> bool:
    return any(is_same_code(code, each) for each in known)
