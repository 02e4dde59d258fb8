"""Trust policies and key policies, which always have to allow the caller or its account."""

import pytest

from helpers.aws.iam.authorization import Policies, Request, decide
from tests.aws.iam.callers import (
    BOUNDARY,
    IDENTITY,
    NOTHING,
    OTHER,
    OWNER,
    OWNERS_ROOT,
    RESOURCE,
    ROLE,
    ROOT,
    SESSION,
    STRANGER,
    TRUST,
    USER,
    allow,
    aws,
    deny,
    outcome,
    service,
    statements,
)

WANTED = f"arn:aws:iam::{OWNER}:role/wanted"
ASSUME = statements(allow("sts:AssumeRole", WANTED))


def trust(principal, **elements):
    return statements(allow("sts:AssumeRole", None, principal, **elements))


@pytest.mark.parametrize(
    ("caller", "identity", "principal", "expected"),
    [
        (USER, ASSUME, OWNERS_ROOT, "allowed"),
        (USER, (), OWNERS_ROOT, IDENTITY),
        (USER, (), aws(USER.arn), "allowed"),
        (SESSION, (), aws(ROLE), "allowed"),
        (SESSION, ASSUME, {"Service": "lambda.amazonaws.com"}, TRUST),
        (SESSION, statements(allow()), aws(USER.arn), TRUST),
        (ROOT, (), OWNERS_ROOT, "allowed"),
        (ROOT, (), aws(USER.arn), TRUST),
        (STRANGER, ASSUME, aws(OTHER), "allowed"),
        (STRANGER, (), aws(STRANGER.arn), IDENTITY),
        (STRANGER, ASSUME, OWNERS_ROOT, TRUST),
        (service("lambda"), (), {"Service": "lambda.amazonaws.com"}, "allowed"),
        (service("events"), (), {"Service": "lambda.amazonaws.com"}, TRUST),
        (service("lambda"), (), OWNERS_ROOT, TRUST),
    ],
)
def test_trust_policies_page_the_role_has_to_trust_the_caller(
    caller, identity, principal, expected
):
    policies = Policies(identity, resource=trust(principal))
    assert outcome(caller, policies, "sts:AssumeRole", WANTED) == expected


def test_trust_policies_page_a_role_arn_in_it_is_limited_by_a_boundary():
    policies = Policies(boundary=NOTHING, resource=trust(aws(ROLE)))
    assert outcome(SESSION, policies, "sts:AssumeRole", WANTED) == BOUNDARY


def test_trust_policies_page_a_deny_in_it_wins():
    policies = Policies(ASSUME, resource=trust(aws(USER.arn)) + statements(deny(principal="*")))
    assert outcome(USER, policies, "sts:AssumeRole", WANTED) == f"{TRUST}!"


@pytest.mark.parametrize(
    ("context", "expected"),
    [({"sts:externalid": "12345"}, True), ({"sts:externalid": "67890"}, False), ({}, False)],
)
def test_confused_deputy_page_an_external_id(context, expected):
    condition = {"StringEquals": {"sts:ExternalId": "12345"}}
    policies = Policies(ASSUME, resource=trust(aws(OTHER), Condition=condition))
    request = Request(STRANGER, "sts:AssumeRole", WANTED, OWNER, context)
    assert decide(request, policies).allowed is expected


KEY = f"arn:aws:kms:us-east-1:{OWNER}:key/1234abcd"
DECRYPT = statements(allow("kms:Decrypt", KEY))


@pytest.mark.parametrize(
    ("caller", "identity", "principal", "expected"),
    [
        (SESSION, DECRYPT, OWNERS_ROOT, "allowed"),
        (SESSION, (), OWNERS_ROOT, IDENTITY),
        (SESSION, (), aws(ROLE), "allowed"),
        (SESSION, DECRYPT, aws(USER.arn), RESOURCE),
        (ROOT, (), OWNERS_ROOT, "allowed"),
        (ROOT, (), aws(USER.arn), RESOURCE),
        (STRANGER, DECRYPT, aws(OTHER), "allowed"),
        (STRANGER, (), aws(OTHER), IDENTITY),
    ],
)
def test_key_policies_page_the_key_has_to_allow_the_caller_or_its_account(
    caller, identity, principal, expected
):
    policies = Policies(identity, resource=statements(allow("kms:*", principal=principal)))
    assert outcome(caller, policies, "kms:Decrypt", KEY) == expected


def test_key_policies_page_what_concerns_no_key_needs_no_key_policy():
    assert outcome(USER, Policies(statements(allow())), "kms:CreateKey", "*") == "allowed"
