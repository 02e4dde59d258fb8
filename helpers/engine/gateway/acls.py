"""S3's access control lists (ACLs), translated into equivalent policy statements.

They are effective only where a bucket's owner has enabled them: a new bucket has ACLs disabled, and
blocks public ones. Grants to single accounts are ignored, since all have one canonical ID here.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html (2026-11-27)
"""

from collections.abc import Iterator, Mapping
from typing import Any

from localstack.services.s3.constants import ALL_USERS_ACL_GROUP, AUTHENTICATED_USERS_ACL_GROUP

from helpers.aws.iam.conditions import Condition
from helpers.aws.iam.policy import EVERYONE, Statement

ACLS_DISABLED = "BucketOwnerEnforced"
GRANTEES: dict[str, tuple[Condition, ...]] = {
    ALL_USERS_ACL_GROUP: (),
    AUTHENTICATED_USERS_ACL_GROUP: (
        Condition("StringNotEquals", "aws:PrincipalType", ("Anonymous",)),
    ),
}
ON_BUCKET = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}
ON_EXISTING_KEY = {"WRITE": ("s3:PutObject", "s3:DeleteObject")}
ON_NEW_KEY = {"WRITE": ("s3:PutObject", "s3:PutObjectAcl")}  # the uploader may set its ACL
ON_OBJECT = {
    "READ": ("s3:GetObject", "s3:GetObjectVersion"),
    "READ_ACP": ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    "WRITE_ACP": ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
}


def acl_statements(bucket: Any, key: str) -> tuple[Statement, ...]:
    """Return what the ACLs of LocalStack's bucket, and of an object in it, grant to everybody."""
    block = bucket.public_access_block or {}
    if bucket.object_ownership == ACLS_DISABLED or block.get("IgnorePublicAcls"):
        return ()
    if not key:
        return tuple(_statements(bucket.acl, ON_BUCKET))
    existing = bucket.objects.get(key)
    return (
        *_statements(bucket.acl, ON_EXISTING_KEY if existing else ON_NEW_KEY),
        *_statements(getattr(existing, "acl", None), ON_OBJECT),
    )


def _statements(acl: Any, allowed: Mapping[str, tuple[str, ...]]) -> Iterator[Statement]:
    for grant in (acl or {}).get("Grants") or ():
        conditions = GRANTEES.get(grant["Grantee"].get("URI", ""))
        actions = [
            action
            for permission, actions in allowed.items()
            if grant["Permission"] in (permission, "FULL_CONTROL")
            for action in actions
        ]
        if conditions is not None and actions:
            yield Statement("", True, (EVERYONE,), actions=tuple(actions), conditions=conditions)
