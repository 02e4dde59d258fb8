"""Exercise postcard: an object in a bucket, under the right key, with text of the right type."""

from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

from botocore.exceptions import ClientError

from helpers.checks.probe import Probe
from helpers.clients import error_code
from helpers.exercises import Exercise, Incorrect, NotAttempted

BUCKET = "welcome-album"
KEY = "postcard.txt"
WORD = "serverless"
TEXT = "text/plain"
ENOUGH = 100_000  # bytes of the object to read

NO_BUCKET = """\
The bucket `welcome-album` is gone. Make it again:
`s3.create_bucket(Bucket="welcome-album")`"""
NO_OBJECT = "There is no object `postcard.txt` in the bucket `welcome-album` yet."
OTHER_BUCKET = """\
There is a `postcard.txt`, but in the bucket `{bucket}`. Put it into `welcome-album`."""
OTHER_KEY = """\
There is an object `{key}`, but it must be called `postcard.txt`. S3 takes a key letter by letter: \
capitals, the ending and what stands before a `/` all count. Put your text under the key \
`postcard.txt`."""
EMPTY = "`postcard.txt` is there, but it is empty. Give the text to `put_object` as `Body`."
NOT_TEXT = """\
The bytes in `postcard.txt` are not text (in UTF-8, that is). Give `Body` a text: `b"…"`."""
NO_WORD = """\
`postcard.txt` is there, but the word "serverless" is not in its text. \
Put it again with a text that has it: `Body` is the text itself, not the name of a file."""
NOT_PLAIN = """\
The text is right, but S3 does not know that it is text: its content type is `{kind}`. \
Put the object again, with `ContentType="text/plain"`."""
IN_METADATA = """\
The text is right, but its content type stands in the object's metadata, which are notes of your \
own. `ContentType="text/plain"` is an argument of `put_object` itself, beside `Body`."""
POSTCARD_THERE = "Your postcard is in the cloud, and S3 knows that it is text. It begins: “{text}”"


def check_postcard(probe: Probe) -> str:
    s3 = probe.client("s3")
    keys = _keys(s3)
    if KEY not in keys:
        raise _no_postcard(s3, keys)
    stored = s3.get_object(Bucket=BUCKET, Key=KEY)
    text = _text(stored["Body"].read(ENOUGH))
    if WORD not in text.lower():
        raise Incorrect(NO_WORD, link="text", evidence=text[:200])
    _see_type(stored)
    return POSTCARD_THERE.format(text=" ".join(text.split())[:60])


def _keys(s3: Any) -> list[str]:
    try:
        return _listed(s3, BUCKET)
    except ClientError as error:
        if error_code(error) != "NoSuchBucket":
            raise
        raise Incorrect(NO_BUCKET, link="bucket") from None


def _listed(s3: Any, bucket: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [found["Key"] for page in pages for found in page.get("Contents", ())]


def _no_postcard(s3: Any, keys: list[str]) -> Exception:
    near = _nearest(keys)
    if near:
        return Incorrect(OTHER_KEY.format(key=near), link="key", evidence="\n".join(keys[:10]))
    for bucket in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        if bucket != BUCKET and KEY in _listed(s3, bucket):
            return Incorrect(OTHER_BUCKET.format(bucket=bucket), link="bucket")
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
        return body.decode()
    except UnicodeDecodeError:
        raise Incorrect(NOT_TEXT, link="text", evidence=repr(body[:60])) from None


def _see_type(stored: dict[str, Any]) -> None:
    kind = str(stored["ContentType"])
    if kind.partition(";")[0].strip().lower() == TEXT:
        return
    meant = TEXT in stored.get("Metadata", {}).values()
    words = IN_METADATA if meant else NOT_PLAIN.format(kind=kind)
    raise Incorrect(words, link="content type", evidence=f"ContentType: {kind}")


POSTCARD = Exercise(
    "postcard",
    "Put a postcard into the bucket",
    (
        "You have put an object into this bucket before. This one differs in three things: "
        "its key, its text, and that S3 should know what kind of content it is.",
        "It is `s3.put_object` again, with the arguments `Bucket`, `Key`, `Body` and one more: "
        "`ContentType`.",
        '`s3.put_object(Bucket="welcome-album", Key="postcard.txt", Body=b"… serverless …", '
        'ContentType="text/plain")`, with words of your own for the dots.',
    ),
    check_postcard,
)
