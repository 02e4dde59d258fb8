"""The link "permission": whether a service may invoke a function, by the function's own policy.

AWS enforces it, and so does the embedded cloud for rules and REST APIs: without it a trigger does
nothing, and says nothing either. Other LocalStacks keep it and let everybody in.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.aws.iam.policy import Statement
from helpers.aws.iam.resource_policy import (
    ACCOUNT,
    INVOKE,
    INVOKE_URL,
    SOURCE,
    Call,
    condition_values,
    describe_statement,
    is_allowed,
    nearest,
    principals_of,
    statements,
    unfit,
)
from helpers.checks.diagnosis import Diagnosis
from helpers.checks.evidence import compare
from helpers.checks.function import configuration
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, Link

NAMES = {
    "apigateway.amazonaws.com": "API Gateway",
    "events.amazonaws.com": "EventBridge",
    "lambda.amazonaws.com": "Lambda",
    "logs.amazonaws.com": "CloudWatch Logs",
    "s3.amazonaws.com": "S3",
    "scheduler.amazonaws.com": "EventBridge Scheduler",
    "sns.amazonaws.com": "SNS",
    "*": "The public",
}
# What AWS does without any permission; the services that are not named here fail in silence.
CONSEQUENCES = {
    "apigateway.amazonaws.com": "each request would get a 500",
    "s3.amazonaws.com": "S3 would not even have accepted the bucket's rules",
    "*": "each request would get a 403",
}
SILENCE = "the function would never run, and no error would tell you"


class Permission(Diagnosis):
    NO_POLICY = Link.PERMISSION("""
        {who} may not invoke `{function}`: nobody has been given the permission. On AWS
        {consequence}. Give it with `lambda_.add_permission`.""")
    ELSEWHERE = Link.PERMISSION("""
        {who} may not invoke `{function}`: the permission was given to `{given}`, and each version
        and alias has its own. Give it once more, with `Qualifier`.""")
    OTHER_PRINCIPAL = Link.PERMISSION("""
        {who} may not invoke `{function}`: the permission is for {others}. The principal has to be
        `{principal}`, letter by letter.""")
    OTHER_ACTION = Link.PERMISSION("""
        {who} has a permission on `{function}`, but for the action {others}. What it needs is
        `{action}`.""")
    OTHER_SOURCE = Link.PERMISSION("""
        {who} may invoke `{function}`, but only for another source. The permission's source ARN and
        the one that is needed are below, one under the other: compare them.""")
    OTHER_ACCOUNT = Link.PERMISSION("""
        {who} may invoke `{function}`, but only from the account {others}, and this is {account}.
        Correct `SourceAccount`, or leave it out.""")
    OTHER_CONDITION = Link.PERMISSION("""
        {who} may invoke `{function}`, but only under a condition that is not met here. It is
        below.""")
    EXPLICIT_DENY = Link.PERMISSION("""
        {who} may not invoke `{function}`: one statement of its policy denies what another one
        allows, and a deny always wins.""")


def require_permission(
    probe: Probe,
    function: str,
    principal: str,
    source: str = "",
    *,
    action: str = INVOKE,
    qualifier: str | None = None,
    context: Mapping[str, str] | None = None,
) -> None:
    """Raise what the policy lacks unless `principal` may invoke the function for `source`.

    `principal` is a service's, "s3.amazonaws.com" for one, or "*"; `source` the ARN of the bucket,
    rule, topic or API method it acts for. `qualifier` is the version or alias that is invoked.

        require_permission(probe, "resize", "s3.amazonaws.com", "arn:aws:s3:::photos")
    """
    settings = configuration(probe, function)
    account = settings["FunctionArn"].split(":")[4]
    call = Call(principal, source, account, action, context or {})
    policy = _relevant(read_policy(probe, function, qualifier), call)
    if not policy:
        raise _no_policy(probe, function, call, qualifier)
    if not is_allowed(policy, call):
        raise refusal(policy, call, _name(function, qualifier))


def require_public(probe: Probe, function: str, *, qualifier: str | None = None) -> None:
    """Raise what is missing unless everybody may call the function's URL (AuthType NONE)."""
    context = {"lambda:functionurlauthtype": "NONE", "lambda:invokedviafunctionurl": "true"}
    require_permission(
        probe, function, "*", action=INVOKE_URL, qualifier=qualifier, context=context
    )


def read_policy(probe: Probe, function: str, qualifier: str | None = None) -> list[Statement]:
    """Return the statements of the function's policy, or of that version's or alias's."""
    which = {"Qualifier": qualifier} if qualifier else {}
    try:
        answer = probe.client("lambda").get_policy(FunctionName=function, **which)
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        return []
    return statements(json.loads(answer["Policy"]))


def describe_policy(policy: Iterable[Statement]) -> str:
    """Return the statements in words, one under the other."""
    return "\n".join(describe_statement(statement) for statement in policy)


def refusal(policy: Sequence[Statement], call: Call, name: str) -> Incorrect:
    """Return which aspect is broken of the statement that lacks least."""
    words = {"who": _who(call.principal), "function": name}
    best, evidence = nearest(policy, call), describe_policy(policy)
    broken = unfit(best, call) if best else ("principal",)
    if best is None or not broken:
        return Permission.EXPLICIT_DENY(evidence, **words)
    match broken[0]:
        case "principal":
            others = _listed({who for one in policy if one.allows for who in principals_of(one)})
            principal = call.principal
            return Permission.OTHER_PRINCIPAL(evidence, **words, others=others, principal=principal)
        case "action":
            others = _listed(best.actions)
            return Permission.OTHER_ACTION(evidence, **words, others=others, action=call.action)
        case "source":
            given = ", ".join(condition_values(best, SOURCE))
            evidence = compare(permission_for=given, needed=call.source)
            return Permission.OTHER_SOURCE(evidence, **words)
        case "account":
            others = _listed(condition_values(best, ACCOUNT))
            return Permission.OTHER_ACCOUNT(evidence, **words, others=others, account=call.account)
        case _:
            return Permission.OTHER_CONDITION(evidence, **words)


def _relevant(policy: Sequence[Statement], call: Call) -> list[Statement]:
    """Return the statements without those for a function URL, which no other call needs."""
    if call.action == INVOKE_URL:
        return list(policy)
    return [one for one in policy if set(one.actions) != {INVOKE_URL}]


def _no_policy(probe: Probe, function: str, call: Call, qualifier: str | None) -> Incorrect:
    words = {"who": _who(call.principal), "function": _name(function, qualifier)}
    for other in _others(probe, function, qualifier):
        found = read_policy(probe, function, other)
        if is_allowed(found, call):
            given = _name(function, other)
            return Permission.ELSEWHERE(describe_policy(found), **words, given=given)
    consequence = CONSEQUENCES.get(call.principal, SILENCE)
    return Permission.NO_POLICY(**words, consequence=consequence)


def _others(probe: Probe, function: str, qualifier: str | None) -> list[str | None]:
    """Return what else of the function may have a policy: itself, its aliases, its versions."""
    aws = probe.client("lambda")
    aliases = [alias["Name"] for alias in aws.list_aliases(FunctionName=function)["Aliases"]]
    versions = aws.list_versions_by_function(FunctionName=function)["Versions"]
    numbers = [each["Version"] for each in versions if each["Version"] != "$LATEST"]
    return [each for each in (None, *aliases, *numbers) if each != qualifier]


def _who(principal: str) -> str:
    return NAMES.get(principal, f"`{principal}`")


def _name(function: str, qualifier: str | None) -> str:
    return f"{function}:{qualifier}" if qualifier else function


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f"`{name}`" for name in sorted(names))
