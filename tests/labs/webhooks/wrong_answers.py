"""Wrong answers in lab 06: the worked answers, each with a slip that receivers really have."""

from helpers.sheets import worked_answer
from tests.notebooks.answers import WrongAnswer

REMOVE_MAPPING = """\
for each in lambda_.list_event_source_mappings()["EventSourceMappings"]:
    lambda_.delete_event_source_mapping(UUID=each["UUID"])
lab.wait_for(lambda: not lambda_.list_event_source_mappings()["EventSourceMappings"])"""
NO_POLICY = """\
sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": ""})"""
REMOVE_DEAD = """\
for each in sqs.list_queues()["QueueUrls"]:
    while each != queue_url and (
        messages := sqs.receive_message(QueueUrl=each, MaxNumberOfMessages=10).get("Messages")
    ):
        for message in messages:
            sqs.send_message(QueueUrl=queue_url, MessageBody=message["Body"])
            sqs.delete_message(QueueUrl=each, ReceiptHandle=message["ReceiptHandle"])
    if each != queue_url:
        sqs.delete_queue(QueueUrl=each)"""
# The roles as the cells leave them, and with a right that a learner may add to be let through.
RECEIVER_RIGHTS = 'allow("receiver-role", {"sqs:SendMessage": queue_arn})'
WORKER_RIGHTS = 'allow("worker-role", worker_rights)'
RECEIVER_MAY_READ = """\
allow("receiver-role", worker_rights | {"sqs:SendMessage": queue_arn})"""
WORKER_MAY = 'allow("worker-role", worker_rights | {{"{action}": [parcels_arn, deliveries_arn]}})'
REMOVE_PERMISSION = 'lambda_.remove_permission(FunctionName="receiver", StatementId="hooks-api")'


def slip(
    exercise: str,
    name: str,
    message: str,
    *changes: tuple[str, str],
    undo: tuple[str, ...] = (),
) -> WrongAnswer:
    """The worked answer with these parts changed; a part that is not there is a fault of ours."""
    cells = worked_answer("webhooks", exercise)
    for old, new in changes:
        assert sum(old in cell for cell in cells) == 1, (exercise, name, old)
        cells = [cell.replace(old, new) for cell in cells]
    return WrongAnswer(exercise, name, tuple(cells), message, undo)


def raw_body(name: str, message: str, *changes: tuple[str, str]) -> WrongAnswer:
    return slip("raw-body", name, message, *changes)


def signature(name: str, message: str, *changes: tuple[str, str]) -> WrongAnswer:
    return slip("signature", name, message, *changes)


def replay(name: str, message: str, new: str) -> WrongAnswer:
    return slip("replay", name, message, ("abs(now - int(stamp)) <= WINDOW", new))


def queue(name: str, message: str, *changes: tuple[str, str]) -> WrongAnswer:
    return slip("queue", name, message, *changes, undo=(REMOVE_MAPPING,))


def once(name: str, message: str, *changes: tuple[str, str]) -> WrongAnswer:
    return slip("once", name, message, *changes)


def dead_letter(name: str, message: str, *changes: tuple[str, str]) -> WrongAnswer:
    return slip("dead-letter", name, message, *changes, undo=(NO_POLICY, REMOVE_DEAD))


def second(name: str, message: str, *changes: tuple[str, str], undo: str = "") -> WrongAnswer:
    return slip("second-sender", name, message, *changes, undo=(undo or REMOVE_PERMISSION,))


def rotation(name: str, message: str, *changes: tuple[str, str]) -> WrongAnswer:
    return slip("rotation", name, message, *changes)


DECODE = """\
    if event["isBase64Encoded"]:
        return base64.b64decode(body)
    return body.encode()"""
FIND_HEADER = """\
    for each, value in event["headers"].items():
        if each.lower() == name.lower():
            return value
    return None"""
COMPARE = 'hmac.compare_digest(expected, parts["v1"])'
MESSAGE = """f"{parts['t']}.".encode() + body"""
SEND = 'sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=message)'
MAPPING = """\
mapping = lambda_.create_event_source_mapping(
    EventSourceArn=queue_arn, FunctionName="worker", BatchSize=1
)"""
TRANSACT = 'dynamodb.transact_write_items(TransactItems=[{"Put": first}, {"Put": put}])'
CANCELLED = "except dynamodb.exceptions.TransactionCanceledException as error:"
CODE = 'error.response["CancellationReasons"][0]["Code"]'
REASON = f'if {CODE} != "ConditionalCheckFailed":'
CONDITION = ', "ConditionExpression": IS_NEW}'
TRY = f"""\
    try:
        {TRANSACT}
    {CANCELLED}
        {REASON}
            raise
        return False
    return True"""
LOOK_FIRST = """\
    if "Item" in dynamodb.get_item(
        TableName=os.environ["DELIVERIES"], Key={"delivery": {"S": delivery}}
    ):
        return False
    dynamodb.put_item(**put)
    dynamodb.put_item(TableName=os.environ["DELIVERIES"], Item=note)
    return True"""
NOTE_FIRST = """\
    try:
        dynamodb.put_item(**first)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    dynamodb.put_item(**put)
    return True"""
WORK_FIRST = """\
    dynamodb.put_item(**put)
    try:
        dynamodb.put_item(**first)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True"""
TAKEN_BACK = """\
    dynamodb.put_item(**put)
    try:
        dynamodb.put_item(**first)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        key = {name: put["Item"][name] for name in ("order", "parcel")}
        dynamodb.delete_item(TableName=put["TableName"], Key=key)
        return False
    return True"""
POLICY = 'sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": redrive})'
SIGNED_BODY = """"sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()"""
CODEYARD_COMPARE = "hmac.compare_digest(expected, signature)"
STAGES = '("AWSCURRENT", "AWSPREVIOUS")'
ASK_AGAIN = """\
    if found is None:
        known[sender] = time.time(), ask(sender)
        found = first(known[sender][1], try_with)
    return found"""

ANSWERS = (
    # raw-body
    raw_body(
        "base64 not decoded",
        "`body_of` gave the base64 text itself",
        (DECODE, "    return body.encode()"),
    ),
    raw_body(
        "always decoded",
        "Look at the flag",
        (DECODE, "    return base64.b64decode(body)"),
    ),
    raw_body(
        "a text",
        "`body_of` gave a text",
        ("return base64.b64decode(body)", "return base64.b64decode(body).decode()"),
        ("return body.encode()", "return body"),
    ),
    raw_body(
        "parsed",
        "`body_of` gave a value of the type `dict`",
        ("import base64", "import base64\nimport json"),
        (DECODE, "    return json.loads(base64.b64decode(body))"),
    ),
    raw_body(
        "parsed and written again",
        "but not those that were sent",
        ("import base64", "import base64\nimport json"),
        (DECODE, "    return json.dumps(json.loads(base64.b64decode(body))).encode()"),
    ),
    raw_body(
        "header in one case",
        "finds `Paywell-Signature` only if it is written in one way",
        (FIND_HEADER, '    return event["headers"].get(name)'),
    ),
    raw_body(
        "raises for a header that was not sent",
        "It should return None",
        (
            FIND_HEADER,
            '    lower = {each.lower(): value for each, value in event["headers"].items()}\n'
            "    return lower[name.lower()]",
        ),
    ),
    raw_body(
        "a typing error",
        "your file stops with the error below",
        ("return base64.b64decode(body)", "return base64.b64decode(bdoy)"),
    ),
    raw_body(
        "syntax",
        "Python can't read `webhooks/request.py`: line 6",
        ('event.get("body") or ""', 'event.get("body" or ""'),
    ),
    # signature
    signature(
        "over the parsed body",
        "What you sign is not the body that came",
        ("import hmac", "import hmac\nimport json"),
        ("+ body", "+ json.dumps(json.loads(body)).encode()"),
    ),
    signature("over the body alone", "You sign the body alone", (MESSAGE, "body")),
    signature(
        "without the dot",
        "there has to be a dot",
        (MESSAGE, "parts['t'].encode() + body"),
    ),
    signature(
        "over base64",
        "is the body in base64",
        ("import hashlib", "import base64\nimport hashlib"),
        ("+ body", "+ base64.b64encode(body)"),
    ),
    signature(
        "compared with the whole header",
        "Compare with the digits of `v1` alone",
        ('parts["v1"])', "signature)"),
    ),
    signature(
        "==",
        "from that a forger can find one letter after another",
        (COMPARE, 'expected == parts["v1"]'),
    ),
    signature(
        "everything answered 200",
        "It answers 200 to everybody",
        (f"return {COMPARE}", "return True"),
    ),
    signature(
        "the beginning is enough",
        "with the first eight digits of a signature only",
        (COMPARE, 'parts["v1"] != "" and expected.startswith(parts["v1"])'),
    ),
    signature(
        "secret in the code",
        "The secret stands in your code, in `paywell.py`",
        ("secret.encode()", 'b"whsec_5nXq0Lw8vT2mRb7cYd4KzE1s"'),
    ),
    signature(
        "secret as text",
        "The receiver did not answer: it stopped with an error",
        ("secret.encode()", "secret"),
    ),
    signature(
        "raises instead of refusing",
        "but not refused either",
        (
            f"return {COMPARE}",
            f"if not {COMPARE}:\n        raise PermissionError\n    return True",
        ),
    ),
    WrongAnswer(
        "signature",
        "not deployed",
        (
            worked_answer("webhooks", "signature")[0].replace("        return", "    return")
            + "\n# and now?\nVERSION = 2",
        ),
        "has changed since `receiver` was deployed",
    ),
    # replay
    replay("no window", "A payment that was signed an hour ago is taken", "True"),
    replay("future", "is an hour ahead of now", "now - int(stamp) <= WINDOW"),
    replay(
        "milliseconds",
        "A payment that was signed this very moment is refused",
        "abs(now * 1000 - int(stamp)) <= WINDOW",
    ),
    replay(
        "too strict",
        "A payment that was signed 4 minutes ago is refused",
        "abs(now - int(stamp)) <= 5",
    ),
    replay(
        "text",
        "The receiver did not answer: it stopped with an error",
        "abs(now - stamp) <= WINDOW",
    ),
    # queue
    queue(
        "never sent",
        "A copy of your receiver, whose queue does not exist, answered 202",
        (SEND, 'print("later:", message, os.environ["QUEUE_URL"])'),
    ),
    queue(
        "200 before it is safe",
        "A copy of your receiver, whose queue does not exist, answered 200",
        (
            f'{SEND}\n    return {{"statusCode": 202}}',
            f"try:\n        {SEND}\n    except Exception as error:\n        print(error)\n"
            '    return {"statusCode": 200}',
        ),
    ),
    queue(
        "sent by a thread, after the answer",
        "A copy of your receiver, whose queue does not exist, answered 202",
        ("import os", "import os\nimport threading"),
        (
            SEND,
            'options = {"QueueUrl": os.environ["QUEUE_URL"], "MessageBody": message}\n'
            "    threading.Thread(target=sqs.send_message, kwargs=options).start()",
        ),
    ),
    queue(
        "its own failure blamed on the sender",
        "says that the sender has made a mistake",
        (
            f'{SEND}\n    return {{"statusCode": 202}}',
            f"try:\n        {SEND}\n    except Exception:\n"
            '        return {"statusCode": 400}\n    return {"statusCode": 202}',
        ),
    ),
    queue(
        "no answer",
        "need a status",
        (
            f'{SEND}\n    return {{"statusCode": 202}}',
            f"try:\n        {SEND}\n    except Exception:\n        pass",
        ),
    ),
    queue(
        "sent, and nothing answered",
        "need a status",
        (f'{SEND}\n    return {{"statusCode": 202}}', SEND),
    ),
    queue(
        "address in the code",
        "does not read the environment variable `QUEUE_URL`",
        ('os.environ["QUEUE_URL"]', 'sqs.get_queue_url(QueueName="deliveries")["QueueUrl"]'),
    ),
    queue(
        "another message",
        "The message reached the worker, which stopped with the error below",
        ("MessageBody=message", "MessageBody=body.decode()"),
    ),
    queue("no mapping", "there is no event source mapping between them", (MAPPING, "")),
    queue(
        "mapping to the receiver, whose role may not read the queue",
        "there is no event source mapping between them",
        ('FunctionName="worker", BatchSize=1', 'FunctionName="receiver", BatchSize=1'),
    ),
    queue(
        "mapping to the receiver",
        "the event source mapping belongs to another function",
        ('FunctionName="worker", BatchSize=1', 'FunctionName="receiver", BatchSize=1'),
        (RECEIVER_RIGHTS, RECEIVER_MAY_READ),
    ),
    queue(
        "a second mapping, and the wrong one left",
        "is read for `worker`, and for `receiver`, too",
        (RECEIVER_RIGHTS, RECEIVER_MAY_READ),
        (MAPPING, f"{MAPPING.replace('worker', 'receiver')}\n{MAPPING}"),
    ),
    queue(
        "packed by the receiver as well",
        "`take_in` asks AWS for `dynamodb:PutItem`",
        ("import boto3\n", "import boto3\nfrom shop import ship\n"),
        (SEND, f"ship(json.loads(body))\n    {SEND}"),
    ),
    queue(
        "the queue looked up before it is used",
        "AWS did not let `receiver-role",
        (SEND, f'sqs.get_queue_url(QueueName="deliveries")\n    {SEND}'),
    ),
    queue(
        "the right to send left out",
        "AWS did not let `receiver-role` do this: `sqs:SendMessage`",
        (RECEIVER_RIGHTS, 'allow("receiver-role", {"dynamodb:PutItem": parcels_arn})'),
    ),
    queue(
        "mapping that rests",
        "but it is not at work",
        ("BatchSize=1", "BatchSize=1, Enabled=False"),
    ),
    # once
    once(
        "no condition",
        "and 2 parcels were packed",
        (CONDITION, "}"),
    ),
    once(
        "no parcel",
        "but no parcel was packed",
        ('[{"Put": first}, {"Put": put}]', '[{"Put": first}]'),
    ),
    once(
        "duplicates are errors",
        "makes the worker stop with the error below",
        (f"{REASON}\n            raise\n        return False", "raise error"),
    ),
    once(
        "looked first, then packed",
        "nothing in `once.py` makes the note on the condition",
        (WORKER_RIGHTS, WORKER_MAY.format(action="dynamodb:GetItem")),
        (TRY, LOOK_FIRST),
        (CONDITION, "}"),
        ('IS_NEW = "attribute_not_exists(delivery)"', ""),
    ),
    once(
        "looked first, which its role does not allow",
        "`once` asks AWS for `dynamodb:GetItem`",
        (TRY, LOOK_FIRST),
        (CONDITION, "}"),
    ),
    once("note before the work", "the payment is lost", (TRY, NOTE_FIRST)),
    once("note after the work", "and 2 parcels were packed", (TRY, WORK_FIRST)),
    once(
        "packed, and taken back if it was noted",
        "it is packed once more",
        (WORKER_RIGHTS, WORKER_MAY.format(action="dynamodb:DeleteItem")),
        (TRY, TAKEN_BACK),
    ),
    once(
        "packed, and not allowed to take it back",
        "`once` asks AWS for `dynamodb:DeleteItem`",
        (TRY, TAKEN_BACK),
    ),
    once(
        "a right for one of two tables",
        "AWS did not let `worker-role` do this: `dynamodb:PutItem`",
        ("[parcels_arn, deliveries_arn]", "parcels_arn"),
    ),
    once(
        "every error swallowed",
        "said that all is well",
        (CANCELLED, "except Exception:"),
        (f"{REASON}\n            raise\n        return False", "return False"),
    ),
    once(
        "any cancelled transaction is a duplicate",
        "whose transaction was cancelled for another reason",
        (f"{REASON}\n            raise\n        return False", "return False"),
    ),
    once(
        "nothing raised for another reason",
        "whose transaction was cancelled for another reason",
        (
            f"{REASON}\n            raise\n        return False",
            f"if {CODE} == 'ConditionalCheckFailed':\n            return False",
        ),
    ),
    once(
        "kept for ever",
        "no number in `expires`",
        (', "expires": {"N": str(int(time.time()) + WEEK)}', ""),
    ),
    once(
        "milliseconds",
        "which are milliseconds",
        ("int(time.time()) + WEEK", "int(time.time() * 1000) + WEEK"),
    ),
    once(
        "over at once", "Yours is over already", ("int(time.time()) + WEEK", "int(time.time()) - 1")
    ),
    # dead-letter
    dead_letter("no policy", "nothing leads to it", (POLICY, "")),
    dead_letter(
        "on the wrong queue",
        "The policy is on the wrong queue",
        (POLICY, POLICY.replace("queue_url", "dead_url")),
        ("arn_of(dead_url)", "arn_of(queue_url)"),
    ),
    dead_letter(
        "after the first failure",
        "With a `maxReceiveCount` of 1",
        ('"maxReceiveCount": 2', '"maxReceiveCount": 1'),
    ),
    dead_letter(
        "after a thousand tries",
        "is tried 1000 times",
        ('"maxReceiveCount": 2', '"maxReceiveCount": 1000'),
    ),
    dead_letter(
        "another name",
        "Is `dead-letters` meant to be it?",
        ('"deliveries-dead"', '"dead-letters"'),
    ),
    # second-sender
    second(
        "without sha256=",
        "The header has `sha256=` before the digits",
        ('"sha256=" + ', ""),
    ),
    second(
        "with a time stamp",
        "You sign a time stamp with the body",
        ("secret.encode(), body,", 'secret.encode(), b"." + body,'),
    ),
    second(
        "over the parsed body",
        "the body parsed and written again",
        ("import hmac", "import hmac\nimport json"),
        ("secret.encode(), body,", "secret.encode(), json.dumps(json.loads(body)).encode(),"),
    ),
    second(
        "==",
        "from that a forger can find one letter after another",
        (CODEYARD_COMPARE, "expected == signature"),
    ),
    second(
        "everybody",
        "signed with a guessed secret",
        (f"return {CODEYARD_COMPARE}", 'return signature.startswith("sha256=")'),
    ),
    second(
        "another algorithm",
        "Honest pushes are refused. Their signature is",
        ("body, hashlib.sha256)", "body, hashlib.sha1)"),
    ),
    second(
        "the beginning is enough",
        "with the beginning of a signature only",
        (CODEYARD_COMPARE, "signature != '' and expected.startswith(signature)"),
    ),
    second(
        "an error in it",
        "The receiver stopped with an error when Codeyard sent a push",
        ("secret.encode(), body,", "secret, body,"),
    ),
    second(
        "no permission",
        "API Gateway may not invoke `receiver`",
        (
            worked_answer("webhooks", "second-sender")[-1].partition("for_hooks = ")[2],
            "None",
        ),
        undo="None",
    ),
    second(
        "permission for another service",
        "API Gateway may not invoke `receiver`: the permission is for",
        ('"apigateway.amazonaws.com"', '"events.amazonaws.com"'),
    ),
    second(
        "permission for any API",
        "for other APIs, too, not for `hooks` alone",
        ("    SourceArn=hooks_arn,\n", ""),
    ),
    second(
        "permission for another method",
        "but only for another source",
        ("/*/POST/hooks/*", "/*/GET/hooks/*"),
    ),
    # rotation
    rotation(
        "the old secret dropped at once",
        "a payment that was signed with the value before it is refused",
        (STAGES, '("AWSCURRENT",)'),
    ),
    rotation(
        "none is an error",
        "stops with an error while the secret has had one value only",
        ("[each for each in values if each is not None]", "values"),
    ),
    rotation(
        "remembered for ever",
        "the receiver still goes by what it remembers",
        (
            "    found = first(values, try_with) if time.time() - asked < KEPT else None\n"
            + ASK_AGAIN,
            "    if not values:\n        known[sender] = time.time(), ask(sender)\n"
            "    return first(known[sender][1], try_with)",
        ),
    ),
    rotation(
        "asks again only if none fits",
        "What is remembered is good for `KEPT` seconds",
        (
            "first(values, try_with) if time.time() - asked < KEPT else None",
            "first(values, try_with)",
        ),
    ),
    rotation(
        "asks each time",
        "So it asks for each delivery",
        ("time.time() - asked < KEPT", "False"),
    ),
    rotation(
        "asks before it tries",
        "So it asks for each delivery",
        ("    asked, values = known.get(sender, (0, []))", "    asked, values = 0, ask(sender)"),
    ),
    rotation(
        "gives back whether, not which",
        "A payment that was signed with the secret's only value is refused",
        ("        found = first(known[sender][1], try_with)\n", ""),
    ),
    rotation(
        "all versions asked for",
        "`keys.py` asks AWS for `secretsmanager:ListSecretVersionIds`",
        ("from vault import first, value", "import os\n\nfrom vault import first, value, vault"),
        (
            "    values = [",
            '    vault.list_secret_version_ids(SecretId=os.environ["SECRETS"] + sender)\n'
            "    values = [",
        ),
    ),
    rotation(
        "the right to read left out",
        "AWS did not let `receiver-role` do this: `secretsmanager:GetSecretValue`",
        ('    "secretsmanager:GetSecretValue": [kept["ARN"], kept_too["ARN"]],\n', ""),
    ),
    rotation(
        "anything fits",
        "A payment that was signed with a guessed secret is taken",
        ("    return found", '    return found or "some delivery"'),
    ),
)
