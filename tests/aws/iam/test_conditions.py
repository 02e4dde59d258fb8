"""Condition operators, with the cases of AWS's documentation; each test names its page."""

import pytest

from helpers.aws.iam.conditions import Condition, parse_operator

TOPIC = "arn:aws:sns:us-east-1:111122223333:uploads"
IPS = ["203.0.113.0/24", "2001:DB8:1234:5678::/64"]
ISSUED = "2020-01-01T00:00:01Z"


def holds(operator, key, values, context):
    values = (values,) if isinstance(values, str) else tuple(values)
    return Condition(operator, key, values).holds(context)


@pytest.mark.parametrize(
    ("operator", "value", "actual", "expected"),
    [
        ("StringEquals", "curl", "curl", True),
        ("StringEquals", "curl", "Curl", False),
        ("StringEquals", "cu*", "curl", False),
        ("stringequals", "curl", "curl", True),
        ("StringNotEquals", "curl", "wget", True),
        ("StringNotEquals", "curl", "curl", False),
        ("StringEqualsIgnoreCase", "curl", "CURL", True),
        ("StringNotEqualsIgnoreCase", "curl", "CURL", False),
        ("StringNotEqualsIgnoreCase", "curl", "wget", True),
        ("StringLike", "c*l", "curl", True),
        ("StringLike", "curl*", "curl", True),
        ("StringLike", "cur?", "curl", True),
        ("StringLike", "curl?", "curl", False),
        ("StringLike", "cur", "curl", False),
        ("StringLike", "C*", "curl", False),
        ("StringLike", "[c]url", "curl", False),
        ("StringLike", "*l*f*", "curl -f\nx", True),
        ("StringNotLike", "c*", "curl", False),
        ("StringNotLike", "c*", "wget", True),
    ],
)
def test_condition_operators_page_strings(operator, value, actual, expected):
    assert holds(operator, "aws:UserAgent", value, {"aws:useragent": actual}) is expected


@pytest.mark.parametrize(
    ("operator", "value", "actual", "expected"),
    [
        ("NumericEquals", "10", "10.0", True),
        ("NumericNotEquals", "10", "10", False),
        ("NumericNotEquals", "10", "11", True),
        ("NumericLessThan", "10", "9", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "9", "10", True),
        ("NumericGreaterThan", "10", "9", False),
        ("NumericGreaterThanEquals", "10", "10", True),
        ("NumericLessThan", "10", "few", False),
        ("NumericLessThan", "few", "10", False),
    ],
)
def test_condition_operators_page_numbers(operator, value, actual, expected):
    assert holds(operator, "s3:max-keys", value, {"s3:max-keys": actual}) is expected


@pytest.mark.parametrize(
    ("operator", "value", "actual", "expected"),
    [
        ("DateGreaterThan", ISSUED, "2020-02-01T00:00:00Z", True),
        ("DateGreaterThan", ISSUED, "2020-01-01T01:00:00+01:00", False),
        ("DateLessThan", "2020", "2019-12-31T23:59:59Z", True),
        ("DateLessThan", "2020-02", "2020-02-01", False),
        ("DateLessThanEquals", "2020-02", "2020-02-01", True),
        ("DateGreaterThanEquals", "2020-01-01T00:00:00", "1577836800", True),
        ("DateEquals", "1577836800", "2020-01-01T00:00:00.000Z", True),
        ("DateNotEquals", "1577836800", "2020-01-01", False),
        ("DateLessThan", "tomorrow", "2020-01-01", False),
        ("DateLessThan", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", False),
        ("DateLessThan", "2020*", "2020-01-01", False),
    ],
)
def test_condition_operators_page_dates(operator, value, actual, expected):
    context = {"aws:tokenissuetime": actual}
    assert holds(operator, "aws:TokenIssueTime", value, context) is expected


@pytest.mark.parametrize(
    ("operator", "value", "actual", "expected"),
    [
        ("Bool", "false", "false", True),
        ("Bool", "false", "true", False),
        ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", True),
        ("BinaryEquals", "QUI=", "QUM=", False),
        ("BinaryEquals", "?", "?", False),
        ("IpAddress", IPS, "203.0.113.77", True),
        ("IpAddress", IPS, "2001:db8:1234:5678::1", True),
        ("IpAddress", IPS, "203.0.114.1", False),
        ("IpAddress", "203.0.113.7/24", "203.0.113.77", True),
        ("IpAddress", "203.0.113.7", "203.0.113.7", True),
        ("IpAddress", "203.0.113.7", "203.0.113.8", False),
        ("IpAddress", "everywhere", "203.0.113.7", False),
        ("IpAddress", IPS, "here", False),
        ("NotIpAddress", IPS, "203.0.113.77", False),
        ("NotIpAddress", IPS, "10.0.0.1", True),
        ("ArnEquals", "arn:aws:sns:*:111122223333:up*", TOPIC, True),
        ("ArnLike", "arn:aws:sns:*:111122223333:up*", TOPIC, True),
        ("ArnNotEquals", "arn:aws:sns:*:111122223333:up*", TOPIC, False),
        ("ArnNotLike", "arn:aws:sns:*:444455556666:*", TOPIC, True),
        ("ArnEquals", TOPIC.replace("uploads", "Uploads"), TOPIC, False),
    ],
)
def test_condition_operators_page_other_types(operator, value, actual, expected):
    assert holds(operator, "aws:Key", value, {"aws:key": actual}) is expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("StringEquals", "x", False),
        ("StringLike", "*", False),
        ("NumericLessThan", "1", False),
        ("DateGreaterThan", "2020", False),
        ("Bool", "false", False),
        ("BinaryEquals", "QUI=", False),
        ("IpAddress", "0.0.0.0/0", False),
        ("ArnLike", "arn:aws:sns:*:*:*", False),
        ("StringNotEquals", "x", True),
        ("StringNotEqualsIgnoreCase", "x", True),
        ("StringNotLike", "*", True),
        ("NumericNotEquals", "1", True),
        ("DateNotEquals", "2020", True),
        ("NotIpAddress", "0.0.0.0/0", True),
        ("ArnNotEquals", TOPIC, True),
        ("ArnNotLike", TOPIC, True),
        ("StringEqualsIfExists", "x", True),
        ("StringNotEqualsIfExists", "x", True),
        ("NumericLessThanIfExists", "1", True),
        ("BoolIfExists", "false", True),
        ("ArnLikeIfExists", TOPIC, True),
        ("ForAllValues:StringEquals", "x", True),
        ("ForAllValues:StringNotEquals", "x", True),
        ("ForAnyValue:StringEquals", "x", False),
        ("ForAnyValue:StringNotEquals", "x", False),
        ("ForAnyValue:StringEqualsIfExists", "x", True),
        ("Null", "true", True),
        ("Null", "false", False),
    ],
)
def test_condition_operators_page_the_key_is_missing(operator, value, expected):
    assert holds(operator, "aws:UserAgent", value, {}) is expected


@pytest.mark.parametrize(("instance_type", "expected"), [("t2.micro", True), ("m3.large", False)])
def test_condition_operators_page_if_exists_compares_what_exists(instance_type, expected):
    context = {"ec2:instancetype": instance_type}
    types = ["t1.*", "t2.*"]
    assert holds("StringLikeIfExists", "ec2:InstanceType", types, context) is expected


@pytest.mark.parametrize(
    ("value", "actual", "expected"),
    [("true", ISSUED, False), ("false", ISSUED, True), ("true", "", True), ("false", [], False)],
)
def test_condition_operators_page_null_tells_whether_there_is_a_value(value, actual, expected):
    context = {"aws:tokenissuetime": actual}
    assert holds("Null", "aws:TokenIssueTime", value, context) is expected


@pytest.mark.parametrize(
    ("operator", "values", "actual", "expected"),
    [
        ("StringEquals", ["audit", "security"], "security", True),
        ("StringEquals", ["audit", "security"], "sales", False),
        ("StringNotEquals", ["audit", "security"], "security", False),
        ("StringNotEquals", ["audit", "security"], "sales", True),
    ],
)
def test_multiple_values_page_values_are_or_and_negated_ones_nor(
    operator, values, actual, expected
):
    context = {"aws:principaltag/role": actual}
    assert holds(operator, "aws:PrincipalTag/role", values, context) is expected


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"aws:principaltag/department": "hr", "aws:principaltag/role": "audit"}, True),
        ({"aws:principaltag/department": "hr", "aws:principaltag/role": "sales"}, False),
        ({"aws:principaltag/department": "hr"}, False),
        ({}, False),
    ],
)
def test_multiple_keys_page_keys_are_and(context, expected):
    conditions = [
        Condition("StringEqualsIgnoreCase", "aws:PrincipalTag/department", ("Finance", "HR")),
        Condition("StringEqualsIgnoreCase", "aws:PrincipalTag/role", ("audit", "security")),
    ]
    assert all(each.holds(context) for each in conditions) is expected


@pytest.mark.parametrize("key", ["aws:SourceIP", "AWS:SourceIp", "aws:sourceip"])
def test_condition_page_key_names_ignore_case(key):
    assert holds("StringEquals", key, "x", {"aws:sourceip": "x"})


@pytest.mark.parametrize(
    ("operator", "values", "actual", "expected"),
    [
        ("ForAllValues:StringEquals", ["ID", "Message", "Tags"], ["Message", "Tags"], True),
        ("ForAllValues:StringEquals", ["ID", "Message", "Tags"], ["Message", "UserName"], False),
        ("ForAllValues:StringEquals", ["ID"], [], True),
        ("ForAllValues:StringEquals", ["ID"], "", True),
        ("ForAllValues:StringLike", ["key*"], ["key1", "key2"], True),
        ("ForAllValues:StringNotEquals", ["ID", "Tags"], ["UserName", "Age"], True),
        ("ForAllValues:StringNotEquals", ["ID", "Tags"], ["UserName", "ID"], False),
        ("ForAnyValue:StringEquals", ["ID", "PostDateTime"], ["PostDateTime", "Message"], True),
        ("ForAnyValue:StringEquals", ["ID", "PostDateTime"], ["UserName"], False),
        ("ForAnyValue:StringEquals", ["ID"], [], False),
        ("ForAnyValue:StringEquals", ["ID"], "", False),
        ("ForAnyValue:StringEquals", ["ID"], "ID", True),
        ("ForAnyValue:StringNotEquals", ["ID"], ["ID", "UserName"], True),
        ("ForAnyValue:StringNotEquals", ["ID"], ["ID"], False),
        ("StringEquals", ["ID"], ["ID", "UserName"], True),
        ("StringNotEquals", ["ID"], ["ID", "UserName"], False),
    ],
)
def test_multivalued_keys_page_set_operators(operator, values, actual, expected):
    context = {"dynamodb:attributes": actual}
    assert holds(operator, "dynamodb:Attributes", values, context) is expected


@pytest.mark.parametrize(
    ("prefix", "expected"), [("", True), ("home/", True), ("home/ada/", True), ("home/bob/", False)]
)
def test_variables_page_a_user_lists_the_home_directory(prefix, expected):
    context = {"s3:prefix": prefix, "aws:username": "ada"}
    values = ["", "home/", "home/${aws:username}/"]
    assert holds("StringLike", "s3:prefix", values, context) is expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("StringEquals", "${aws:PrincipalTag/Team}", False),
        ("StringLike", "*${aws:PrincipalTag/Team}*", False),
        ("StringNotEquals", "${aws:PrincipalTag/Team}", True),
        ("StringNotLike", "${aws:PrincipalTag/Team}", True),
        ("StringEquals", "${aws:PrincipalTag/Team, 'red'}", True),
        ("StringEquals", "${aws:PrincipalTag/Team, 'blue'}", False),
    ],
)
def test_variables_page_a_variable_has_no_value(operator, value, expected):
    context = {"s3:existingobjecttag/team": "red"}
    assert holds(operator, "s3:ExistingObjectTag/Team", value, context) is expected


@pytest.mark.parametrize(
    ("operator", "value", "actual", "expected"),
    [
        ("ArnLike", "arn:aws:sns:*:${aws:PrincipalAccount}:*", TOPIC, True),
        ("StringLike", "${aws:username}/*", "bob/x", False),
        ("StringEquals", "${*}${?}${$}", "*?$", True),
        ("StringLike", "${*}", "anything", False),
        ("Bool", "${aws:yes}", "true", True),
        ("NumericEquals", "${aws:one}", "1", False),
    ],
)
def test_variables_page_which_operators_have_variables(operator, value, actual, expected):
    context = {
        "aws:key": actual,
        "aws:principalaccount": "111122223333",
        "aws:username": "*",
        "aws:yes": "true",
        "aws:one": "1",
    }
    assert holds(operator, "aws:Key", value, context) is expected


@pytest.mark.parametrize(
    "name",
    ["StringEqual", "NullIfExists", "ForSomeValues:StringEquals", "IfExists", ":StringEquals", ""],
)
def test_an_operator_that_aws_does_not_know_is_refused(name):
    with pytest.raises(ValueError, match="Invalid condition operator"):
        parse_operator(name)
