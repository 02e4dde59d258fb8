"""A queue, as checks of any lab see it, against the running engine."""

import json

import pytest

from helpers.checks.links.queue import find_queue, require_queue, require_redrive, take_messages
from helpers.exercises.verdict import Incorrect
from tests.checks.desk import Shop


@pytest.fixture
def shop(client, tmp_path):
    return Shop(client, tmp_path)


def make(shop, name, to=None, tries=3, **attributes):
    """Create a queue, or set its attributes; return it as the check sees it."""
    sqs = shop.client("sqs")
    if to:
        policy = {"deadLetterTargetArn": to.arn, "maxReceiveCount": str(tries)}
        attributes["RedrivePolicy"] = json.dumps(policy)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    if attributes:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    return require_queue(shop.probe, name)


def test_a_queue_tells_what_is_in_it(shop):
    url = make(shop, "orders").url
    for delay in (0, 60):
        shop.client("sqs").send_message(QueueUrl=url, MessageBody="one", DelaySeconds=delay)
    queue = require_queue(shop.probe, "orders")
    assert (queue.url, queue.waiting, queue.redrive) == (url, 2, None)


def test_a_queue_that_is_missing_is_named_beside_those_that_there_are(shop):
    assert find_queue(shop.probe, "orders") is None
    with pytest.raises(Incorrect, match=r"no queue `orders`\.$"):
        require_queue(shop.probe, "orders")
    make(shop, "order")
    make(shop, "bin")
    with pytest.raises(Incorrect, match="There is: `bin`, `order`") as caught:
        require_queue(shop.probe, "orders")
    assert (caught.value.link, caught.value.id) == ("queue", "queue.missing")


def test_a_redrive_policy_that_is_right_gives_its_tries(shop):
    dead = make(shop, "dead")
    orders = make(shop, "orders", to=dead, tries=3)
    assert require_redrive(orders, dead, least=2, most=10) == 3


@pytest.mark.parametrize(
    ("policies", "diagnosis"),
    [
        ({}, "no-redrive"),
        ({"dead": ("orders", 3)}, "redrives-backwards"),
        ({"dead": ("bin", 3), "orders": ("dead", 3)}, "redrives-backwards"),
        ({"orders": ("bin", 3)}, "other-dead-letter-queue"),
        ({"orders": ("dead", 1)}, "too-few-tries"),
        ({"orders": ("dead", 11)}, "too-many-tries"),
    ],
)
def test_what_a_redrive_policy_lacks_is_diagnosed(shop, policies, diagnosis):
    found = {name: make(shop, name) for name in ("orders", "dead", "bin")}
    for name, (to, tries) in policies.items():
        found[name] = make(shop, name, to=found[to], tries=tries)
    with pytest.raises(Incorrect) as caught:
        require_redrive(found["orders"], found["dead"], least=2, most=10)
    assert (caught.value.link, caught.value.id) == ("queue", f"queue.{diagnosis}")


def test_only_the_messages_of_the_check_are_taken_out(shop):
    queue = make(shop, "orders")
    for body in ("learner's", "check-1", "check-2"):
        shop.client("sqs").send_message(QueueUrl=queue.url, MessageBody=body)
    assert sorted(take_messages(shop.probe, queue, "check")) == ["check-1", "check-2"]
    again = shop.client("sqs").receive_message(QueueUrl=queue.url)["Messages"]
    assert [message["Body"] for message in again] == ["learner's"]
