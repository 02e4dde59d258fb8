"""Find out whether a bucket policy is public, by the rules of S3 Block Public Access.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html,
"The meaning of public" (2026-11-27)
"""

from collections.abc import Iterable

from helpers.aws.iam.conditions import Condition
from helpers.aws.iam.policy import EVERYONE, Statement

# A statement for everyone is not public if it is limited to a fixed value of one of these.
LIMITING_KEYS = {
    *("aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths"),
    *("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce"),
    *("aws:sourceip", "aws:userid", "s3:dataaccesspointarn", "s3:dataaccesspointaccount"),
}
LIMITING_OPERATORS = ("stringequals", "stringlike", "arnequals", "arnlike", "ipaddress")
WIDE_NETWORKS = {"0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1"}

BLOCKED = (
    "because public policies are blocked by the BlockPublicPolicy block public access setting."
)


def is_public(statements: Iterable[Statement]) -> bool:
    """Return whether a statement allows something to everyone, without a limiting condition."""
    return any(_is_public(statement) for statement in statements if statement.allows)


def _is_public(statement: Statement) -> bool:
    is_for_everyone = EVERYONE in statement.principals or bool(statement.not_principals)
    return is_for_everyone and not any(map(_limits, statement.conditions))


def _limits(condition: Condition) -> bool:
    is_fixed = not any("*" in value or value in WIDE_NETWORKS for value in condition.values)
    operator = condition.operator.lower().removeprefix("foranyvalue:")
    return condition.key.lower() in LIMITING_KEYS and operator in LIMITING_OPERATORS and is_fixed
