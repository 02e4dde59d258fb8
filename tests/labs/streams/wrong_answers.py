"""Wrong answers in lab 04."""

from dataclasses import replace

from tests.notebooks.answers import WrongAnswer

# key

KEY = """\
def partition_key(visitor, body):
    {}"""


def key(name: str, message: str, *lines: str) -> WrongAnswer:
    return WrongAnswer("key", name, (KEY.format("\n    ".join(lines)),), message)


# count

MINUTES = """\
%%writefile streams/count_clicks/minutes.py
import boto3

table = boto3.resource("dynamodb").Table("clicks_per_minute")


def add(product, minute, clicks):
    key = {"product": product, "minute": minute}
"""
ADD = (
    'table.update_item(Key=key, UpdateExpression="ADD clicks :n", '
    'ExpressionAttributeValues={":n": clicks})'
)
HANDLER = """\
%%writefile streams/count_clicks/count_clicks.py
import base64
import json
from collections import Counter

from minutes import add


def handler(event, context):
    counts = Counter()
    for record in event["Records"]:
        click = json.loads(base64.b64decode(record["kinesis"]["data"]))
        counts[click["product"], click["at"][:16]] += 1
    for (product, minute), clicks in counts.items():
        add(product, minute, clicks)"""
FOLDER = 'Path("streams/count_clicks").mkdir(exist_ok=True)'
DEPLOY = 'lab.deploy("streams/count_clicks", role="shop-streams", timeout=30)'
READ = 'json.loads(base64.b64decode(record["kinesis"]["data"]))'


def count(name: str, message: str, *lines: str, old: str = "", new: str = "") -> WrongAnswer:
    """`add` of these lines (as it should be, if none), and the handler with a change."""
    assert old in HANDLER
    minutes = MINUTES + "".join(f"    {line}\n" for line in lines or (ADD,))
    handler = HANDLER.replace(old, new) if old else HANDLER
    return WrongAnswer("count", name, (FOLDER, minutes, handler, DEPLOY), message)


TAKE_AWAY = 'iam.delete_role_policy(RoleName="shop-streams", PolicyName="more")'


def with_right(wrong: WrongAnswer, actions: str, table: str, message: str) -> WrongAnswer:
    """The same by somebody who has given the role what AWS denied, and what is then said."""
    give = f'allow("more", {actions}, {table}.table_arn)'
    return replace(
        wrong,
        name=f"{wrong.name}, as the role now allows",
        cells=(give, *wrong.cells),
        message=message,
        undo=(*wrong.undo, TAKE_AWAY),
    )


# trigger

FORGET = """\
for each in lambda_.list_event_source_mappings()["EventSourceMappings"]:
    if each["FunctionArn"].endswith("count_clicks") or each["EventSourceArn"].endswith("/clicks"):
        lambda_.delete_event_source_mapping(UUID=each["UUID"])
lab.wait_for(
    lambda: not lambda_.list_event_source_mappings(FunctionName="count_clicks")[
        "EventSourceMappings"
    ]
)"""


def trigger(name: str, message: str, *more: str, **settings: str) -> WrongAnswer:
    """A mapping that is as it should be, but for these settings."""
    given = {
        "FunctionName": '"count_clicks"',
        "EventSourceArn": 'arn_of("clicks")',
        "StartingPosition": '"TRIM_HORIZON"',
        "BatchSize": "500",
        "MaximumBatchingWindowInSeconds": "1",
    } | settings
    call = ", ".join(f"{argument}={value}" for argument, value in given.items() if value)
    cells = (f"lambda_.create_event_source_mapping({call})", *more)
    return WrongAnswer("trigger", name, cells, message, (FORGET, EMPTY_TABLE))


EMPTY_TABLE = """\
for item in table.scan()["Items"]:
    table.delete_item(Key={"product": item["product"], "minute": item["minute"]})"""

# isolate

ISOLATING = """\
%%writefile streams/count_clicks/count_clicks.py
import base64
import json
from collections import Counter

from minutes import add


def handler(event, context):
    counts = Counter()
    failures = []
    for record in event["Records"]:
        try:
            click = json.loads(base64.b64decode(record["kinesis"]["data"]))
            counts[click["product"], click["at"][:16]] += 1
        except (ValueError, KeyError, TypeError):
            failures.append({"itemIdentifier": record["kinesis"]["sequenceNumber"]})
            break
    for (product, minute), clicks in counts.items():
        add(product, minute, clicks)
    return {"batchItemFailures": failures}"""
LISTEN = (
    "lambda_.update_event_source_mapping(UUID=uuid, "
    'FunctionResponseTypes=["ReportBatchItemFailures"])'
)
DEAF = "lambda_.update_event_source_mapping(UUID=uuid, FunctionResponseTypes=[])"


def isolate(
    name: str, message: str, *changes: tuple[str, str], listens: bool = True
) -> WrongAnswer:
    """The worked handler with these changes; the mapping listens to it."""
    code = ISOLATING
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new)
    cells = (code, DEPLOY, LISTEN if listens else "pass")
    return WrongAnswer("isolate", name, cells, message, (DEAF,))


# give-up

GIVEN_UP = {
    "MaximumRetryAttempts": "1",
    "BisectBatchOnFunctionError": "True",
    "DestinationConfig": '{"OnFailure": {"Destination": lost_clicks_arn}}',
}
AS_BEFORE = """\
lambda_.update_event_source_mapping(
    UUID=uuid,
    MaximumRetryAttempts=-1,
    BisectBatchOnFunctionError=False,
    DestinationConfig={"OnFailure": {}},
    FunctionResponseTypes=["ReportBatchItemFailures"],
)"""


def give_up(name: str, message: str, *first: str, **settings: str) -> WrongAnswer:
    """The settings that are wanted, but for these; an empty one is left out."""
    given = {key: value for key, value in (GIVEN_UP | settings).items() if value}
    call = ", ".join(f"{argument}={value}" for argument, value in given.items())
    cells = (*first, f"lambda_.update_event_source_mapping(UUID=uuid, {call})")
    return WrongAnswer("give-up", name, cells, message, (AS_BEFORE,))


# changes

CHANGE = """\
%%writefile streams/cart_changed/change.py
def taken(record):
    images = record["dynamodb"]
    {}"""
WORKED_CHANGE = (
    'before = int(images["OldImage"]["quantity"]["N"]) if "OldImage" in images else 0',
    'after = int(images["NewImage"]["quantity"]["N"]) if "NewImage" in images else 0',
    "return after - before",
)
SETTINGS = (
    'lab.deploy("streams/cart_changed", role="shop-streams", environment={"RECEIPTS": receipts})'
)
MAP_CART = """\
lambda_.create_event_source_mapping(
    FunctionName="cart_changed",
    EventSourceArn=cart.latest_stream_arn,
    StartingPosition="TRIM_HORIZON",
    BatchSize=10,
)"""
FORGET_CART = """\
for each in lambda_.list_event_source_mappings()["EventSourceMappings"]:
    if "/cart/" in each["EventSourceArn"]:
        lambda_.delete_event_source_mapping(UUID=each["UUID"])
lab.wait_for(
    lambda: not lambda_.list_event_source_mappings(FunctionName="cart_changed")[
        "EventSourceMappings"
    ]
)
stock.put_item(Item={"product": "assam", "pieces": 24})"""


def changes(name: str, message: str, *lines: str, mapping: str = "pass") -> WrongAnswer:
    """`taken` of these lines (as it should be, if none); by itself, nothing reads the stream."""
    code = CHANGE.format("\n    ".join(lines or WORKED_CHANGE))
    return WrongAnswer("changes", name, (code, SETTINGS, mapping), message, (FORGET_CART,))


# once

MARKS = """\
%%writefile streams/cart_changed/marks.py
def mark(event_id):
    {}
    put = {{
        "TableName": "handled",
        "Item": {{"event": event_id}},
        "ConditionExpression": "attribute_not_exists(#event)",
        "ExpressionAttributeNames": {{"#event": "event"}},
    }}
    return [{{"Put": put}}]


def is_repeated(reasons):
    {}"""
SAME = 'return reasons[0]["Code"] == "ConditionalCheckFailed"'
DEPLOY_CART = 'lab.deploy("streams/cart_changed", role="shop-streams")'
SHELF_GIVEN = 'shelf_given = Path("streams/cart_changed/shelf.py").read_text()'
SHELF_BACK = 'Path("streams/cart_changed/shelf.py").write_text(shelf_given)'
FORGET_HANDLED = """\
for item in handled.scan()["Items"]:
    handled.delete_item(Key={"event": item["event"]})"""


def once(
    name: str,
    message: str,
    *changes: tuple[str, str],
    first: str = "pass",
    repeated: str = SAME,
) -> WrongAnswer:
    """The worked marks.py with these changes, and other lines to begin with."""
    code = MARKS.format(first, repeated)
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new)
    return WrongAnswer("once", name, (code, DEPLOY_CART), message, (FORGET_HANDLED,))


def shelf(name: str, message: str, *lines: str) -> WrongAnswer:
    """A shelf.py of one's own in the place of the transaction."""
    head = (
        "%%writefile streams/cart_changed/shelf.py\nimport boto3\n\n"
        'stock = boto3.resource("dynamodb").Table("stock")\n'
        'handled = boto3.resource("dynamodb").Table("handled")\n'
        "seen = set()\n\n\ndef take(product, pieces, event_id):\n"
    )
    code = head + "".join(f"    {line}\n" for line in lines)
    cells = (SHELF_GIVEN, code, DEPLOY_CART)
    return WrongAnswer("once", name, cells, message, (SHELF_BACK, FORGET_HANDLED))


SUBTRACT = (
    'stock.update_item(Key={"product": product}, UpdateExpression="ADD pieces :n", '
    'ExpressionAttributeValues={":n": -pieces})'
)

ADDS_AND_WRITES = count(
    "reads, adds and writes",
    "asks AWS for `dynamodb:GetItem`, which its role does not allow",
    'item = table.get_item(Key=key).get("Item", {"clicks": 0})',
    'table.put_item(Item=key | {"clicks": item["clicks"] + clicks})',
)
ADDS_AND_SETS = count(
    "reads, adds and sets",
    "asks AWS for `dynamodb:GetItem`, which its role does not allow",
    'before = table.get_item(Key=key).get("Item", {}).get("clicks", 0)',
    'table.update_item(Key=key, UpdateExpression="SET clicks = :n",'
    ' ExpressionAttributeValues={":n": before + clicks})',
)
PUTS = count(
    "puts the item",
    "asks AWS for `dynamodb:PutItem`, which its role does not allow",
    'table.put_item(Item=key | {"clicks": clicks})',
)
REMEMBERS_PRODUCT = shelf(
    "remembers the product",
    "asks AWS for `dynamodb:GetItem`, which its role does not allow",
    'if "Item" in handled.get_item(Key={"event": product}):',
    "    return",
    'handled.put_item(Item={"event": product})',
    SUBTRACT,
)
LOOKS_FIRST = shelf(
    "looks first and remembers later",
    "asks AWS for `dynamodb:GetItem`, which its role does not allow",
    'if "Item" in handled.get_item(Key={"event": event_id}):',
    "    return",
    SUBTRACT,
    'handled.put_item(Item={"event": event_id})',
)
TO_GET, TO_PUT = '"dynamodb:GetItem"', '"dynamodb:PutItem"'

ANSWERS = (
    key("what the browser sent", "out of order", "return body"),
    key("a number drawn by lot", "out of order", "import uuid", "return str(uuid.uuid4())"),
    key("the tea", "out of order", "import json", 'return json.loads(body)["product"]'),
    key("the minute", "out of order", "return body[7:23]"),
    key("one for everybody", "the same key to everybody", 'return "clicks"'),
    key("the first letter", "the same key to everybody", "return visitor[0]"),
    key("few", "different keys", "return visitor[-1]"),
    key("a number", "has to be a text", "return int(visitor[1:])"),
    key(
        "reads what the browser sent",
        "for whatever the browser sent",
        "import json",
        "json.loads(body)",
        "return visitor",
    ),
    count(
        "not decoded",
        "has to be decoded first",
        old=READ,
        new='json.loads(record["kinesis"]["data"])',
    ),
    count(
        "decoded and not read",
        "is still a text",
        old=READ,
        new='base64.b64decode(record["kinesis"]["data"]).decode()',
    ),
    ADDS_AND_WRITES,
    with_right(ADDS_AND_WRITES, f"[{TO_GET}, {TO_PUT}]", "table", "Counts were lost"),
    ADDS_AND_SETS,
    with_right(ADDS_AND_SETS, TO_GET, "table", "Counts were lost"),
    count(
        "sets instead of adding",
        "has overwritten",
        'table.update_item(Key=key, UpdateExpression="SET clicks = :n",'
        ' ExpressionAttributeValues={":n": clicks})',
    ),
    PUTS,
    with_right(PUTS, TO_PUT, "table", "has overwritten"),
    count("one for each minute", "only one of them was counted", old="] += 1", new="] = 1"),
    count("the second", "not under their minutes", old="[:16]", new="[:19]"),
    count(
        "another attribute",
        "without a number `clicks`",
        'table.update_item(Key=key, UpdateExpression="ADD visits :n",'
        ' ExpressionAttributeValues={":n": clicks})',
    ),
    count("prints and writes nothing", "nothing was counted", "print(key, clicks)"),
    WrongAnswer(
        "count",
        "not deployed again",
        (
            FOLDER,
            MINUTES + "    pass\n",
            HANDLER,
            DEPLOY,
            MINUTES + f"    {ADD}\n",
        ),
        "still runs the code from before",
    ),
    trigger("begins with what comes", "`LATEST`", StartingPosition='"LATEST"'),
    trigger("one by one", "hold 1 records at most", BatchSize="1"),
    trigger("far too many", "hold up to 5000 records", BatchSize="5000"),
    trigger("no window", "does not wait", MaximumBatchingWindowInSeconds=""),
    trigger("a long window", "for 60 seconds", MaximumBatchingWindowInSeconds="60"),
    trigger("switched off", "its state is Disabled", Enabled="False"),
    trigger(
        "another function",
        "belongs to another function",
        FunctionName='"at_once"',
    ),
    trigger(
        "another stream",
        "reads from another source",
        EventSourceArn='arn_of("thirty")',
    ),
    isolate(
        "the mapping alone",
        "still stops with an error",
        ("except (ValueError, KeyError, TypeError)", "except ZeroDivisionError"),
    ),
    isolate("the function alone", "the mapping does not listen", listens=False),
    isolate(
        "says that all is well",
        "`batchItemFailures` is empty",
        ('failures.append({"itemIdentifier": record["kinesis"]["sequenceNumber"]})', "pass"),
    ),
    isolate(
        "returns nothing",
        "returned no `batchItemFailures`",
        ('return {"batchItemFailures": failures}', "return None"),
    ),
    isolate(
        "the event's id",
        "names a record that is not in the batch",
        ('record["kinesis"]["sequenceNumber"]', 'record["eventID"]'),
    ),
    isolate(
        "the partition key",
        "names a record that is not in the batch",
        ('record["kinesis"]["sequenceNumber"]', 'record["kinesis"]["partitionKey"]'),
    ),
    isolate(
        "bare numbers",
        "is not as Lambda wants it",
        (
            '{"itemIdentifier": record["kinesis"]["sequenceNumber"]}',
            'record["kinesis"]["sequenceNumber"]',
        ),
    ),
    isolate("goes on behind it", "Clicks behind the damaged record", ("break", "continue")),
    isolate(
        "returns before it writes",
        "the clicks before it were not counted",
        ("            break", '            return {"batchItemFailures": failures}'),
    ),
    isolate(
        "only what is no JSON",
        "still stops with an error at a record that can't be read (no product)",
        ("(ValueError, KeyError, TypeError)", "ValueError"),
    ),
    isolate(
        "only dictionaries thought of",
        "still stops with an error at a record that can't be read (no dictionary)",
        ("(ValueError, KeyError, TypeError)", "(ValueError, KeyError)"),
    ),
    isolate(
        "the first of the batch",
        "names another record",
        (
            'record["kinesis"]["sequenceNumber"]}',
            'event["Records"][0]["kinesis"]["sequenceNumber"]}',
        ),
    ),
    isolate(
        "always a failure",
        "reported a failure nevertheless",
        (
            "    for (product",
            '    failures = failures or [{"itemIdentifier": "1"}]\n    for (product',
        ),
    ),
    isolate(
        "swallows the table's error",
        "When the table can't be reached",
        (
            "        add(product, minute, clicks)",
            "        try:\n            add(product, minute, clicks)\n"
            "        except Exception as error:\n            print(error)",
        ),
    ),
    give_up("no destination", "gives up without a note", DestinationConfig=""),
    give_up("no retries named", "until it is a day old", MaximumRetryAttempts=""),
    give_up("a hundred tries", "100 times more", MaximumRetryAttempts="100"),
    give_up("no second try", "at the first failure", MaximumRetryAttempts="0"),
    give_up("does not halve", "does not halve", BisectBatchOnFunctionError=""),
    give_up(
        "another queue",
        "goes somewhere else",
        'other = sqs.create_queue(QueueName="other")["QueueUrl"]',
        DestinationConfig=(
            '{"OnFailure": {"Destination": lost_clicks_arn.replace("lost-clicks", "other")}}'
        ),
    ),
    give_up("deaf again", "no longer reads", FunctionResponseTypes="[]"),
    changes(
        "a change like something new",
        "you treat `MODIFY` like `INSERT`",
        'if record["eventName"] == "REMOVE":',
        '    return -int(images["OldImage"]["quantity"]["N"])',
        'return int(images["NewImage"]["quantity"]["N"])',
    ),
    changes(
        "something new only",
        "the stock stays as it is",
        'if record["eventName"] == "INSERT":',
        '    return int(images["NewImage"]["quantity"]["N"])',
        "return 0",
    ),
    changes(
        "what is now",
        "Such a record has no `NewImage`",
        'before = int(images["OldImage"]["quantity"]["N"]) if "OldImage" in images else 0',
        'return int(images["NewImage"]["quantity"]["N"]) - before',
    ),
    changes(
        "what was",
        "Such a record has no `OldImage`",
        'old, new = (int(images[n]["quantity"]["N"]) for n in ("OldImage", "NewImage"))',
        "return new - old",
    ),
    changes(
        "nothing given back",
        "are not given back",
        'if record["eventName"] == "REMOVE":',
        "    return 0",
        *WORKED_CHANGE,
    ),
    changes(
        "no type",
        "bears its type",
        'return int(images["NewImage"]["quantity"])',
    ),
    changes("the wrong way", "moves the wrong way", *WORKED_CHANGE[:2], "return before - after"),
    changes(
        "from now on",
        "does not begin with the oldest change",
        mapping=MAP_CART.replace("TRIM_HORIZON", "LATEST"),
    ),
    changes("nobody listens", "Nothing reads from the stream of the table `cart`"),
    changes(
        "another function listens",
        "belongs to another function",
        mapping=MAP_CART.replace("cart_changed", "measured_cart").replace(
            "lambda_.",
            'lab.deploy("streams/measure.py", name="measured_cart", role="shop-streams")\nlambda_.',
        ),
    ),
    once(
        "nothing remembered", "its pieces were taken twice", ('return [{"Put": put}]', "return []")
    ),
    once(
        "no condition",
        "its pieces were taken twice",
        ('        "ConditionExpression": "attribute_not_exists(#event)",\n', ""),
        ('        "ExpressionAttributeNames": {"#event": "event"},\n', ""),
    ),
    once(
        "another id each time",
        "its pieces were taken twice",
        first="import uuid; event_id = str(uuid.uuid4())",
    ),
    once(
        "an item with types",
        "Perhaps DynamoDB refused the transaction",
        ('{"event": event_id}', '{"event": {"S": event_id}}'),
        repeated="return True",
    ),
    once("an error", "stops with the error below", repeated="return False"),
    once(
        "whatever the reason",
        "for another reason",
        repeated="return True",
    ),
    once(
        "another table",
        "wants to put them into another one",
        ('"TableName": "handled"', '"TableName": "events"'),
    ),
    REMEMBERS_PRODUCT,
    with_right(REMEMBERS_PRODUCT, TO_GET, "handled", "different for each change"),
    LOOKS_FIRST,
    with_right(LOOKS_FIRST, TO_GET, "handled", "both deliveries came at the same time"),
    shelf(
        "remembers in a variable",
        "both deliveries came at the same time",
        "if event_id in seen:",
        "    return",
        "seen.add(event_id)",
        SUBTRACT,
    ),
)
