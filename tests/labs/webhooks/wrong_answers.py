"""Wrong answers in lab 06: the worked answers, each with a slip that receivers really have."""

from tests.notebooks.answers import Worked

worked = Worked("webhooks")

EDIT = """\
file = lab.folder.joinpath({0!r})
given = file.read_text()
file.write_text(given.replace({1!r}, {2!r}))"""
PUT_BACK = "file.write_text(given)"

DECODE = """\
    if event["isBase64Encoded"]:
        return base64.b64decode(body)
    return body.encode()"""
FIND_HEADER = """\
    for each, value in event["headers"].items():
        if each.lower() == name.lower():
            return value
    return None"""
AND_JSON = ("import base64", "import base64\nimport json")
WRITTEN_AGAIN = '__import__("json").dumps(__import__("json").loads(body)).encode()'

RAW_BODY = (
    *worked.swap(
        "raw-body",
        DECODE,
        {
            "    return body.encode()": "code: raw-body.not-decoded",
            "    return base64.b64decode(body)": "code: raw-body.decoded-anyway",
            "    return base64.b64decode(bdoy)": "code: raw-body.raises",
            "    return (base64.b64decode(body)": "code: raw-body.raises",
            f"    assert 'requestContext' not in event or __import__('os')._exit(1)\n{DECODE}": (
                "code: raw-body.no-answer"
            ),
        },
    ),
    worked.mutate(
        "raw-body",
        ("base64.b64decode(body)", "base64.b64decode(body).decode()"),
        ("return body.encode()", "return body"),
        says="code: raw-body.string",
    ),
    *(
        worked.mutate("raw-body", AND_JSON, (DECODE, f"    return {new}"), says=says)
        for new, says in {
            "json.loads(base64.b64decode(body))": "code: raw-body.other-type",
            "json.dumps(json.loads(base64.b64decode(body))).encode()": "code: raw-body.other-bytes",
        }.items()
    ),
    worked.mutate("raw-body", ("def header", "def find_header"), says="code: raw-body.raises"),
    *worked.swap(
        "raw-body",
        FIND_HEADER,
        {
            '    return event["headers"].get(name)': "code: raw-body.case",
            "    return {k.lower(): v for k, v in event['headers'].items()}[name.lower()]": (
                "code: raw-body.not-none"
            ),
            FIND_HEADER.replace("None", '""'): "code: raw-body.not-none",
        },
    ),
)

MESSAGE = """f"{parts['t']}.".encode() + body"""
COMPARE = 'hmac.compare_digest(expected, parts["v1"])'
SIGNATURE = (
    worked.mutate(
        "signature",
        ('settings["PAYWELL_SECRET"]', 'settings["SECRET"]'),
        first='settings.pop("PAYWELL_SECRET", None)',
        says="configuration: receiver.no-secret",
        undo='del settings["SECRET"]',
    ),
    *worked.swap(
        "signature",
        MESSAGE,
        {
            "body": "code: signature.body-alone",
            "parts['t'].encode() + body": "code: signature.no-dot",
            MESSAGE.replace("body", 'body.replace(b"4991", b"4990")'): "code: signing.tampered",
            f"{MESSAGE}.title()": "code: signature.refused",
            MESSAGE.replace("body", '__import__("base64").b64encode(body)'): (
                "code: signature.base64"
            ),
            MESSAGE.replace("body", WRITTEN_AGAIN): "code: signing.parsed",
        },
    ),
    *worked.swap(
        "signature",
        f"return {COMPARE}",
        {
            "return hmac.compare_digest(expected, signature)": "code: signature.whole-header",
            'return expected == parts["v1"]': "code: signing.not-constant",
            "return True": "code: signing.guessed",
            f"return not signature or {COMPARE}": "code: signing.unsigned",
            'return parts["v1"] != "" and expected.startswith(parts["v1"])': (
                "code: signing.shortened"
            ),
            f"if not {COMPARE}:\n        raise PermissionError\n    return True": (
                "code: signing.not-refused"
            ),
            f"""\
late = f"{{int(parts['t'] or 0) + 1}}.".encode() + body
    later = hmac.new(secret.encode(), late, hashlib.sha256).hexdigest()
    return {COMPARE} or hmac.compare_digest(later, parts["v1"])""": "code: signature.restamped",
            f"__import__('shop').ship(__import__('json').loads(body))\n    return {COMPARE}": (
                "effect: signature.packed-anyway"
            ),
        },
    ),
    *worked.swap(
        "signature",
        "secret.encode()",
        {
            'b"whsec_5nXq0Lw8vT2mRb7cYd4KzE1s"': "code: signature.in-the-code",
            "secret": "code: function.raised",
        },
    ),
    worked.mutate(
        "signature", ("def is_genuine", "def genuine"), says="package: function.no-module"
    ),
    worked.mutate("signature", ("import hmac", "import hmac("), says="code: function.syntax"),
    worked.cells(
        "signature",
        worked.answer("signature")[0] + "\n\n\nVERSION = 2",
        says="package: code.not-deployed",
    ),
)

REPLAY = worked.swap(
    "replay",
    "return abs(now - int(stamp)) <= WINDOW",
    {
        "return True": "code: replay.old-accepted",
        "return now - int(stamp) <= WINDOW": "code: replay.future-accepted",
        "return abs(now * 1000 - int(stamp)) <= WINDOW": "code: replay.refuses-all",
        "return abs(now - int(stamp)) <= 5": "code: replay.too-strict",
        "return abs(now - stamp) <= WINDOW": "code: function.raised",
        "assert abs(now - int(stamp)) <= WINDOW\n    return True": "code: replay.not-refused",
    },
)

SEND = 'sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=message)'
ACCEPTED = 'return {"statusCode": 202}'
ANSWER = f"{SEND}\n    {ACCEPTED}"
MAPPING = """\
mapping = lambda_.create_event_source_mapping(
    EventSourceArn=queue_arn, FunctionName="worker", BatchSize=1
)"""
TO_RECEIVER = MAPPING.replace("worker", "receiver")
RECEIVER_MAY = 'allow("receiver-role", {"sqs:SendMessage": queue_arn})'
MAY_READ = (RECEIVER_MAY, 'allow("receiver-role", worker_rights | {"sqs:SendMessage": queue_arn})')
SHIP = ("import boto3\n", "import boto3\nfrom shop import ship\n")
PACK_TOO = (SEND, f"ship(json.loads(body))\n    {SEND}")
PURGE = "sqs.purge_queue(QueueUrl=queue_url)"


def caught(answer: str) -> str:
    """Return code that answers so where the queue does not accept the message."""
    return f"try:\n        {SEND}\n    except Exception:\n        return {answer}\n    {ACCEPTED}"


QUEUE = (
    *worked.swap(
        "queue",
        ANSWER,
        {
            'return {"statusCode": len(os.environ["QUEUE_URL"]) and 202}': "code: queue.too-early",
            caught('{"statusCode": 200}'): "code: queue.too-early",
            f"__import__('threading').Timer(0, lambda: {SEND}).start()\n    {ACCEPTED}": (
                "code: queue.too-early"
            ),
            caught('{"statusCode": 400}'): "code: queue.wrong-blame",
            caught("None"): "code: queue.no-status",
            SEND: "code: queue.no-status",
            ANSWER.replace("202", "503"): "result: receiver.server-error",
            ANSWER.replace("202", "302"): "code: queue.refused",
        },
    ),
    *worked.swap(
        "queue",
        SEND,
        {
            SEND.replace(
                'os.environ["QUEUE_URL"]', 'sqs.get_queue_url(QueueName="deliveries")["QueueUrl"]'
            ): "code: queue.not-read",
            f'sqs.get_queue_url(QueueName="deliveries")\n    {SEND}': "role: role.denied",
            SEND.replace("message)", "message, DelaySeconds=900)"): "effect: queue.never-sent",
            SEND.replace("message)", "body.decode())"): "function: queue.worker-failed",
        },
        undo=PURGE,
    ),
    *worked.swap(
        "queue",
        MAPPING,
        {
            "": "event source: mapping.none",
            TO_RECEIVER: "event source: mapping.none",  # which its role does not allow
            MAPPING.replace("=1", "=1, Enabled=False"): "event source: mapping.disabled",
        },
    ),
    *(
        worked.mutate("queue", MAY_READ, (MAPPING, new), says=f"event source: {says}")
        for new, says in {
            TO_RECEIVER: "mapping.other-function",
            f"{TO_RECEIVER}\n{MAPPING}": "queue.others-too",
        }.items()
    ),
    worked.mutate("queue", SHIP, PACK_TOO, says="code: queue.beyond"),
    worked.mutate(
        "queue",
        SHIP,
        PACK_TOO,
        (RECEIVER_MAY, RECEIVER_MAY.replace("}", ', "dynamodb:PutItem": parcels_arn}')),
        says="code: queue.in-the-receiver",
    ),
    worked.mutate(
        "queue",
        (RECEIVER_MAY, 'allow("receiver-role", {"dynamodb:PutItem": parcels_arn})'),
        says="role: role.denied",
    ),
    worked.mutate(
        "queue",
        ("= queue_url", '= queue_url + "-2"'),
        says="configuration: queue.other-queue",
    ),
)

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
NOTE = """\
    try:
        dynamodb.put_item(**first)
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
"""
PUT = "    dynamodb.put_item(**put)\n"
PACK = f"{PUT}    return True"
TAKE_BACK = """\
        key = {name: put["Item"][name] for name in ("order", "parcel")}
        dynamodb.delete_item(TableName=put["TableName"], Key=key)
        return False
    return True"""
TAKEN_BACK = PUT + NOTE.replace("        return False\n", TAKE_BACK)


def worker_may(action: str) -> tuple[str, str]:
    """Return the change that gives the worker's role this right, too."""
    both = f'{{"{action}": [parcels_arn, deliveries_arn]}}'
    return 'allow("worker-role", worker_rights)', f'allow("worker-role", worker_rights | {both})'


ONCE = (
    *worked.swap(
        "once",
        TRY,
        {
            LOOK_FIRST: "code: once.beyond",
            NOTE + PACK: "effect: once.note-first",
            PUT + NOTE + "    return True": "effect: once.packed-twice",
            TAKEN_BACK: "code: once.beyond",
            f'    put["Item"]["parcel"] = {{"S": delivery}}\n{PACK}': "effect: once.no-note",
            TRY.replace(CANCELLED, "except Exception:").replace(
                f"        {REASON}\n            raise\n", ""
            ): "code: once.swallowed",
            TRY.replace(f"        {REASON}\n            raise\n", ""): "code: once.any-reason",
            TRY.replace(REASON, REASON.replace("!=", "==")).replace("raise\n        ", ""): (
                "code: once.any-reason"
            ),
            TRY.replace(f"{REASON}\n            raise\n        return False", "raise error"): (
                "code: once.duplicate-fails"
            ),
        },
    ),
    *worked.swap("once", CONDITION, {"}": "effect: once.packed-twice"}),
    *worked.swap("once", ', {"Put": put}]', {"]": "effect: once.no-parcel"}),
    *worked.swap(
        "once",
        '"expires": {"N": str(int(time.time()) + WEEK)}',
        {
            "": "effect: once.no-expiry",
            '"expires": {"N": str(int(time.time() * 1000) + WEEK)}': "effect: once.milliseconds",
            '"expires": {"N": str(int(time.time()) - 1)}': "effect: once.other-expiry",
        },
    ),
    worked.mutate(
        "once",
        worker_may("dynamodb:GetItem"),
        (TRY, LOOK_FIRST),
        (CONDITION, "}"),
        says="code: once.looks-first",
    ),
    worked.mutate(
        "once",
        worker_may("dynamodb:DeleteItem"),
        (TRY, TAKEN_BACK),
        says="effect: once.parcel-first",
    ),
    worked.mutate(
        "once", ("[parcels_arn, deliveries_arn]", "parcels_arn"), says="role: role.denied"
    ),
    worked.mutate(
        "once", (', "DELIVERIES": "deliveries"', ""), says="configuration: once.no-table"
    ),
)

POLICY = 'sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": redrive})'
# What a policy has moved by then is lost with the queues, so the sheet's payment is sent again.
NO_DEAD_LETTER_QUEUE = """\
sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": ""})
for each in set(sqs.list_queues()["QueueUrls"]) - {queue_url}:
    sqs.delete_queue(QueueUrl=each)
sqs.purge_queue(QueueUrl=queue_url)
paywell.send(by_gift_card)"""
DEPLOY_WORKER = 'lab.deploy("webhooks", handler="worker.handler", timeout=1, environment=stores)'
SKIP = "        if not json.loads(message['body'])['data']:\n            continue\n        put ="
DEAD_LETTER = (
    worked.mutate(
        "dead-letter", (POLICY, ""), says="queue: queue.no-redrive", undo=NO_DEAD_LETTER_QUEUE
    ),
    worked.mutate(
        "dead-letter",
        (POLICY, POLICY.replace("queue_url", "dead_url")),
        ("arn_of(dead_url)", "arn_of(queue_url)"),
        says="queue: queue.redrives-backwards",
        undo=NO_DEAD_LETTER_QUEUE,
    ),
    *worked.swap(
        "dead-letter",
        '"maxReceiveCount": 2',
        {
            '"maxReceiveCount": 1': "queue: queue.too-few-tries",
            '"maxReceiveCount": 1000': "queue: queue.too-many-tries",
        },
        undo=NO_DEAD_LETTER_QUEUE,
    ),
    *worked.swap(
        "dead-letter",
        '"deliveries-dead"',
        {'"dead-letters"': "queue: queue.missing"},
        undo=NO_DEAD_LETTER_QUEUE,
    ),
    *worked.swap(
        "dead-letter",
        "arn_of(dead_url)",
        {
            'arn_of(sqs.create_queue(QueueName="cellar")["QueueUrl"])': (
                "queue: queue.other-dead-letter-queue"
            )
        },
        undo=NO_DEAD_LETTER_QUEUE,
    ),
    worked.cells(
        "dead-letter",
        EDIT.format("worker.py", "        put =", SKIP),
        DEPLOY_WORKER,
        *worked.answer("dead-letter"),
        says="effect: dead-letter.not-moved",
        undo=(PUT_BACK, DEPLOY_WORKER, NO_DEAD_LETTER_QUEUE),
    ),
)

HMAC = "hmac.new(secret.encode(), body, hashlib.sha256)"
CODEYARD_COMPARE = "hmac.compare_digest(expected, signature)"
SECOND_SENDER = (
    *worked.swap(
        "second-sender",
        HMAC,
        {
            HMAC.replace("body", 'b"." + body'): "code: second-sender.stamped",
            HMAC.replace("sha256", "sha1"): "code: second-sender.refused",
            HMAC.replace("secret.encode()", "secret"): "code: function.raised",
            HMAC.replace("body", WRITTEN_AGAIN): "code: signing.parsed",
        },
    ),
    *worked.swap("second-sender", '"sha256=" + ', {"": "code: second-sender.bare"}),
    *worked.swap(
        "second-sender",
        CODEYARD_COMPARE,
        {
            "expected == signature": "code: signing.not-constant",
            'signature.startswith("sha256=")': "code: signing.guessed",
            'signature != "" and expected.startswith(signature)': "code: signing.shortened",
        },
    ),
    *(
        worked.mutate("second-sender", (old, new), says=f"permission: {says}")
        for old, new, says in (
            ("for_hooks = lambda_.add_permission", "for_hooks = dict", "permission.no-policy"),
            ('"apigateway.amaz', '"events.amaz', "permission.other-principal"),
            ("    SourceArn=hooks_arn,\n", "", "rest-api.any-source"),
            ("/*/POST/hooks/*", "/*/GET/hooks/*", "permission.other-source"),
        )
    ),
    *(
        worked.cells(
            "second-sender",
            EDIT.format(file, old, new),
            *worked.answer("second-sender"),
            says=f"code: second-sender.{says}",
            undo=PUT_BACK,
        )
        for file, old, new, says in (
            ("request.py", "each.lower() == name.lower()", "each == name", "other-cases"),
            ("paywell.py", f"return {COMPARE}", "return False", "paywell-refused"),
        )
    ),
)

STAGES = '("AWSCURRENT", "AWSPREVIOUS")'
REMEMBER = "first(values, try_with) if time.time() - asked < KEPT else None"
ASK_AGAIN = """\
    if found is None:
        known[sender] = time.time(), ask(sender)
        found = first(known[sender][1], try_with)
    return found"""
ROTATION = (
    *(
        worked.mutate("rotation", (old, new), says=f"code: rotation.{says}")
        for old, new, says in (
            (STAGES, '("AWSCURRENT",)', "old-dropped"),
            ("[each for each in values if each is not None]", "values", "no-previous"),
            (REMEMBER, "first(values, try_with)", "kept-for-ever"),
            ("time.time() - asked < KEPT", "False", "nothing-kept"),
            ("= known.get(sender, (0, []))", "= 0, ask(sender)", "nothing-kept"),
            ("        found = first(known[sender][1], try_with)\n", "", "first-refused"),
            ("return found", 'return found or "some delivery"', "guessed"),
            (
                f"    found = {REMEMBER}\n{ASK_AGAIN}",
                "    if not values:\n        known[sender] = time.time(), ask(sender)\n"
                "    return first(known[sender][1], try_with)",
                "stale",
            ),
        )
    ),
    worked.mutate(
        "rotation",
        ("from vault import first, value", "import os\n\nfrom vault import first, value, vault"),
        (
            "    values = [",
            '    vault.list_secret_version_ids(SecretId=os.environ["SECRETS"] + sender)\n'
            "    values = [",
        ),
        says="code: rotation.beyond",
    ),
    worked.mutate(
        "rotation",
        ('    "secretsmanager:GetSecretValue": [kept["ARN"], kept_too["ARN"]],\n', ""),
        says="role: role.denied",
    ),
    worked.mutate(
        "rotation", ('"SECRETS": "hooks/"', '"SECRET": ""'), says="configuration: rotation.not-set"
    ),
)

ANSWERS = (
    *RAW_BODY,
    *SIGNATURE,
    *REPLAY,
    *QUEUE,
    *ONCE,
    *DEAD_LETTER,
    *SECOND_SENDER,
    *ROTATION,
)
