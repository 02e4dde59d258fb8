"""AWS's decisions within one account, by its documentation; each test names its page."""

import pytest

from helpers.aws.iam.authorization import Caller, Policies, Request, decide
from tests.aws.iam.callers import (
    ANONYMOUS,
    BOUNDARY,
    FEDERATED,
    IDENTITY,
    NOTHING,
    OBJECT,
    OTHER,
    OWNER,
    OWNERS_ROOT,
    RESOURCE,
    ROLE,
    ROOT,
    SESSION,
    SESSION_POLICY,
    STRANGER,
    STRANGERS_ROOT,
    TRUST,
    USER,
    allow,
    aws,
    deny,
    outcome,
    service,
    statements,
)


@pytest.mark.parametrize(
    ("caller", "principal", "expected"),
    [
        (SESSION, aws(ROLE), BOUNDARY),
        (SESSION, aws(SESSION.arn), "allowed"),
        (SESSION, "*", "allowed"),
        (SESSION, OWNERS_ROOT, IDENTITY),
        (USER, aws(USER.arn), "allowed"),
        (USER, "*", "allowed"),
        (USER, aws(OWNER), IDENTITY),
        (FEDERATED, aws(USER.arn), BOUNDARY),
        (FEDERATED, aws(FEDERATED.arn), "allowed"),
        (ROOT, OWNERS_ROOT, "allowed"),
        (service("s3"), {"Service": "s3.amazonaws.com"}, "allowed"),
    ],
)
def test_single_account_page_a_resource_based_policy_against_implicit_denies(
    caller, principal, expected
):
    policies = Policies(
        identity=NOTHING,
        boundary=NOTHING,
        session=NOTHING,
        resource=statements(allow(principal=principal)),
    )
    assert outcome(caller, policies) == expected


def test_single_account_page_a_role_arn_is_limited_by_boundary_and_session_policy_only():
    names_the_role = statements(allow(principal=aws(ROLE)))
    everything = statements(allow())
    assert outcome(SESSION, Policies(resource=names_the_role)) == "allowed"
    policies = Policies(boundary=everything, session=NOTHING, resource=names_the_role)
    assert outcome(SESSION, policies) == SESSION_POLICY
    policies = Policies(boundary=everything, session=everything, resource=names_the_role)
    assert outcome(SESSION, policies) == "allowed"


def test_single_account_page_a_federated_user_without_session_policy_may_do_nothing():
    identity = statements(allow())
    assert outcome(FEDERATED, Policies(identity=identity)) == SESSION_POLICY
    assert outcome(FEDERATED, Policies(identity=identity, session=identity)) == "allowed"


@pytest.mark.parametrize("caller", [USER, SESSION])
@pytest.mark.parametrize("where", ["identity", "boundary", "session", "resource"])
def test_single_account_page_a_deny_beats_every_allow_wherever_it_stands(where, caller):
    everything = statements(allow(principal="*"))
    policies = {"identity": everything, "boundary": everything, "session": everything}
    policies |= {"resource": everything}
    assert outcome(caller, Policies(**policies)) == "allowed"
    policies[where] += statements(deny("s3:Get*", "arn:aws:s3:::photos/*", principal="*"))
    expected = {"identity": IDENTITY, "boundary": BOUNDARY, "resource": RESOURCE} | {
        "session": SESSION_POLICY
    }
    assert outcome(caller, Policies(**policies)) == f"{expected[where]}!"


@pytest.mark.parametrize("principal", ["*", aws(ROLE), aws(SESSION.arn), OWNERS_ROOT])
def test_a_deny_names_a_session_by_role_account_or_itself(principal):
    resource = statements(deny(principal=principal))
    assert outcome(SESSION, Policies(statements(allow()), resource=resource)) == f"{RESOURCE}!"


CARLOS = Caller("123456789012", "arn:aws:iam::123456789012:user/carlossalazar")
CARLOS_IDENTITY = statements(
    allow(
        ["s3:GetBucketLocation", "s3:GetAccountPublicAccessBlock", "s3:ListAllMyBuckets"],
        "arn:aws:s3:::*",
    ),
    allow("s3:*", ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"]),
    deny("s3:*", "arn:aws:s3:::*log*"),
)
CARLOS_BUCKET = statements(
    allow(
        "s3:*",
        ["arn:aws:s3:::carlossalazar/*", "arn:aws:s3:::carlossalazar"],
        principal=aws(CARLOS.arn),
    )
)


@pytest.mark.parametrize(
    ("bucket", "identity", "policy", "expected"),
    [
        ("carlossalazar-logs", CARLOS_IDENTITY, None, f"{IDENTITY}!"),
        ("carlossalazar", CARLOS_IDENTITY, CARLOS_BUCKET, "allowed"),
        ("carlossalazar", CARLOS_IDENTITY, None, "allowed"),
        ("carlossalazar", (), CARLOS_BUCKET, "allowed"),
        ("carlossalazar", (), None, IDENTITY),
        ("other", CARLOS_IDENTITY, None, IDENTITY),
    ],
)
def test_example_evaluation_page_carlos_saves_a_file(bucket, identity, policy, expected):
    policies = Policies(identity, resource=policy)
    key = f"arn:aws:s3:::{bucket}/file"
    assert outcome(CARLOS, policies, "s3:PutObject", key, CARLOS.account) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("iam:GetUser", "allowed"),
        ("iam:CreatePolicy", IDENTITY),
        ("iam:GetOrganizationsAccessReport", f"{IDENTITY}!"),
        ("iam:GenerateCredentialReport", f"{IDENTITY}!"),
    ],
)
def test_explicit_and_implicit_denies_page(action, expected):
    identity = statements(
        allow(["iam:Get*", "iam:List*"]),
        deny("iam:*Report"),
        allow("iam:GenerateCredentialReport"),
    )
    assert outcome(USER, Policies(identity), action, "*") == expected


@pytest.mark.parametrize(
    ("identity", "resource", "expected"),
    [
        ([], [], IDENTITY),
        (["read"], [], "allowed"),
        ([], ["read"], "allowed"),
        (["read"], ["read"], "allowed"),
        (["read"], ["deny"], f"{RESOURCE}!"),
    ],
)
def test_identity_and_resource_based_policies_page_one_allow_is_enough(
    identity, resource, expected
):
    known = {
        "read": allow("s3:Get*", principal=aws(USER.arn)),
        "deny": deny(principal=aws(USER.arn)),
    }
    identity, resource = ([known[name] for name in names] for names in (identity, resource))
    policies = Policies(
        identity=statements(*identity) if identity else (),
        resource=statements(*resource) if resource else None,
    )
    assert outcome(USER, policies) == expected


def test_root_user_page_it_has_full_access_to_its_account():
    assert outcome(ROOT, Policies()) == "allowed"
    assert outcome(ROOT, Policies(identity=statements(deny()), boundary=())) == "allowed"
    assert outcome(ROOT, Policies(), account=OTHER) == RESOURCE


def test_root_user_page_a_resource_based_policy_can_deny_it():
    bucket = statements(deny("s3:*", principal="*"))
    assert outcome(ROOT, Policies(resource=bucket)) == f"{RESOURCE}!"


@pytest.mark.parametrize("action", ["GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"])
def test_delete_bucket_policy_page_the_owner_can_not_be_locked_out(action):
    bucket = statements(deny("s3:*", principal="*"))
    everything = statements(allow())
    arguments = (Policies(everything, resource=bucket), f"s3:{action}", "arn:aws:s3:::photos")
    assert outcome(ROOT, *arguments) == "allowed"
    assert outcome(USER, *arguments) == f"{RESOURCE}!"
    assert outcome(STRANGERS_ROOT, *arguments) == f"{RESOURCE}!"


@pytest.mark.parametrize("action", ["GetQueueUrl", "GetQueueAttributes", "SetQueueAttributes"])
def test_root_user_tasks_page_a_queue_can_be_unlocked(action):
    """docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html"""
    queue = statements(deny("sqs:*", principal="*"))
    arn = f"arn:aws:sqs:us-east-1:{OWNER}:jobs"
    arguments = (Policies(statements(allow()), resource=queue), f"sqs:{action}", arn)
    assert outcome(ROOT, *arguments) == "allowed"
    assert outcome(USER, *arguments) == f"{RESOURCE}!"


@pytest.mark.parametrize("action", ["sts:GetCallerIdentity", "sts:GetSessionToken"])
def test_get_caller_identity_page_no_permissions_are_required(action):
    assert outcome(USER, Policies(statements(deny())), action, "*") == "allowed"
    assert outcome(ANONYMOUS, Policies(), action, "*") == RESOURCE


@pytest.mark.parametrize(
    ("caller", "policies", "action", "resource", "expected"),
    [
        (USER, Policies(statements(allow())), "s3:GetObject", OBJECT, IDENTITY),
        (ROOT, Policies(), "s3:GetObject", OBJECT, IDENTITY),
        (
            STRANGER,
            Policies(statements(allow()), resource=statements(allow(principal="*"))),
            "s3:GetObject",
            OBJECT,
            IDENTITY,
        ),
        (USER, Policies(resource=CARLOS_BUCKET), "sts:GetCallerIdentity", "*", IDENTITY),
        (
            ANONYMOUS,
            Policies(resource=statements(allow(principal="*"))),
            "s3:GetObject",
            OBJECT,
            RESOURCE,
        ),
        (
            USER,
            Policies(resource=statements(allow(principal=aws(USER.arn)))),
            "sts:AssumeRole",
            ROLE,
            TRUST,
        ),
    ],
)
def test_a_decision_tells_which_type_of_policy_allowed(
    caller, policies, action, resource, expected
):
    decision = decide(Request(caller, action, resource, OWNER), policies)
    assert (decision.allowed, decision.policy) == (True, expected)


def test_keys_of_the_request_itself_can_be_required_and_overridden():
    condition = {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}
    policies = Policies(statements(allow(Condition=condition)))
    assert outcome(USER, policies) == "allowed"
    assert outcome(USER, policies, principalaccount=OTHER) == IDENTITY
