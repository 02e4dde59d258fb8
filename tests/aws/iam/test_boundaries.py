"""Permissions boundaries and session policies, by AWS's documentation."""

import pytest

from helpers.aws.iam.authorization import Policies
from tests.aws.iam.callers import (
    BOUNDARY,
    IDENTITY,
    NOTHING,
    OBJECT,
    OWNER,
    ROLE,
    SESSION,
    SESSION_POLICY,
    USER,
    allow,
    aws,
    deny,
    outcome,
    statements,
)

SHIRLEYS_BOUNDARY = statements(allow(["s3:*", "cloudwatch:*", "ec2:*"]))


@pytest.mark.parametrize(
    ("identity", "action", "expected"),
    [
        (statements(allow("iam:CreateUser")), "iam:CreateUser", BOUNDARY),
        (statements(allow("iam:CreateUser")), "s3:GetObject", IDENTITY),
        (statements(allow("s3:*")), "s3:GetObject", "allowed"),
        ((), "s3:GetObject", IDENTITY),
    ],
)
def test_permissions_boundaries_page_shirley_may_do_what_both_policies_allow(
    identity, action, expected
):
    assert outcome(USER, Policies(identity, boundary=SHIRLEYS_BOUNDARY), action) == expected


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObject", OBJECT, "allowed"),
        ("s3:GetObject", "arn:aws:s3:::logs/today", f"{BOUNDARY}!"),
        ("ec2:StopInstances", "arn:aws:ec2:us-east-1:1:instance/i-2", "allowed"),
        ("ec2:StopInstances", "arn:aws:ec2:us-east-1:1:instance/i-1", f"{BOUNDARY}!"),
        ("iam:CreateAccessKey", f"arn:aws:iam::{OWNER}:user/ada", "allowed"),
        ("iam:CreateAccessKey", f"arn:aws:iam::{OWNER}:user/bob", BOUNDARY),
        ("iam:CreateUser", f"arn:aws:iam::{OWNER}:user/bob", BOUNDARY),
    ],
)
def test_permissions_boundaries_page_x_company(action, resource, expected):
    boundary = statements(
        allow(["s3:*", "cloudwatch:*", "ec2:*", "dynamodb:*"]),
        allow(["iam:*AccessKey*", "iam:GetUser"], ["arn:aws:iam::*:user/${aws:username}"]),
        deny("s3:*", ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"]),
        deny("ec2:*", "arn:aws:ec2:*:*:instance/i-1"),
    )
    policies = Policies(statements(allow()), boundary)
    assert outcome(USER, policies, action, resource) == expected


def test_permissions_boundaries_page_all_three_policies_have_to_allow():
    gets, puts = statements(allow("s3:Get*")), statements(allow("s3:Put*"))
    assert outcome(SESSION, Policies(gets, gets, gets)) == "allowed"
    assert outcome(SESSION, Policies(puts, gets, gets)) == IDENTITY
    assert outcome(SESSION, Policies(gets, puts, gets)) == BOUNDARY
    assert outcome(SESSION, Policies(gets, gets, puts)) == SESSION_POLICY


def test_session_policies_page_they_limit_what_a_role_is_given_but_not_a_session():
    session = statements(allow("s3:Get*"))
    to_the_role, to_the_session = (
        statements(allow("s3:*", principal=aws(arn))) for arn in (ROLE, SESSION.arn)
    )
    for resource, of_put in ((to_the_role, SESSION_POLICY), (to_the_session, "allowed")):
        policies = Policies(session=session, resource=resource)
        assert outcome(SESSION, policies, "s3:GetObject") == "allowed"
        assert outcome(SESSION, policies, "s3:PutObject") == of_put


def test_an_empty_policy_is_not_the_absence_of_one():
    everything = statements(allow())
    assert outcome(USER, Policies(everything, boundary=())) == BOUNDARY
    assert outcome(SESSION, Policies(everything, session=())) == SESSION_POLICY
    assert outcome(USER, Policies(everything, resource=())) == "allowed"


@pytest.mark.parametrize("arns", [(ROLE, SESSION.arn), (SESSION.arn, ROLE)])
def test_session_policies_page_the_most_direct_grant_counts(arns):
    resource = statements(*(allow(principal=aws(arn)) for arn in arns))
    assert outcome(SESSION, Policies(boundary=NOTHING, resource=resource)) == "allowed"
