"""Wrong answers in lab 04."""

from tests.notebooks.answers import Answer, Worked

worked = Worked("streams")

GIVE = 'allow("more", {}, {}.table_arn)'
TAKE_AWAY = 'iam.delete_role_policy(RoleName="shop-streams", PolicyName="more")'
TO_GET, TO_PUT = '"dynamodb:GetItem"', '"dynamodb:PutItem"'


def allowed(exercise: str, old: str, new: str, actions: str, table: str, says: str) -> Answer:
    """Return the answer of somebody who has given the role what AWS denied."""
    first = GIVE.format(actions, table)
    return worked.mutate(exercise, (old, new), says=says, first=first, undo=TAKE_AWAY)


def changed(exercise: str, *changes: tuple[str, str, str]) -> tuple[Answer, ...]:
    """Return an answer for each change: what stood there, what stands there now, what it gets."""
    return tuple(worked.mutate(exercise, (old, new), says=says) for old, new, says in changes)


KEY = worked.swap(
    "key",
    "return visitor",
    {
        "return body": "stream: key.scattered",
        "import uuid\n    return str(uuid.uuid4())": "stream: key.scattered",
        'import json\n    return json.loads(body)["product"]': "stream: key.scattered",
        "return body[7:23]": "stream: key.scattered",
        'return "clicks"': "stream: key.one-shard",
        "return visitor[0]": "stream: key.one-shard",
        "return visitor[-1]": "stream: key.few",
        "return int(visitor[1:])": "result: key.not-string",
        "return visitor.encode()": "result: key.not-string",
        'return ""': "result: key.empty",
        "return visitor * 100": "result: key.too-long",
        "import json\n    json.loads(body)\n    return visitor": "code: key.failed",
        "while True:\n        pass": "code: key.failed",
        "return visitor\n\n\npartition_key = 3": "code: key.no-function",
    },
)

READ = 'json.loads(base64.b64decode(record["kinesis"]["data"]))'
ADD = """\
table.update_item(
        Key={"product": product, "minute": minute},
        UpdateExpression="ADD clicks :n",
        ExpressionAttributeValues={":n": clicks},
    )"""
ITEM = 'key = {"product": product, "minute": minute}\n    '
SET = ITEM + (
    'before = table.get_item(Key=key).get("Item", {}).get("clicks", 0)\n    '
    'table.update_item(Key=key, UpdateExpression="SET clicks = :n", '
    'ExpressionAttributeValues={":n": before + clicks})'
)
WRITE = ITEM + (
    'item = table.get_item(Key=key).get("Item", {"clicks": 0})\n    '
    'table.put_item(Item=key | {"clicks": item["clicks"] + clicks})'
)
PUT = 'table.put_item(Item={"product": product, "minute": minute, "clicks": clicks})'
FOLDER, MINUTES, HANDLER, DEPLOY = worked.answer("count")

COUNT = (
    *changed(
        "count",
        (READ, 'json.loads(record["kinesis"]["data"])', "code: count.not-decoded"),
        (READ, READ[len("json.loads(") : -1] + ".decode()", "code: count.not-read"),
        ("] += 1", "] = 1", "code: count.one-each"),
        ("[:16]", "[:19]", "code: count.other-minutes"),
    ),
    *worked.swap(
        "count",
        ADD,
        {
            SET: "code: count.beyond",
            WRITE: "code: count.beyond",
            PUT: "code: count.beyond",
            ADD.replace("ADD clicks", "SET clicks ="): "code: count.overwrites",
            ADD.replace("ADD clicks", "ADD visits"): "code: count.other-attribute",
            ADD.replace("clicks}", "2 * clicks}"): "effect: count.miscounted",
            "print(product, minute, clicks)": "effect: count.nothing",
        },
    ),
    allowed("count", ADD, SET, TO_GET, "table", "code: count.lost"),
    allowed("count", ADD, WRITE, f"[{TO_GET}, {TO_PUT}]", "table", "code: count.lost"),
    allowed("count", ADD, PUT, TO_PUT, "table", "code: count.overwrites"),
    worked.cells(
        "count",
        *(FOLDER, MINUTES.replace(ADD, "pass"), HANDLER, DEPLOY, MINUTES),
        says="package: code.not-deployed",
    ),
)

WINDOW = "MaximumBatchingWindowInSeconds"
TRIGGER = tuple(
    worked.mutate("trigger", (old, new), says=f"event source: mapping.{diagnosis}")
    for old, new, diagnosis in (
        ("TRIM_HORIZON", "LATEST", "latest"),
        ('"TRIM_HORIZON"', '"AT_TIMESTAMP",\n    StartingPositionTimestamp=10**9', "at-time"),
        ("BatchSize=500", "BatchSize=1", "small-batches"),
        ("BatchSize=500", "BatchSize=5000", "large-batches"),
        (f"    {WINDOW}=1,\n", "", "no-window"),
        (f"{WINDOW}=1", f"{WINDOW}=60", "long-window"),
        ("BatchSize=500", "BatchSize=500, Enabled=False", "disabled"),
        ('FunctionName="count_clicks"', 'FunctionName="at_once"', "other-function"),
        ('arn_of("clicks")', 'arn_of("thirty")', "other-source"),
    )
)

LISTEN = """\
lambda_.update_event_source_mapping(UUID=uuid, FunctionResponseTypes=["ReportBatchItemFailures"])
"""
CATCH, NUMBER = "(ValueError, KeyError, TypeError)", 'record["kinesis"]["sequenceNumber"]'
REPORT = f'failures.append({{"itemIdentifier": {NUMBER}}})'
ADD_ALL = "        add(product, minute, clicks)"
ISOLATE = changed(
    "isolate",
    (LISTEN, "", "event source: mapping.reports-ignored"),  # the first: the others make it listen
    (CATCH, "ZeroDivisionError", "code: isolate.fails"),
    (CATCH, "ValueError", "code: isolate.fails"),
    (CATCH, "(ValueError, KeyError)", "code: isolate.fails"),
    (REPORT, "pass", "result: isolate.not-reported"),
    ('return {"batchItemFailures": failures}', "pass", "result: isolate.not-reported"),
    (NUMBER, 'record["eventID"]', "result: isolate.no-record"),
    (NUMBER, 'record["kinesis"]["partitionKey"]', "result: isolate.no-record"),
    (f'{{"itemIdentifier": {NUMBER}}}', NUMBER, "result: isolate.other-shape"),
    (
        NUMBER,
        NUMBER.replace("record", 'event["Records"][0]'),
        "result: isolate.other-record",
    ),
    ("break", "continue", "code: isolate.counts-on"),
    ("break", 'return {"batchItemFailures": failures}', "code: isolate.dropped"),
    (
        "    for (product",
        '    failures = failures or [{"itemIdentifier": "1"}]\n    for (product',
        "result: isolate.false-alarm",
    ),
    (
        "in counts.items()",
        "in counts.items() if failures else ()",
        "effect: isolate.miscounted",
    ),
    (
        ADD_ALL,
        f"        try:\n    {ADD_ALL}\n        except Exception as error:\n"
        "            print(error)",
        "code: isolate.swallowed",
    ),
)

NOTE = 'DestinationConfig={"OnFailure": {"Destination": lost_clicks_arn}}'
AS_BEFORE = """\
lambda_.update_event_source_mapping(
    UUID=uuid,
    MaximumRetryAttempts=-1,
    BisectBatchOnFunctionError=False,
    DestinationConfig={"OnFailure": {}},
    FunctionResponseTypes=["ReportBatchItemFailures"],
)"""
GIVE_UP = tuple(
    worked.mutate(
        "give-up",
        (old, new),
        first='other = sqs.create_queue(QueueName="other")["QueueUrl"]',
        says=f"event source: mapping.{diagnosis}",
        undo=(AS_BEFORE, "sqs.delete_queue(QueueUrl=other)"),
    )
    for old, new, diagnosis in (
        (f"{NOTE},", "", "no-destination"),
        (NOTE, NOTE.replace("_arn", '_arn.replace("lost-clicks", "other")'), "other-destination"),
        ("MaximumRetryAttempts=1,", "", "retries-for-ever"),
        ("MaximumRetryAttempts=1", "MaximumRetryAttempts=100", "many-retries"),
        ("MaximumRetryAttempts=1", "MaximumRetryAttempts=0", "no-retry"),
        ("BisectBatchOnFunctionError=True,", "", "no-bisect"),
        ("UUID=uuid,\n", "UUID=uuid,\n    FunctionResponseTypes=[],\n", "reports-ignored"),
    )
)

OLD, NEW = (f'int(images["{name}"]["quantity"]["N"])' for name in ("OldImage", "NewImage"))
TAKEN = "return after - before"
MAP = worked.answer("changes")[2].partition(" = ")[2].partition("\n\n")[0]
MAP_OTHER = """\
lab.deploy("streams/measure.py", name="measured_cart", role="shop-streams")
lambda_.create_event_source_mapping(
    FunctionName="measured_cart",
    EventSourceArn=cart.latest_stream_arn,
    StartingPosition="TRIM_HORIZON",
)"""
FORGET_CART = """\
for each in mappings_of("measured_cart"):
    lambda_.delete_event_source_mapping(UUID=each["UUID"])
lab.wait_for(lambda: not mappings_of("measured_cart"))"""
CHANGES = (
    *(
        worked.mutate("changes", (old, new), (MAP, "None"), says=says)
        for old, new, says in (
            (TAKEN, 'return after if "NewImage" in images else -before', "code: changes.as-insert"),
            (TAKEN, 'return after if "OldImage" not in images else 0', "code: changes.not-modify"),
            (TAKEN, f'{TAKEN} if "NewImage" in images else 0', "code: changes.not-remove"),
            (TAKEN, "return before - after", "code: changes.wrong-way"),
            (TAKEN, "return 2 * (after - before)", "effect: changes.wrong"),
            (f'{NEW} if "NewImage" in images else 0', NEW, "code: changes.no-image"),
            (f'{OLD} if "OldImage" in images else 0', OLD, "code: changes.no-image"),
            (NEW, 'int(images["NewImage"]["quantity"])', "code: changes.typed"),
        )
    ),
    worked.mutate("changes", (MAP, "None"), says="event source: mapping.none"),
    worked.mutate("changes", ("TRIM_HORIZON", "LATEST"), says="event source: mapping.latest"),
    worked.mutate(
        "changes",
        (f"cart_mapping = {MAP}", MAP_OTHER),
        says="event source: mapping.other-function",
        undo=FORGET_CART,
    ),
)

SHELF = worked.answer("once")[0]
SAME = 'return reasons[0]["Code"] == "ConditionalCheckFailed"'
CONDITION = """\
        "ConditionExpression": "attribute_not_exists(#event)",
        "ExpressionAttributeNames": {"#event": "event"},
"""
EVENT, TABLE = '{"event": event_id}', '"TableName": "handled"'


def shelf(*lines: str) -> str:
    """Return a shelf.py without a transaction, whose `take` has these lines."""
    head = """\
%%writefile streams/cart_changed/shelf.py
import boto3

stock = boto3.resource("dynamodb").Table("stock")
handled = boto3.resource("dynamodb").Table("handled")
seen = set()


def take(product, pieces, event_id):
"""
    return head + "\n".join(f"    {line}" for line in lines)


SUBTRACT = (
    'stock.update_item(Key={"product": product}, UpdateExpression="ADD pieces :n", '
    'ExpressionAttributeValues={":n": -pieces})'
)
IF_SEEN = 'if "Item" in handled.get_item(Key={{"event": {0}}}): return'
REMEMBER = 'handled.put_item(Item={{"event": {0}}})'
BY_PRODUCT = shelf(IF_SEEN.format("product"), REMEMBER.format("product"), SUBTRACT)
LOOKS_FIRST = shelf(IF_SEEN.format("event_id"), SUBTRACT, REMEMBER.format("event_id"))
IN_A_VARIABLE = shelf("if event_id in seen: return", "seen.add(event_id)", SUBTRACT)

ONCE = (
    *changed(
        "once",
        ('return [{"Put": put}]', "return []", "effect: once.taken-twice"),
        (CONDITION, "", "effect: once.taken-twice"),
        (EVENT, '{"event": __import__("uuid").uuid4().hex}', "effect: once.taken-twice"),
        (SAME, "return False", "code: once.fails-again"),
        (SAME, "return True", "code: once.every-reason"),
        (TABLE, '"TableName": "events"', "code: once.other-table"),
        (SHELF, BY_PRODUCT, "code: once.looks-first"),
        (SHELF, LOOKS_FIRST, "code: once.looks-first"),
        (SHELF, IN_A_VARIABLE, "effect: once.at-the-same-time"),
    ),
    worked.mutate(
        "once",
        (EVENT, '{"event": {"S": event_id}}'),
        (SAME, "return True"),
        says="effect: once.nothing",
    ),
    worked.mutate(
        "once",
        (TABLE, '"TableName": "events"'),
        first='allow("more", "dynamodb:PutItem", handled.table_arn.replace("handled", "events"))',
        says="table: once.unknown-table",
        undo=TAKE_AWAY,
    ),
    allowed("once", SHELF, BY_PRODUCT, TO_GET, "handled", "code: once.forgets"),
    allowed("once", SHELF, LOOKS_FIRST, TO_GET, "handled", "effect: once.at-the-same-time"),
)

ANSWERS = (*KEY, *COUNT, *TRIGGER, *ISOLATE, *GIVE_UP, *CHANGES, *ONCE)
