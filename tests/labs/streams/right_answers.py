"""Right answers in other words, in lab 04."""

from tests.labs.streams.wrong_answers import CATCH, NOTE, REPORT, SAME, SHELF, shelf, worked

COUNT_ONE = 'counts[click["product"], click["at"][:16]] += 1'
ONE_BY_ONE = """\
%%writefile streams/count_clicks/count_clicks.py
import base64
import json

from minutes import add


def handler(event, context):
    for record in (each["kinesis"] for each in event["Records"]):
        try:
            click = json.loads(base64.b64decode(record["data"]))
            product, minute = click["product"], click["at"][:16]
        except Exception:
            return {"batchItemFailures": [{"itemIdentifier": record["sequenceNumber"]}]}
        add(product, minute, 1)"""
THIS_AND_ALL_BEHIND = """\
bad = event["Records"].index(record)
            failures = [
                {"itemIdentifier": each["kinesis"]["sequenceNumber"]}
                for each in event["Records"][bad:]
            ]"""
TAKEN = """\
%%writefile streams/cart_changed/change.py
def quantity(image):
    return int(image.get("quantity", {"N": "0"})["N"])


def taken(record):
    new, old = (record["dynamodb"].get(name, {}) for name in ("NewImage", "OldImage"))
    return quantity(new) - quantity(old)"""
BY_KIND = """\
%%writefile streams/cart_changed/change.py
def taken(record):
    images = record["dynamodb"]
    match record["eventName"]:
        case "INSERT":
            return int(images["NewImage"]["quantity"]["N"])
        case "REMOVE":
            return -int(images["OldImage"]["quantity"]["N"])
    new, old = (images[name]["quantity"]["N"] for name in ("NewImage", "OldImage"))
    return int(new) - int(old)"""
IN_THE_ITEM = shelf(
    "try:",
    "    stock.update_item(",
    '        Key={"product": product},',
    '        UpdateExpression="ADD pieces :n, done :ids",',
    '        ConditionExpression="NOT contains(done, :id)",',
    '        ExpressionAttributeValues={":n": -pieces, ":ids": {event_id}, ":id": event_id},',
    "    )",
    "except stock.meta.client.exceptions.ConditionalCheckFailedException:",
    '    print("handled before")',
)

ANSWERS = (
    *worked.swap(
        "key",
        "return visitor",
        [
            'return f"visitor {visitor}"',
            "import hashlib\n    return hashlib.sha256(visitor.encode()).hexdigest()",
        ],
    ),
    worked.mutate("count", (COUNT_ONE, 'add(click["product"], click["at"][:16], 1)')),
    worked.mutate(
        "count",
        ("ADD clicks :n", "SET clicks = if_not_exists(clicks, :zero) + :n"),
        ('{":n": clicks}', '{":n": clicks, ":zero": 0}'),
    ),
    worked.mutate("trigger", ("BatchSize=500", "BatchSize=100"), ("Seconds=1", "Seconds=2")),
    worked.mutate("trigger", ("BatchSize=500", "BatchSize=1000, BisectBatchOnFunctionError=True")),
    worked.mutate("isolate", (worked.answer("isolate")[0], ONE_BY_ONE)),
    worked.mutate("isolate", (CATCH, "Exception"), (REPORT, THIS_AND_ALL_BEHIND)),
    worked.mutate("give-up", ("MaximumRetryAttempts=1", "MaximumRetryAttempts=2")),
    worked.mutate(
        "give-up", (f"    {NOTE},\n)", f")\nlambda_.update_event_source_mapping(UUID=uuid, {NOTE})")
    ),
    worked.mutate("changes", (worked.answer("changes")[0], TAKEN)),
    worked.mutate(
        "changes", (worked.answer("changes")[0], BY_KIND), ("BatchSize=10", "BatchSize=1")
    ),
    worked.mutate("once", (SHELF, IN_THE_ITEM)),
    worked.mutate(
        "once",
        ("attribute_not_exists(#event)", "#event <> :event"),
        (
            '{"#event": "event"},',
            '{"#event": "event"},\n        "ExpressionAttributeValues": {":event": event_id},',
        ),
        (SAME, 'return any(each["Code"] == "ConditionalCheckFailed" for each in reasons[:1])'),
    ),
)
