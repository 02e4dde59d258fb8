"""DynamoDB and its streams:
docs.aws.amazon.com/service-authorization/latest/reference/list_dynamodb.html

Batches need their own action on each table; transactions and PartiQL statements need the action
of each of their parts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from helpers.aws.iam.actions.model import (
    EVERYTHING,
    Access,
    Call,
    as_arn,
    as_list,
    as_mapping,
    as_text,
    mappings,
    texts,
)
from helpers.aws.iam.actions.rules import (
    Resource,
    Rule,
    Service,
    conditions,
    everything,
    first_of,
    fixed,
    given,
    given_arn,
    needs_all,
    on,
    resource,
)

CONTEXT = {
    "ReturnConsumedCapacity": "dynamodb:returnconsumedcapacity",
    "ReturnValues": "dynamodb:returnvalues",
}
PARTS_OF_WRITES = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
PARTS_OF_READS = {"Get": "GetItem"}

_STATEMENT = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_NAME = r'(?:"([^"]+)"|([\w-]+))'
_TARGET = re.compile(rf"(?:\bFROM|\bINTO|\bUPDATE)\s+{_NAME}(?:\s*\.\s*{_NAME})?", re.IGNORECASE)
_EQUALITY = re.compile(r"(#?[\w.]+)\s*=\s*(:\w+)")

table = resource("dynamodb", "table/{}", "TableName")


def _table_arn(call: Call, name: str) -> str:
    if not name or name.startswith("arn:"):
        return name or EVERYTHING
    return call.arn("dynamodb", f"table/{name}")


def table_or_index(call: Call) -> str:
    """Return the index if the request names one: reading it needs nothing on its table."""
    found, index = table(call), call.text("IndexName")
    return f"{found}/index/{index}" if index and found != EVERYTHING else found


def global_table(call: Call) -> str:
    name = call.text("GlobalTableName")
    return f"arn:aws:dynamodb::{call.account}:global-table/{name}" if name else EVERYTHING


def imported_table(call: Call) -> str:
    parameters = as_mapping(call.get("TableCreationParameters"))
    return _table_arn(call, as_text(parameters.get("TableName")))


def stream(call: Call) -> str:
    """Return the stream, which moto's iterators begin with: "<stream ARN>|1|<bytes>"."""
    iterator = call.text("ShardIterator").partition("|")[0]
    return as_arn(call.get("StreamArn") or iterator)


def streams_of_tables(call: Call) -> str:
    return call.arn("dynamodb", f"table/{call.text('TableName') or '*'}/stream/*")


def _item(action: str) -> Rule:
    """Return the rule of an operation on one item, or of a query or scan."""

    def rule(call: Call) -> list[Access]:
        context = {**conditions(call, CONTEXT), **_selection(call), **_leading_key(call)}
        return [Access(f"dynamodb:{action}", table_or_index(call), context)]

    return rule


def _selection(call: Call) -> dict[str, str]:
    """Return dynamodb:Select, with the default that the API documents."""
    if call.operation not in ("GetItem", "Query", "Scan"):
        return {}
    if call.text("Select"):
        return {"dynamodb:select": call.text("Select")}
    if call.get("ProjectionExpression") or call.get("AttributesToGet"):
        return {"dynamodb:select": "SPECIFIC_ATTRIBUTES"}
    index = call.text("IndexName")
    return {"dynamodb:select": "ALL_PROJECTED_ATTRIBUTES" if index else "ALL_ATTRIBUTES"}


def _leading_key(call: Call) -> dict[str, str]:
    key = _partition_key(call, table_or_index(call))
    if call.operation == "Query":
        return _as_leading(_queried(call, key))
    return _as_leading(_value(call.get("Key") or call.get("Item"), key))


def _as_leading(value: str) -> dict[str, str]:
    return {"dynamodb:leadingkeys": value} if value else {}


def _partition_key(call: Call, arn: str) -> str:
    return call.partition_keys.get(arn.partition(":table/")[2], "")


def _value(item: Any, key: str) -> str:
    """Return the partition key's value; a key of one attribute is the partition key itself."""
    attributes = as_mapping(item)
    name = key or (next(iter(attributes)) if len(attributes) == 1 else "")
    return _scalar(attributes.get(name))


def _scalar(attribute: Any) -> str:
    """Return the value of {"S": "ada"} or {"N": "7"}."""
    types = as_mapping(attribute)
    return as_text(types.get("S")) or as_text(types.get("N"))


def _queried(call: Call, key: str) -> str:
    """Return the partition key's value: a key condition always compares it for equality."""
    names = as_mapping(call.get("ExpressionAttributeNames"))
    values = as_mapping(call.get("ExpressionAttributeValues"))
    expression = call.text("KeyConditionExpression")
    equal = {
        as_text(names.get(name)) or name: _scalar(values.get(value))
        for name, value in _EQUALITY.findall(expression)
    }
    for name, condition in as_mapping(call.get("KeyConditions")).items():
        if as_mapping(condition).get("ComparisonOperator") == "EQ":
            first = as_list(as_mapping(condition).get("AttributeValueList"))[:1]
            equal[name] = _scalar(first[0]) if first else ""
    if key or len(equal) != 1:
        return equal.get(key, "")
    return next(iter(equal.values()))


def _distinct(found: Iterable[Access]) -> list[Access]:
    seen: dict[tuple[str, str, str], Access] = {}
    for one in found:
        seen.setdefault((one.action, one.resource, str(one.context)), one)
    return list(seen.values())


def _batch(call: Call) -> list[Access]:
    """Return the batch's own action on each table, once for each partition key."""
    action = f"dynamodb:{call.operation}"
    common = conditions(call, CONTEXT)
    found: list[Access] = []
    for name, wanted in as_mapping(call.get("RequestItems")).items():
        arn = _table_arn(call, as_text(name))
        key = _partition_key(call, arn)
        values = dict.fromkeys(_value(item, key) for item in _batch_items(wanted))
        found += [Access(action, arn, {**common, **_as_leading(value)}) for value in values or [""]]
    return found or [Access(action, EVERYTHING)]


def _batch_items(wanted: Any) -> Iterator[Any]:
    yield from as_list(as_mapping(wanted).get("Keys"))
    for request in mappings(wanted):
        yield as_mapping(request.get("PutRequest")).get("Item") or as_mapping(
            request.get("DeleteRequest")
        ).get("Key")


def _transaction(parts: Mapping[str, str]) -> Rule:
    """Return the rule of a transaction: the action of each of its parts."""

    def rule(call: Call) -> list[Access]:
        found: list[Access] = []
        for item in mappings(call.get("TransactItems")):
            for part, action in parts.items():
                if isinstance(body := item.get(part), Mapping):
                    found.append(_part(call, action, body))
        default = f"dynamodb:{next(iter(parts.values()))}"
        return _distinct(found) or [Access(default, EVERYTHING)]

    return rule


def _part(call: Call, action: str, body: Mapping[str, Any]) -> Access:
    arn = _table_arn(call, as_text(body.get("TableName")))
    value = _value(body.get("Key") or body.get("Item"), _partition_key(call, arn))
    context = {"dynamodb:enclosingoperation": call.operation, **_as_leading(value)}
    return Access(f"dynamodb:{action}", arn, context)


def _statements(call: Call) -> list[Access]:
    """Return the action of each PartiQL statement on its table or index."""
    written = texts([call.get("Statement")])
    for parameter in ("Statements", "TransactStatements"):
        written += texts([one.get("Statement") for one in mappings(call.get(parameter))])
    return _distinct(_partiql(call, statement) for statement in written or [""])


def _partiql(call: Call, statement: str) -> Access:
    """Return the access of a statement.

    >>> call = Call("dynamodb", "ExecuteStatement", {}, "123456789012", "eu-west-1")
    >>> access = _partiql(call, 'SELECT * FROM "orders"."by-day" WHERE day = ?')
    >>> access.action, access.resource
    ('dynamodb:PartiQLSelect',
     'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-day')
    """
    verb, target = _STATEMENT.search(statement), _TARGET.search(statement)
    action = f"dynamodb:PartiQL{verb[1].capitalize() if verb else 'Select'}"
    if not target:
        return Access(action, EVERYTHING)
    name, index = target[1] or target[2], target[3] or target[4]
    arn = _table_arn(call, name)
    in_transaction = call.operation == "ExecuteTransaction"
    context = {"dynamodb:enclosingoperation": call.operation} if in_transaction else {}
    return Access(action, f"{arn}/index/{index}" if index else arn, context)


def _restore(source: Resource) -> Rule:
    target = resource("dynamodb", "table/{}", "TargetTableName")
    return lambda call: needs_all("dynamodb", call.operation, source, target)(call)


ITEMS = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan")

DYNAMODB = Service(
    prefix="dynamodb",
    default=first_of(
        table, given_arn("ResourceArn", "BackupArn", "ExportArn", "ImportArn", "TableArn")
    ),
    resources={
        **on(
            global_table,
            "CreateGlobalTable DescribeGlobalTable DescribeGlobalTableSettings"
            " UpdateGlobalTable UpdateGlobalTableSettings",
        ),
        **on(table_or_index, "DescribeContributorInsights UpdateContributorInsights"),
        **on(everything, "ListBackups ListContributorInsights ListExports ListImports"),
        "ImportTable": imported_table,
        "ListTables": fixed("dynamodb", "table/*"),
    },
    rules={
        **{operation: _item(operation) for operation in ITEMS},
        **dict.fromkeys(("BatchGetItem", "BatchWriteItem"), _batch),
        **dict.fromkeys(
            ("ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"), _statements
        ),
        "TransactGetItems": _transaction(PARTS_OF_READS),
        "TransactWriteItems": _transaction(PARTS_OF_WRITES),
        "RestoreTableFromBackup": _restore(given_arn("BackupArn")),
        "RestoreTableToPointInTime": _restore(
            resource("dynamodb", "table/{}", "SourceTableArn", "SourceTableName")
        ),
    },
    also=given("CreateTable", Tags="TagResource", ResourcePolicy="PutResourcePolicy"),
    context=CONTEXT,
    free=("DescribeEndpoints",),
)

STREAMS = Service(
    prefix="dynamodb",
    default=stream,
    resources={"ListStreams": streams_of_tables},
)
