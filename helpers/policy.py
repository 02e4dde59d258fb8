"""A function's resource policy: who may invoke it, on whose behalf. Read as AWS reads it.

What `lambda.get_policy` gives after one `add_permission` is this, as a text:

    {"Version": "2012-10-17", "Id": "default", "Statement": [{
        "Sid": "from-the-bucket",
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:resize",
        "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:s3:::photos"}}}]}
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

INVOKE = "lambda:InvokeFunction"
INVOKE_URL = "lambda:InvokeFunctionUrl"

SOURCE, ACCOUNT = "aws:sourcearn", "aws:sourceaccount"
ASPECTS = ("principal", "action", "source", "account", "condition")
EQUAL = {"arnequals", "arnlike", "stringequals", "stringlike", "stringequalsignorecase"}
UNEQUAL = {"arnnotequals", "arnnotlike", "stringnotequals", "stringnotlike"}


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

    def value(self, key: str) -> str:
        known = {SOURCE: self.source, ACCOUNT: self.account}
        return known.get(key.lower()) or self.context.get(key.lower(), "")


@dataclass(frozen=True)
class Statement:
    """One statement of a policy, its lists flattened."""

    allows: bool
    principals: tuple[str, ...]
    actions: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]  # operator, key, values

    def unfit(self, call: Call) -> tuple[str, ...]:
        """Which of ASPECTS keep the statement from fitting the call; none if it fits."""
        broken = {
            _aspect(key)
            for test, key, values in self.conditions
            if not _holds(test, values, call.value(key))
        }
        if not {call.principal, "*"} & set(self.principals):
            broken.add("principal")
        if not any(fnmatchcase(call.action.lower(), each.lower()) for each in self.actions):
            broken.add("action")
        return tuple(aspect for aspect in ASPECTS if aspect in broken)

    def values(self, key: str) -> list[str]:
        """What the conditions want of that key."""
        return [
            value for _, name, values in self.conditions if name.lower() == key for value in values
        ]

    def __str__(self) -> str:
        verb = "allow" if self.allows else "deny"
        lines = [f"{verb} {', '.join(self.principals)} to {', '.join(self.actions)}"]
        lines += [f"  if {key} {test} {', '.join(values)}" for test, key, values in self.conditions]
        return "\n".join(lines)


def statements(policy: Mapping[str, Any]) -> list[Statement]:
    """The policy's statements; what is written once or as a list is read the same."""
    return [
        Statement(
            allows=one.get("Effect") == "Allow",
            principals=tuple(_principals(one.get("Principal"))),
            actions=tuple(_listed(one.get("Action"))),
            conditions=tuple(_conditions(one.get("Condition") or {})),
        )
        for one in _listed(policy.get("Statement"))
    ]


def is_allowed(policy: Sequence[Statement], call: Call) -> bool:
    """Whether a statement allows the call, and none denies it."""
    fitting = [one.allows for one in policy if not one.unfit(call)]
    return bool(fitting) and all(fitting)


def nearest(policy: Sequence[Statement], call: Call) -> Statement | None:
    """The allowing statement that lacks least; whom it is for counts most."""
    allowing = [one for one in policy if one.allows]
    return min(allowing, key=lambda one: _lack(one, call), default=None)


def _lack(statement: Statement, call: Call) -> tuple[bool, int]:
    broken = statement.unfit(call)
    return "principal" in broken, len(broken)


def _principals(given: Any) -> Iterator[str]:
    for one in given.values() if isinstance(given, dict) else [given]:
        yield from _listed(one)


def _listed(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(given) if isinstance(given, list) else [given]


def _conditions(given: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for test, wanted in given.items():
        for key, values in wanted.items():
            yield test, key, tuple(str(value) for value in _listed(values))


def _aspect(key: str) -> str:
    return {SOURCE: "source", ACCOUNT: "account"}.get(key.lower(), "condition")


def _holds(test: str, values: Sequence[str], found: str) -> bool:
    operator = test.lower().removesuffix("ifexists")
    if not found:
        return operator != test.lower()  # …IfExists holds where there is nothing to compare
    if operator in UNEQUAL:
        return not any(_fits(operator.replace("not", ""), value, found) for value in values)
    return operator in EQUAL and any(_fits(operator, value, found) for value in values)


def _fits(operator: str, wanted: str, found: str) -> bool:
    if operator.startswith("arn"):
        return _is_arn_like(wanted, found)
    if operator == "stringlike":
        return bool(_pattern(wanted).fullmatch(found))
    if operator == "stringequalsignorecase":
        return wanted.lower() == found.lower()
    return wanted == found


def _is_arn_like(wanted: str, found: str) -> bool:
    """Part by part, as AWS compares: a `*` does not reach over a colon, but for the last part."""
    patterns, parts = wanted.split(":", 5), found.split(":", 5)
    return len(patterns) == len(parts) and all(
        _pattern(pattern).fullmatch(part) for pattern, part in zip(patterns, parts, strict=True)
    )


def _pattern(text: str) -> re.Pattern[str]:
    """`*` and `?` mean what they do in AWS's policies; nothing else means anything."""
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
