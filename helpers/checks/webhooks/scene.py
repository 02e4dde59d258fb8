"""What the checks of this lab work with: the shop's receiver and stores, and its two senders."""

import ast
import base64
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from helpers.checks.deployed import (
    configuration,
    failure,
    is_same_code,
    package_files,
    variables,
)
from helpers.checks.probe import Probe
from helpers.clients import error_code
from helpers.exercises import Incorrect, NotAttempted
from helpers.invocations import Invocation
from helpers.post import Attempt
from helpers.senders import Delivery, Paywell, Sender, Sent

RECEIVER, WORKER = "receiver", "worker"
PARCELS, DELIVERIES = "parcels", "deliveries"
QUEUE = "deliveries"

NO_FILE = "There is no file `webhooks/{file}` yet. Run the cell that writes it."
NO_FUNCTION = "`webhooks/{file}` has no function `{name}` any more. The other files call it."
UNREADABLE = "Python can't read `webhooks/{file}`: line {line} is not written as it should be."
NOT_UPLOADED = """\
`webhooks/{file}` has changed since `{function}` was deployed, so what runs is another version of \
it. Run the cell with `lab.deploy` again."""
NO_URL = """\
The function `receiver` has no function URL, so nobody can reach it. Run the cell that makes one \
again."""
NO_SECRET = """\
`receiver` has no environment variable `{name}`, so it does not know the secret. Run the cell with \
`lab.deploy` and `environment=settings` again."""
CRASHED = "The receiver did not answer: it stopped with an error. {why}"
NO_ANSWER = "The receiver did not answer {seconds:g} seconds long."


# The learner's files


def see_written(probe: Probe, file: str, *functions: str, todo: str) -> str:
    """The text of that file, in which each of these functions does something.

    Raises NotAttempted, with `todo`, as long as they are what the sheet's stub leaves of them.
    """
    path = probe.folder / file
    if not path.is_file():
        raise NotAttempted(NO_FILE.format(file=file))
    text = path.read_text("utf-8", errors="replace")
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 1)
        words = UNREADABLE.format(file=file, line=line)
        raise Incorrect(words, link="code", evidence=f"{type(error).__name__}: {error}") from None
    found = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for name in functions:
        if name not in found:
            raise Incorrect(NO_FUNCTION.format(file=file, name=name), link="code")
    if all(_is_empty(found[name]) for name in functions):
        raise NotAttempted(todo)
    return text


def _is_empty(function: ast.FunctionDef) -> bool:
    """Whether there is nothing but `pass` and texts in it."""
    return all(
        isinstance(each, ast.Pass)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in function.body
    )


def see_uploaded(probe: Probe, function: str, file: str) -> dict[str, str]:
    """The files in that function's package, once it holds what the learner's file holds."""
    configuration(probe, function)
    found = package_files(probe, function)
    written = (probe.folder / file).read_text("utf-8", errors="replace")
    if not is_same_code(found.get(file, ""), written):
        raise Incorrect(NOT_UPLOADED.format(file=file, function=function), link="package")
    return found


# The receiver and its senders


def receiver_url(probe: Probe) -> str:
    aws = probe.client("lambda")
    try:
        return str(aws.get_function_url_config(FunctionName=RECEIVER)["FunctionUrl"])
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise Incorrect(NO_URL, link="event source") from None


def secret_of(probe: Probe, sender: str) -> str:
    """The secret that the receiver shares with that sender, wherever it is kept by now."""
    found = variables(configuration(probe, RECEIVER))
    name = f"{sender.upper()}_SECRET"
    if name in found:
        return found[name]
    if "SECRETS" not in found:
        raise Incorrect(NO_SECRET.format(name=name), link="configuration")
    vault = probe.client("secretsmanager")
    return str(vault.get_secret_value(SecretId=found["SECRETS"] + sender)["SecretString"])


def paywell_at(probe: Probe) -> Paywell:
    """Paywell, as it would send to the learner's function URL."""
    url = receiver_url(probe)
    return Paywell(url, secret_of(probe, "paywell"))


def new_payment(probe: Probe, paywell: Paywell) -> tuple[str, Delivery]:
    """An order that nobody had before, and its payment; both leave the tables afterwards."""
    order = probe.unique("check")
    payment = paywell.payment(order)
    probe.afterwards(_remove_parcels, probe, order)
    probe.afterwards(_remove_notes, probe, payment.id)
    return order, payment


def is_refused(attempt: Attempt) -> bool:
    """Whether the receiver has said, by itself, that it does not take that delivery."""
    return attempt.status is not None and 400 <= attempt.status < 500


def see_answered(probe: Probe, sender: Sender, sent: Sent) -> None:
    """Raises Incorrect if the receiver stopped with an error, or did not answer at all."""
    if sent.status is None:
        raise Incorrect(NO_ANSWER.format(seconds=sender.timeout), link="function")
    if sent.status < 500:
        return
    event = url_event(sender, sent.delivery)
    answer = probe.invoke(RECEIVER, event)
    if answer.error:
        broken = failure(probe, answer)
        words = CRASHED.format(why=broken)
        raise Incorrect(words, link=broken.link, evidence=broken.evidence)
    evidence = f"{sent.status} {sent.attempts[-1].text[:300]}"
    raise Incorrect(CRASHED.format(why=""), link="function", evidence=evidence)


def url_event(sender: Sender, delivery: Delivery, *, secret: str = "") -> dict[str, Any]:
    """The event that a function URL would make of a delivery that is sent now."""
    import time

    given = sender.headers(delivery, secret=secret or sender.secret, moment=time.time())
    return {
        "version": "2.0",
        "rawPath": "/",
        "headers": {name.lower(): value for name, value in given.items()},
        "body": base64.b64encode(delivery.body).decode(),
        "isBase64Encoded": True,
    }


def with_headers(sender: Sender, headers: Mapping[str, str]) -> Mapping[str, str]:
    return {"Content-Type": "application/json", **headers}


def explain(probe: Probe, answer: Invocation) -> str:
    """An error of a function in words, for the evidence."""
    return f"{answer.printed}{answer.error}"


# What the shop has done


def parcels(probe: Probe, order: str) -> list[dict[str, Any]]:
    """The parcels that were packed for an order."""
    answer = probe.client("dynamodb").query(
        TableName=PARCELS,
        KeyConditionExpression="#order = :order",
        ExpressionAttributeNames={"#order": "order"},
        ExpressionAttributeValues={":order": {"S": order}},
        ConsistentRead=True,
    )
    return list(answer["Items"])


def notes(probe: Probe, delivery: str) -> list[dict[str, Any]]:
    """The rows of the table of deliveries whose key ends in that id."""
    found: list[dict[str, Any]] = []
    for page in probe.client("dynamodb").get_paginator("scan").paginate(TableName=DELIVERIES):
        found += [item for item in page["Items"] if _key(item).endswith(delivery)]
    return found


def _key(note: Mapping[str, Any]) -> str:
    return str(note["delivery"]["S"])


def _remove_parcels(probe: Probe, order: str) -> None:
    for each in parcels(probe, order):
        key = {"order": each["order"], "parcel": each["parcel"]}
        probe.client("dynamodb").delete_item(TableName=PARCELS, Key=key)


def _remove_notes(probe: Probe, delivery: str) -> None:
    for each in notes(probe, delivery):
        key = {"delivery": each["delivery"]}
        probe.client("dynamodb").delete_item(TableName=DELIVERIES, Key=key)
