"""Exercise postcard: an object in a bucket, under the right key, with text of the right type."""

import codecs
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

from helpers.checks import Diagnosis, Link, NotAttempted, Probe, require

ALBUM = "welcome-album-"  # how its name begins; the account follows, since names are worldwide
KEY = "postcard.txt"
WORD = "serverless"
TEXT = "text/plain"
ENOUGH = 100_000  # bytes of the object to read
UTF8 = codecs.getincrementaldecoder("utf-8")

NO_OBJECT = "There is no object `postcard.txt` in your album yet."
DONE = "Your postcard is in the cloud, and S3 knows that it is text. It begins: “{text}”"


class Postcard(Diagnosis):
    NO_BUCKET = Link.BUCKET("""
        Your album is gone: there is no bucket whose name begins with `welcome-album-`. Run the
        cell that makes it once more, and then put your postcard into it.""")
    OTHER_BUCKET = Link.BUCKET("""
        There is a `postcard.txt`, but it is in the bucket `{bucket}`. Put it into your album,
        `{album}`.""")
    OTHER_KEY = Link.BUCKET("""
        There is an object `{key}`, but it must be called `postcard.txt`. S3 compares keys letter
        by letter: capitals, the ending and what stands before a `/` all count. Put your text into
        your album under the key `postcard.txt`.""")
    EMPTY = Link.EFFECT("""
        `postcard.txt` is there, but it is empty. Give the text to `put_object` as `Body`.""")
    NOT_UTF8 = Link.EFFECT("""
        The bytes in `postcard.txt` are not text in UTF-8, the usual encoding. Give `Body` plain
        text in quotes: `Body="..."`.""")
    NO_WORD = Link.EFFECT("""
        `postcard.txt` is there, but the word "serverless" is not in its text. Put the object
        again, with that word in `Body`, which is the text itself and not the name of a file.""")
    NOT_PLAIN = Link.EFFECT("""
        The text is right, but S3 does not know that it is text: its content type is `{kind}`. Put
        the object again, with `ContentType="text/plain"`.""")
    IN_METADATA = Link.EFFECT("""
        The text is right, but its content type is among the object's metadata, which is for notes
        of your own. `ContentType="text/plain"` is an argument of `put_object` itself, beside
        `Body`.""")


def check(probe: Probe) -> str:
    s3 = probe.client("s3")
    names = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    album = next((name for name in names if name.startswith(ALBUM)), "")
    require(album, Postcard.NO_BUCKET, "\n".join(names))
    keys = _keys(s3, album)
    if KEY not in keys:
        raise _no_postcard(s3, album, keys, names)
    stored = s3.get_object(Bucket=album, Key=KEY)
    text, kind = _text(stored["Body"].read(ENOUGH)), str(stored["ContentType"])
    require(WORD in text.lower(), Postcard.NO_WORD, text[:200])
    if kind.partition(";")[0].strip().lower() != TEXT:
        is_in_metadata = TEXT in stored.get("Metadata", {}).values()
        slip = Postcard.IN_METADATA if is_in_metadata else Postcard.NOT_PLAIN
        raise slip(f"ContentType: {kind}", kind=kind)
    return DONE.format(text=" ".join(text.split())[:60])


def _keys(s3: Any, bucket: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [found["Key"] for page in pages for found in page.get("Contents", ())]


def _no_postcard(s3: Any, album: str, keys: list[str], buckets: list[str]) -> Exception:
    """Look for what was probably meant for it: postcard, Postcard.txt, x/postcard.txt."""
    stems = {PurePosixPath(key.lower()).stem: key for key in keys}
    if near := get_close_matches(PurePosixPath(KEY).stem, stems, n=1):
        return Postcard.OTHER_KEY("\n".join(keys[:10]), key=stems[near[0]])
    for bucket in buckets:
        if bucket != album and KEY in _keys(s3, bucket):
            return Postcard.OTHER_BUCKET(bucket=bucket, album=album)
    return NotAttempted(NO_OBJECT)


def _text(body: bytes) -> str:
    require(body, Postcard.EMPTY)
    try:
        return UTF8().decode(body)  # which leaves out a character that was cut in two
    except UnicodeDecodeError:
        raise Postcard.NOT_UTF8(repr(body[:60])) from None
