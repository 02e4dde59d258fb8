"""What the proofs of lab 02's exercise role can't show."""

import json

import pytest

from helpers.cloud.engine import engine_of
from helpers.exercises.verdict import Outcome
from tests.labs.web_backend.counter import GIVEN, PROXY, Counter

READ_ONLY = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"


@pytest.fixture
def refused(client, tmp_path, cloud, account):
    """A counter whose catalogue, as it was given, may write logs and nothing else."""
    counter = Counter(client, tmp_path, engine_of(cloud, account))
    for role in ("catalogue-role", "shop-role"):
        counter.iam.delete_role_policy(RoleName=role, PolicyName="desk")
    counter.catalogue(GIVEN["catalogue.py"][0])
    return counter


def test_the_policy_of_another_role_counts_once_the_function_has_that_role(refused):
    right = refused.right("dynamodb:Query", "products")
    document = json.dumps({"Version": "2012-10-17", "Statement": right})
    made = refused.iam.create_policy(PolicyName="query", PolicyDocument=document)["Policy"]
    assert refused.check("role").diagnosis == "misplaced-policy.not-attached"
    other = refused.role_named("other")
    refused.iam.attach_role_policy(RoleName="other", PolicyArn=made["Arn"])
    assert refused.check("role").diagnosis == "misplaced-policy.other-role"
    refused.aws.update_function_configuration(FunctionName="catalogue", Role=other)
    assert refused.check("role").correct


def test_an_answer_without_decimals_is_right_too(refused):
    refused.put_policy(refused.right("dynamodb:Query", "products"))
    refused.catalogue()
    assert refused.check("role").correct


def test_a_function_that_fails_elsewhere_says_so(refused):
    refused.put_policy(refused.right("dynamodb:Query", "products"))
    refused.catalogue("def handler(event, context): return oops\n")
    verdict = refused.check("role")
    assert verdict.diagnosis == "function.raised"
    assert "NameError" in verdict.evidence


REFUSED_BY_AWS = (
    {"Effect": "allow"},
    {"Action": "Query"},
    {"Action": "dynamodb.Query"},
    {"Resource": "products"},
    {"Resource": []},
)


def test_what_aws_refuses_is_not_attempted(refused):
    for change in REFUSED_BY_AWS:
        with pytest.raises(refused.iam.exceptions.MalformedPolicyDocumentException):
            refused.put_policy(refused.right("dynamodb:Query", "products") | change)
        assert refused.check("role").outcome is Outcome.NOT_ATTEMPTED


def test_who_may_invoke_the_function_is_another_matter(refused):
    refused.connect(refused.api, "ANY", PROXY, "catalogue")
    assert refused.check("role").outcome is Outcome.NOT_ATTEMPTED


def test_the_role_is_emptied_for_the_worked_answer_but_for_its_logs(refused):
    undo = next(each.undo for each in refused.exercises if each.name == "role")
    refused.put_policy(refused.right("dynamodb:*", "products"))
    refused.iam.attach_role_policy(RoleName="catalogue-role", PolicyArn=READ_ONLY)
    undo(refused.probe)
    assert refused.check("role").outcome is Outcome.NOT_ATTEMPTED
    attached = refused.iam.list_attached_role_policies(RoleName="catalogue-role")
    assert len(attached["AttachedPolicies"]) == 1
