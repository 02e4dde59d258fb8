"""Authorization by the policies of roles, users and resources, and by permissions boundaries.

`authorize` is a step of LocalStack's chain of handlers, after the request has been parsed. It sees
requests from outside, and those that the engine's services make with a role or as a service
principal.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from localstack.aws.api import CommonServiceException, RequestContext
from localstack.aws.chain import HandlerChain
from localstack.http import Response
from localstack.utils.aws.request_context import extract_access_key_id_from_auth_header

from helpers.aws.iam.actions import PASSED_TO, Call, accesses, passed_roles
from helpers.aws.iam.authorization import Caller, decide, message, missing_statement
from helpers.aws.iam.authorization import Request as Authorization
from helpers.engine.gateway import policies
from helpers.engine.gateway.credentials import Credentials, find_temporary_or_user_credentials
from helpers.engine.gateway.denials import DENIALS, Denial
from helpers.engine.gateway.visitor import visitor_of
from helpers.engine.settings import has_owner

LOG = logging.getLogger(__name__)

# What a service does as its own principal, so that the resource's policy has to allow it. The other
# calls between services (a notification looks up its queue) don't exist on AWS.
NEED_A_RESOURCE_POLICY = {
    ("lambda", "Invoke"),
    ("sqs", "SendMessage"),
    ("sqs", "SendMessageBatch"),
    ("sns", "Publish"),
    ("sns", "PublishBatch"),
    ("sts", "AssumeRole"),
}
# What LocalStack looks up with a role that on AWS needs only the permission to deliver.
NEED_NOTHING = {
    ("logs", "kinesis", "DescribeStream"),
    ("logs", "firehose", "DescribeDeliveryStream"),
}
# These have a second name in each region: logs.us-east-1.amazonaws.com.
REGIONAL = {"logs.amazonaws.com", "states.amazonaws.com"}
# AWS's name for the error: in most services the first.
DENIED = "AccessDeniedException"
DENIED_BY_SERVICE = {
    "s3": ("AccessDenied", 403),
    "sqs": ("AccessDenied", 403),
    "sns": ("AuthorizationError", 403),
    "iam": ("AccessDenied", 403),
    "sts": ("AccessDenied", 403),
    "cloudformation": ("AccessDenied", 403),
    "cloudwatch": ("AccessDenied", 403),
    "ses": ("AccessDenied", 403),
    "ec2": ("UnauthorizedOperation", 403),
}
STATUS = {"json": 400, "rest-json": 403}


def authorize(chain: HandlerChain, context: RequestContext, response: Response) -> None:
    """Raise the service's own error if the caller isn't allowed to make the call."""
    if context.operation is None or context.service is None:
        return
    content_type = context.request.headers.get("Content-Type", "")
    if context.operation.name == "PostObject" and "multipart/form-data" not in content_type:
        return  # which S3 refuses, whoever has sent it
    credentials = caller_of(context)
    if credentials is None:
        return
    for request in _requests(context, credentials.caller):
        denied = denial_of(request, credentials.session_policy)
        if denied:
            record(request.account, denied)
            raise refusal(context, denied)


def denial_of(request: Authorization, session_policy: str | None = None) -> Denial | None:
    """Return why a request is denied, None if it is allowed."""
    applicable = policies.policies_for(request.caller, session_policy, request.resource)
    decision = decide(request, applicable)
    if decision.allowed:
        return None
    if request.caller.service in REGIONAL:
        name, _, domain = request.caller.service.partition(".")
        region = str(request.context.get("aws:requestedregion", ""))
        regional = Caller(account="", service=f"{name}.{region}.{domain}")
        if decide(replace(request, caller=regional), applicable).allowed:
            return None
    return Denial(
        principal=request.caller.service or request.caller.arn or "anonymous",
        action=request.action,
        resource=request.resource,
        message=message(request, decision),
        policy=decision.policy,
        missing=missing_statement(request, decision),
        source=str(request.context.get("aws:sourcearn", "")),
    )


# The caller


def caller_of(context: RequestContext) -> Credentials | None:
    """Return the caller's credentials; None for the engine's own calls, which are all allowed."""
    visitor = visitor_of(context.request)
    if visitor is not None:
        return visitor.credentials or Credentials(visitor.caller, "")
    principal = (context.internal_request_params or {}).get("service_principal")
    call = context.service.service_name, context.operation.name
    if (principal, *call) in NEED_NOTHING:
        return None
    access_key = extract_access_key_id_from_auth_header(context.request.headers) or ""
    if credentials := find_temporary_or_user_credentials(access_key):
        return credentials
    if not principal or call not in NEED_A_RESOURCE_POLICY:
        return None
    return Credentials(Caller(account="", service=f"{principal}.amazonaws.com"), "")


# What the call needs to be allowed


def _requests(context: RequestContext, caller: Caller) -> Iterator[Authorization]:
    call = Call(
        service=context.service.service_name,
        operation=context.operation.name,
        request=context.service_request or {},
        account=context.account_id,
        region=context.region,
        method=context.request.method,
        path=context.request.path,
    )
    common = _context_keys(context, caller)
    for access in accesses(call):
        resource = policies.full_arn(access.resource, access.action)
        account = _owner_of(resource) or context.account_id
        yield Authorization(caller, access.action, resource, account, common | dict(access.context))
    if not caller.is_root and not caller.service:
        for role in passed_roles(call):
            keys = common | {"iam:passedtoservice": PASSED_TO.get(call.service, "")}
            yield Authorization(caller, "iam:PassRole", role, _owner_of(role), keys)


def _owner_of(resource: str) -> str:
    """Return the account of a resource, "" if its ARN has none and it doesn't exist yet."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return ""
    if parts[2] == "s3":
        return policies.bucket_owner(parts[5].partition("/")[0])
    return parts[4] if parts[4].isdigit() else ""  # AWS's own policies belong to "aws"


def _context_keys(context: RequestContext, caller: Caller) -> dict[str, str]:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    now = datetime.now(UTC)
    keys = {
        "aws:currenttime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "aws:epochtime": str(int(now.timestamp())),
        "aws:requestedregion": context.region,
        "aws:sourceip": "127.0.0.1",
        # Nothing leaves this machine, so a policy that requires TLS is satisfied.
        "aws:securetransport": "true",
        "aws:useragent": context.request.headers.get("User-Agent", ""),
    }
    source = (context.internal_request_params or {}).get("source_arn")
    if source:
        keys["aws:sourcearn"] = _source_on_aws(caller.service, source)
        keys["aws:sourceaccount"] = _owner_of(source)
    return keys


def _source_on_aws(service: str, arn: str) -> str:
    """Return the source ARN as AWS has it.

    That of a log group ends with a star, and that of a subscription is its topic's.
    """
    if service.startswith("logs."):
        return arn.removesuffix(":*") + ":*"
    if service.startswith("sns."):
        return ":".join(arn.split(":")[:6])
    return arn


# The error


def record(account: str, denied: Denial) -> None:
    """Keep a denial, for checks to tell why nothing happened."""
    LOG.info("%s", denied.message)
    DENIALS.add(account, denied)


def refusal(context: RequestContext, denied: Denial) -> CommonServiceException:
    """Return the error with which the service responds."""
    service = context.service.service_name
    code, status = DENIED_BY_SERVICE.get(service, (DENIED, STATUS.get(context.protocol or "", 403)))
    return CommonServiceException(code, denied.message, status, sender_fault=service != "s3")


# Before a call: what a role would be denied


def denied_to_role(role_arn: str, action: str, resource: str) -> Denial | None:
    """Return why a function's role would be denied an action, None if it would be allowed."""
    if not has_owner():
        return None
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    session = f"arn:aws:sts::{account}:assumed-role/{name}/lambda"
    caller = Caller(account=account, arn=session, role_arn=role_arn)
    return denial_of(Authorization(caller, action, resource, _owner_of(resource) or account, {}))
