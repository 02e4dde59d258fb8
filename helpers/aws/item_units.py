"""DynamoDB's billing units, on demand: rules as in units.py.

A write unit for each KB of the item, a read unit for each 4 KB; half of one where the read need
not be consistent, two where it is part of a transaction.
"""

from collections.abc import Callable, Iterable, Mapping
from math import ceil
from typing import Any

KB = 1024

Fields = Mapping[str, Any]
Units = Iterable[tuple[str, float]]


def _write_item(request: Fields, answer: Fields) -> Units:
    """The item as it is written, or as large as the call lets see."""
    shown = [request.get("Item"), answer.get("Attributes"), request.get("Key")]
    values = item_size(request.get("ExpressionAttributeValues") or {})
    size = max(item_size(shown[0] or shown[1] or {}), item_size(shown[2] or {}) + values)
    return [("dynamodb.writes", _write_units(size))]


def _write_batch(request: Fields, answer: Fields) -> Units:
    for writes in (request.get("RequestItems") or {}).values():
        for each in writes:
            item = (each.get("PutRequest") or {}).get("Item") or {}
            yield "dynamodb.writes", _write_units(item_size(item))


def _write_transaction(request: Fields, answer: Fields) -> Units:
    for part in request.get("TransactItems") or []:
        for action in part.values():
            for unit, quantity in _write_item(action, {}):
                yield unit, 2 * quantity


def _read_item(request: Fields, answer: Fields) -> Units:
    units = _read_units(item_size(answer.get("Item") or {}))
    return [("dynamodb.reads", units * _consistency(request))]


def _read_many(request: Fields, answer: Fields) -> Units:
    """A query or a scan, by all that was looked at: also by what a filter has left out."""
    items = answer.get("Items") or []
    size = sum(map(item_size, items))
    looked_at = answer.get("ScannedCount") or len(items)
    if items:
        size = size * looked_at // len(items)
    return [("dynamodb.reads", _read_units(size) * _consistency(request))]


def _read_batch(request: Fields, answer: Fields) -> Units:
    """Each item by itself; one that is not there is read, too."""
    for table, wanted in (request.get("RequestItems") or {}).items():
        found = (answer.get("Responses") or {}).get(table) or []
        missing = max(len(wanted.get("Keys") or []) - len(found), 0)
        units = sum(_read_units(item_size(item)) for item in found) + missing
        yield "dynamodb.reads", units * _consistency(wanted)


def _read_transaction(request: Fields, answer: Fields) -> Units:
    for each in answer.get("Responses") or []:
        yield "dynamodb.reads", 2 * _read_units(item_size(each.get("Item") or {}))


def _statement(request: Fields, answer: Fields) -> Units:
    if str(request.get("Statement", "")).lstrip().lower().startswith("select"):
        return _read_many(request, answer)
    return [("dynamodb.writes", 1)]


def _consistency(request: Fields) -> float:
    return 1 if request.get("ConsistentRead") else 0.5


def _write_units(size: float) -> int:
    return max(ceil(size / KB), 1)


def _read_units(size: float) -> int:
    return max(ceil(size / (4 * KB)), 1)


def item_size(item: Fields) -> int:
    """In bytes: names and values, as DynamoDB adds them up.

    (docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html)
    """
    return sum(_length(name) + _value_size(value) for name, value in item.items())


def _value_size(value: Fields) -> int:
    """
    >>> _value_size({"S": "tea"}), _value_size({"N": "250"}), _value_size({"L": [{"S": "tea"}]})
    (3, 3, 7)
    """
    kind, inside = _only(value)
    match kind:
        case "S" | "B":
            return _length(inside)
        case "N":
            return _number_size(inside)
        case "SS" | "BS":
            return sum(map(_length, inside))
        case "NS":
            return sum(map(_number_size, inside))
        case "L":
            return 3 + sum(1 + _value_size(each) for each in inside)
        case "M":
            return 3 + sum(1 + _length(name) + _value_size(each) for name, each in inside.items())
    return 1


def _only(value: Fields) -> tuple[str, Any]:
    return next(iter(value.items()), ("NULL", True))


def _number_size(text: str) -> int:
    """A byte for two digits, and one for what else there is to a number."""
    digits = sum(each.isdigit() for each in str(text))
    return ceil(digits / 2) + 1


def _length(value: Any) -> int:
    return len(value) if isinstance(value, bytes) else len(str(value).encode())


ITEM_RULES: dict[str, Callable[[Fields, Fields], Units]] = {
    "PutItem": _write_item,
    "UpdateItem": _write_item,
    "DeleteItem": _write_item,
    "BatchWriteItem": _write_batch,
    "TransactWriteItems": _write_transaction,
    "GetItem": _read_item,
    "Query": _read_many,
    "Scan": _read_many,
    "BatchGetItem": _read_batch,
    "TransactGetItems": _read_transaction,
    "ExecuteStatement": _statement,
}
