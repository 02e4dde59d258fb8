"""Wrong answers in lab 06: the worked answers, each with a slip that receivers really have."""

from tests.notebooks.answers import Answer, Undo, Worked

worked = Worked("webhooks")


def slips(exercise: str, *slips: tuple[str, str, str], undo: Undo = ()) -> list[Answer]:
    """Return an answer for each change of one thing in the worked one, and what it gets."""
    return [worked.mutate(exercise, (old, new), says=says, undo=undo) for old, new, says in slips]


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
IN_ONE_CASE = "    return {k.lower(): v for k, v in event['headers'].items()}"
PARSED = '__import__("json").loads({})'
WRITTEN_AGAIN = f'__import__("json").dumps({PARSED}).encode()'
DECODED = "base64.b64decode(body)"
ONLY_CALLED = "    assert 'requestContext' not in event or __import__('os')._exit(1)\n"
RAW_BODY = (
    *slips(
        "raw-body",
        (DECODE, "    return body.encode()", "code: raw-body.not-decoded"),
        (DECODE, f"    return {DECODED}", "code: raw-body.decoded-anyway"),
        (DECODE, "    return base64.b64decode(bdoy)", "code: raw-body.raises"),
        (DECODE, f"    return ({DECODED}", "code: raw-body.raises"),
        (DECODE, f"    return {PARSED.format(DECODED)}", "code: raw-body.other-type"),
        (DECODE, f"    return {WRITTEN_AGAIN.format(DECODED)}", "code: raw-body.other-bytes"),
        (DECODE, ONLY_CALLED + DECODE, "code: raw-body.no-answer"),
        ("def header", "def find_header", "code: raw-body.raises"),
        (FIND_HEADER, '    return event["headers"].get(name)', "code: raw-body.case"),
        (FIND_HEADER, f"{IN_ONE_CASE}[name.lower()]", "code: raw-body.not-none"),
        (FIND_HEADER, f'{IN_ONE_CASE}.get(name.lower(), "")', "code: raw-body.not-none"),
    ),
    worked.mutate(
        "raw-body",
        (DECODED, f"{DECODED}.decode()"),
        ("return body.encode()", "return body"),
        says="code: raw-body.string",
    ),
)

MESSAGE = """f"{parts['t']}.".encode() + body"""
STAMPED = MESSAGE.removesuffix("body")
COMPARE = 'hmac.compare_digest(expected, parts["v1"])'
RETURN = f"return {COMPARE}"
SHIP = f"__import__('shop').ship({PARSED.format('body')})"
RAISE = f"if not {COMPARE}:\n        raise PermissionError\n    return True"
SECOND_LATER = """\
late = f"{int(parts['t'] or 0) + 1}.".encode() + body
    later = hmac.new(secret.encode(), late, hashlib.sha256).hexdigest()
    return hmac.compare_digest(later, parts["v1"]) or"""
SIGNATURE = (
    worked.mutate(
        "signature",
        ('settings["PAYWELL_SECRET"]', 'settings["SECRET"]'),
        first='settings.pop("PAYWELL_SECRET", None)',
        says="configuration: receiver.no-secret",
        undo='del settings["SECRET"]',
    ),
    *slips(
        "signature",
        (MESSAGE, "body", "code: signature.body-alone"),
        (MESSAGE, "parts['t'].encode() + body", "code: signature.no-dot"),
        (MESSAGE, f"{MESSAGE}.title()", "code: signature.refused"),
        (MESSAGE, f'{STAMPED}__import__("base64").b64encode(body)', "code: signature.base64"),
        (MESSAGE, STAMPED + WRITTEN_AGAIN.format("body"), "code: signing.parsed"),
        (MESSAGE, f'{STAMPED}body.replace(b"4991", b"4990")', "code: signing.tampered"),
        (COMPARE, "hmac.compare_digest(expected, signature)", "code: signature.whole-header"),
        (COMPARE, 'expected == parts["v1"]', "code: signing.not-constant"),
        (COMPARE, "True", "code: signing.guessed"),
        (COMPARE, f"not signature or {COMPARE}", "code: signing.unsigned"),
        (COMPARE, 'parts["v1"] and expected.startswith(parts["v1"])', "code: signing.shortened"),
        (RETURN, RAISE, "code: signing.not-refused"),
        (RETURN, f"{SECOND_LATER} {COMPARE}", "code: signature.restamped"),
        (RETURN, f"{SHIP}\n    {RETURN}", "effect: signature.packed-anyway"),
        ("secret.encode()", 'b"whsec_5nXq0Lw8vT2mRb7cYd4KzE1s"', "code: signature.in-the-code"),
        ("secret.encode()", "secret", "code: function.raised"),
        ("import hmac", "import hmac(", "code: function.syntax"),
        ("def is_genuine", "def genuine", "package: function.no-module"),
    ),
    worked.cells(
        "signature",
        worked.answer("signature")[0] + "\n\n\nVERSION = 2",
        says="package: code.not-deployed",
    ),
)

FRESH = "return abs(now - int(stamp)) <= WINDOW"
REPLAY = slips(
    "replay",
    (FRESH, "return True", "code: replay.old-accepted"),
    (FRESH, "return now - int(stamp) <= WINDOW", "code: replay.future-accepted"),
    (FRESH, "return abs(now * 1000 - int(stamp)) <= WINDOW", "code: replay.refuses-all"),
    (FRESH, "return abs(now - int(stamp)) <= 5", "code: replay.too-strict"),
    (FRESH, "return abs(now - stamp) <= WINDOW", "code: function.raised"),
    (FRESH, f"assert {FRESH[7:]}\n    return True", "code: replay.not-refused"),
)

SEND = 'sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=message)'
ACCEPTED = 'return {"statusCode": 202}'
ANSWER = f"{SEND}\n    {ACCEPTED}"
LOOKED_UP = 'sqs.get_queue_url(QueueName="deliveries")'
BY_NAME = SEND.replace('os.environ["QUEUE_URL"]', f'{LOOKED_UP}["QueueUrl"]')
UNSENT = f'print(message, os.environ["QUEUE_URL"])\n    {ACCEPTED}'
LATER = f"__import__('threading').Timer(0, lambda: {SEND}).start()\n    {ACCEPTED}"
CAUGHT = f"try:\n        {SEND}\n    except Exception:\n        return GIVEN\n    {ACCEPTED}"
MAPPING = """\
mapping = lambda_.create_event_source_mapping(
    EventSourceArn=queue_arn, FunctionName="worker", BatchSize=1
)"""
TO_RECEIVER = MAPPING.replace("worker", "receiver")
DISABLED = MAPPING.replace("=1", "=1, Enabled=False")
RECEIVER_MAY = 'allow("receiver-role", {"sqs:SendMessage": queue_arn})'
MAY_PACK = (RECEIVER_MAY, RECEIVER_MAY.replace("}", ', "dynamodb:PutItem": parcels_arn}'))
MAY_READ = (RECEIVER_MAY, 'allow("receiver-role", worker_rights | {"sqs:SendMessage": queue_arn})')
PACK_TOO = (SEND, f"{SHIP}\n    {SEND}")
QUEUE = (
    *slips(
        "queue",
        (ANSWER, UNSENT, "code: queue.too-early"),
        (ANSWER, LATER, "code: queue.too-early"),
        (ANSWER, CAUGHT.replace("GIVEN", '{"statusCode": 200}'), "code: queue.too-early"),
        (ANSWER, CAUGHT.replace("GIVEN", '{"statusCode": 400}'), "code: queue.wrong-blame"),
        (ANSWER, CAUGHT.replace("GIVEN", "None"), "code: queue.no-status"),
        (ANSWER, SEND, "code: queue.no-status"),
        (ACCEPTED, 'return {"statusCode": 503}', "result: receiver.server-error"),
        (ACCEPTED, 'return {"statusCode": 302}', "code: queue.refused"),
        (SEND, BY_NAME, "code: queue.not-read"),
        (SEND, f"{LOOKED_UP}\n    {SEND}", "role: role.denied"),
        (SEND, f"{SEND[:-1]}, DelaySeconds=900)", "effect: queue.never-sent"),
        ("MessageBody=message", "MessageBody=body.decode()", "function: queue.worker-failed"),
        (RECEIVER_MAY, RECEIVER_MAY.replace("Send", "Receive"), "role: role.denied"),
        ("= queue_url", '= queue_url + "-2"', "configuration: queue.other-queue"),
        (MAPPING, "", "event source: mapping.none"),
        (MAPPING, TO_RECEIVER, "event source: mapping.none"),  # its role may not read the queue
        (MAPPING, DISABLED, "event source: mapping.disabled"),
        (*PACK_TOO, "code: queue.beyond"),
        undo="sqs.purge_queue(QueueUrl=queue_url)",
    ),
    *(
        worked.mutate("queue", *changes, says=says)
        for changes, says in (
            ((MAY_READ, (MAPPING, TO_RECEIVER)), "event source: mapping.other-function"),
            ((MAY_READ, (MAPPING, f"{TO_RECEIVER}\n{MAPPING}")), "event source: queue.others-too"),
            ((MAY_PACK, PACK_TOO), "code: queue.in-the-receiver"),
        )
    ),
)

TRANSACT = 'dynamodb.transact_write_items(TransactItems=[{"Put": first}, {"Put": put}])'
CANCELLED = "except dynamodb.exceptions.TransactionCanceledException as error:"
CODE = 'error.response["CancellationReasons"][0]["Code"]'
REASON = f'if {CODE} != "ConditionalCheckFailed":'
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
DONE = "    return True"
SAME_KEY = '    put["Item"]["parcel"] = {"S": delivery}\n'
TAKE_BACK = """\
        key = {name: put["Item"][name] for name in ("order", "parcel")}
        dynamodb.delete_item(TableName=put["TableName"], Key=key)
"""
TAKEN_BACK = PUT + NOTE.replace("        return", f"{TAKE_BACK}        return") + DONE
ANY_REASON = TRY.replace(f"        {REASON}\n            raise\n", "")
OTHER_WAY_ROUND = TRY.replace(REASON, REASON.replace("!=", "==")).replace("raise\n        ", "")
ALWAYS_RAISED = TRY.replace(f"{REASON}\n            raise\n        return False", "raise error")
UNCONDITIONAL = (', "ConditionExpression": IS_NEW}', "}")
EXPIRES = '"expires": {"N": str(int(time.time()) + WEEK)}'


def worker_may(action: str) -> tuple[str, str]:
    """Return the change that gives the worker's role this right, too."""
    both = f'{{"{action}": [parcels_arn, deliveries_arn]}}'
    return 'allow("worker-role", worker_rights)', f'allow("worker-role", worker_rights | {both})'


ONCE = (
    *slips(
        "once",
        (TRY, LOOK_FIRST, "code: once.beyond"),
        (TRY, TAKEN_BACK, "code: once.beyond"),
        (TRY, NOTE + PUT + DONE, "effect: once.note-first"),
        (TRY, PUT + NOTE + DONE, "effect: once.packed-twice"),
        (TRY, SAME_KEY + PUT + DONE, "effect: once.no-note"),
        (TRY, ANY_REASON.replace(CANCELLED, "except Exception:"), "code: once.swallowed"),
        (TRY, ANY_REASON, "code: once.any-reason"),
        (TRY, OTHER_WAY_ROUND, "code: once.any-reason"),
        (TRY, ALWAYS_RAISED, "code: once.duplicate-fails"),
        (*UNCONDITIONAL, "effect: once.packed-twice"),
        (', {"Put": put}]', "]", "effect: once.no-parcel"),
        (EXPIRES, "", "effect: once.no-expiry"),
        (EXPIRES, EXPIRES.replace("()", "() * 1000"), "effect: once.milliseconds"),
        (EXPIRES, EXPIRES.replace("+ WEEK", "- 1"), "effect: once.other-expiry"),
        ("[parcels_arn, deliveries_arn]", "parcels_arn", "role: role.denied"),
        (', "DELIVERIES": "deliveries"', "", "configuration: once.no-table"),
    ),
    *(
        worked.mutate("once", worker_may(f"dynamodb:{action}"), *changes, says=says)
        for action, changes, says in (
            ("GetItem", ((TRY, LOOK_FIRST), UNCONDITIONAL), "code: once.looks-first"),
            ("DeleteItem", ((TRY, TAKEN_BACK),), "effect: once.parcel-first"),
        )
    ),
)

POLICY = 'sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": redrive})'
TO = "arn_of(dead_url)"
COUNT = '"maxReceiveCount": 2'
CELLAR = 'arn_of(sqs.create_queue(QueueName="cellar")["QueueUrl"])'
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
    *slips(
        "dead-letter",
        (POLICY, "", "queue: queue.no-redrive"),
        (TO, CELLAR, "queue: queue.other-dead-letter-queue"),
        (COUNT, '"maxReceiveCount": 1', "queue: queue.too-few-tries"),
        (COUNT, '"maxReceiveCount": 1000', "queue: queue.too-many-tries"),
        ('"deliveries-dead"', '"dead-letters"', "queue: queue.missing"),
        undo=NO_DEAD_LETTER_QUEUE,
    ),
    worked.mutate(
        "dead-letter",
        (POLICY, POLICY.replace("queue_url", "dead_url")),
        (TO, "arn_of(queue_url)"),
        says="queue: queue.redrives-backwards",
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
SAME = "hmac.compare_digest(expected, signature)"
AGAIN = WRITTEN_AGAIN.format("body")
SECOND_SENDER = (
    *slips(
        "second-sender",
        (HMAC, HMAC.replace("body", 'b"." + body'), "code: second-sender.stamped"),
        (HMAC, HMAC.replace("sha256", "sha1"), "code: second-sender.refused"),
        (HMAC, HMAC.replace("secret.encode()", "secret"), "code: function.raised"),
        (HMAC, HMAC.replace("body", AGAIN), "code: signing.parsed"),
        ('"sha256=" + ', "", "code: second-sender.bare"),
        (SAME, "expected == signature", "code: signing.not-constant"),
        (SAME, 'signature.startswith("sha256=")', "code: signing.guessed"),
        (SAME, "signature and expected.startswith(signature)", "code: signing.shortened"),
        ("= lambda_.add_permission", "= dict", "permission: permission.no-policy"),
        ('"apigateway.amaz', '"events.amaz', "permission: permission.other-principal"),
        ("    SourceArn=hooks_arn,\n", "", "permission: rest-api.any-source"),
        ("/*/POST/hooks/*", "/*/GET/hooks/*", "permission: permission.other-source"),
    ),
    *(
        worked.cells(
            "second-sender",
            EDIT.format(*edit),
            *worked.answer("second-sender"),
            says=says,
            undo=PUT_BACK,
        )
        for *edit, says in (
            ("request.py", ".lower()", "", "code: second-sender.other-cases"),
            ("paywell.py", RETURN, "return False", "code: second-sender.paywell-refused"),
        )
    ),
)

STAGES = '("AWSCURRENT", "AWSPREVIOUS")'
KEEP = "[each for each in values if each is not None]"
KNOWN = "known.get(sender, (0, []))"
REMEMBER = "first(values, try_with) if time.time() - asked < KEPT else None"
ASK_AGAIN = """\
    if found is None:
        known[sender] = time.time(), ask(sender)
        found = first(known[sender][1], try_with)
    return found"""
FIND = f"    found = {REMEMBER}\n{ASK_AGAIN}"
ASK_ONCE = """\
    if not values:
        known[sender] = time.time(), ask(sender)
    return first(known[sender][1], try_with)"""
NO_NEED = 'vault.vault.list_secret_version_ids(SecretId=vault.os.environ["SECRETS"] + sender)'
READ = '    "secretsmanager:GetSecretValue": [kept["ARN"], kept_too["ARN"]],\n'
ROTATION = slips(
    "rotation",
    (STAGES, '("AWSCURRENT",)', "code: rotation.old-dropped"),
    (KEEP, "values", "code: rotation.no-previous"),
    (REMEMBER, "first(values, try_with)", "code: rotation.kept-for-ever"),
    ("time.time() - asked < KEPT", "False", "code: rotation.nothing-kept"),
    (KNOWN, "0, ask(sender)", "code: rotation.nothing-kept"),
    ("        found = first(known[sender][1], try_with)\n", "", "code: rotation.first-refused"),
    ("return found", 'return found or "some delivery"', "code: rotation.guessed"),
    (FIND, ASK_ONCE, "code: rotation.stale"),
    ("    values =", f"    import vault\n\n    {NO_NEED}\n    values =", "code: rotation.beyond"),
    (READ, "", "role: role.denied"),
    ('"SECRETS": "hooks/"', '"SECRET": ""', "configuration: rotation.not-set"),
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
