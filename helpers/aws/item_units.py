"""DynamoDB's billing units in on-demand mode, with rules like those of units.py.

An item costs a write unit per KB, or a read unit per 4 KB. An eventually consistent read costs half
of that, a read or write in a transaction twice.
"""

from collections.abc import Callable, Iterable, Mapping
from math import ceil
from typing import Any

KB = 1024

Fields = Mapping[str, Any]
Units = Iterable[tuple[str, float]]


def _write_item(request: Fields, answer: Fields) -> Units:
    """Count the item as it is written, or as much of it as the call shows."""
    item = request.get("Item") or answer.get("Attributes") or {}
    values = item_size(request.get("ExpressionAttributeValues") or {})
    size = max(item_size(item), item_size(request.get("Key") or {}) + values)
    return [("dynamodb.writes", _write_units(size))]


def _write_batch(request: Fields, answer: Fields) -> Units:
    for writes in (request.get("RequestItems") or {}).values():
        for write in writes:
            item = (write.get("PutRequest") or {}).get("Item") or {}
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
    """Count all items that a query or scan examined, including those its filter left out."""
    items = answer.get("Items") or []
    size = sum(map(item_size, items))
    examined = answer.get("ScannedCount") or len(items)
    if items:
        size = size * examined // len(items)
    return [("dynamodb.reads", _read_units(size) * _consistency(request))]


def _read_batch(request: Fields, answer: Fields) -> Units:
    """Count each item by itself, including those that do not exist."""
    for table, wanted in (request.get("RequestItems") or {}).items():
        items = (answer.get("Responses") or {}).get(table) or []
        missing = max(len(wanted.get("Keys") or []) - len(items), 0)
        units = sum(_read_units(item_size(item)) for item in items) + missing
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
    """Return the item's size in bytes, names and values, as DynamoDB computes it.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(_length(name) + _value_size(value) for name, value in item.items())


def _value_size(value: Fields) -> int:
    """
    >>> _value_size({"S": "tea"}), _value_size({"N": "250"}), _value_size({"L": [{"S": "tea"}]})
    (3, 3, 7)
    """
    if not value:
        return 1
    data_type, data = next(iter(value.items()))
    match data_type:
        case "S" | "B":
            return _length(data)
        case "N":
            return _number_size(data)
        case "SS" | "BS":
            return sum(map(_length, data))
        case "NS":
            return sum(map(_number_size, data))
        case "L":
            return 3 + sum(1 + _value_size(item) for item in data)
        case "M":
            return 3 + sum(1 + _length(name) + _value_size(item) for name, item in data.items())
    return 1


def _number_size(text: str) -> int:
    """Return a byte for every two digits, and one more."""
    digits = sum(character.isdigit() for character in str(text))
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
