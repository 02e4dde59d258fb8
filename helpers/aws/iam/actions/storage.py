"""S3: docs.aws.amazon.com/service-authorization/latest/reference/list_s3.html

Many operations need an action of another name. Where a request names a version of an object, the
action has Version in its name.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from helpers.aws.iam.actions.model import EVERYTHING, Access, Call, as_mapping, as_text, mappings
from helpers.aws.iam.actions.rules import Rule, Service, conditions, given, on, with_context


def bucket(call: Call) -> str:
    return _arn(call.get("Bucket"))


def stored_object(call: Call) -> str:
    return _arn(call.get("Bucket"), call.get("Key") or "")


def every_bucket(call: Call) -> str:
    """Return "arn:aws:s3:::*", which AWS's example policies for ListAllMyBuckets name."""
    return "arn:aws:s3:::*"


def _arn(bucket: Any, key: Any = None) -> str:
    """Return the ARN of a bucket, or of an object in it. A bucket may be an access point's ARN."""
    name = as_text(bucket)
    if not name:
        return EVERYTHING
    is_access_point = name.startswith("arn:")
    arn = name if is_access_point else f"arn:aws:s3:::{name}"
    if key is None:
        return arn
    if not as_text(key):
        return EVERYTHING
    return f"{arn}/object/{key}" if is_access_point else f"{arn}/{key}"


ACTIONS = {
    "CompleteMultipartUpload": "PutObject",
    "CreateBucketMetadataConfiguration": "CreateBucketMetadataTableConfiguration",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "DeleteBucketInventoryConfiguration": "PutInventoryConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketMetadataConfiguration": "DeleteBucketMetadataTableConfiguration",
    "DeleteBucketMetricsConfiguration": "PutMetricsConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketIntelligentTieringConfiguration": "GetIntelligentTieringConfiguration",
    "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketMetadataConfiguration": "GetBucketMetadataTableConfiguration",
    "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetObjectTorrent": "GetObject",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
    "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PostObject": "PutObject",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "PutBucketInventoryConfiguration": "PutInventoryConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketMetricsConfiguration": "PutMetricsConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "SelectObjectContent": "GetObject",
    "UploadPart": "PutObject",
}

VERSION_ACTIONS = {
    "DeleteObject": "DeleteObjectVersion",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
    "GetObject": "GetObjectVersion",
    "GetObjectAcl": "GetObjectVersionAcl",
    "GetObjectTagging": "GetObjectVersionTagging",
    "HeadObject": "GetObjectVersion",
    "PutObjectAcl": "PutObjectVersionAcl",
    "PutObjectTagging": "PutObjectVersionTagging",
}

RESOURCES = {
    **on(
        stored_object,
        "AbortMultipartUpload CompleteMultipartUpload CreateMultipartUpload DeleteObject"
        " DeleteObjectTagging GetObject GetObjectAcl GetObjectLegalHold GetObjectRetention"
        " GetObjectTagging GetObjectTorrent HeadObject ListParts PutObject PutObjectAcl"
        " PutObjectLegalHold PutObjectRetention PutObjectTagging RestoreObject"
        " SelectObjectContent UploadPart",
    ),
    **on(every_bucket, "ListBuckets"),
}

GRANTS = ("ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")

OBJECT_HEADERS = {
    **dict.fromkeys(GRANTS, "PutObjectAcl"),
    "Tagging": "PutObjectTagging",
    "ObjectLockMode": "PutObjectRetention",
    "ObjectLockRetainUntilDate": "PutObjectRetention",
    "ObjectLockLegalHoldStatus": "PutObjectLegalHold",
}

ALSO = {
    **given("PutObject CreateMultipartUpload CopyObject", **OBJECT_HEADERS),
    **given(
        "DeleteObject DeleteObjects PutObjectRetention",
        BypassGovernanceRetention="BypassGovernanceRetention",
    ),
}

CONTEXT = {
    "ACL": "s3:x-amz-acl",
    "CopySource": "s3:x-amz-copy-source",
    "Delimiter": "s3:delimiter",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "GrantRead": "s3:x-amz-grant-read",
    "GrantReadACP": "s3:x-amz-grant-read-acp",
    "GrantWrite": "s3:x-amz-grant-write",
    "GrantWriteACP": "s3:x-amz-grant-write-acp",
    "IfMatch": "s3:if-match",
    "IfNoneMatch": "s3:if-none-match",
    "MaxKeys": "s3:max-keys",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "ObjectLockLegalHoldStatus": "s3:object-lock-legal-hold",
    "ObjectLockMode": "s3:object-lock-mode",
    "ObjectOwnership": "s3:x-amz-object-ownership",
    "Prefix": "s3:prefix",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "StorageClass": "s3:x-amz-storage-class",
    "VersionId": "s3:versionid",
    "WebsiteRedirectLocation": "s3:x-amz-website-redirect-location",
}


class S3(Service):
    """The service, with its actions on versions and its condition keys for tags."""

    def accesses(self, call: Call) -> list[Access]:
        if call.operation in VERSION_ACTIONS and call.text("VersionId"):
            return self.on(call, VERSION_ACTIONS[call.operation], stored_object(call))
        return super().accesses(call)

    def on(self, call: Call, action: str, *resources: str) -> list[Access]:
        found = super().on(call, action, *resources)
        return with_context(found, _object_tags(call.get("Tagging")))


def _object_tags(tagging: Any) -> dict[str, str]:
    """Return s3:RequestObjectTag/<key> for tags like "team=blue&stage=test" or a TagSet."""
    pairs = [
        (as_text(tag.get("Key")), as_text(tag.get("Value")))
        for tag in mappings(as_mapping(tagging).get("TagSet"))
    ]
    pairs += parse_qsl(as_text(tagging), keep_blank_values=True)
    return {f"s3:requestobjecttag/{key.lower()}": value for key, value in pairs if key}


def _copy(call: Call) -> list[Access]:
    """Return GetObject on the source and PutObject on the copy."""
    return [*_read_source(call), *SERVICE.on(call, "PutObject", stored_object(call))]


def _read_source(call: Call) -> list[Access]:
    source = call.get("CopySource")
    where = source if isinstance(source, Mapping) else _parse_copy_source(as_text(source))
    version = as_text(where.get("VersionId"))
    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    context = {"s3:versionid": version} if version else {}
    return [Access(action, _arn(where.get("Bucket"), where.get("Key") or ""), context)]


def _parse_copy_source(source: str) -> dict[str, str]:
    """Return the parts of "bucket/key?versionId=…", which is URL-encoded.

    >>> _parse_copy_source("/photos/a%20b.jpg?versionId=3")
    {'Bucket': 'photos', 'Key': 'a b.jpg', 'VersionId': '3'}
    """
    path, _, version = source.partition("?versionId=")
    path = unquote(path)
    if path.startswith("arn:"):
        bucket, _, key = path.partition("/object/")
    else:
        bucket, _, key = path.removeprefix("/").partition("/")
    return {"Bucket": bucket, "Key": key, "VersionId": version}


def _delete_each(call: Call) -> list[Access]:
    """Return DeleteObject on each key. S3 refuses the keys one by one."""
    wanted = mappings(as_mapping(call.get("Delete")).get("Objects"))
    found: list[Access] = []
    for one in wanted or [{}]:
        action = "DeleteObjectVersion" if as_text(one.get("VersionId")) else "DeleteObject"
        found += SERVICE.on(call, action, _arn(call.get("Bucket"), one.get("Key") or ""))
    return found


def _create_bucket(call: Call) -> list[Access]:
    """Return CreateBucket and what the parameters add, which the private ACL does not."""
    needed = ["CreateBucket"]
    if any(call.get(name) not in (None, "", "private") for name in GRANTS):
        needed.append("PutBucketAcl")
    if call.get("ObjectLockEnabledForBucket"):
        needed += ["PutBucketObjectLockConfiguration", "PutBucketVersioning"]
    if call.get("ObjectOwnership"):
        needed.append("PutBucketOwnershipControls")
    found = [one for action in needed for one in SERVICE.on(call, action, bucket(call))]
    place = as_text(as_mapping(call.get("CreateBucketConfiguration")).get("LocationConstraint"))
    return with_context(found, {"s3:locationconstraint": place} if place else {})


def _object_attributes(call: Call) -> list[Access]:
    version = "Version" if call.text("VersionId") else ""
    context = conditions(call, CONTEXT)
    return [
        Access(f"s3:GetObject{version}", stored_object(call), context),
        Access(f"s3:GetObject{version}Attributes", stored_object(call), context),
    ]


def _post_object(call: Call) -> list[Access]:
    """Return PutObject on the key, a field of the form; on all keys where the request lacks it."""
    return SERVICE.on(call, "PutObject", _arn(call.get("Bucket"), call.text("Key") or "*"))


def _other(action: str) -> Rule:
    """Return the rule of an operation of directory buckets or Object Lambda."""
    return lambda call: [Access(action, EVERYTHING)]


SERVICE = S3(
    prefix="s3",
    default=bucket,
    resources=RESOURCES,
    actions=ACTIONS,
    also=ALSO,
    context=CONTEXT,
    rules={
        "CopyObject": _copy,
        "CreateBucket": _create_bucket,
        "CreateSession": _other("s3express:CreateSession"),
        "DeleteObjects": _delete_each,
        "GetObjectAttributes": _object_attributes,
        "ListDirectoryBuckets": _other("s3express:ListAllMyDirectoryBuckets"),
        "PostObject": _post_object,
        "RenameObject": _other("s3express:CreateSession"),
        "UploadPartCopy": _copy,
        "WriteGetObjectResponse": _other("s3-object-lambda:WriteGetObjectResponse"),
    },
)
