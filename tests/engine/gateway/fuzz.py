"""Requests that must be refused: signed by the owner, and then corrupted in some way."""

import random
import string
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCOUNT = "515151515151"
MARK = "fuzzed"  # in the name of everything that these requests would make

# A call for each service of the course that would create something.
CALLS: dict[str, Callable[[Any], object]] = {
    "s3": lambda aws: aws.create_bucket(Bucket=f"{MARK}-{ACCOUNT}"),
    "sqs": lambda aws: aws.create_queue(QueueName=MARK),
    "sns": lambda aws: aws.create_topic(Name=MARK),
    "dynamodb": lambda aws: aws.create_table(
        TableName=MARK,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    ),
    "lambda": lambda aws: aws.create_function(
        FunctionName=MARK,
        Runtime="python3.13",
        Role=f"arn:aws:iam::{ACCOUNT}:role/{MARK}",
        Handler="main.handler",
        Code={"ZipFile": b"zip"},
    ),
    "iam": lambda aws: aws.create_user(UserName=MARK),
    "sts": lambda aws: aws.assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{MARK}", RoleSessionName=MARK
    ),
    "events": lambda aws: aws.put_rule(Name=MARK, ScheduleExpression="rate(1 minute)"),
    "kinesis": lambda aws: aws.create_stream(StreamName=MARK, ShardCount=1),
    "logs": lambda aws: aws.create_log_group(logGroupName=MARK),
    "apigateway": lambda aws: aws.create_rest_api(name=MARK),
    "stepfunctions": lambda aws: aws.create_activity(name=MARK),
    "secretsmanager": lambda aws: aws.create_secret(Name=MARK, SecretString="x"),
    "ssm": lambda aws: aws.put_parameter(Name=MARK, Value="x", Type="String"),
    "cloudformation": lambda aws: aws.create_stack(
        StackName=MARK,
        TemplateBody='{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}',
    ),
    "cloudwatch": lambda aws: aws.put_metric_data(
        Namespace=MARK, MetricData=[{"MetricName": MARK, "Value": 1.0}]
    ),
}


@dataclass(frozen=True)
class Sent:
    """A request that is ready to be sent."""

    service: str
    method: str
    target: str  # path and query
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next(value for key, value in self.headers if key.lower() == name.lower())

    def having(self, name: str, value: str) -> "Sent":
        kept = [(key, old) for key, old in self.headers if key.lower() != name.lower()]
        return replace(self, headers=(*kept, (name, value)))

    def without(self, name: str) -> "Sent":
        kept = [(key, old) for key, old in self.headers if key.lower() != name.lower()]
        return replace(self, headers=tuple(kept))

    def on_the_wire(self) -> bytes:
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + self.body


class Stop(Exception):
    """Raised when the request is complete, so that it isn't sent."""


def record(client: Any, service: str, call: Callable[[Any], object]) -> Sent:
    """Return what boto3 sends for a call, signed by the account's owner."""
    caught: list[Any] = []

    def catch(request: Any, **_: Any) -> None:
        caught.append(request)
        raise Stop

    client.meta.events.register("before-send", catch)
    with suppress(Stop):
        call(client)
    url = urlsplit(caught[0].url)
    body = caught[0].body or b""
    body = body.encode() if isinstance(body, str) else body
    headers = [("Host", url.netloc)]
    for name, value in caught[0].headers.items():
        if name.lower() != "host":
            headers.append((name, value.decode() if isinstance(value, bytes) else str(value)))
    target = url.path + (f"?{url.query}" if url.query else "")
    return Sent(service, caught[0].method, target, tuple(headers), body)


def spoilt(sent: Sent, others: list[Sent], random: random.Random) -> Iterator[tuple[str, Sent]]:
    """Yield (description, request) for many ways to corrupt a request."""
    auth = sent.header("Authorization")
    yield "unsigned", sent.without("Authorization")
    yield "no date", sent.without("X-Amz-Date")
    yield "another host", sent.having("Host", "127.0.0.1:1")
    yield "another method", replace(sent, method="PATCH" if sent.method == "POST" else "POST")
    yield "another path", replace(sent, target="/x" + sent.target)
    yield (
        "another query",
        replace(sent, target=sent.target + ("&" if "?" in sent.target else "?") + "a=b"),
    )
    yield "more body", _with_body(sent, sent.body + b" ")
    yield "other body", _with_body(sent, sent.body[::-1] + b"x")
    yield "a header more", sent.having("X-Amz-Acl", "public-read")
    yield "a token", sent.having("X-Amz-Security-Token", "token")
    yield "two signatures", replace(sent, headers=(*sent.headers, ("Authorization", auth)))
    yield "LocalStack's own", _internal(sent.without("Authorization"))
    for key in ("test", "AKIAIOSFODNN7EXAMPLE", "__internal_call__", ACCOUNT + "0", "0" * 12):
        yield f"the access key {key}", sent.having("Authorization", auth.replace(ACCOUNT, key, 1))
    for secret in ("test", "lab", ACCOUNT, "", "__internal_secret__"):
        yield f"signed with {secret!r}", signed(sent, secret)
    for hours in (-24, -1, 1, 24 * 365):
        yield (
            f"{hours} hours off",
            signed(sent, "guessed", datetime.now(UTC) + timedelta(hours=hours)),
        )
    for other in random.sample(others, 4):
        stolen = other.header("Authorization")
        yield f"with {other.service}'s signature", sent.having("Authorization", stolen)
    for _ in range(6):
        yield "a changed signature", sent.having("Authorization", _scrambled(auth, random))
        cut = random.randrange(len(auth))
        yield "a cut header", sent.having("Authorization", auth[:cut])
    yield (
        "noise",
        sent.having("Authorization", "".join(random.choices(string.printable[:94], k=90))),
    )
    yield (
        "in the query",
        replace(
            sent.without("Authorization"),
            target=f"{sent.target.partition('?')[0]}?{_query(auth, random)}",
        ),
    )


def signed(sent: Sent, secret: str, at: datetime | None = None) -> Sent:
    """Return the request, signed again by somebody who doesn't know the account's secret."""
    make = S3SigV4Auth if sent.service == "s3" else SigV4Auth
    scope = sent.header("Authorization").split("Credential=")[1].split(",")[0].split("/")
    url = f"http://{sent.header('Host')}{sent.target}"
    headers = dict(sent.without("Authorization").headers)
    request = AWSRequest(sent.method, url, headers=headers, data=sent.body)
    signer = make(Credentials(ACCOUNT, secret or "x"), scope[3], scope[2])
    signer.add_auth(request)
    made = sent
    for name, value in request.headers.items():
        made = made.having(name, value)
    return made.having("X-Amz-Date", f"{at:%Y%m%dT%H%M%SZ}") if at else made


def _with_body(sent: Sent, body: bytes) -> Sent:
    return replace(sent.having("Content-Length", str(len(body))), body=body)


def _internal(sent: Sent) -> Sent:
    made = sent.having("x-localstack-data", '{"service_principal": "lambda", "source_arn": "x"}')
    return made.having("x-moto-account-id", ACCOUNT).having("x-lab-inside", "1")


def _scrambled(auth: str, random: random.Random) -> str:
    place = random.randrange(auth.index("Signature=") + 10, len(auth))
    other = random.choice([digit for digit in "0123456789abcdef" if digit != auth[place]])
    return auth[:place] + other + auth[place + 1 :]


def _query(auth: str, random: random.Random) -> str:
    credential = auth.split("Credential=")[1].split(",")[0].replace("/", "%2F")
    signature = "".join(random.choices("0123456789abcdef", k=64))
    now = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    return (
        f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={now}"
        f"&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}"
    )
