"""A function's resource-based policy, and why a statement of it does not allow an invocation.

The decision is AWS's, as in authorization.py; a verdict needs the reason as well. After one
`add_permission`, `lambda.get_policy` returns this, as a string:

    {"Version": "2012-10-17", "Id": "default", "Statement": [{
        "Sid": "from-the-bucket",
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:resize",
        "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::photos"}}}]}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpers.aws.iam.policy import Statement, parse
from helpers.aws.iam.principals import Caller, Reach, reach

INVOKE = "lambda:InvokeFunction"
INVOKE_URL = "lambda:InvokeFunctionUrl"

SOURCE, ACCOUNT = "aws:sourcearn", "aws:sourceaccount"
ASPECTS = ("principal", "action", "source", "account", "condition")
ASPECT_OF_KEY = {SOURCE: "source", ACCOUNT: "account"}


@dataclass(frozen=True)
class Call:
    """An invocation that AWS has to allow: who makes it, and on behalf of which resource.

    `source` is the ARN of that resource (a bucket, a rule, a topic, a method of an API);
    `context` holds further condition keys, in lower case.
    """

    principal: str
    source: str = ""
    account: str = ""
    action: str = INVOKE
    context: Mapping[str, str] = field(default_factory=dict)

    @property
    def caller(self) -> Caller:
        """Return the caller: the service, or an anonymous one for the principal "*"."""
        return Caller(account="", service="" if self.principal == "*" else self.principal)

    @property
    def full_context(self) -> dict[str, str]:
        known = {SOURCE: self.source, ACCOUNT: self.account}
        given = {key: value for key, value in known.items() if value}
        return {**self.caller.context, **self.context, **given}


def statements(policy: Mapping[str, Any]) -> list[Statement]:
    """Return the policy's statements; none if it is empty."""
    if not policy.get("Statement"):
        return []
    return list(parse({"Version": "2012-10-17", "Statement": policy["Statement"]}))


def unfit(statement: Statement, call: Call) -> tuple[str, ...]:
    """Return which of ASPECTS keep the statement from applying to the call; none if it applies."""
    context = call.full_context
    unmet = [condition.key.lower() for condition in statement.unmet_conditions(context)]
    broken = {ASPECT_OF_KEY.get(key, "condition") for key in unmet}
    if reach(statement, call.caller) is Reach.NONE:
        broken.add("principal")
    if not statement.covers_action(call.action):
        broken.add("action")
    return tuple(aspect for aspect in ASPECTS if aspect in broken)


def is_allowed(policy: Sequence[Statement], call: Call) -> bool:
    """Return whether a statement allows the call and none denies it."""
    fitting = [statement.allows for statement in policy if not unfit(statement, call)]
    return bool(fitting) and all(fitting)


def nearest(policy: Sequence[Statement], call: Call) -> Statement | None:
    """Return the Allow statement with the fewest faults, a wrong principal being the gravest."""

    def faults(statement: Statement) -> tuple[bool, int]:
        broken = unfit(statement, call)
        return "principal" in broken, len(broken)

    return min((each for each in policy if each.allows), key=faults, default=None)


def principals_of(statement: Statement) -> list[str]:
    """Return the principals of the statement: services, accounts, "*"."""
    return [principal.id for principal in statement.principals]


def condition_values(statement: Statement, key: str) -> list[str]:
    """Return the values that the statement's conditions require of that key."""
    return [
        value
        for condition in statement.conditions
        if condition.key.lower() == key
        for value in condition.values
    ]


def describe_statement(statement: Statement) -> str:
    """Return the statement in words: "allow s3.amazonaws.com to lambda:InvokeFunction if …"."""
    verb = "allow" if statement.allows else "deny"
    actions = statement.actions or statement.not_actions
    lines = [f"{verb} {', '.join(principals_of(statement))} to {', '.join(actions)}"]
    lines += [
        f"  if {condition.key} {condition.operator} {', '.join(condition.values)}"
        for condition in statement.conditions
    ]
    return "\n".join(lines)
