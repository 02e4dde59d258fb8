"""Shortcuts for what tests do in their account, with plain boto3 underneath."""

import base64
import io
import json
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.config import Config

# A test wants to see each answer, not boto3 trying again.
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1})

EVERYTHING = "arn:aws:iam::aws:policy/AdministratorAccess"
# Those that act with a role in the tests.
SERVICES = [
    f"{name}.amazonaws.com"
    for name in ("lambda", "states", "events", "apigateway", "firehose", "scheduler", "logs")
]

ECHO = "def handler(event, context):\n    return event\n"

# Its effect is a line in its log, which `Aws.seen` reads.
TELL = """
import json

def handler(event, context):
    print("saw " + json.dumps(event))
"""

# For streams: logs the text of each record in a batch, and fails where a text says so.
PICKY = """
import base64, json

def number_and_text(record):
    if "kinesis" in record:
        data = record["kinesis"]
        return data["sequenceNumber"], base64.b64decode(data["data"]).decode()
    change = record["dynamodb"]
    return change["SequenceNumber"], change["Keys"]["id"]["S"]

def handler(event, context):
    batch = [number_and_text(record) for record in event["Records"]]
    print("saw " + json.dumps({"Records": [text for _, text in batch]}))
    if any(text == "poison" for _, text in batch):
        raise ValueError("poison")
    failed = [number for number, text in batch if text == "not yet"]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
"""


def until(condition: Callable[[], Any], timeout: float = 10, every: float = 0.05) -> Any:
    """Wait until `condition` returns a true value, and return it. Fails after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {timeout} s; last seen: {value!r}"
        time.sleep(every)
    return value


def document(*statements: Any) -> str:
    """Return a policy with these statements, as JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def package(source: str | dict[str, str]) -> bytes:
    """Return a function's zip file, with one module, main.py, or these files."""
    files = {"main.py": source} if isinstance(source, str) else source
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@dataclass(frozen=True)
class Reply:
    """The response to a synchronous invocation."""

    raw: bytes
    error: str | None  # the FunctionError header
    log: str
    version: str
    request_id: str

    @property
    def result(self) -> Any:
        return json.loads(self.raw) if self.raw else None


@dataclass(frozen=True)
class Queue:
    url: str
    arn: str


class Aws:
    """The account of a test."""

    def __init__(self, client: Callable[..., Any], account: str) -> None:
        self.client = partial(client, config=ONE_ATTEMPT)
        self.account = account
        self._functions: set[str] = set()
        self._triggers: list[str] = []
        self._role = ""

    def __getattr__(self, service: str) -> Any:
        """Return the client of a service, as in `aws.s3`, and keep it."""
        names = {"lambda_": "lambda", "log_client": "logs"}
        made = self.client(names.get(service, service))
        setattr(self, service, made)
        return made

    @property
    def role(self) -> str:
        """The ARN of a role that is allowed everything, and that the tested services can assume."""
        if not self._role:
            self._role = self.make_role("function", [EVERYTHING])
        return self._role

    def make_role(self, name: str, policies: Sequence[str] = (), *allowed: Any) -> str:
        """Create a role with these managed policies and statements, and return its ARN."""
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": SERVICES}}
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
        for arn in policies:
            self.iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        if allowed:
            self.allow_role(name, *allowed)
        return str(role["Role"]["Arn"])

    def allow_role(self, name: str, *statements: Any) -> None:
        """Allow the role these statements only, beside its managed policies."""
        self.iam.put_role_policy(
            RoleName=name, PolicyName="inline", PolicyDocument=document(*statements)
        )

    def deploy(
        self, source: str | dict[str, str] = ECHO, name: str = "function", **configuration: Any
    ) -> str:
        """Create a function, and return its ARN."""
        role = configuration.get("Role") or self.role
        settings = {"Runtime": "python3.12", "Handler": "main.handler", "Role": role}
        created = self.lambda_.create_function(
            FunctionName=name, Code={"ZipFile": package(source)}, **(settings | configuration)
        )
        self._functions.add(name)
        return str(created["FunctionArn"])

    def leave(self) -> None:
        """Delete what runs by itself: processes and pollers."""
        gone = self.lambda_.exceptions.ResourceNotFoundException
        for uuid in self._triggers:
            with suppress(gone):
                self.lambda_.delete_event_source_mapping(UUID=uuid)
        for name in self._functions:
            with suppress(gone):
                self.lambda_.delete_function(FunctionName=name)

    def invoke(self, name: str = "function", event: Any = None, **more: Any) -> Reply:
        answer = self.lambda_.invoke(
            FunctionName=name, Payload=json.dumps(event), LogType="Tail", **more
        )
        return Reply(
            raw=answer["Payload"].read(),
            error=answer.get("FunctionError"),
            log=base64.b64decode(answer.get("LogResult", "")).decode(),
            version=answer.get("ExecutedVersion", ""),
            request_id=answer["ResponseMetadata"]["RequestId"],
        )

    def logs(self, name: str = "function") -> list[str]:
        """Return the function's log lines, of all its log streams, in order."""
        logs = self.log_client
        try:
            events = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
        except logs.exceptions.ResourceNotFoundException:  # it has not run yet
            return []
        in_time = sorted(events, key=lambda event: event["timestamp"])  # not stream after stream
        return [event["message"].rstrip("\n") for event in in_time]

    def seen(self, name: str = "function") -> list[Any]:
        """Return the events with which a function made of TELL has been invoked so far."""
        response = (line.partition("saw ")[2] for line in self.logs(name))
        return [json.loads(event) for event in response if event]

    def records(self, name: str = "function") -> list[Any]:
        """Return all records in these events."""
        return [record for event in self.seen(name) for record in event["Records"]]

    def handled(self) -> list[str]:
        """Return the texts that a function made of PICKY has processed so far."""
        batches = [event["Records"] for event in self.seen()]
        return [text for batch in batches if "poison" not in batch for text in batch]

    def batches_after_a_partial_failure(self, source: str) -> list[list[str]]:
        """Return the batches that PICKY receives until it has reported a record, and the retry."""
        self.trigger(
            self.deploy(PICKY),
            source,
            StartingPosition="TRIM_HORIZON",
            MaximumRetryAttempts=1,
            FunctionResponseTypes=["ReportBatchItemFailures"],
        )
        until(lambda: len(self.seen()) == 2)
        return [event["Records"] for event in self.seen()]

    def allow(self, service: str, source: str, name: str = "function") -> None:
        """Allow a service to invoke the function on behalf of `source`, an ARN."""
        self.lambda_.add_permission(
            FunctionName=name,
            StatementId=f"s{abs(hash(source))}",
            Action="lambda:InvokeFunction",
            Principal=service,
            SourceArn=source,
        )

    def trigger(self, function: str, source: str, **settings: Any) -> str:
        """Create an event source mapping, wait for its state, and return its UUID."""
        mapping = self.lambda_.create_event_source_mapping(
            FunctionName=function, EventSourceArn=source, **settings
        )
        uuid = str(mapping["UUID"])
        self._triggers.append(uuid)
        wanted = "Enabled" if settings.get("Enabled", True) else "Disabled"
        until(lambda: self.lambda_.get_event_source_mapping(UUID=uuid)["State"] == wanted)
        return uuid

    def queue(self, name: str = "queue", **attributes: str) -> Queue:
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        response = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return Queue(url, response["Attributes"]["QueueArn"])

    def open_queue(self, queue: Queue, service: str, source: str = "arn:aws:*:*:*:*") -> None:
        """Allow a service to send messages to the queue on behalf of `source`, an ARN."""
        allowed = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sqs:SendMessage",
            "Resource": queue.arn,
            "Condition": {"ArnLike": {"aws:SourceArn": source}},
        }
        policy = {"Policy": document(allowed)}
        self.sqs.set_queue_attributes(QueueUrl=queue.url, Attributes=policy)

    def open_url(self, name: str = "function") -> None:
        """Allow everybody to call the function's URL."""
        self.lambda_.add_permission(
            FunctionName=name,
            StatementId="everybody",
            Action="lambda:InvokeFunctionUrl",
            Principal="*",
            FunctionUrlAuthType="NONE",
        )

    def received(self, queue: Queue) -> list[str]:
        """Return the bodies of the messages in the queue, and delete them."""
        messages = self.sqs.receive_message(QueueUrl=queue.url, MaxNumberOfMessages=10)
        for message in messages.get("Messages", []):
            self.sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages.get("Messages", [])]
