"""A bucket that blocks public policies, as every new one does, refuses them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Response

from helpers.aws.iam.policy import parse
from helpers.aws.iam.public import BLOCKED, is_public
from helpers.engine.gateway.authorization import caller_of
from helpers.engine.gateway.credentials import ACCOUNT
from helpers.engine.gateway.policies import find_bucket

DENIED = (
    'User: {caller} is not authorized to perform: s3:PutBucketPolicy on resource: "{bucket}" '
    + BLOCKED
)


def refuse_public_policies(
    chain: HandlerChain, context: RequestContext, response: Response
) -> None:
    """Refuse PutBucketPolicy with a policy that the bucket's settings block."""
    if context.operation is None or context.operation.name != "PutBucketPolicy":
        return
    request = context.service_request or {}
    if not ACCOUNT.fullmatch(request.get("ExpectedBucketOwner") or context.account_id):
        return  # S3 reports that first
    bucket, credentials = find_bucket(request.get("Bucket", "")), caller_of(context)
    block = (bucket.public_access_block if bucket else None) or {}
    if not credentials or not block.get("BlockPublicPolicy"):
        return
    try:
        statements = parse(request.get("Policy", ""))
    except ValueError:  # S3 reports that it is malformed
        return
    if is_public(statements):
        caller, arn = credentials.caller.arn, f"arn:aws:s3:::{bucket.name}"
        message = DENIED.format(caller=caller, bucket=arn)
        raise CommonServiceException("AccessDenied", message, 403, sender_fault=True)
