"""Events as AWS gives them to a function, for a check that invokes it without the service."""

import base64
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

FIRST_RECORD = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_000
LONG_AGO = 1_000_000_000.0  # in 2001; no record of a learner's is as old

Item = dict[str, dict[str, str]]


def kinesis_event(bodies: Iterable[str], stream: str = "check") -> dict[str, Any]:
    """Return the event with which a function gets these records of a shard."""
    return {"Records": [_record(body, place, stream) for place, body in enumerate(bodies, 1)]}


def sequence_number(place: int) -> str:
    """Return the sequence number of the record at that place in the batch, counted from 1."""
    return str(FIRST_RECORD + place)


def table_change(table: str, keys: Item, old: Item | None, new: Item | None) -> dict[str, Any]:
    """Return a record of the table's stream; without an old or a new item there is no image."""
    found = {"OldImage": old, "NewImage": new}
    images = {name: keys | item for name, item in found.items() if item is not None}
    return {
        "eventID": uuid4().hex,
        "eventName": "INSERT" if old is None else "REMOVE" if new is None else "MODIFY",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": LONG_AGO,
            "Keys": keys,
            **images,
            "SequenceNumber": str(uuid4().int)[:21],
            "SizeBytes": 59,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": f"arn:aws:dynamodb:us-east-1:000000000000:table/{table}/stream/2001",
    }


def _record(body: str, place: int, stream: str) -> dict[str, Any]:
    number = sequence_number(place)
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": f"visitor-{place}",
            "sequenceNumber": number,
            "data": base64.b64encode(body.encode()).decode(),
            "approximateArrivalTimestamp": LONG_AGO + place,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"shardId-000000000000:{number}",
        "eventName": "aws:kinesis:record",
        "awsRegion": "us-east-1",
        "eventSourceARN": f"arn:aws:kinesis:us-east-1:000000000000:stream/{stream}",
    }
