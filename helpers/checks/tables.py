"""The items of a table as checks look at them: plain Python values, numbers as Decimal."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from helpers.aws.errors import error_code
from helpers.checks.diagnosis import Diagnosis
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, Link


class Table(Diagnosis):
    GONE = Link.TABLE("There is no table `{table}`. Run the cell that creates it again.")


def all_rows(probe: Probe, table: str) -> list[dict[str, Any]]:
    """Return all items of the table. Raises Table.GONE."""
    return _read(probe, "scan", table)


def rows_with(probe: Probe, table: str, **key: str) -> list[dict[str, Any]]:
    """Return the items of one partition, whose key is the one given. Raises Table.GONE."""
    ((name, value),) = key.items()
    return _read(
        probe,
        "query",
        table,
        KeyConditionExpression="#key = :value",
        ExpressionAttributeNames={"#key": name},
        ExpressionAttributeValues=_typed({":value": value}),
    )


def find_row(probe: Probe, table: str, **key: Any) -> dict[str, Any] | None:
    """Return the item of that key, None if there is none. Raises Table.GONE."""
    aws = probe.client("dynamodb")
    with _blaming(table):
        answer = aws.get_item(TableName=table, Key=_typed(key), ConsistentRead=True)
    return _plain(answer["Item"]) if "Item" in answer else None


def put_row(probe: Probe, table: str, key: tuple[str, ...], **item: Any) -> None:
    """Put an item, which is removed when the check is over. `key` names its key's attributes."""
    forget_row(probe, table, **{name: item[name] for name in key})
    with _blaming(table):
        probe.client("dynamodb").put_item(TableName=table, Item=_typed(item))


def keep_rows(probe: Probe, table: str) -> None:
    """Have all items that the table has now put back when the check is over. Raises Table.GONE."""
    aws = probe.client("dynamodb")
    for item in all_rows(probe, table):
        probe.afterwards(aws.put_item, TableName=table, Item=_typed(item))


def forget_row(probe: Probe, table: str, **key: Any) -> None:
    """Have the item of that key removed when the check is over, whoever has put it there."""
    aws = probe.client("dynamodb")
    probe.afterwards(aws.delete_item, TableName=table, Key=_typed(key))


def forget_rows(
    probe: Probe, table: str, find: Callable[[], list[dict[str, Any]]], *key: str
) -> None:
    """Have the items that `find` returns by then removed when the check is over.

    `key` names the attributes of the table's key. Where there is no table, nothing is removed.
    """

    def remove() -> None:
        with suppress(Incorrect):
            for item in find():
                own = _typed({name: item[name] for name in key})
                probe.client("dynamodb").delete_item(TableName=table, Key=own)

    probe.afterwards(remove)


def _read(probe: Probe, how: str, table: str, **question: Any) -> list[dict[str, Any]]:
    pages = probe.client("dynamodb").get_paginator(how)
    with _blaming(table):
        found = list(pages.paginate(TableName=table, ConsistentRead=True, **question))
    return [_plain(item) for page in found for item in page["Items"]]


@contextmanager
def _blaming(table: str) -> Iterator[None]:
    """Raise Table.GONE where AWS says that the table is not there."""
    try:
        yield
    except ClientError as error:
        if error_code(error) != "ResourceNotFoundException":
            raise
        raise Table.GONE(table=table) from None


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    serialise = TypeSerializer().serialize
    return {name: serialise(value) for name, value in values.items()}


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    deserialise = TypeDeserializer().deserialize
    return {name: deserialise(value) for name, value in item.items()}
