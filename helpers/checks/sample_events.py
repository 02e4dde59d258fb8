"""Events as AWS gives them to a function, for a check that invokes it without the service."""

import base64
import json as json_text
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit
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


def rest_api_event(
    verb: str,
    path: str,
    *,
    resource: str = "/{proxy+}",
    json: Any = None,
    body: str | bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what API Gateway makes of that request for a Lambda proxy integration.

    `resource` is the path of the resource, whose braces say what the path's parts are called.
    """
    parts = urlsplit(path)
    text = body.decode() if isinstance(body, bytes) else body
    sent = {"Content-Type": "application/json", **(headers or {})}
    query = dict(parse_qsl(parts.query))
    return {
        "resource": resource,
        "path": parts.path,
        "httpMethod": verb,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": query or None,
        "multiValueQueryStringParameters": {name: [query[name]] for name in query} or None,
        "pathParameters": _path_parameters(resource, parts.path) or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": "000000000000",
            "httpMethod": verb,
            "identity": {"sourceIp": "127.0.0.1", "userAgent": "check"},
            "path": parts.path,
            "protocol": "HTTP/1.1",
            "requestId": str(uuid4()),
            "resourcePath": resource,
            "stage": "check",
        },
        "body": json_text.dumps(json) if json is not None else text or None,
        "isBase64Encoded": False,
    }


def _path_parameters(resource: str, path: str) -> dict[str, str]:
    """Return the parts of the path by their names in the resource; "{name+}" takes all the rest.

    >>> _path_parameters("/products/{category}/{rest+}", "/products/tea/black/assam")
    {'category': 'tea', 'rest': 'black/assam'}
    """
    found, names, rest = {}, resource.strip("/").split("/"), path.strip("/").split("/")
    for number, name in enumerate(names):
        if name.endswith("+}"):
            found[name[1:-2]] = "/".join(rest[number:])
        elif name.startswith("{") and number < len(rest):
            found[name[1:-1]] = rest[number]
    return found


def function_url_event(body: bytes, headers: Mapping[str, str], path: str = "/") -> dict[str, Any]:
    """Return what a function URL makes of a POST request whose body it writes in base64."""
    return {
        "version": "2.0",
        "rawPath": path,
        "headers": {name.lower(): value for name, value in headers.items()},
        "requestContext": {"http": {"method": "POST", "path": path}},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def sqs_event(*bodies: str) -> dict[str, Any]:
    """Return the event with which a function gets these messages of a queue."""
    return {"Records": [_message(body) for body in bodies]}


def s3_event(bucket: str, *keys: str) -> dict[str, Any]:
    """Return the event with which S3 tells of these new objects; their keys travel encoded."""
    return {"Records": [_created(bucket, key) for key in keys]}


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


def _message(body: str) -> dict[str, Any]:
    return {"messageId": str(uuid4()), "body": body, "eventSource": "aws:sqs", "attributes": {}}


def _created(bucket: str, key: str) -> dict[str, Any]:
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {
            "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
            "object": {"key": quote_plus(key, safe="/")},
        },
    }
