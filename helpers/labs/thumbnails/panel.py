"""The panel for photos: put one into a bucket, watch it pass through, see before and after."""

from __future__ import annotations

import io
import mimetypes
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from ipywidgets import HTML, Button, Dropdown, FileUpload, HBox, Layout, VBox
from PIL import Image, UnidentifiedImageError

from helpers.display import Card, Tone, counted
from helpers.panels.panel import WIDE, Panel, on_press
from helpers.system.clock import CLOCK, Clock

PATIENCE = 10.0  # seconds until the first result must be there
QUIET = 0.6  # seconds without a new result, after which no further one is waited for
MOST = 20.0  # seconds in all: a function that triggers itself would never be quiet
LOOK = 0.1  # seconds between two looks
DRAWN = {"image/jpeg", "image/png", "image/gif", "image/webp"}  # what a browser draws

AS_TEXT = """\
A panel for photos: choose or upload one, press Put, and see what becomes of it.
Where no widgets can be shown, do the same in code: s3.upload_file(path, {bucket!r}, key)"""
NOTHING_YET = Card(Tone.WAITING, "No photo has been put yet. Choose or upload one, then press Put.")
ON_ITS_WAY = "{key} is in the bucket `{bucket}`: waiting for what the function makes of it…"
NOTHING_CAME = """\
{key} is in the bucket `{bucket}`, and nothing followed within {seconds:g} seconds. Does the \
bucket notify the function, do its filters match this key, may S3 invoke it? `lab.logs` tells \
whether it ran."""
ARRIVED = "{key}: {things} after {seconds}"
FIGURE = """\
<figure style="margin: 0 16px 8px 0; display: inline-block; vertical-align: top">{image}
<figcaption style="font-size: 0.9em; max-width: 260px; overflow-wrap: anywhere">\
<strong>{key}</strong><br>{facts}</figcaption></figure>
"""
IMAGE = '<img src="data:{kind};base64,{data}" alt="{alt}" style="max-width: 260px; height: auto">'
NOT_AN_IMAGE = '<pre style="max-width: 260px; white-space: pre-wrap">{words}</pre>'


@dataclass(frozen=True)
class StoredObject:
    """An object in a bucket, as the panel shows it."""

    bucket: str
    key: str
    data: bytes
    kind: str  # its content type
    notes: Mapping[str, str]  # its metadata

    def html(self) -> str:
        facts = [self.bucket, _size(self.data), f"{len(self.data):,} bytes", self.kind]
        facts += [f"{name}: {value}" for name, value in sorted(self.notes.items())]
        lines = "<br>".join(escape(fact) for fact in facts if fact)
        return FIGURE.format(image=self._image(), key=escape(self.key), facts=lines)

    def _image(self) -> str:
        if self.kind not in DRAWN or not _size(self.data):
            words = self.data[:200].decode("utf-8", errors="replace")
            return NOT_AN_IMAGE.format(
                words=escape(words if words.isprintable() else "(not an image)")
            )
        data = b64encode(self.data).decode()
        return IMAGE.format(kind=self.kind, data=data, alt=escape(self.key, quote=True))


class PhotoPanel(Panel):
    """Put a photo into `source` and see what follows from it, in `source` itself and in `target`.

    `s3` is a client of boto3, `folder` holds photos to choose from, and `prefix` goes before each
    key. Its parts are widgets: `photo` or `upload` to choose, `button` (Put), `state`, and
    `pictures`: the photo and what became of it, each with its size and bytes. Whatever goes wrong
    is shown there; nothing is raised.
    """

    def __init__(
        self,
        s3: Any,
        source: str,
        target: str,
        folder: str | Path,
        prefix: str = "",
        *,
        clock: Clock = CLOCK,
    ) -> None:
        self.source, self.target, self.prefix = source, target, prefix
        self._s3, self._folder, self._clock = s3, Path(folder), clock
        names = sorted(file.name for file in self._folder.iterdir() if _is_offered(file))
        self.photo = Dropdown(options=names, description="Photo")
        self.upload = FileUpload(
            accept="image/*", description="Upload your own", layout=Layout(width="auto")
        )
        self.button = Button(description="Put", button_style="primary")
        self.state, self.pictures = HTML(NOTHING_YET.html()), HTML()
        on_press(self.button, self._put, self.state)
        controls = HBox([self.photo, self.upload, self.button], layout=WIDE)
        self.box = VBox([controls, self.state, self.pictures], layout=WIDE)

    def __repr__(self) -> str:
        return AS_TEXT.format(bucket=self.source)

    def _put(self) -> None:
        """Put the photo under a key that is not taken, and show it with all that follows."""
        name, data = self._chosen()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        before = self._objects()
        key = _free_key(f"{self.prefix}{name}", {key for bucket, key in before})
        before.add((self.source, key))
        begun = self._clock.now()
        self._s3.put_object(Bucket=self.source, Key=key, Body=data, ContentType=kind)
        self.state.value = Card(Tone.PLAIN, ON_ITS_WAY.format(key=key, bucket=self.source)).html()
        original = StoredObject(self.source, key, data, kind, {})
        self.pictures.value = original.html()
        found = self._follow(before, original)
        self.state.value = self._outcome(key, found, self._clock.now() - begun).html()

    def _chosen(self) -> tuple[str, bytes]:
        """Return name and bytes of the upload, if there is one, else of the photo chosen."""
        if self.upload.value:
            uploaded = self.upload.value[0]
            self.upload.value = ()  # the next press is for what is chosen then
            return str(uploaded["name"]), bytes(uploaded["content"])
        return self.photo.value, (self._folder / self.photo.value).read_bytes()

    def _follow(self, before: set[tuple[str, str]], original: StoredObject) -> list[StoredObject]:
        """Return what is new in either bucket, until nothing more comes; show it as it comes."""
        found: list[StoredObject] = []
        last, end = self._clock.now() + MOST, self._clock.now() + PATIENCE
        while self._clock.now() < min(end, last):
            new = sorted(self._objects() - before)
            if new:
                found += [self._get(*place) for place in new]
                before |= set(new)
                self.pictures.value = "".join(thing.html() for thing in (original, *found))
                end = self._clock.now() + QUIET
            self._clock.sleep(LOOK)
        return found

    def _outcome(self, key: str, found: list[StoredObject], seconds: float) -> Card:
        if not found:
            words = NOTHING_CAME.format(key=key, bucket=self.source, seconds=PATIENCE)
            return Card(Tone.UNSURE, words)
        took = f"{max(seconds - QUIET, 0):.1f} s"
        things = counted(len(found), "new object")
        return Card(Tone.GOOD, ARRIVED.format(key=key, things=things, seconds=took))

    def _objects(self) -> set[tuple[str, str]]:
        return {
            (bucket, key) for bucket in {self.source, self.target} for key in self._keys(bucket)
        }

    def _keys(self, bucket: str) -> Iterator[str]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            yield from (each["Key"] for each in page.get("Contents", ()))

    def _get(self, bucket: str, key: str) -> StoredObject:
        answer = self._s3.get_object(Bucket=bucket, Key=key)
        return StoredObject(
            bucket, key, answer["Body"].read(), answer["ContentType"], answer.get("Metadata", {})
        )


def _is_offered(file: Path) -> bool:
    return file.is_file() and file.suffix != ".md" and not file.name.startswith(".")


def _free_key(key: str, taken: set[str]) -> str:
    """Return the key itself, or the first free one with a number, as a browser names downloads.

    >>> _free_key("cat.jpg", {"cat.jpg", "cat (2).jpg"})
    'cat (3).jpg'
    """
    stem, dot, ending = key.rpartition(".")
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{stem} ({number}){dot}{ending}" if dot else f"{key} ({number})"
    return free


def _size(data: bytes) -> str:
    """Return width and height in pixels, "" for what is not an image."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            return f"{image.width} x {image.height} px"
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return ""
