"""What it costs that calls are signed and roles are enforced."""

from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSPreparedRequest

from helpers.aws.iam.authorization import Caller, Policies, Request, decide
from helpers.aws.iam.policy import parse
from helpers.aws.signing.signature import Message, read_signature, verify
from tests.benchmarks.bench import ACCOUNT, ECHO, EVERYTHING, Bench, timed
from tests.benchmarks.figures import Figure

CALLS = 200  # in one run
PAIRS = 100


def measure(bench: Bench) -> Iterator[Figure]:
    secret = bench.cloud.secret_access_key(ACCOUNT)
    sent = signed_request(bench)
    verified: list[float] = []
    for _ in range(bench.runs):
        with timed(verified, 1000 / CALLS):
            for _ in range(CALLS):
                signature = read_signature(sent)
                assert signature
                verify(sent, signature, secret, datetime.now(UTC))
    yield Figure("A signature, verified", verified, "ms", 0.2)
    yield Figure("A role's call, decided", decisions(bench), "ms", 0.1)
    yield from by_a_role(bench)


def signed_request(bench: Bench) -> Message:
    """What boto3 sends for a call, as the engine gets it."""
    client, caught = bench.client("lambda"), []

    def catch(request: AWSPreparedRequest, **_: Any) -> None:
        caught.append(request)

    bench.deploy(ECHO, "signed")
    client.meta.events.register("before-send.lambda.GetFunctionConfiguration", catch)
    client.get_function_configuration(FunctionName="signed")
    client.meta.events.unregister("before-send.lambda.GetFunctionConfiguration", catch)
    url = urlsplit(caught[0].url)
    headers = {"host": [url.netloc]}
    for name, value in caught[0].headers.items():
        headers[name.lower()] = [value.decode() if isinstance(value, bytes) else str(value)]
    return Message(caught[0].method, url.path, url.query, headers, lambda: b"")


def decisions(bench: Bench) -> list[float]:
    """Milliseconds of a decision in which a role's and a bucket's policy have their say."""
    allowed = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::photos/*"}
    policy = parse({"Version": "2012-10-17", "Statement": [allowed]})
    role = f"arn:aws:iam::{ACCOUNT}:role/thumbnailer-role"
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/thumbnailer-role/thumbnailer"
    caller = Caller(ACCOUNT, session, role)
    samples: list[float] = []
    for _ in range(bench.runs):
        with timed(samples, 1000 / CALLS):
            for number in range(CALLS):
                key = f"arn:aws:s3:::photos/{number}.jpg"
                assert decide(
                    Request(caller, "s3:GetObject", key, ACCOUNT), Policies(identity=policy)
                ).allowed
    return samples


def by_a_role(bench: Bench) -> Iterator[Figure]:
    """The same call, made by the account's owner and by a role that may make it, in turn."""
    owner, role = bench.client("lambda"), client_of_a_role(bench)
    differences: list[float] = []
    for _ in range(bench.runs):
        own: list[float] = []
        others: list[float] = []
        for _ in range(PAIRS):
            with timed(own):
                owner.get_function_configuration(FunctionName="signed")
            with timed(others):
                role.get_function_configuration(FunctionName="signed")
        differences.append(median(others) - median(own))
    yield Figure("A call by a role, beyond its owner's", differences, "ms", 0.5)


def client_of_a_role(bench: Bench) -> Any:
    iam = bench.client("iam")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}
    document = bench.policy(trust)
    role = iam.create_role(RoleName="caller", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="caller", PolicyArn=EVERYTHING)
    assumed = bench.client("sts").assume_role(RoleArn=role, RoleSessionName="benchmark")
    credentials = assumed["Credentials"]
    return boto3.client(
        "lambda",
        endpoint_url=bench.cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
