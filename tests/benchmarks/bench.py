"""What the benchmarks share: a home of their own, one engine in it, and an account."""

import io
import json
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import psutil
import requests

from helpers.cloud.embedded import Engine
from helpers.cloud.model import Cloud

ROOT = Path(__file__).parent.parent.parent
ACCOUNT = "424242424242"
EVERYTHING = "arn:aws:iam::aws:policy/AdministratorAccess"
NOT_INHERITED = re.compile(r"AWS_|BOTO|LOCALSTACK_|LAB_|NBGRADER_", re.IGNORECASE)

# The effect is an item in a table, under the mark that came with the event: a test's own words,
# or the time that a schedule's event bears.
EFFECT = """
import json, re, boto3
table = boto3.resource("dynamodb").Table("effects")

def handler(event, context):
    found = re.findall(r"mark-\\d+", json.dumps(event)) or [event["time"]]
    table.put_item(Item={"mark": found[0]})
    return {"statusCode": 200, "body": found[0]}
"""
ECHO = "def handler(event, context):\n    return event\n"


class NotMeasured(Exception):
    """What was to be measured did not work; the message says how."""


@dataclass
class Bench:
    """`home` is a folder of the benchmark's own; `runs` how often each thing is measured."""

    home: Path
    runs: int
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _roles: dict[str, str] = field(default_factory=dict)

    @cached_property
    def engine(self) -> Engine:
        return Engine(self.home)

    @property
    def environment(self) -> dict[str, str]:
        """For commands: a learner's, without any cloud of theirs, at home here."""
        kept = {name: value for name, value in os.environ.items() if not NOT_INHERITED.match(name)}
        return kept | {"LAB_HOME": str(self.home)}

    @cached_property
    def cloud(self) -> Cloud:
        return self.engine.start(say=_nothing)

    def process(self) -> psutil.Process:
        assert self.cloud.pid
        return psutil.Process(self.cloud.pid)

    def client(self, service: str, account: str = ACCOUNT) -> Any:
        """The account's client of that service, made once."""
        if (service, account) not in self._clients:
            self._clients[service, account] = boto3.client(
                service,
                endpoint_url=self.cloud.endpoint,
                region_name="us-east-1",
                aws_access_key_id=account,
                aws_secret_access_key=self.cloud.secret_access_key(account),
            )
        return self._clients[service, account]

    @cached_property
    def http(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        return session

    @property
    def role(self) -> str:
        return self.role_in(ACCOUNT)

    def role_in(self, account: str) -> str:
        """The ARN of the account's role that may do everything."""
        if account not in self._roles:
            iam = self.client("iam", account)
            who = {"Service": [f"{name}.amazonaws.com" for name in ("lambda", "states")]}
            trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": who}
            made = iam.create_role(RoleName="function", AssumeRolePolicyDocument=self.policy(trust))
            iam.attach_role_policy(RoleName="function", PolicyArn=EVERYTHING)
            self._roles[account] = str(made["Role"]["Arn"])
        return self._roles[account]

    def policy(self, *statements: Any) -> str:
        return json.dumps({"Version": "2012-10-17", "Statement": statements})

    def deploy(self, source: str, name: str, account: str = ACCOUNT) -> str:
        """Create a function; returns its ARN."""
        role = self.role_in(account)
        settings = {"Runtime": "python3.12", "Handler": "main.handler", "Role": role, "Timeout": 10}
        code = {"ZipFile": package(source)}
        client = self.client("lambda", account)
        return str(client.create_function(FunctionName=name, Code=code, **settings)["FunctionArn"])

    def invoke(self, name: str, event: Any, account: str = ACCOUNT) -> Any:
        client = self.client("lambda", account)
        answer = client.invoke(FunctionName=name, Payload=json.dumps(event))
        assert "FunctionError" not in answer, answer["Payload"].read()
        return json.load(answer["Payload"])

    @cached_property
    def effect(self) -> str:
        """The ARN of a warm function that leaves a mark in the table."""
        self.client("dynamodb").create_table(
            TableName="effects",
            KeySchema=[{"AttributeName": "mark", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "mark", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        arn = self.deploy(EFFECT, "effect")
        self.invoke("effect", "mark-0")
        return arn

    def is_marked(self, mark: str) -> bool:
        found = self.client("dynamodb").get_item(TableName="effects", Key={"mark": {"S": mark}})
        return "Item" in found


def _nothing(words: str) -> None:
    """The benchmark's own words are on the screen already."""


def package(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", source)
    return buffer.getvalue()


def until(condition: Callable[[], Any], timeout: float = 30, every: float = 0.01) -> Any:
    """The first true value of `condition`. Raises TimeoutError."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout} s")
        time.sleep(every)
    return value


@contextmanager
def timed(samples: list[float], unit: float = 1000) -> Iterator[None]:
    """Append how long the block takes: in milliseconds, or seconds with `unit` 1."""
    started = time.perf_counter()
    yield
    samples.append((time.perf_counter() - started) * unit)
