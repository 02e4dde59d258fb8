"""Whether the caller may do it, as roles, users, resources and boundaries say.

A step of LocalStack's chain, behind the parsing of the request: visitors' calls pass by here, and
so do those that the engine's services make for somebody, with a role or as a service principal.
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
from helpers.aws.iam.authorization import Caller, Decision, decide, message, missing_statement
from helpers.aws.iam.authorization import Request as Authorization
from helpers.engine.gateway import policies
from helpers.engine.gateway.credentials import Credentials, find_temporary_or_user_credentials
from helpers.engine.gateway.denials import DENIALS, Denial
from helpers.engine.gateway.visitor import visitor_of
from helpers.engine.settings import has_owner

LOG = logging.getLogger(__name__)

# What a service does by its own principal, and the resource's policy therefore has to allow. All
# else that services do among themselves (a notification looks up its queue) is no call on AWS.
NEED_A_RESOURCE_POLICY = {
    ("lambda", "Invoke"),
    ("sqs", "SendMessage"),
    ("sqs", "SendMessageBatch"),
    ("sns", "Publish"),
    ("sns", "PublishBatch"),
    ("sts", "AssumeRole"),
}
# What LocalStack looks up with a role that on AWS needs the right to deliver, and no other.
NEED_NOTHING = {
    ("logs", "kinesis", "DescribeStream"),
    ("logs", "firehose", "DescribeDeliveryStream"),
}
REGIONAL = {"logs.amazonaws.com", "states.amazonaws.com"}
# AWS's name for the refusal; most services have the first.
DENIED = "AccessDeniedException"
OTHER_NAMES = {
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
    """Refuse what the caller may not do, in the words of the service."""
    if context.operation is None or context.service is None or _is_no_form(context):
        return
    credentials = caller_of(context)
    if credentials is None:
        return
    for request in _requests(context, credentials.caller):
        denied = denial_of(request, credentials.session_policy)
        if denied:
            record(request.account, denied)
            raise refusal(context, denied)


def _is_no_form(context: RequestContext) -> bool:
    """Whether it would be a form by its method, which S3 refuses whoever has sent it."""
    is_form = "multipart/form-data" in context.request.headers.get("Content-Type", "")
    return context.operation.name == "PostObject" and not is_form


def denial_of(request: Authorization, session_policy: str | None = None) -> Denial | None:
    """Return why it is denied, None if it is allowed."""
    found = policies.policies_for(request.caller, session_policy, request.resource)
    decision = decide(request, found)
    if decision.allowed or decide(_by_its_regional_name(request), found).allowed:
        return None
    return _denial(request, decision)


def _by_its_regional_name(request: Authorization) -> Authorization:
    """Some services go by two names: logs.amazonaws.com and logs.us-east-1.amazonaws.com."""
    if request.caller.service not in REGIONAL:
        return request
    name, _, domain = request.caller.service.partition(".")
    region = str(request.context.get("aws:requestedregion", ""))
    return replace(request, caller=Caller(account="", service=f"{name}.{region}.{domain}"))


# Who calls


def caller_of(context: RequestContext) -> Credentials | None:
    """Return whose call it is; None for the engine's own, which needs nobody's permission."""
    visitor = visitor_of(context.request)
    if visitor is not None:
        return visitor.credentials or Credentials(visitor.caller, "")
    principal = (context.internal_request_params or {}).get("service_principal")
    call = context.service.service_name, context.operation.name
    if (principal, *call) in NEED_NOTHING:
        return None
    access_key = extract_access_key_id_from_auth_header(context.request.headers) or ""
    if found := find_temporary_or_user_credentials(access_key):
        return found
    if not principal or call not in NEED_A_RESOURCE_POLICY:
        return None
    return Credentials(Caller(account="", service=f"{principal}.amazonaws.com"), "")


# What for


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
    """The account of a resource, "" where its ARN has none and it is nobody's yet."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return ""
    if parts[2] == "s3":
        return policies.bucket_owner(parts[5].partition("/")[0])
    return parts[4] if parts[4].isdigit() else ""  # AWS's own policies belong to "aws"


def _context_keys(context: RequestContext, caller: Caller) -> dict[str, str]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
    now = datetime.now(UTC)
    keys = {
        "aws:currenttime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "aws:epochtime": str(int(now.timestamp())),
        "aws:requestedregion": context.region,
        "aws:sourceip": "127.0.0.1",
        # Nothing leaves this machine: a policy that wants TLS has what it wants.
        "aws:securetransport": "true",
        "aws:useragent": context.request.headers.get("User-Agent", ""),
    }
    source = (context.internal_request_params or {}).get("source_arn")
    if source:
        keys["aws:sourcearn"] = _as_a_source(caller.service, source)
        keys["aws:sourceaccount"] = _owner_of(source)
    return keys


def _as_a_source(service: str, arn: str) -> str:
    """The ARN that AWS gives for what a service acts for: a log group's has a star behind it, and
    what a subscription could not deliver comes from its topic.
    """
    if service.startswith("logs."):
        return arn.removesuffix(":*") + ":*"
    if service.startswith("sns."):
        return ":".join(arn.split(":")[:6])
    return arn


# The refusal


def record(account: str, denied: Denial) -> None:
    """Keep it for whoever wants to know why nothing happened."""
    LOG.info("%s", denied.message)
    DENIALS.add(account, denied)


def _denial(request: Authorization, decision: Decision) -> Denial:
    return Denial(
        principal=request.caller.service or request.caller.arn or "anonymous",
        action=request.action,
        resource=request.resource,
        message=message(request, decision),
        policy=decision.policy,
        missing=missing_statement(request, decision),
        source=str(request.context.get("aws:sourcearn", "")),
    )


def refusal(context: RequestContext, denied: Denial) -> CommonServiceException:
    """Return the error that the service answers."""
    service = context.service.service_name
    code, status = OTHER_NAMES.get(service, (DENIED, STATUS.get(context.protocol or "", 403)))
    return CommonServiceException(code, denied.message, status, sender_fault=service != "s3")


# Before it is done: what a role would be refused


def denied_to_role(role_arn: str, action: str, resource: str) -> Denial | None:
    """Return why the role, held by a function, may not do that; None if it may."""
    if not has_owner():
        return None
    account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
    session = f"arn:aws:sts::{account}:assumed-role/{name}/lambda"
    caller = Caller(account=account, arn=session, role_arn=role_arn)
    return denial_of(Authorization(caller, action, resource, _owner_of(resource) or account, {}))
