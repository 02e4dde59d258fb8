"""A role is measured by what a function needs; the labs' wrong answers show the rest."""

import json
from typing import Any

import pytest

from helpers.aws.iam.authorization import Caller
from helpers.aws.iam.policy import parse
from helpers.checks.least_privilege import require_least_privilege
from helpers.checks.rights import Access, Excess, Need, Right, Rights, rights_of
from helpers.exercises.verdict import Incorrect, NotAttempted
from tests.checks.desk import Shop

CODE = "def handler(event, context):\n    return event\n"
PHOTOS, SMALL = "arn:aws:s3:::least-photos/*", "arn:aws:s3:::least-small/*"
NEEDS = [Need("s3:GetObject", PHOTOS, "read", ("a/1",)), Need("s3:PutObject", SMALL, "write")]
EXCESSES = [Excess("s3:DeleteObject", "arn:aws:s3:::least-photos/a/1", "delete photos")]


def allow(action: str, resource: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource}


@pytest.fixture
def shop(client, tmp_path):
    found = Shop(client, tmp_path)
    found.create("greeter", CODE)
    for resource in (PHOTOS, SMALL):
        found.client("s3").create_bucket(Bucket=resource.split(":")[-1].removesuffix("/*"))
    yield found
    for resource in (PHOTOS, SMALL):  # a name is taken in all accounts
        found.client("s3").delete_bucket(Bucket=resource.split(":")[-1].removesuffix("/*"))


def require(shop: Shop) -> None:
    require_least_privilege(shop.probe, "greeter", NEEDS, EXCESSES)


@pytest.mark.parametrize(
    ("id", "statements"),
    [
        ("least-privilege.missing", [allow("sqs:SendMessage", "*")]),
        ("least-privilege.one-missing", [allow("s3:GetObject", PHOTOS)]),
        ("least-privilege.no-such-action", [allow("s3:ReadObject", PHOTOS)]),
        ("least-privilege.other-action", [allow("s3:PutObject", PHOTOS)]),
        ("least-privilege.only-some", [allow("s3:GetObject", f"{PHOTOS[:-1]}old/*")]),
        ("least-privilege.denied", [allow("s3:*", "*"), allow("s3:Get*", "*", effect="Deny")]),
    ],
)
def test_what_a_role_lacks_is_named(shop, id, statements):
    shop.role_named("greeter-role", *statements)
    with pytest.raises(Incorrect) as raised:
        require(shop)
    assert (raised.value.id, raised.value.link) == (id, "role")


def test_actions_are_the_same_in_any_case(shop):
    shop.role_named("greeter-role", allow("S3:getOBJECT", PHOTOS), allow("s3:putobject", SMALL))
    require(shop)


def test_an_empty_role_is_no_attempt_unless_a_role_beside_it_has_the_policy(shop):
    with pytest.raises(NotAttempted):
        require(shop)
    shop.role_named("other-role", allow("s3:GetObject", "arn:aws:s3:::playground/*"))
    with pytest.raises(NotAttempted):
        require(shop)
    shop.role_named("other-role", allow("s3:GetObject", PHOTOS))
    with pytest.raises(Incorrect) as raised:
        require(shop)
    assert raised.value.id == "misplaced-policy.other-role"


def test_a_policy_that_aws_could_not_read_is_shown(shop, monkeypatch):
    written = {"Effect": "Maybe", "Action": "s3:GetObject", "Resource": "*"}
    found = [("photos", "", {"Statement": written})]
    monkeypatch.setattr("helpers.checks.rights._policies", lambda probe, role: found)
    with pytest.raises(Incorrect) as raised:
        rights_of(shop.probe, "greeter-role", "greeter")
    assert raised.value.id == "policy.unreadable"
    assert json.loads(raised.value.evidence) == written


def test_a_role_is_asked_as_aws_asks_it():
    condition = {"Condition": {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}}
    written = allow("s3:GetObject", PHOTOS) | condition
    right = Right("own", "", written, *parse({"Version": "2012-10-17", "Statement": written}))
    caller = Caller("111122223333", "arn:aws:sts::111122223333:assumed-role/greeter-role/f")
    assert Rights(caller, "us-east-1", [right]).allow(NEEDS[0].accesses[0])
    assert not Rights(caller, "us-east-1", []).allow(Access("s3:GetObject", PHOTOS))
