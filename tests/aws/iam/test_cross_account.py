"""AWS's decisions across accounts, by its documentation."""

import pytest

from helpers.aws.iam.authorization import Caller, Policies
from tests.aws.iam.callers import (
    BOUNDARY,
    IDENTITY,
    NOTHING,
    OTHER,
    OWNER,
    RESOURCE,
    SESSION_POLICY,
    STRANGERS_ROOT,
    STRANGERS_SESSION,
    allow,
    aws,
    deny,
    outcome,
    statements,
)

DEVELOPER = Caller("111111111111", "arn:aws:iam::111111111111:user/carlossalazar")
DEVELOPER_IDENTITY = statements(
    allow("s3:ListAllMyBuckets"),
    allow("s3:*Object*", "arn:aws:s3:::Production/*"),
    deny("s3:*", ["arn:aws:s3:::*log*", "arn:aws:s3:::*log*/*"]),
)
PRODUCTION = statements(
    allow(
        ["s3:GetObject*", "s3:PutObject*", "s3:ReplicateObject", "s3:RestoreObject"],
        "arn:aws:s3:::Production/*",
        principal=aws(DEVELOPER.arn),
    )
)


@pytest.mark.parametrize(
    ("action", "bucket", "policy", "expected"),
    [
        ("s3:PutObject", "Production-logs", None, f"{IDENTITY}!"),
        ("s3:PutObject", "Production", PRODUCTION, "allowed"),
        ("s3:DeleteObject", "Production", PRODUCTION, RESOURCE),
        ("s3:PutObject", "Production", None, RESOURCE),
        ("s3:PutObject", "Testing", PRODUCTION, IDENTITY),
    ],
)
def test_cross_account_page_both_accounts_have_to_allow(action, bucket, policy, expected):
    policies = Policies(DEVELOPER_IDENTITY, resource=policy)
    resource = f"arn:aws:s3:::{bucket}/file"
    assert outcome(DEVELOPER, policies, action, resource, "222222222222") == expected


@pytest.mark.parametrize(
    "principal",
    ["*", aws(OTHER), aws(STRANGERS_SESSION.role_arn), aws(STRANGERS_SESSION.arn)],
)
def test_cross_account_page_a_session_stays_limited_however_it_is_named(principal):
    everything = statements(allow())
    bucket = statements(allow(principal=principal))
    assert outcome(STRANGERS_SESSION, Policies(everything, resource=bucket)) == "allowed"
    assert outcome(STRANGERS_SESSION, Policies(resource=bucket)) == IDENTITY
    limited = Policies(everything, boundary=NOTHING, resource=bucket)
    assert outcome(STRANGERS_SESSION, limited) == BOUNDARY
    limited = Policies(everything, session=NOTHING, resource=bucket)
    assert outcome(STRANGERS_SESSION, limited) == SESSION_POLICY


def test_delegation_page_the_root_user_has_what_its_account_is_given():
    assert outcome(STRANGERS_ROOT, Policies(resource=statements(allow(principal=aws(OTHER))))) == (
        "allowed"
    )
    assert outcome(STRANGERS_ROOT, Policies(resource=statements(allow(principal=aws(OWNER))))) == (
        RESOURCE
    )
