"""Policy documents: the ways to write them, and documents that are not policies."""

import json

import pytest

from helpers.aws.iam.conditions import Condition
from helpers.aws.iam.policy import parse
from tests.aws.iam.callers import allow, deny, statements

ALLOW_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def document(**elements):
    return {"Version": "2012-10-17", "Statement": [ALLOW_ALL | elements]}


def test_grammar_page_one_value_and_a_list_of_one_are_the_same():
    single = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": "111122223333"},
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::photos/*",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        },
    }
    listed = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": ["111122223333"]},
                "Action": ["s3:GetObject"],
                "Resource": ["arn:aws:s3:::photos/*"],
                "Condition": {"StringEquals": {"aws:SourceAccount": ["111122223333"]}},
            }
        ],
    }
    assert parse(single) == parse(listed) == parse(json.dumps(single))


def test_a_document_is_parsed_once():
    text = json.dumps(document(Sid="ParsedOnce"))
    assert parse(text) is parse(text)


def test_principal_page_an_asterisk_is_every_aws_principal():
    assert parse(document(Principal="*")) == parse(document(Principal={"AWS": "*"}))


def test_condition_values_may_be_numbers_and_booleans():
    condition = {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"s3:max-keys": 10}}
    [statement] = parse(document(Condition=condition))
    assert statement.conditions == (
        Condition("Bool", "aws:SecureTransport", ("true",)),
        Condition("NumericLessThan", "s3:max-keys", ("10",)),
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "JSON object"),
        ('{"Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "*"}}', "'Effect' twice"),
        ({}, "no Statement"),
        ({"Statement": []}, "no Statement"),
        ({"Version": "2017-08-17", "Statement": [ALLOW_ALL]}, "not '2017-08-17'"),
        ({"Statement": [ALLOW_ALL], "Statements": []}, "unknown element: Statements"),
        ({"Statement": [ALLOW_ALL, "Allow"]}, "Statement 2 has to be a JSON object"),
        ({"Statement": [ALLOW_ALL, {"Action": "*"}]}, "Statement 2 has no Effect"),
        ({"Statement": {"Effect": "Allow", "Resource": "*"}}, "no Action"),
        (document(Effect="allow"), "Allow or Deny, not 'allow'"),
        (document(NotAction="s3:*"), "both Action and NotAction"),
        (document(NotResource="*"), "both Resource and NotResource"),
        (document(Principal="*", NotPrincipal="*"), "both Principal and NotPrincipal"),
        (document(Actions="s3:*"), "unknown element: Actions"),
        (document(Action=[]), "Action is empty"),
        (document(Resource=[1]), "Resource takes only strings"),
        (document(Principal="111122223333"), "has to be"),
        (document(Principal={}), "has to be"),
        (document(Principal={"Role": "x"}), "unknown element: Role"),
        (document(Condition="x"), "Condition has to be a JSON object"),
        (document(Condition={"StringEqual": {"a": "b"}}), "operator: StringEqual"),
        (document(Condition={"StringEquals": "x"}), "StringEquals has to be a JSON object"),
        (document(Condition={"StringEquals": {"a": []}}), "no value for a"),
        (document(Condition={"StringEquals": {"a": None}}), "no value for a"),
        (document(Condition={"StringEquals": {"a": [None]}}), "strings, numbers and Booleans"),
    ],
)
def test_what_is_not_a_policy_is_refused_with_the_reason(given, message):
    with pytest.raises(ValueError, match=message):
        parse(given)


def covers(statement, action, resource="*"):
    [parsed] = statements(statement)
    return parsed.applies_to(action, resource, {})


def test_not_action_page_every_action_applies_except_those_listed():
    all_but_iam = allow(NotAction="iam:*")
    assert covers(all_but_iam, "s3:GetObject")
    assert not covers(all_but_iam, "IAM:CreateUser")


def test_not_action_page_the_resource_limits_which_actions_are_meant():
    all_but_deletion = allow(NotAction="s3:DeleteBucket", resource="arn:aws:s3:::*")
    assert covers(all_but_deletion, "s3:PutObject", "arn:aws:s3:::photos/cat.jpg")
    assert not covers(all_but_deletion, "s3:DeleteBucket", "arn:aws:s3:::photos")
    assert not covers(all_but_deletion, "s3:ListAllMyBuckets", "*")
    assert not covers(all_but_deletion, "sqs:SendMessage", "arn:aws:sqs:us-east-1:1:queue")


def test_not_resource_page_every_resource_applies_except_those_listed():
    folder = "arn:aws:s3:::HRBucket/Payroll"
    all_but_payroll = deny("s3:*", NotResource=[folder, f"{folder}/*"])
    assert not covers(all_but_payroll, "s3:GetObject", f"{folder}/june.csv")
    assert covers(all_but_payroll, "s3:GetObject", "arn:aws:s3:::HRBucket/Contracts/ada.pdf")
    assert covers(all_but_payroll, "s3:GetObject", "arn:aws:s3:::hrbucket/Payroll/june.csv")


@pytest.mark.parametrize("version", ["2012-10-17", "2008-10-17"])
def test_version_page_the_older_language_has_no_variables(version):
    condition = {"StringLike": {"s3:prefix": "${aws:username}/*"}}
    home = allow(resource="arn:aws:s3:::photos/${aws:username}/*", Condition=condition)
    [statement] = statements(home, version=version)
    has_variables = version == "2012-10-17"

    ada = {"aws:username": "ada", "s3:prefix": "ada/cats"}
    resource = "arn:aws:s3:::photos/ada/cat.jpg"
    assert statement.applies_to("s3:GetObject", resource, ada) is has_variables
    literal = {"aws:username": "ada", "s3:prefix": "${aws:username}/cats"}
    resource = "arn:aws:s3:::photos/${aws:username}/cat.jpg"
    assert statement.applies_to("s3:GetObject", resource, literal) is not has_variables


@pytest.mark.parametrize("element", ["Resource", "NotResource"])
def test_variables_page_a_variable_without_a_value_matches_no_resource(element):
    home = "arn:aws:s3:::photos/${aws:PrincipalTag/team}/*"
    statement = allow(resource=None, **{element: home})
    assert covers(statement, "s3:GetObject", "arn:aws:s3:::photos//x") is (element != "Resource")


def test_the_conditions_that_are_not_met_can_be_asked_for():
    condition = {
        "StringEquals": {"aws:SourceAccount": "1"},
        "ArnLike": {"aws:SourceArn": "arn:aws:s3:::photos"},
    }
    [statement] = statements(allow(Condition=condition))
    context = {"aws:sourceaccount": "1", "aws:sourcearn": "arn:aws:s3:::other"}
    assert [each.key for each in statement.unmet_conditions(context)] == ["aws:SourceArn"]
    assert not statement.applies_to("s3:GetObject", "*", context)
