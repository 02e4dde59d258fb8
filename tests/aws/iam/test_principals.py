"""The callers that Principal and NotPrincipal name, by the examples of AWS's documentation."""

import pytest

from helpers.aws.iam.authorization import Caller
from helpers.aws.iam.principals import Reach, reach
from tests.aws.iam.callers import (
    ANONYMOUS,
    FEDERATED,
    OTHER,
    OWNER,
    ROLE,
    ROOT,
    SESSION,
    STRANGER,
    USER,
    allow,
    aws,
    deny,
    service,
    statements,
)

OWNERS_ROOT = f"arn:aws:iam::{OWNER}:root"
WITHOUT_PATH = f"arn:aws:iam::{OWNER}:role/thumbnailer-role"


def reach_of(statement, caller):
    [parsed] = statements(statement)
    return reach(parsed, caller)


@pytest.mark.parametrize(
    ("principal", "caller", "expected"),
    [
        ("*", USER, Reach.CALLER),
        ("*", ANONYMOUS, Reach.CALLER),
        ("*", service("sns"), Reach.CALLER),
        (aws("*"), ANONYMOUS, Reach.CALLER),
        (aws(OWNER), USER, Reach.ACCOUNT),
        (aws(OWNERS_ROOT), USER, Reach.ACCOUNT),
        (aws(OWNERS_ROOT), SESSION, Reach.ACCOUNT),
        (aws(OWNERS_ROOT), ROOT, Reach.CALLER),
        (aws(OWNER), ROOT, Reach.CALLER),
        (aws(OTHER), USER, Reach.NONE),
        (aws(OWNER), ANONYMOUS, Reach.NONE),
        (aws(USER.arn), USER, Reach.CALLER),
        (aws(USER.arn.upper()), USER, Reach.NONE),
        (aws(f"arn:aws:iam::{OWNER}:user/*"), USER, Reach.NONE),
        (aws(ROLE), SESSION, Reach.ROLE),
        (aws(SESSION.arn), SESSION, Reach.CALLER),
        (aws(SESSION.arn.replace("/thumbnailer", "/*")), SESSION, Reach.NONE),
        (aws(WITHOUT_PATH), SESSION, Reach.NONE),
        (aws(WITHOUT_PATH), Caller(OWNER, SESSION.arn), Reach.ROLE),
        (aws(USER.arn), FEDERATED, Reach.ROLE),
        (aws(FEDERATED.arn), FEDERATED, Reach.CALLER),
        (aws(OTHER, OWNER, USER.arn), USER, Reach.CALLER),
        ({"Service": "s3.amazonaws.com"}, service("s3"), Reach.CALLER),
        ({"Service": ["ecs.amazonaws.com", "s3.amazonaws.com"]}, service("s3"), Reach.CALLER),
        ({"Service": "s3.amazonaws.com"}, service("sns"), Reach.NONE),
        ({"Service": "s3.amazonaws.com"}, ROOT, Reach.NONE),
        ({"AWS": "s3.amazonaws.com"}, service("s3"), Reach.NONE),
        ({"Federated": "accounts.google.com"}, USER, Reach.NONE),
        ({"CanonicalUser": OWNER}, USER, Reach.NONE),
        ({"Service": "s3.amazonaws.com", "AWS": USER.arn}, USER, Reach.CALLER),
    ],
)
def test_principal_page_a_statement_names_the_caller(principal, caller, expected):
    assert reach_of(allow(principal=principal), caller) is expected


def test_an_identity_based_statement_names_nobody():
    assert reach_of(allow(), USER) is Reach.NONE


BOB = STRANGER
BOBS_ACCOUNT = f"arn:aws:iam::{OTHER}:root"
EVE = Caller(OTHER, f"arn:aws:iam::{OTHER}:user/eve")
AUDIT_ROLE = f"arn:aws:iam::{OTHER}:role/cross-account-read-only-role"
AUDIT = Caller(
    OTHER,
    f"arn:aws:sts::{OTHER}:assumed-role/cross-account-read-only-role/cross-account-audit-app",
    role_arn=AUDIT_ROLE,
)


@pytest.mark.parametrize(
    ("excepted", "caller", "is_denied"),
    [
        (aws(BOB.arn, BOBS_ACCOUNT), BOB, False),
        (aws(BOB.arn, OTHER), BOB, False),
        (aws(BOB.arn, BOBS_ACCOUNT), EVE, True),
        (aws(BOB.arn, BOBS_ACCOUNT), USER, True),
        (aws(BOB.arn, BOBS_ACCOUNT), ANONYMOUS, True),
        (aws(BOB.arn, BOBS_ACCOUNT), service("s3"), True),
        (aws(BOB.arn), BOB, True),
        (aws(AUDIT.arn, AUDIT_ROLE, BOBS_ACCOUNT), AUDIT, False),
        (aws(AUDIT.arn, BOBS_ACCOUNT), AUDIT, True),
        (aws(AUDIT_ROLE, BOBS_ACCOUNT), AUDIT, True),
        ({"Service": "s3.amazonaws.com"}, service("s3"), False),
        ("*", ANONYMOUS, False),
    ],
)
def test_not_principal_page_a_deny_spares_whom_it_lists_with_role_and_account(
    excepted, caller, is_denied
):
    statement = deny(NotPrincipal=excepted)
    assert bool(reach_of(statement, caller)) is is_denied


@pytest.mark.parametrize(
    ("caller", "is_allowed"), [(BOB, False), (EVE, True), (ANONYMOUS, True), (ROOT, True)]
)
def test_not_principal_page_an_allow_is_for_everyone_else(caller, is_allowed):
    assert bool(reach_of(allow(NotPrincipal=aws(BOB.arn)), caller)) is is_allowed


@pytest.mark.parametrize(
    ("caller", "expected"),
    [
        (USER, {"aws:principaltype": "User", "aws:username": "ada", "aws:principalarn": USER.arn}),
        (ROOT, {"aws:principaltype": "Account", "aws:userid": OWNER}),
        (SESSION, {"aws:principaltype": "AssumedRole", "aws:principalarn": ROLE}),
        (FEDERATED, {"aws:principaltype": "FederatedUser", "aws:principalarn": FEDERATED.arn}),
        (ANONYMOUS, {"aws:principaltype": "Anonymous", "aws:principalaccount": "anonymous"}),
        (service("s3"), {"aws:principalservicename": "s3.amazonaws.com"}),
        (Caller(OWNER, f"arn:aws:iam::{OWNER}:user/team/ada"), {"aws:username": "ada"}),
    ],
)
def test_principal_key_values_follow_from_the_caller(caller, expected):
    assert expected.items() <= caller.context.items()


@pytest.mark.parametrize("caller", [ROOT, SESSION, FEDERATED, ANONYMOUS, service("s3")])
def test_only_users_have_a_user_name(caller):
    assert "aws:username" not in caller.context


@pytest.mark.parametrize("caller", [ROOT, USER, SESSION, FEDERATED, ANONYMOUS, service("s3")])
def test_the_root_user_and_anonymous_callers_can_be_recognized(caller):
    assert caller.is_root is (caller == ROOT)
    assert caller.is_anonymous is (caller == ANONYMOUS)
