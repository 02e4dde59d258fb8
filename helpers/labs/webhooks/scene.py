"""What the checks of this lab work with: the shop's receiver and stores, and its two senders."""

import base64
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.checks.function import configuration, failure, variables
from helpers.checks.links.permission import see_public
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.webhooks.post import Attempt
from helpers.labs.webhooks.senders import Delivery, Paywell, Sender, Sent

RECEIVER, WORKER = "receiver", "worker"
PARCELS, DELIVERIES = "parcels", "deliveries"
QUEUE = "deliveries"

NO_URL = """\
The function `receiver` has no function URL, so nobody can reach it. Run the cell that makes one \
again."""
NO_SECRET = """\
`receiver` has no environment variable `{name}`, so it does not know the secret. Run the cell with \
`lab.deploy` and `environment=settings` again."""
CRASHED = "The receiver did not answer: it stopped with an error. {why}"
NO_ANSWER = "The receiver did not answer {seconds:g} seconds long."


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
    """Paywell, as it would send to the learner's function URL, which everybody may call."""
    url = receiver_url(probe)
    see_public(probe, RECEIVER)
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


def url_event(sender: Sender, delivery: Delivery, *, ahead: float = 0) -> dict[str, Any]:
    """The event that a function URL would make of a delivery sent now, or so many seconds later."""
    given = sender.headers(delivery, secret=sender.secret, moment=time.time() + ahead)
    return {
        "version": "2.0",
        "rawPath": "/",
        "headers": {name.lower(): value for name, value in given.items()},
        "body": base64.b64encode(delivery.body).decode(),
        "isBase64Encoded": True,
    }


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
