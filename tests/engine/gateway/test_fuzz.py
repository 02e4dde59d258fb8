"""Hundreds of corrupted requests: none is accepted, and none harms the engine."""

import random
import socket
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from helpers.cloud.health import ask
from helpers.cloud.model import Cloud
from tests.engine.gateway.fuzz import ACCOUNT, CALLS, MARK, Sent, record, spoilt

SEED = 8
EXPECTED = 500


@pytest.fixture(scope="module")
def requests(cloud: Cloud) -> list[Sent]:
    """A request for each service, correctly signed."""
    import boto3

    def client(service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=cloud.endpoint,
            region_name="us-east-1",
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=cloud.secret_access_key(ACCOUNT),
        )

    return [record(client(service), service, call) for service, call in CALLS.items()]


def answer(cloud: Cloud, data: bytes, *, close: bool = False) -> bytes:
    """Return the engine's response to these bytes, b"" if it closes the connection."""
    url = urlsplit(cloud.endpoint)
    with socket.create_connection((url.hostname, url.port), timeout=20) as connection:
        connection.sendall(data)
        if close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while b"\r\n\r\n" not in received or len(received) < _length(received):
            piece = connection.recv(1 << 16)
            if not piece:
                break
            received += piece
    return received


def _length(received: bytes) -> int:
    head, _, _ = received.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(head) + 4 + int(line.partition(b":")[2])
    return len(received)


def all_of(requests: list[Sent]) -> Iterator[tuple[str, Sent]]:
    chance = random.Random(SEED)
    for sent in requests:
        others = [other for other in requests if other is not sent]
        for how, request in spoilt(sent, others, chance):
            yield f"{sent.service}: {how}", request


def what_they_would_leave(client: Callable[..., Any]) -> list[str]:
    """Return the services in which something with the mark exists."""
    listings = {
        "s3": lambda aws: aws.list_buckets()["Buckets"],
        "sqs": lambda aws: aws.list_queues().get("QueueUrls", []),
        "sns": lambda aws: aws.list_topics()["Topics"],
        "dynamodb": lambda aws: aws.list_tables()["TableNames"],
        "lambda": lambda aws: aws.list_functions()["Functions"],
        "iam": lambda aws: aws.list_users()["Users"],
        "events": lambda aws: aws.list_rules()["Rules"],
        "kinesis": lambda aws: aws.list_streams()["StreamNames"],
        "logs": lambda aws: aws.describe_log_groups()["logGroups"],
        "apigateway": lambda aws: aws.get_rest_apis()["items"],
        "stepfunctions": lambda aws: aws.list_activities()["activities"],
        "secretsmanager": lambda aws: aws.list_secrets()["SecretList"],
        "ssm": lambda aws: aws.describe_parameters()["Parameters"],
        "cloudformation": lambda aws: aws.list_stacks()["StackSummaries"],
        "cloudwatch": lambda aws: aws.list_metrics()["Metrics"],
    }
    found = {
        service: str(list_all(client(service, ACCOUNT))) for service, list_all in listings.items()
    }
    return [service for service, response in found.items() if MARK in response]


def test_no_corrupted_request_is_accepted(
    cloud: Cloud, requests: list[Sent], client: Callable[..., Any]
) -> None:
    answers = {
        f"{number}. {how}": answer(cloud, request.on_the_wire())
        for number, (how, request) in enumerate(all_of(requests))
    }
    assert len(answers) >= EXPECTED
    wrong = {
        how: response[:300]
        for how, response in answers.items()
        if not response.startswith(b"HTTP/1.1 4")
    }
    assert not wrong, "\n".join(f"{how}: {response!r}" for how, response in wrong.items())
    assert [how for how, response in answers.items() if b"Traceback" in response] == []
    assert what_they_would_leave(client) == []


def test_a_truncated_request_does_no_harm(
    cloud: Cloud, requests: list[Sent], client: Callable[..., Any]
) -> None:
    chance = random.Random(SEED)
    for sent in requests:
        whole = sent.on_the_wire()
        for _ in range(4):
            response = answer(cloud, whole[: chance.randrange(len(whole))], close=True)
            assert b"Traceback" not in response
    assert what_they_would_leave(client) == []
    health = ask(cloud.endpoint)
    assert health
    assert health.version == cloud.version


def test_the_same_requests_are_accepted_uncorrupted(
    cloud: Cloud, requests: list[Sent], client: Callable[..., Any]
) -> None:
    """Otherwise the tests above would prove nothing."""
    refusals = (b"Signature", b"MissingAuth", b"UnrecognizedClient", b"InvalidClientToken")
    for sent in requests:
        response = answer(cloud, sent.on_the_wire())
        assert not any(word in response for word in refusals), (sent.service, response[:500])
    assert len(what_they_would_leave(client)) >= 12
    client("s3", ACCOUNT).delete_bucket(Bucket=f"{MARK}-{ACCOUNT}")
