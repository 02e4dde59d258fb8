"""A denied request, as AWS reports it; and the statement that is missing.

    User: arn:aws:sts::111122223333:assumed-role/thumbnailer-role/thumbnailer is not authorized to
    perform: s3:GetObject on resource: "arn:aws:s3:::photos/cat.jpg" because no identity-based
    policy allows the s3:GetObject action

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

import re
from typing import Any

from helpers.aws.iam.request import Decision, PolicyType, Request

EXPLICIT_DENY: dict[PolicyType, str] = {
    "identity-based": "with an explicit deny in an identity-based policy",
    "resource-based": "with an explicit deny in a resource-based policy",
    "permissions boundary": "with an explicit deny in a permissions boundary",
    "session": "with an explicit deny in a session policy",
    "trust": "with an explicit deny in the role trust policy",
}
IMPLICIT_DENY: dict[PolicyType, str] = {
    "identity-based": "because no identity-based policy allows the {action} action",
    "resource-based": "because no resource-based policy allows the {action} action",
    "permissions boundary": "because no permissions boundary allows the {action} action",
    "session": "because no session policy allows the {action} action",
    "trust": "because no role trust policy allows the {action} action",
}
MESSAGE = "User: {user} is not authorized to perform: {action}{resource} {reason}"

SOURCE_ARN, SOURCE_ACCOUNT = "aws:sourcearn", "aws:sourceaccount"
ALL_BUCKETS = "arn:aws:s3:::*"
S3_OBJECT = re.compile(r"(arn:[^:]*:s3:::[^/]+/).*", re.DOTALL)
LOG_STREAM = re.compile(r"(arn:[^:]*:logs:[^:]*:[^:]*:log-group:[^:]+:)log-stream:.*")
ACCOUNT = re.compile(r":\d{8}(\d{4}):")


def explicit(policy: PolicyType) -> Decision:
    """Return the decision that a Deny statement in such a policy refuses the request."""
    return Decision(False, EXPLICIT_DENY[policy], policy, explicit=True)


def implicit(policy: PolicyType, request: Request) -> Decision:
    """Return the decision that no policy of that type allows the request."""
    reason = IMPLICIT_DENY[policy].format(action=_reported_action(request))
    return Decision(False, reason, policy, explicit=False)


def message(request: Request, decision: Decision) -> str:
    """Return the message with which AWS refuses the request; "" if it is allowed."""
    if decision.allowed:
        return ""
    text = MESSAGE.format(
        user=request.caller.arn or request.caller.service or "anonymous",
        action=_reported_action(request),
        resource=_reported_resource(request),
        reason=decision.reason,
    )
    # API Gateway answers anyone, so it masks account numbers
    return ACCOUNT.sub(r":********\1:", text) if request.service == "execute-api" else text


def missing_statement(request: Request, decision: Decision) -> dict[str, Any]:
    """Return the statement that is missing; {} if a Deny refused the request, or nothing did.

    It is ready to be added to a policy: for an object it covers all objects of the bucket, for a
    log stream all streams of the log group.
    """
    if decision.allowed or decision.explicit:
        return {}
    if decision.policy == "trust":
        return {"Effect": "Allow", "Principal": _principal(request), "Action": request.action}
    resource = {"Action": request.action, "Resource": _generalized(request.resource)}
    if decision.policy != "resource-based":
        return {"Effect": "Allow", **resource}
    condition = _condition(request)
    return {
        "Effect": "Allow",
        "Principal": _principal(request),
        **resource,
        **({"Condition": condition} if condition else {}),
    }


def _reported_action(request: Request) -> str:
    """Return the action as the service spells it: sqs:sendmessage, SNS:Publish."""
    if request.service == "sqs":
        return request.action.lower()
    if request.service == "sns":
        return f"SNS:{request.action.partition(':')[2]}"
    return request.action


def _reported_resource(request: Request) -> str:
    """Return " on resource: …", which most services omit for an action without a resource."""
    if request.resource in ("*", ALL_BUCKETS) and request.service != "lambda":
        return ""
    quote = '"' if request.service == "s3" else ""
    return f" on resource: {quote}{request.resource}{quote}"


def _generalized(resource: str) -> str:
    for pattern in (S3_OBJECT, LOG_STREAM):
        if match := pattern.fullmatch(resource):
            return f"{match[1]}*"
    return resource


def _principal(request: Request) -> str | dict[str, str]:
    caller = request.caller
    if caller.is_anonymous:
        return "*"
    return {"Service": caller.service} if caller.service else {"AWS": caller.entity_arn}


def _condition(request: Request) -> dict[str, dict[str, str]]:
    """Return what limits a service to the resource on whose behalf it calls."""
    source, account = request.context.get(SOURCE_ARN), request.context.get(SOURCE_ACCOUNT)
    if not (request.caller.service and isinstance(source, str)):
        return {}
    condition = {"ArnLike": {"aws:SourceArn": source}}
    if isinstance(account, str) and account not in source:  # a bucket's ARN has no account
        condition["StringEquals"] = {"aws:SourceAccount": account}
    return condition
