"""Services that call on behalf of a resource, by AWS's documentation."""

import pytest

from helpers.aws.iam.authorization import Policies
from tests.aws.iam.callers import (
    IDENTITY,
    NOTHING,
    OTHER,
    OWNER,
    RESOURCE,
    USER,
    allow,
    aws,
    deny,
    outcome,
    service,
    statements,
)

FUNCTION = f"arn:aws:lambda:us-east-1:{OWNER}:function:thumbnailer"
QUEUE = f"arn:aws:sqs:us-east-1:{OWNER}:uploads"
TOPIC = f"arn:aws:sns:us-east-1:{OWNER}:uploads"
RULE = f"arn:aws:events:us-east-1:{OWNER}:rule/nightly"
BUCKET = "arn:aws:s3:::photos"


def on_behalf_of(operator, source, **more):
    return {operator: {"aws:SourceArn": source}} | more


@pytest.mark.parametrize(
    ("source", "account", "expected"),
    [
        (BUCKET, OWNER, "allowed"),
        ("arn:aws:s3:::other", OWNER, RESOURCE),
        (BUCKET, OTHER, RESOURCE),
    ],
)
def test_lambda_permissions_page_s3_invokes_a_function(source, account, expected):
    condition = on_behalf_of("ArnLike", BUCKET, StringEquals={"AWS:SourceAccount": OWNER})
    policy = allow(
        "lambda:InvokeFunction",
        FUNCTION,
        {"Service": "s3.amazonaws.com"},
        Condition=condition,
    )
    arguments = ("lambda:InvokeFunction", FUNCTION)
    context = {"sourcearn": source, "sourceaccount": account}
    policies = Policies(resource=statements(policy))
    assert outcome(service("s3"), policies, *arguments, **context) == expected
    assert outcome(service("sns"), policies, *arguments, **context) == RESOURCE
    assert outcome(service("s3"), Policies(), *arguments, **context) == RESOURCE


@pytest.mark.parametrize("principal", [{"Service": "sns.amazonaws.com"}, "*", aws("*")])
@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike", "StringEquals", "StringLike"])
def test_sns_page_a_topic_sends_messages_to_a_queue(principal, operator):
    condition = on_behalf_of(operator, TOPIC)
    policies = Policies(
        resource=statements(allow("sqs:SendMessage", QUEUE, principal, Condition=condition))
    )
    arguments = (policies, "SQS:SendMessage", QUEUE)
    assert outcome(service("sns"), *arguments, sourcearn=TOPIC) == "allowed"
    assert outcome(service("sns"), *arguments, sourcearn=f"{TOPIC}2") == RESOURCE
    assert outcome(service("sns"), *arguments) == RESOURCE
    assert outcome(USER, *arguments) == IDENTITY


def test_eventbridge_page_a_rule_sends_messages_to_a_queue():
    condition = on_behalf_of("ArnEquals", RULE)
    policy = allow(
        "sqs:SendMessage", QUEUE, {"Service": "events.amazonaws.com"}, Condition=condition
    )
    arguments = (Policies(resource=statements(policy)), "sqs:SendMessage", QUEUE)
    assert outcome(service("events"), *arguments, sourcearn=RULE) == "allowed"
    assert outcome(service("events"), *arguments, sourcearn=TOPIC) == RESOURCE


def test_s3_page_a_bucket_of_the_account_publishes_to_a_topic():
    condition = on_behalf_of("ArnLike", "arn:aws:s3:*:*:photos") | {
        "StringEquals": {"aws:SourceAccount": OWNER}
    }
    policy = allow("SNS:Publish", TOPIC, {"Service": "s3.amazonaws.com"}, Condition=condition)
    arguments = (Policies(resource=statements(policy)), "sns:Publish", TOPIC)
    context = {"sourcearn": BUCKET, "sourceaccount": OWNER}
    assert outcome(service("s3"), *arguments, **context) == "allowed"
    assert outcome(service("s3"), *arguments, sourcearn=BUCKET) == RESOURCE


def test_a_service_has_no_identity_based_policy_and_can_be_denied():
    everything = statements(allow(principal="*"))
    assert outcome(service("sns"), Policies(everything)) == RESOURCE
    policies = Policies(statements(deny()), NOTHING, NOTHING, everything)
    assert outcome(service("sns"), policies) == "allowed"
    condition = {"Bool": {"aws:PrincipalIsAWSService": "true"}}
    resource = everything + statements(deny(principal="*", Condition=condition))
    assert outcome(service("sns"), Policies(resource=resource)) == f"{RESOURCE}!"
    assert outcome(USER, Policies(resource=resource)) == "allowed"
