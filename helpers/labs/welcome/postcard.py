"""Exercise postcard: an object in a bucket, under the right key, with text of the right type."""

import codecs
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted

ALBUM = "welcome-album-"  # how its name begins; the account follows, since names are worldwide
KEY = "postcard.txt"
WORD = "serverless"
TEXT = "text/plain"
ENOUGH = 100_000  # bytes of the object to read
UTF8 = codecs.getincrementaldecoder("utf-8")

NO_BUCKET = """\
Your album is gone: there is no bucket whose name begins with `welcome-album-`. Run the cell that \
makes it once more, and then put your postcard into it."""
NO_OBJECT = "There is no object `postcard.txt` in your album yet."
OTHER_BUCKET = """\
There is a `postcard.txt`, but it is in the bucket `{bucket}`. Put it into your album, `{album}`."""
OTHER_KEY = """\
There is an object `{key}`, but it must be called `postcard.txt`. S3 compares keys letter by \
letter: capitals, the ending and what stands before a `/` all count. Put your text into your album \
under the key `postcard.txt`."""
EMPTY = "`postcard.txt` is there, but it is empty. Give the text to `put_object` as `Body`."
NOT_TEXT = """\
The bytes in `postcard.txt` are not text in UTF-8, the usual encoding. Give `Body` plain text in \
quotes: `Body="..."`."""
NO_WORD = """\
`postcard.txt` is there, but the word "serverless" is not in its text. Put the object again, with \
that word in `Body`, which is the text itself and not the name of a file."""
NOT_PLAIN = """\
The text is right, but S3 does not know that it is text: its content type is `{kind}`. Put the \
object again, with `ContentType="text/plain"`."""
IN_METADATA = """\
The text is right, but its content type is among the object's metadata, which is for notes of your \
own. `ContentType="text/plain"` is an argument of `put_object` itself, beside `Body`."""
POSTCARD_THERE = "Your postcard is in the cloud, and S3 knows that it is text. It begins: “{text}”"


def check(probe: Probe) -> str:
    s3 = probe.client("s3")
    album, others = _buckets(s3)
    keys = _keys(s3, album)
    if KEY not in keys:
        raise _no_postcard(s3, album, keys, others)
    stored = s3.get_object(Bucket=album, Key=KEY)
    text = _text(stored["Body"].read(ENOUGH))
    if WORD not in text.lower():
        raise Incorrect(NO_WORD, link="text", evidence=text[:200])
    _see_type(stored)
    return POSTCARD_THERE.format(text=" ".join(text.split())[:60])


def _buckets(s3: Any) -> tuple[str, list[str]]:
    """The lab's bucket, and the names of all others."""
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    albums = [name for name in names if name.startswith(ALBUM)]
    if not albums:
        raise Incorrect(NO_BUCKET, link="bucket", evidence="\n".join(names))
    return albums[0], [name for name in names if name != albums[0]]


def _keys(s3: Any, bucket: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [found["Key"] for page in pages for found in page.get("Contents", ())]


def _no_postcard(s3: Any, album: str, keys: list[str], others: list[str]) -> Exception:
    near = _nearest(keys)
    if near:
        return Incorrect(OTHER_KEY.format(key=near), link="key", evidence="\n".join(keys[:10]))
    for bucket in others:
        if KEY in _keys(s3, bucket):
            return Incorrect(OTHER_BUCKET.format(bucket=bucket, album=album), link="bucket")
    return NotAttempted(NO_OBJECT)


def _nearest(keys: list[str]) -> str | None:
    """The key that was probably meant for it: postcard, Postcard.txt, x/postcard.txt."""
    stems = {PurePosixPath(key.lower()).stem: key for key in keys}
    close = get_close_matches(PurePosixPath(KEY).stem, stems, n=1)
    return stems[close[0]] if close else None


def _text(body: bytes) -> str:
    if not body:
        raise Incorrect(EMPTY, link="text")
    try:
        return UTF8().decode(body)  # which leaves out a letter that was cut in two
    except UnicodeDecodeError:
        raise Incorrect(NOT_TEXT, link="text", evidence=repr(body[:60])) from None


def _see_type(stored: dict[str, Any]) -> None:
    kind = str(stored["ContentType"])
    if kind.partition(";")[0].strip().lower() == TEXT:
        return
    meant = TEXT in stored.get("Metadata", {}).values()
    words = IN_METADATA if meant else NOT_PLAIN.format(kind=kind)
    raise Incorrect(words, link="content type", evidence=f"ContentType: {kind}")
