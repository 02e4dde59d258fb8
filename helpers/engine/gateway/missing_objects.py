"""S3 reveals that an object doesn't exist only to callers who may list the bucket.

For everybody else access is denied, as if they weren't allowed to read the object.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions" (2026-11-27)
"""

from localstack.aws import handlers
from localstack.aws.api import RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Response

from helpers.aws.iam.authorization import Request as Authorization
from helpers.engine.gateway.authorization import caller_of, denial_of, record, refusal
from helpers.engine.gateway.policies import bucket_owner

READS = {"GetObject", "HeadObject"}


def hide_missing_objects(chain: HandlerChain, context: RequestContext, response: Response) -> None:
    """Replace NoSuchKey with AccessDenied for a caller who isn't allowed to list the bucket."""
    error = context.service_exception
    if error is None or context.operation is None or context.operation.name not in READS:
        return
    credentials = caller_of(context)
    if credentials is None or getattr(error, "code", "") != "NoSuchKey":
        return
    bucket = (context.service_request or {})["Bucket"]
    owner, arn = bucket_owner(bucket), f"arn:aws:s3:::{bucket}"
    to_list = Authorization(credentials.caller, "s3:ListBucket", arn, owner, {})
    denied = denial_of(to_list, credentials.session_policy)
    if denied:
        record(owner, denied)
        context.service_exception = refusal(context, denied)
        serializer = handlers.handle_service_exception
        error_response = serializer.create_exception_response(context.service_exception, context)
        response.update_from(error_response)
