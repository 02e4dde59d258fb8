"""The decision: whether AWS allows a request, and if not, which policy is the reason.

    request = Request(caller, "s3:GetObject", "arn:aws:s3:::photos/cat.jpg", "111122223333")
    decision = decide(request, Policies(identity=parse(of_the_role), resource=parse(of_the_bucket)))
    if not decision.allowed:
        raise AccessDenied(message(request, decision))

In AWS's order:

1. An explicit deny in any policy refuses the request.
2. A service and an anonymous caller need an Allow in the resource-based policy, and nothing else.
3. Across accounts, the caller's own policies and the resource-based policy both have to allow it.
4. Within an account, an Allow of the resource-based policy for the caller itself (or everyone) is
   enough. One for the caller's role is enough in place of an identity-based policy.
5. Otherwise an identity-based policy has to allow it, and then the permissions boundary and the
   session policy as well, where there are any.

The trust policy of a role and the policy of a KMS key have to allow the caller, or its account, in
any case. The root user has no policies of its own: within its account it may do everything, except
what a resource-based policy explicitly denies or one of these two does not allow.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from collections.abc import Iterable, Iterator

from helpers.aws.iam import denial
from helpers.aws.iam.denial import message, missing_statement
from helpers.aws.iam.policy import Statement
from helpers.aws.iam.principals import Caller, Reach, reach
from helpers.aws.iam.request import Decision, Policies, PolicyType, Request

__all__ = [
    "Caller",
    "Decision",
    "Policies",
    "PolicyType",
    "Request",
    "decide",
    "message",
    "missing_statement",
]

# Every principal may do these, whatever its policies say.
NEED_NO_PERMISSION = ("sts:getcalleridentity", "sts:getsessiontoken")
# The owner of a bucket or queue can always fix a policy that locks everyone out.
NEVER_DENIED_TO_ROOT = {
    *("s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"),
    *("sqs:getqueueurl", "sqs:getqueueattributes", "sqs:setqueueattributes"),
}


def decide(request: Request, policies: Policies) -> Decision:
    """Return AWS's decision about the request."""
    if request.caller.arn and request.action.lower() in NEED_NO_PERMISSION:
        return Decision(True, "", "identity-based")
    if denied := next(_explicit_denies(request, policies), None):
        return denial.explicit(denied)
    granted = _granted(request, policies.resource or ())
    if refused := next(_implicit_denies(request, policies, granted), None):
        return denial.implicit(refused, request)
    by_resource_policy = granted >= Reach.ROLE and not request.is_cross_account
    return Decision(
        True, "", request.resource_policy_type if by_resource_policy else "identity-based"
    )


def _explicit_denies(request: Request, policies: Policies) -> Iterator[PolicyType]:
    """Yield each type of policy that has a Deny statement for the request."""
    for policy_type, statements in _own_policies(request, policies):
        if any(not statement.allows and _applies(statement, request) for statement in statements):
            yield policy_type
    if not _is_never_denied(request) and any(
        not statement.allows and reach(statement, request.caller) and _applies(statement, request)
        for statement in policies.resource or ()
    ):
        yield request.resource_policy_type


def _is_never_denied(request: Request) -> bool:
    is_owner = request.caller.is_root and not request.is_cross_account
    return is_owner and request.action.lower() in NEVER_DENIED_TO_ROOT


def _granted(request: Request, statements: Iterable[Statement]) -> Reach:
    """Return how directly the resource-based policy allows the request to the caller."""
    granted = Reach.NONE
    for statement in statements:
        reached = reach(statement, request.caller) if statement.allows else Reach.NONE
        if reached > granted and _applies(statement, request):
            granted = reached
    return granted


def _implicit_denies(request: Request, policies: Policies, granted: Reach) -> Iterator[PolicyType]:
    """Yield each type of policy that has to allow the request and does not."""
    if request.is_cross_account:
        yield from _limits(request, policies)
    if not granted and request.needs_resource_policy:
        yield request.resource_policy_type
    if granted < Reach.CALLER and not request.is_cross_account:
        yield from _limits(request, policies, is_role_allowed=granted == Reach.ROLE)


def _limits(
    request: Request, policies: Policies, *, is_role_allowed: bool = False
) -> Iterator[PolicyType]:
    """Yield each type of the caller's own policies that does not allow the request."""
    for policy_type, statements in _own_policies(request, policies):
        if is_role_allowed and policy_type == "identity-based":
            continue
        if not any(statement.allows and _applies(statement, request) for statement in statements):
            yield policy_type


def _own_policies(
    request: Request, policies: Policies
) -> Iterator[tuple[PolicyType, tuple[Statement, ...]]]:
    """Yield the caller's own policies in AWS's order. The root user and services have none."""
    caller = request.caller
    if not caller.arn or caller.is_root:
        return
    yield "identity-based", policies.identity
    if policies.boundary is not None:
        yield "permissions boundary", policies.boundary
    if policies.session is not None:
        yield "session", policies.session
    elif caller.is_federated_user:
        yield "session", ()  # without a session policy such a session may do nothing


def _applies(statement: Statement, request: Request) -> bool:
    return statement.applies_to(request.action, request.resource, request.full_context)
