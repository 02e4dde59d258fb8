"""Queues as checks look at them."""

import pytest

from helpers.checks.links.queue import find_queue, take
from helpers.exercises.verdict import Incorrect
from tests.checks.desk import Shop


@pytest.fixture
def shop(client, tmp_path):
    return Shop(client, tmp_path)


def arn_of(shop, name):
    shop.client("sqs").create_queue(QueueName=name)
    return find_queue(shop.probe, name).arn


def test_a_queue_tells_what_is_in_it_and_where_it_gives_up(shop):
    dead = arn_of(shop, "dead")
    policy = f'{{"deadLetterTargetArn": "{dead}", "maxReceiveCount": "3"}}'
    url = shop.client("sqs").create_queue(QueueName="orders", Attributes={"RedrivePolicy": policy})[
        "QueueUrl"
    ]
    for delay in (0, 60):
        shop.client("sqs").send_message(QueueUrl=url, MessageBody="one", DelaySeconds=delay)
    queue = find_queue(shop.probe, "orders")
    assert (queue.url, queue.waiting, queue.redrive) == (url, 2, (dead, 3))
    assert find_queue(shop.probe, "dead").redrive is None


def test_only_the_messages_of_the_check_are_taken_out(shop):
    arn_of(shop, "orders")
    queue = find_queue(shop.probe, "orders")
    for body in ("learner's", "check-1", "check-2"):
        shop.client("sqs").send_message(QueueUrl=queue.url, MessageBody=body)
    assert sorted(take(shop.probe, queue, "check")) == ["check-1", "check-2"]
    again = shop.client("sqs").receive_message(QueueUrl=queue.url)["Messages"]
    assert [message["Body"] for message in again] == ["learner's"]


def test_a_queue_that_is_not_there_is_told(shop):
    with pytest.raises(Incorrect, match="no queue `orders`") as caught:
        find_queue(shop.probe, "orders")
    assert caught.value.link == "queue"
