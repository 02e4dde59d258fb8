"""A website bucket serves what its policy makes public, and nothing else.

LocalStack reads the objects of a website under its own name. On AWS an anonymous caller reads them,
so without a policy that allows everybody to read, a website responds with 403.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteAccessPermissionsReqd.html (2026-11-27)
"""

from typing import Any

from localstack.http import Request, Response
from localstack.services.s3.website_hosting import S3WebsiteHostingHandler
from localstack.utils.patch import patch

from helpers.aws.iam.authorization import Request as Authorization
from helpers.engine.first_use import when_loaded
from helpers.engine.gateway.authorization import denial_of, record
from helpers.engine.gateway.policies import bucket_owner, find_bucket
from helpers.engine.gateway.visitor import ANONYMOUS

FORBIDDEN = """\
<html>
<head><title>403 Forbidden</title></head>
<body>
<h1>403 Forbidden</h1>
<ul>
<li>Code: AccessDenied</li>
<li>Message: Access Denied</li>
</ul>
<hr/>
</body>
</html>
"""


class NotPublic(Exception):
    pass


class PublicReader:
    """An S3 client that reads public objects only. Raises NotPublic."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_object(self, Bucket: str, Key: str, **more: Any) -> Any:
        _require_public(Bucket, Key)
        return self._client.get_object(Bucket=Bucket, Key=Key, **more)

    def head_object(self, Bucket: str, Key: str, **more: Any) -> Any:
        _require_public(Bucket, Key)
        return self._client.head_object(Bucket=Bucket, Key=Key, **more)


def install() -> None:
    when_loaded("s3", lambda: patch(S3WebsiteHostingHandler._serve_object)(_serve_if_public))


def _serve_if_public(serve: Any, handler: Any, request: Request, *more: Any) -> Response:
    if not isinstance(handler.s3_client, PublicReader):
        handler.s3_client = PublicReader(handler.s3_client)
    try:
        return serve(handler, request, *more)
    except NotPublic:
        return Response(FORBIDDEN, status=403, headers={"Content-Type": "text/html"})


def _require_public(bucket: str, key: str) -> None:
    owner, arn = bucket_owner(bucket), f"arn:aws:s3:::{bucket}"
    found = find_bucket(bucket)
    is_missing = found is not None and found.objects.get(key) is None
    if is_missing and not denial_of(Authorization(ANONYMOUS, "s3:ListBucket", arn, owner, {})):
        return  # who may list the bucket may know that the object doesn't exist
    denied = denial_of(Authorization(ANONYMOUS, "s3:GetObject", f"{arn}/{key}", owner, {}))
    if denied:
        record(owner, denied)
        raise NotPublic
