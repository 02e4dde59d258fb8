"""AWS's message for a denied request, and the statement that is missing."""

import json

import pytest

from helpers.aws.iam.authorization import (
    Caller,
    Policies,
    Request,
    decide,
    message,
    missing_statement,
)
from helpers.aws.iam.policy import parse
from tests.aws.iam.callers import (
    ANONYMOUS,
    FEDERATED,
    NOTHING,
    OBJECT,
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

EVERYTHING = statements(allow(principal="*"))
FUNCTION = f"arn:aws:lambda:us-east-1:{OWNER}:function:thumbnailer"
QUEUE = f"arn:aws:sqs:us-east-1:{OWNER}:uploads"
TOPIC = f"arn:aws:sns:us-east-1:{OWNER}:uploads"
RULE = f"arn:aws:events:us-east-1:{OWNER}:rule/nightly"
API = f"arn:aws:execute-api:us-east-1:{OWNER}:abc/prod/GET/photos"
GROUP = f"arn:aws:logs:us-east-1:{OWNER}:log-group:/aws/lambda/thumbnailer"


def refuse(caller, action, resource, policies=None, account=OWNER, **context):
    request = Request(
        caller, action, resource, account, {f"aws:{key}": value for key, value in context.items()}
    )
    decision = decide(request, policies or Policies())
    assert not decision.allowed
    return request, decision


@pytest.mark.parametrize(
    ("caller", "action", "resource", "text"),
    [
        (
            SESSION,
            "s3:GetObject",
            OBJECT,
            f"User: arn:aws:sts::{OWNER}:assumed-role/thumbnailer-role/thumbnailer is not "
            'authorized to perform: s3:GetObject on resource: "arn:aws:s3:::photos/cat.jpg" '
            "because no identity-based policy allows the s3:GetObject action",
        ),
        (
            USER,
            "dynamodb:PutItem",
            f"arn:aws:dynamodb:us-east-1:{OWNER}:table/photos",
            f"User: arn:aws:iam::{OWNER}:user/ada is not authorized to perform: dynamodb:PutItem "
            f"on resource: arn:aws:dynamodb:us-east-1:{OWNER}:table/photos because no "
            "identity-based policy allows the dynamodb:PutItem action",
        ),
        (
            USER,
            "sqs:SendMessage",
            QUEUE,
            f"User: arn:aws:iam::{OWNER}:user/ada is not authorized to perform: sqs:sendmessage "
            f"on resource: {QUEUE} because no identity-based policy allows the sqs:sendmessage "
            "action",
        ),
        (
            USER,
            "sns:Publish",
            TOPIC,
            f"User: arn:aws:iam::{OWNER}:user/ada is not authorized to perform: SNS:Publish "
            f"on resource: {TOPIC} because no identity-based policy allows the SNS:Publish action",
        ),
        (
            USER,
            "s3:ListAllMyBuckets",
            "arn:aws:s3:::*",
            f"User: arn:aws:iam::{OWNER}:user/ada is not authorized to perform: "
            "s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets "
            "action",
        ),
        (
            USER,
            "lambda:ListFunctions",
            "*",
            f"User: arn:aws:iam::{OWNER}:user/ada is not authorized to perform: "
            "lambda:ListFunctions on resource: * because no identity-based policy allows the "
            "lambda:ListFunctions action",
        ),
        (
            USER,
            "codecommit:ListRepositories",
            "*",
            f"User: arn:aws:iam::{OWNER}:user/ada is not authorized to perform: "
            "codecommit:ListRepositories because no identity-based policy allows the "
            "codecommit:ListRepositories action",
        ),
        (
            service("sns"),
            "lambda:InvokeFunction",
            FUNCTION,
            "User: sns.amazonaws.com is not authorized to perform: lambda:InvokeFunction on "
            f"resource: {FUNCTION} because no resource-based policy allows the "
            "lambda:InvokeFunction action",
        ),
        (
            ANONYMOUS,
            "execute-api:Invoke",
            API,
            "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
            "arn:aws:execute-api:us-east-1:********3333:abc/prod/GET/photos because no "
            "resource-based policy allows the execute-api:Invoke action",
        ),
    ],
)
def test_the_message_is_the_one_that_the_service_gives(caller, action, resource, text):
    assert message(*refuse(caller, action, resource)) == text


@pytest.mark.parametrize(
    ("caller", "policies", "reason"),
    [
        (USER, Policies(), "because no identity-based policy allows the s3:GetObject action"),
        (STRANGER, Policies(EVERYTHING), "because no resource-based policy allows the {} action"),
        (
            USER,
            Policies(EVERYTHING, NOTHING),
            "because no permissions boundary allows the {} action",
        ),
        (SESSION, Policies(EVERYTHING, None, ()), "because no session policy allows the {} action"),
        (USER, Policies(statements(deny())), "with an explicit deny in an identity-based policy"),
        (
            USER,
            Policies(EVERYTHING, statements(deny())),
            "with an explicit deny in a permissions boundary",
        ),
        (
            SESSION,
            Policies(EVERYTHING, session=statements(deny())),
            "with an explicit deny in a session policy",
        ),
        (
            ROOT,
            Policies(resource=statements(deny(principal="*"))),
            "with an explicit deny in a resource-based policy",
        ),
    ],
)
def test_access_denied_page_how_the_message_ends(caller, policies, reason):
    request, decision = refuse(caller, "s3:GetObject", OBJECT, policies)
    assert decision.reason == reason.format("s3:GetObject")
    assert message(request, decision).endswith(f'"{OBJECT}" {decision.reason}')


def test_access_denied_page_role_trust_policies():
    _, decision = refuse(USER, "sts:AssumeRole", ROLE, Policies(EVERYTHING))
    assert decision.reason == "because no role trust policy allows the sts:AssumeRole action"
    denied = Policies(EVERYTHING, resource=statements(deny(principal="*")))
    _, decision = refuse(USER, "sts:AssumeRole", ROLE, denied)
    assert decision.reason == "with an explicit deny in the role trust policy"


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObject", OBJECT, "arn:aws:s3:::photos/*"),
        ("s3:GetObject", "arn:aws:s3:::photos/2026/a\nb:c.jpg", "arn:aws:s3:::photos/*"),
        ("s3:ListBucket", "arn:aws:s3:::photos", "arn:aws:s3:::photos"),
        ("logs:PutLogEvents", f"{GROUP}:log-stream:2026/11/27/[$LATEST]abc", f"{GROUP}:*"),
        ("logs:CreateLogGroup", GROUP, GROUP),
        ("sqs:SendMessage", QUEUE, QUEUE),
        ("lambda:ListFunctions", "*", "*"),
    ],
)
@pytest.mark.parametrize(
    "policies", [Policies(), Policies(EVERYTHING, NOTHING), Policies(EVERYTHING, session=NOTHING)]
)
def test_a_statement_is_missing_in_the_callers_own_policies(action, resource, expected, policies):
    statement = missing_statement(*refuse(SESSION, action, resource, policies))
    assert statement == {"Effect": "Allow", "Action": action, "Resource": expected}


@pytest.mark.parametrize(
    ("caller", "action", "resource", "context", "expected"),
    [
        (
            service("events"),
            "sqs:SendMessage",
            QUEUE,
            {"sourcearn": RULE, "sourceaccount": OWNER},
            {
                "Principal": {"Service": "events.amazonaws.com"},
                "Resource": QUEUE,
                "Condition": {"ArnLike": {"aws:SourceArn": RULE}},
            },
        ),
        (
            service("s3"),
            "lambda:InvokeFunction",
            FUNCTION,
            {"sourcearn": "arn:aws:s3:::photos", "sourceaccount": OWNER},
            {
                "Principal": {"Service": "s3.amazonaws.com"},
                "Resource": FUNCTION,
                "Condition": {
                    "ArnLike": {"aws:SourceArn": "arn:aws:s3:::photos"},
                    "StringEquals": {"aws:SourceAccount": OWNER},
                },
            },
        ),
        (
            service("sns"),
            "lambda:InvokeFunction",
            FUNCTION,
            {},
            {"Principal": {"Service": "sns.amazonaws.com"}, "Resource": FUNCTION},
        ),
        (
            ANONYMOUS,
            "s3:GetObject",
            OBJECT,
            {},
            {"Principal": "*", "Resource": "arn:aws:s3:::photos/*"},
        ),
    ],
)
def test_a_statement_is_missing_in_a_resource_based_policy(
    caller, action, resource, context, expected
):
    statement = missing_statement(*refuse(caller, action, resource, **context))
    assert statement == {"Effect": "Allow", "Action": action} | expected


@pytest.mark.parametrize(
    ("caller", "principal"),
    [
        (SESSION, {"AWS": ROLE}),
        (USER, {"AWS": USER.arn}),
        (service("lambda"), {"Service": "lambda.amazonaws.com"}),
    ],
)
def test_a_statement_is_missing_in_a_trust_policy(caller, principal):
    wanted = f"arn:aws:iam::{OWNER}:role/wanted"
    statement = missing_statement(*refuse(caller, "sts:AssumeRole", wanted, Policies(EVERYTHING)))
    assert statement == {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}


def test_across_accounts_first_one_statement_is_missing_and_then_the_other():
    first = missing_statement(*refuse(STRANGER, "s3:GetObject", OBJECT))
    assert "Principal" not in first
    policies = Policies(parse({"Version": "2012-10-17", "Statement": first}))
    second = missing_statement(*refuse(STRANGER, "s3:GetObject", OBJECT, policies))
    assert second == first | {"Principal": {"AWS": STRANGER.arn}}


@pytest.mark.parametrize(
    ("caller", "action", "resource", "where"),
    [
        (SESSION, "s3:GetObject", OBJECT, "identity"),
        (SESSION, "logs:PutLogEvents", f"{GROUP}:log-stream:x", "identity"),
        (FEDERATED, "s3:GetObject", OBJECT, "identity"),
        (service("events"), "sqs:SendMessage", QUEUE, "resource"),
        (service("lambda"), "sts:AssumeRole", ROLE, "resource"),
        (ANONYMOUS, "s3:GetObject", OBJECT, "resource"),
        (SESSION, "kms:Decrypt", f"arn:aws:kms:us-east-1:{OWNER}:key/1", "resource"),
    ],
)
def test_with_the_missing_statement_the_request_is_allowed(caller, action, resource, where):
    others = {"identity": {"session": EVERYTHING}, "resource": {}}[where]
    request, decision = refuse(caller, action, resource, Policies(**others), sourcearn=RULE)
    statement = missing_statement(request, decision)
    added = parse(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    assert decide(request, Policies(**others | {where: added})).allowed


def test_no_statement_can_be_added_against_an_explicit_deny():
    denied = Policies(EVERYTHING, resource=statements(deny(principal="*")))
    assert missing_statement(*refuse(USER, "s3:GetObject", OBJECT, denied)) == {}


def test_there_is_nothing_to_say_of_an_allowed_request():
    request = Request(Caller(OTHER, f"arn:aws:iam::{OTHER}:root"), "s3:GetObject", OBJECT, OTHER)
    decision = decide(request, Policies())
    assert message(request, decision) == ""
    assert missing_statement(request, decision) == {}


def test_access_denied_page_api_gateway_masks_the_callers_account_too():
    text = message(*refuse(SESSION, "execute-api:Invoke", API))
    assert "arn:aws:sts::********3333:assumed-role/thumbnailer-role/thumbnailer" in text
    assert OWNER not in text


def test_a_statement_for_an_account_principal_names_the_role_with_its_path():
    account = statements(allow("kms:*", principal=aws(OTHER)))
    key = f"arn:aws:kms:us-east-1:{OWNER}:key/1"
    request, decision = refuse(SESSION, "kms:Decrypt", key, Policies(resource=account))
    assert missing_statement(request, decision)["Principal"] == {"AWS": ROLE}
