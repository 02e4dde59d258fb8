"""The items of a table as checks look at them: plain Python values, numbers as Decimal."""

from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect

NO_TABLE = "The table `{table}` is not there. Run the cell that creates it again."


def rows(probe: Probe, table: str) -> list[dict[str, Any]]:
    """All items of the table. Raises Incorrect, link "table", if it is not there."""
    pages = probe.client("dynamodb").get_paginator("scan")
    try:
        found = list(pages.paginate(TableName=table, ConsistentRead=True))
    except ClientError as error:
        _tell_missing(error, table)
        raise
    return [_plain(item) for page in found for item in page["Items"]]


def query(probe: Probe, table: str, key: str, value: str) -> list[dict[str, Any]]:
    """The items whose partition key, a text, has that value. Raises Incorrect, link "table"."""
    pages = probe.client("dynamodb").get_paginator("query")
    wanted = {
        "KeyConditionExpression": "#key = :value",
        "ExpressionAttributeNames": {"#key": key},
        "ExpressionAttributeValues": _typed({":value": value}),
    }
    try:
        found = list(pages.paginate(TableName=table, ConsistentRead=True, **wanted))
    except ClientError as error:
        _tell_missing(error, table)
        raise
    return [_plain(item) for page in found for item in page["Items"]]


def row(probe: Probe, table: str, **key: Any) -> dict[str, Any] | None:
    """The item of that key, None if there is none. Raises Incorrect, link "table"."""
    try:
        answer = probe.client("dynamodb").get_item(
            TableName=table, Key=_typed(key), ConsistentRead=True
        )
    except ClientError as error:
        _tell_missing(error, table)
        raise
    return _plain(answer["Item"]) if "Item" in answer else None


def put_row(probe: Probe, table: str, key: tuple[str, ...], **item: Any) -> None:
    """Put an item, which is taken out again when the check is over. `key` names its key."""
    aws = probe.client("dynamodb")
    own = _typed({name: item[name] for name in key})
    probe.afterwards(aws.delete_item, TableName=table, Key=own)
    aws.put_item(TableName=table, Item=_typed(item))


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    serialise = TypeSerializer().serialize
    return {name: serialise(value) for name, value in values.items()}


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    deserialise = TypeDeserializer().deserialize
    return {name: deserialise(value) for name, value in item.items()}


def _tell_missing(error: ClientError, table: str) -> None:
    if error_code(error) == "ResourceNotFoundException":
        raise Incorrect(NO_TABLE.format(table=table), link="table") from None
