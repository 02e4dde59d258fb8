"""A role like the learner's, which a check gives a little more than it has."""

import pytest

from helpers.checks.rights import Access, rights_of
from helpers.checks.roles import LONGEST, copy_of_role
from helpers.functions.deploy import WRITE_LOGS
from tests.checks.desk import Desk

TO_READ = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}
TO_SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
READING, SENDING = Access("dynamodb:GetItem", "*"), Access("sqs:SendMessage", "*")


@pytest.fixture
def desk(client, tmp_path):
    return Desk("first-function", client, tmp_path)


def allowed(desk: Desk, role: str) -> list[bool]:
    rights = rights_of(desk.probe, role.rpartition("/")[2], "worker")
    return [rights.allow(access) for access in (READING, SENDING)]


def policies_of(desk: Desk, role: str) -> list[str]:
    attached = desk.client("iam").list_attached_role_policies(RoleName=role.rpartition("/")[2])
    return [policy["PolicyArn"] for policy in attached["AttachedPolicies"]]


def test_it_allows_what_the_role_allows_and_what_was_asked_for(desk):
    role = desk.role_named("worker-role", TO_READ)
    with desk.probe as probe:
        copy = copy_of_role(probe, role, TO_SEND)
        assert allowed(desk, copy) == [True, True]
        assert policies_of(desk, copy) == [WRITE_LOGS]


def test_it_is_gone_when_the_check_is_over_and_the_role_is_as_it_was(desk):
    role = desk.role_named("worker-role", TO_READ)
    with desk.probe as probe:
        copy = copy_of_role(probe, role, TO_SEND)
    iam = desk.client("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=copy.rpartition("/")[2])
    assert allowed(desk, role) == [True, False]


def test_the_name_of_a_role_may_be_as_long_as_aws_lets_it(desk):
    role = desk.role_named("w" * 64)
    with desk.probe as probe:
        assert copy_of_role(probe, role).rpartition("/")[2].startswith("w" * LONGEST)
