"""Right answers in other words, in lab 06."""

from tests.labs.webhooks.wrong_answers import (
    ACCEPTED,
    ANSWER,
    ASK_AGAIN,
    COMPARE,
    DECODE,
    FIND_HEADER,
    HMAC,
    MAPPING,
    MESSAGE,
    NO_DEAD_LETTER_QUEUE,
    REASON,
    REMEMBER,
    SEND,
    TRY,
    worked,
)

KEEP = "[each for each in values if each is not None]"
HOOKS = 'lambda_.remove_permission(FunctionName="receiver", StatementId="codeyard")'

ANSWERS = (
    worked.mutate(
        "raw-body",
        (DECODE, '    return [str.encode, base64.b64decode][event["isBase64Encoded"]](body)'),
        (
            FIND_HEADER,
            "    return {k.lower(): v for k, v in event['headers'].items()}.get(name.lower())",
        ),
    ),
    worked.mutate(
        "raw-body",
        ("return body.encode()", 'return bytes(body, "utf-8")'),
        (
            FIND_HEADER,
            "    pairs = event['headers'].items()\n"
            "    same = (v for k, v in pairs if k.casefold() == name.casefold())\n"
            "    return next(same, None)",
        ),
    ),
    worked.mutate(
        "signature",
        (MESSAGE, 'b"%s.%s" % (parts["t"].encode(), body)'),
        (COMPARE, 'hmac.compare_digest(expected.encode(), parts["v1"].encode())'),
    ),
    worked.mutate(
        "signature",
        ("import hmac\n", "from hmac import HMAC\nfrom hmac import compare_digest as same\n"),
        (
            "hmac.new(secret.encode(), message, hashlib.sha256)",
            'HMAC(secret.encode(), message, "sha256")',
        ),
        (COMPARE, 'same(expected, parts["v1"])'),
    ),
    *worked.swap(
        "replay",
        "return abs(now - int(stamp)) <= WINDOW",
        [
            "return -WINDOW <= now - int(stamp) <= WINDOW",
            "age = now - float(stamp)\n    return not (age > WINDOW or age < -WINDOW)",
        ],
    ),
    worked.mutate(
        "queue",
        (SEND, 'sqs.send_message_batch(QueueUrl=os.environ["QUEUE_URL"], Entries=[entry])'),
        ("    message =", '    entry = {"Id": "1"}\n    entry["MessageBody"] ='),
        (ACCEPTED, 'return {"statusCode": 200, "body": "thanks"}'),
    ),
    worked.mutate(
        "queue",
        (ANSWER, f"try:\n        {SEND}\n        {ACCEPTED}\n    except Exception:\n        raise"),
        (MAPPING, MAPPING.replace("BatchSize=1", "BatchSize=10")),
    ),
    *worked.swap(
        "once",
        TRY,
        [
            TRY.replace("raise", "raise error").replace("return True", 'return "it is new"'),
            TRY.replace("dynamodb.exceptions.TransactionCanceledException", "Exception").replace(
                REASON, 'if "[ConditionalCheckFailed, None]" not in str(error):'
            ),
        ],
    ),
    *worked.swap(
        "dead-letter",
        '"maxReceiveCount": 2',
        ['"maxReceiveCount": "3"'],
        undo=NO_DEAD_LETTER_QUEUE,
    ),
    worked.mutate(
        "dead-letter",
        (
            '"deliveries-dead")',
            '"deliveries-dead", Attributes={"MessageRetentionPeriod": "1209600"})',
        ),
        undo=NO_DEAD_LETTER_QUEUE,
    ),
    worked.mutate(
        "second-sender",
        (f'"sha256=" + {HMAC}', HMAC),
        (
            "return hmac.compare_digest(expected, signature)",
            'kind, _, digits = signature.partition("=")\n'
            '    return kind == "sha256" and hmac.compare_digest(expected, digits)',
        ),
    ),
    worked.mutate(
        "second-sender",
        ('"hooks-api"', '"codeyard"'),
        ("/*/POST/hooks/*", "/prod/*"),
        undo=HOOKS,
    ),
    worked.mutate(
        "rotation",
        (f"return {KEEP}", "return list(filter(None, values))"),
        ("known.get(sender, (0, []))", "known.setdefault(sender, (0, []))"),
    ),
    worked.mutate(
        "rotation",
        ("    asked, values = known.get(sender, (0, []))\n", ""),
        (
            f"    found = {REMEMBER}\n{ASK_AGAIN}",
            """\
    for again in (False, True):
        asked, values = known.get(sender, (0, []))
        if again or time.time() >= asked + KEPT:
            values = ask(sender)
            known[sender] = time.time(), values
        if found := first(values, try_with):
            return found""",
        ),
    ),
)
