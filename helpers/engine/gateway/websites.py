"""A website bucket shows what its policy makes public, and nothing else.

LocalStack reads the objects of a website in its own name. On AWS a visitor reads them, whom nobody
knows: without a policy that lets everybody read, a website answers 403.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteAccessPermissionsReqd.html (2026-11-27)
"""

from typing import Any

from localstack.http import Request, Response
from localstack.services.s3.website_hosting import S3WebsiteHostingHandler
from localstack.utils.patch import patch

from helpers.aws.iam.authorization import Request as Authorization
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


class _PublicReader:
    """S3's client, as a visitor would have it: it reads what is public."""

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


class _NotPublic(Exception):
    pass


def install() -> None:
    patch(S3WebsiteHostingHandler._serve_object)(_serve_if_public)


def _serve_if_public(serve: Any, handler: Any, request: Request, *where: Any) -> Response:
    if not isinstance(handler.s3_client, _PublicReader):
        handler.s3_client = _PublicReader(handler.s3_client)
    try:
        return serve(handler, request, *where)
    except _NotPublic:
        return Response(FORBIDDEN, status=403, headers={"Content-Type": "text/html"})


def _require_public(bucket: str, key: str) -> None:
    owner, arn = bucket_owner(bucket), f"arn:aws:s3:::{bucket}"
    found = find_bucket(bucket)
    is_missing = found is not None and found.objects.get(key) is None
    if is_missing and not denial_of(Authorization(ANONYMOUS, "s3:ListBucket", arn, owner, {})):
        return  # who may list the bucket is told so
    denied = denial_of(Authorization(ANONYMOUS, "s3:GetObject", f"{arn}/{key}", owner, {}))
    if denied:
        record(owner, denied)
        raise _NotPublic
