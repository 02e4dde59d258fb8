"""Principal, NotPrincipal and NotAction in decisions, by AWS's documentation."""

import pytest

from helpers.aws.iam.authorization import Policies
from tests.aws.iam.callers import (
    ANONYMOUS,
    IDENTITY,
    NOTHING,
    OTHER,
    OWNER,
    OWNERS_ROOT,
    RESOURCE,
    ROLE,
    SESSION,
    STRANGER,
    STRANGERS_SESSION,
    USER,
    allow,
    aws,
    deny,
    outcome,
    statements,
)


@pytest.mark.parametrize("principal", ["*", aws("*")])
@pytest.mark.parametrize(
    ("caller", "expected"), [(ANONYMOUS, "allowed"), (USER, "allowed"), (STRANGER, IDENTITY)]
)
def test_principal_page_all_principals_includes_anonymous_users(principal, caller, expected):
    bucket = statements(allow("s3:GetObject", principal=principal))
    assert outcome(caller, Policies(resource=bucket)) == expected
    everything = statements(allow())
    assert outcome(caller, Policies(everything, resource=bucket)) == "allowed"


@pytest.mark.parametrize("principal", [None, OWNERS_ROOT, {"Service": "s3.amazonaws.com"}])
def test_principal_page_anonymous_users_need_a_policy_for_all_principals(principal):
    bucket = statements(allow("s3:GetObject", principal=principal))
    assert outcome(ANONYMOUS, Policies(statements(allow()), resource=bucket)) == RESOURCE
    assert outcome(ANONYMOUS, Policies()) == RESOURCE


def test_principal_page_principal_arn_is_the_role_and_grants_past_a_boundary():
    condition = {"ArnEquals": {"aws:PrincipalArn": ROLE}}
    bucket = statements(allow(principal="*", Condition=condition))
    assert outcome(SESSION, Policies(boundary=NOTHING, resource=bucket)) == "allowed"
    assert outcome(USER, Policies(boundary=NOTHING, resource=bucket)) == IDENTITY


@pytest.mark.parametrize(
    ("caller", "expected"),
    [(USER, "allowed"), (SESSION, f"{RESOURCE}!"), (ANONYMOUS, f"{RESOURCE}!")],
)
def test_principal_page_deny_everyone_but_one_by_principal_arn(caller, expected):
    condition = {"ArnNotEquals": {"aws:PrincipalArn": USER.arn}}
    bucket = statements(deny("s3:*", principal="*", Condition=condition), allow(principal="*"))
    assert outcome(caller, Policies(resource=bucket)) == expected


@pytest.mark.parametrize(
    ("caller", "expected"),
    [(STRANGER, "allowed"), (USER, f"{RESOURCE}!"), (STRANGERS_SESSION, f"{RESOURCE}!")],
)
def test_not_principal_page_deny_everyone_but_one(caller, expected):
    excepted = aws(STRANGER.arn, f"arn:aws:iam::{OTHER}:root")
    bucket = statements(
        deny("s3:*", NotPrincipal=excepted), allow("s3:*", principal=aws(OTHER, OWNER))
    )
    assert outcome(caller, Policies(statements(allow()), resource=bucket)) == expected


@pytest.mark.parametrize(
    ("action", "mfa", "expected"),
    [
        ("s3:GetObject", {"multifactorauthpresent": "true"}, "allowed"),
        ("s3:GetObject", {"multifactorauthpresent": "false"}, f"{IDENTITY}!"),
        ("s3:GetObject", {}, f"{IDENTITY}!"),
        ("iam:EnableMFADevice", {}, "allowed"),
    ],
)
def test_not_action_page_deny_all_but_iam_without_mfa(action, mfa, expected):
    condition = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    identity = statements(allow(), deny(NotAction="iam:*", Condition=condition))
    assert outcome(USER, Policies(identity), action, **mfa) == expected
