"""Who may invoke a function, on whose behalf: its resource policy, read for a verdict.

Whether a statement applies is decided as AWS does, in helpers.aws; here is *why* one does not.
What `lambda.get_policy` gives after one `add_permission` is this, as a string:

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


@dataclass(frozen=True)
class Call:
    """An invocation that AWS has to decide on: who makes it, and for what.

    `source` is the ARN of what it is made for (a bucket, a rule, a topic, a method of an API);
    `context` holds what else a condition may ask for, by lower-case key.
    """

    principal: str
    source: str = ""
    account: str = ""
    action: str = INVOKE
    context: Mapping[str, str] = field(default_factory=dict)

    @property
    def caller(self) -> Caller:
        """The service, or anybody for the principal "*"."""
        return Caller(account="", service="" if self.principal == "*" else self.principal)

    @property
    def full_context(self) -> dict[str, str]:
        known = {SOURCE: self.source, ACCOUNT: self.account}
        given = {key: value for key, value in known.items() if value}
        return {**self.caller.context, **self.context, **given}


def statements(policy: Mapping[str, Any]) -> list[Statement]:
    """Return the policy's statements; none where it is empty."""
    if not policy.get("Statement"):
        return []
    return list(parse({"Version": "2012-10-17", "Statement": policy["Statement"]}))


def unfit(statement: Statement, call: Call) -> tuple[str, ...]:
    """Return which of ASPECTS keep the statement from applying to the call; none if it applies."""
    context = call.full_context
    broken = {_aspect(condition.key) for condition in statement.unmet_conditions(context)}
    if reach(statement, call.caller) is Reach.NONE:
        broken.add("principal")
    if not statement.covers_action(call.action):
        broken.add("action")
    return tuple(aspect for aspect in ASPECTS if aspect in broken)


def is_allowed(policy: Sequence[Statement], call: Call) -> bool:
    """Whether a statement allows the call, and none denies it."""
    fitting = [one.allows for one in policy if not unfit(one, call)]
    return bool(fitting) and all(fitting)


def nearest(policy: Sequence[Statement], call: Call) -> Statement | None:
    """Return the allowing statement that lacks least; whom it is for counts most."""
    allowing = [one for one in policy if one.allows]
    return min(allowing, key=lambda one: _lack(one, call), default=None)


def principals_of(statement: Statement) -> list[str]:
    """Return whom the statement is for: services, accounts, "*"."""
    return [principal.id for principal in statement.principals]


def condition_values(statement: Statement, key: str) -> list[str]:
    """Return what the statement's conditions want of that key."""
    return [
        value
        for condition in statement.conditions
        if condition.key.lower() == key
        for value in condition.values
    ]


def in_words(statement: Statement) -> str:
    verb = "allow" if statement.allows else "deny"
    actions = statement.actions or statement.not_actions
    lines = [f"{verb} {', '.join(principals_of(statement))} to {', '.join(actions)}"]
    lines += [
        f"  if {condition.key} {condition.operator} {', '.join(condition.values)}"
        for condition in statement.conditions
    ]
    return "\n".join(lines)


def _lack(statement: Statement, call: Call) -> tuple[bool, int]:
    broken = unfit(statement, call)
    return "principal" in broken, len(broken)


def _aspect(key: str) -> str:
    return {SOURCE: "source", ACCOUNT: "account"}.get(key.lower(), "condition")
