"""The bucket policies that S3 considers public."""

from typing import Any

import pytest

from helpers.aws.iam.policy import parse
from helpers.aws.iam.public import is_public


def policy(**statement: Any) -> Any:
    given = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::photos/*",
    }
    return parse({"Version": "2012-10-17", "Statement": [given | statement]})


def when(operator: str, key: str, value: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


PUBLIC: list[dict[str, Any]] = [
    {},
    {"Principal": {"AWS": "*"}},
    {"Principal": {"AWS": ["111122223333", "*"]}},
    when("StringLike", "aws:SourceVpc", "vpc-*"),
    when("StringLike", "aws:Referer", "https://shop.example/*"),
    when("IpAddress", "aws:SourceIp", "0.0.0.0/0"),
    when("StringNotEquals", "aws:SourceAccount", "111122223333"),
    when("Bool", "aws:SecureTransport", "true"),
]
NOT_PUBLIC: list[dict[str, Any]] = [
    {"Effect": "Deny"},
    {"Principal": {"AWS": "111122223333"}},
    {"Principal": {"Service": "cloudfront.amazonaws.com"}},
    when("StringEquals", "aws:SourceVpc", "vpc-91237329"),
    when("StringEquals", "AWS:PrincipalOrgID", "o-a1b2c3"),
    when("ArnLike", "aws:SourceArn", "arn:aws:sns:us-east-1:111122223333:topic"),
    when("IpAddress", "aws:SourceIp", "192.0.2.0/24"),
]


@pytest.mark.parametrize("statement", PUBLIC)
def test_what_anybody_can_use_is_public(statement: dict[str, Any]) -> None:
    assert is_public(policy(**statement))


@pytest.mark.parametrize("statement", NOT_PUBLIC)
def test_what_is_limited_to_fixed_values_is_not(statement: dict[str, Any]) -> None:
    assert not is_public(policy(**statement))
