"""Wildcards, ARNs and policy variables, by the examples of AWS's documentation."""

import time

import pytest

from helpers.aws.iam.patterns import (
    is_action_like,
    is_arn_like,
    is_like,
    is_resource_like,
    resolve,
    resolve_resource,
)

BUCKET = "arn:aws:s3:::amzn-s3-demo-bucket"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/photos"


@pytest.mark.parametrize(
    ("pattern", "action", "is_match"),
    [
        pytest.param("iam:ListAccessKeys", "IAM:listaccesskeys", True, id="Action: ignores case"),
        pytest.param("s3:*", "s3:GetObject", True, id="Action: all actions of a service"),
        pytest.param("*", "s3:GetObject", True, id="Action: all actions"),
        pytest.param("iam:*AccessKey*", "iam:UpdateAccessKey", True, id="Action: part of the name"),
        pytest.param("iam:*AccessKey*", "iam:UpdateUser", False, id="Action: not part of the name"),
        pytest.param("s3:Get*", "s3:PutObject", False, id="Action: another prefix"),
        pytest.param("s3:GetObject?", "s3:GetObject", False, id="Action: ? is one character"),
        pytest.param("s3:Object", "s3:GetObject", False, id="Action: no partial match"),
        pytest.param("s3:Get[OB]*", "s3:GetObject", False, id="Action: a bracket is a bracket"),
    ],
)
def test_an_action_matches(pattern, action, is_match):
    assert is_action_like(pattern, action) is is_match


@pytest.mark.parametrize(
    ("key", "is_match"),
    [
        ("1/test/object.jpg", True),
        ("1/2/test/object.jpg", True),
        ("1/2/test/3/object.jpg", True),
        ("1///test///object.jpg", True),
        ("1/test/.jpg", True),
        ("/test/object.jpg", True),
        ("1/test/", True),
        ("1-test/object.jpg", False),
        ("test/object.jpg", False),
        ("1/2/test.jpg", False),
    ],
)
def test_resource_page_an_asterisk_also_matches_slashes(key, is_match):
    assert is_resource_like(f"{BUCKET}/*/test/*", f"{BUCKET}/{key}") is is_match


@pytest.mark.parametrize(
    ("pattern", "resource", "is_match"),
    [
        pytest.param("*", "*", True, id="an action without a resource needs *"),
        pytest.param("arn:aws:s3:::*", "*", False, id="which no ARN stands for"),
        pytest.param("*", BUCKET, True, id="* is every resource"),
        pytest.param(f"{BUCKET}/*", BUCKET, False, id="the bucket is not one of its objects"),
        pytest.param(BUCKET, f"{BUCKET}/cat.jpg", False, id="an object is not its bucket"),
        pytest.param(f"{BUCKET}/Cat.jpg", f"{BUCKET}/cat.jpg", False, id="case counts"),
        pytest.param(f"{BUCKET}/ca?.jpg", f"{BUCKET}/cat.jpg", True, id="? is one character"),
        pytest.param(f"{BUCKET}/a:b/*", f"{BUCKET}/a:b/c:d", True, id="keys may have colons"),
        pytest.param("arn:aws:dynamodb:*:111122223333:table/photos", TABLE, True, id="any Region"),
        pytest.param("arn:aws:dynamodb:us-*:*:table/*", TABLE, True, id="wildcards in segments"),
        pytest.param("arn:aws:dynamodb:us-*-2:*:table/*", TABLE, False, id="another Region"),
        pytest.param("arn:aws:dynamodb:*:table/photos", TABLE, True, id="the last * of a segment"),
        pytest.param("arn:aws:dynamodb:*:table/notes", TABLE, False, id="with another name"),
        pytest.param("arn:aws:dynamodb:*", TABLE, True, id="all of a service"),
        pytest.param("arn:aws:dynamodb", TABLE, True, id="an incomplete ARN is completed"),
        pytest.param("arn:aws:sqs", TABLE, False, id="for its service only"),
    ],
)
def test_resource_page_a_pattern_matches(pattern, resource, is_match):
    assert is_resource_like(pattern, resource) is is_match


FINANCE = "arn:aws:someservice:*:111122223333:finance/*"
STORE = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"


def test_condition_operators_page_arn_like_checks_each_segment_and_string_like_does_not():
    assert is_like(FINANCE, STORE)
    assert not is_arn_like(FINANCE, STORE)


@pytest.mark.parametrize(
    ("pattern", "arn", "is_match"),
    [
        ("arn:aws:s3:*:*:photos", "arn:aws:s3:::photos", True),
        ("arn:aws:sns:us-east-1:*:uploads", "arn:aws:sns:us-east-1:111122223333:uploads", True),
        ("arn:aws:sns:us-????-1:*:uploads", "arn:aws:sns:us-east-1:111122223333:uploads", True),
        ("arn:aws:sns:us-east-1:*:Uploads", "arn:aws:sns:us-east-1:111122223333:uploads", False),
        ("arn:aws:execute-api:*:*:abc/*/GET/*", "arn:aws:execute-api:eu-west-1:1:abc/p/GET/x", 1),
        ("arn:aws:lambda:*:*:function:*", "arn:aws:lambda:eu-west-1:1:function:resize:live", True),
        ("arn:aws:sns:*:uploads", "arn:aws:sns:us-east-1:111122223333:uploads", False),
        ("*", "arn:aws:s3:::photos", False),
        ("arn:aws:s3:::photos", "photos", False),
    ],
)
def test_condition_operators_page_an_arn_matches_segment_by_segment(pattern, arn, is_match):
    assert is_arn_like(pattern, arn) is bool(is_match)


@pytest.mark.parametrize("matches", [is_like, is_action_like, is_arn_like, is_resource_like])
def test_a_pattern_full_of_wildcards_is_not_slow(matches):
    start = time.perf_counter()
    assert not matches("arn:aws:s3:::" + "*a" * 40 + "b", "arn:aws:s3:::" + "a" * 1000)
    assert time.perf_counter() - start < 1


CONTEXT = {
    "aws:username": "ada",
    "aws:principaltag/team": "yellow",
    "aws:principaltag/empty": "",
    "aws:principaltag/odd": "a*c?",
    "aws:tagkeys": ["one", "two"],
}


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        pytest.param("home/${aws:username}/", "home/ada/", id="Variables: a key"),
        pytest.param("${AWS:UserName}", "ada", id="Variables: key names ignore case"),
        pytest.param("${aws:PrincipalTag/Team}", "yellow", id="Variables: tags"),
        pytest.param("${aws:userid}", None, id="Variables: not present"),
        pytest.param("${aws:PrincipalTag/empty}", None, id="Variables: no value"),
        pytest.param("${aws:TagKeys}", None, id="Variables: multivalued keys can't be variables"),
        pytest.param("${aws:userid, 'all'}", "all", id="Variables: default value"),
        pytest.param("${aws:username, 'all'}", "ada", id="Variables: default value not needed"),
        pytest.param("${aws:userid, ''}", "", id="Variables: an empty default value"),
        pytest.param("${*}${?}${$}", "*?$", id="Variables: special characters"),
        pytest.param("${aws:username", "${aws:username", id="Variables: no closing brace"),
        pytest.param("a*b", "a*b", id="Variables: none"),
    ],
)
def test_a_variable_is_replaced(text, resolved):
    assert resolve(text, CONTEXT, literally=True) == resolved


def test_the_wildcards_of_a_value_are_not_wildcards():
    pattern = resolve("*/${aws:PrincipalTag/odd}/*", CONTEXT)
    assert is_like(pattern, "home/a*c?/x")
    assert not is_like(pattern, "home/abcd/x")
    assert is_like(resolve("${*}", CONTEXT), "*")
    assert not is_like(resolve("${*}", CONTEXT), "anything")


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("arn:aws:s3:::photos/${aws:username}/*", "arn:aws:s3:::photos/ada/*"),
        ("arn:aws:s3:::b-${aws:PrincipalTag/x, 'company-wide'}", "arn:aws:s3:::b-company-wide"),
        ("arn:aws:s3:::photos/${aws:userid}/*", None),
        ("arn:aws:sqs:${aws:username}:1:queue", "arn:aws:sqs:${aws:username}:1:queue"),
        ("${aws:username}", "${aws:username}"),
    ],
)
def test_variables_page_only_the_resource_part_of_an_arn_has_variables(text, resolved):
    assert resolve_resource(text, CONTEXT) == resolved
