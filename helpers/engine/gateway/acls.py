"""S3's access control lists, read as the statements of a policy that they stand for.

They count only where a bucket's owner has switched them on: a new bucket has no lists, and blocks
public ones. What they grant to single accounts is not read, since here all have one canonical ID.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html (2026-11-27)
"""

from collections.abc import Iterator, Mapping
from typing import Any

from localstack.services.s3.constants import ALL_USERS_ACL_GROUP, AUTHENTICATED_USERS_ACL_GROUP

from helpers.aws.iam.conditions import Condition
from helpers.aws.iam.policy import EVERYONE, Statement

NO_LISTS = "BucketOwnerEnforced"
READERS: dict[str, tuple[Condition, ...]] = {
    ALL_USERS_ACL_GROUP: (),
    AUTHENTICATED_USERS_ACL_GROUP: (
        Condition("StringNotEquals", "aws:PrincipalType", ("Anonymous",)),
    ),
}
OF_A_BUCKET = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
INTO_A_BUCKET = {"WRITE": ("s3:PutObject", "s3:DeleteObject")}
NEW_IN_A_BUCKET = {"WRITE": ("s3:PutObject", "s3:PutObjectAcl")}  # who uploads says whose it is
OF_AN_OBJECT = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}


def acl_statements(bucket: Any, key: str) -> tuple[Statement, ...]:
    """Return what the lists of LocalStack's bucket, and of the object in it, grant to everybody."""
    block = bucket.public_access_block or {}
    if bucket.object_ownership == NO_LISTS or block.get("IgnorePublicAcls"):
        return ()
    if not key:
        return tuple(_statements(bucket.acl, OF_A_BUCKET))
    found = bucket.objects.get(key)
    return (
        *_statements(bucket.acl, INTO_A_BUCKET if found else NEW_IN_A_BUCKET),
        *_statements(getattr(found, "acl", None), OF_AN_OBJECT),
    )


def _statements(acl: Any, meanings: Mapping[str, tuple[str, ...]]) -> Iterator[Statement]:
    for grant in (acl or {}).get("Grants") or ():
        conditions = READERS.get(grant["Grantee"].get("URI", ""))
        given = grant["Permission"]
        actions = [
            action
            for permission, actions in meanings.items()
            if given in (permission, "FULL_CONTROL")
            for action in actions
        ]
        if conditions is not None and actions:
            yield Statement("", True, (EVERYONE,), actions=tuple(actions), conditions=conditions)
