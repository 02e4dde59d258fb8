"""Objects in a bucket as checks look at them, and those of a check's own, which it removes."""

from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from helpers.checks.diagnosis import Diagnosis
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Link

ROUNDS = 10  # a loop may go on writing while its objects are being removed


class Bucket(Diagnosis):
    GONE = Link.BUCKET("""
        The bucket `{bucket}` is gone. Run the cells from the top again, and then your own.""")


@dataclass(frozen=True)
class Stored:
    """An object: its bytes, and what the store says about it."""

    key: str
    data: bytes
    content_type: str
    metadata: Mapping[str, str]


def require_bucket(probe: Probe, bucket: str) -> None:
    """Raise Bucket.GONE unless the bucket is there."""
    try:
        probe.client("s3").head_bucket(Bucket=bucket)
    except ClientError:
        raise Bucket.GONE(bucket=bucket) from None


def keys_in(probe: Probe, bucket: str, *, prefix: str = "", mark: str = "") -> list[str]:
    """Return the keys that begin with the prefix and contain the mark, in order."""
    pages = probe.client("s3").get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=bucket, Prefix=prefix)
    keys = [each["Key"] for page in found for each in page.get("Contents", [])]
    return [key for key in keys if mark in key]


def find_object(probe: Probe, bucket: str, key: str) -> Stored | None:
    """Return the object, None if there is none of that key."""
    s3 = probe.client("s3")
    try:
        answer = s3.get_object(Bucket=bucket, Key=key)
    except s3.exceptions.NoSuchKey:
        return None
    return Stored(key, answer["Body"].read(), answer["ContentType"], answer["Metadata"])


def own_mark(probe: Probe, *buckets: str) -> str:
    """Return a mark for the check's keys: when it is over, all objects that bear it are removed.

    So what a learner's function makes of the check's objects goes, too.
    """
    mark = probe.unique("check")
    for bucket in buckets:
        probe.afterwards(_remove_marked, probe, bucket, mark)
    return mark


def _remove_marked(probe: Probe, bucket: str, mark: str) -> None:
    for _ in range(ROUNDS):
        keys = keys_in(probe, bucket, mark=mark)
        if not keys:
            return
        for key in keys:
            probe.client("s3").delete_object(Bucket=bucket, Key=key)
