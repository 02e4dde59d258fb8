"""Clicks that a check invents, as browsers send them, and what became of them in the table."""

import base64
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.checks.links.mapping import find_mapping, see_mapping
from helpers.checks.package import package_files
from helpers.checks.tables import query
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect

STREAM, TABLE, FUNCTION = "clicks", "clicks_per_minute", "count_clicks"
DAY = "2001-01-01"  # no click of the lab is of that day

NO_STREAM = "The stream `{name}` is gone. Run the cell that creates it again."
NOT_DEPLOYED = """\
The file `streams/{function}/{file}` has changed since it was last deployed, and `{function}` \
still runs the code from before. Run the cell with `lab.deploy` again."""


def body(product: str, minute: int = 0, action: str = "view") -> str:
    """What a browser sends for a click on that product."""
    at = f"{DAY}T{minute // 60:02}:{minute % 60:02}:07Z"
    return json.dumps({"at": at, "action": action, "product": product}, separators=(",", ":"))


def minute_of(minute: int) -> str:
    return f"{DAY}T{minute // 60:02}:{minute % 60:02}"


DAMAGED = {
    "half a line": body("assam")[:46],
    "no JSON": "undefined",
    "no product": json.dumps({"at": f"{DAY}T00:00:07Z", "action": "view"}),
    "no dictionary": "null",
}


def batch(bodies: Iterable[str], source: str = "check") -> dict[str, Any]:
    """The event with which a function is given these records of a shard."""
    return {"Records": [_record(text, number, source) for number, text in enumerate(bodies, 1)]}


def _record(text: str, number: int, source: str) -> dict[str, Any]:
    shard = "shardId-000000000000"
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": f"visitor-{number}",
            "sequenceNumber": sequence_number(number),
            "data": base64.b64encode(text.encode()).decode(),
            "approximateArrivalTimestamp": 1_000_000_000.0 + number,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"{shard}:{sequence_number(number)}",
        "eventName": "aws:kinesis:record",
        "awsRegion": "us-east-1",
        "eventSourceARN": f"arn:aws:kinesis:us-east-1:000000000000:stream/{source}",
    }


def sequence_number(place: int) -> str:
    """As long as AWS's are."""
    return str(49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_000 + place)


def new_product(probe: Probe) -> str:
    """A product that nobody sells; what is counted for it is removed after the check."""
    product = f"check-{uuid4().hex[:12]}"
    probe.afterwards(partial(_remove, probe, product))
    return product


def _remove(probe: Probe, product: str) -> None:
    aws = probe.client("dynamodb")
    for minute in counts(probe, product):
        key = {"product": {"S": product}, "minute": {"S": minute}}
        aws.delete_item(TableName=TABLE, Key=key)


def counts(probe: Probe, product: str) -> dict[str, Any]:
    """What is counted for that product: `clicks` by minute."""
    found = query(probe, TABLE, "product", product)
    return {str(item["minute"]): _number(item) for item in found}


def _number(item: Mapping[str, Any]) -> Any:
    clicks = item.get("clicks")
    return int(clicks) if isinstance(clicks, Decimal) else clicks


def total(probe: Probe, product: str) -> int:
    return sum(number for number in counts(probe, product).values() if isinstance(number, int))


def shown(found: Mapping[str, Any]) -> str:
    """Counts as evidence."""
    lines = [f"{minute}  clicks = {number!r}" for minute, number in sorted(found.items())]
    return "\n".join(lines) or "no item for that product"


def stream_arn(probe: Probe, name: str = STREAM) -> str:
    """Raises Incorrect, link "stream", if it is not there."""
    try:
        told = probe.client("kinesis").describe_stream_summary(StreamName=name)
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise Incorrect(NO_STREAM.format(name=name), link="stream") from None
    return str(told["StreamDescriptionSummary"]["StreamARN"])


def see_paused(probe: Probe) -> dict[str, Any]:
    """The mapping from the clicks to the function; it may be switched off while one works on it."""
    source = stream_arn(probe)
    return find_mapping(probe, source, FUNCTION) or see_mapping(probe, source, FUNCTION)


def own_stream(probe: Probe, shards: int) -> str:
    """A stream for this check alone; returns its name."""
    name, aws = probe.unique("check"), probe.client("kinesis")
    aws.create_stream(StreamName=name, ShardCount=shards)
    probe.afterwards(aws.delete_stream, StreamName=name)
    aws.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    return name


def see_deployed(probe: Probe, function: str, *files: str) -> None:
    """See that the cloud runs what these files hold. Raises Incorrect, link "package"."""
    deployed = package_files(probe, function)
    for file in files:
        path = probe.folder / function / file
        if path.is_file() and path.read_text("utf-8") != deployed.get(file):
            raise Incorrect(NOT_DEPLOYED.format(function=function, file=file), link="package")
