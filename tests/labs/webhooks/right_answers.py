"""Right answers in other words, in lab 06."""

from tests.labs.webhooks import wrong_answers as wrong
from tests.labs.webhooks.wrong_answers import worked

HEADERS = "event['headers'].items()"
BY_GENERATOR = f"""\
    same = (v for k, v in {HEADERS} if k.casefold() == name.casefold())
    return next(same, None)"""
BY_INDEX = '    return [str.encode, base64.b64decode][event["isBase64Encoded"]](body)'
OWN_NAMES = "from hmac import HMAC\nfrom hmac import compare_digest as same\n"
DIGITS = "hmac.new(secret.encode(), message, hashlib.sha256)"
FRESH = "age = now - float(stamp)\n    return not (age > WINDOW or age < -WINDOW)"
BATCH = 'sqs.send_message_batch(QueueUrl=os.environ["QUEUE_URL"], Entries=[entry])'
RAISED = f"""\
try:
        {wrong.SEND}
        {wrong.ACCEPTED}
    except Exception:
        raise"""
BY_MESSAGE = wrong.TRY.replace(
    "dynamodb.exceptions.TransactionCanceledException", "Exception"
).replace(wrong.REASON, 'if "[ConditionalCheckFailed, None]" not in str(error):')
TWO_WEEKS = '"deliveries-dead", Attributes={"MessageRetentionPeriod": "1209600"})'
IN_PARTS = """\
kind, _, digits = signature.partition("=")
    return kind == "sha256" and hmac.compare_digest(expected, digits)"""
LOOP = """\
    for again in (False, True):
        asked, values = known.get(sender, (0, []))
        if again or time.time() >= asked + KEPT:
            values = ask(sender)
            known[sender] = time.time(), values
        if found := first(values, try_with):
            return found"""

ANSWERS = (
    worked.mutate(
        "raw-body",
        (wrong.DECODE, BY_INDEX),
        (wrong.FIND_HEADER, f"{wrong.IN_ONE_CASE}.get(name.lower())"),
    ),
    worked.mutate(
        "raw-body",
        ("return body.encode()", 'return bytes(body, "utf-8")'),
        (wrong.FIND_HEADER, BY_GENERATOR),
    ),
    worked.mutate(
        "signature",
        (wrong.MESSAGE, 'b"%s.%s" % (parts["t"].encode(), body)'),
        (wrong.COMPARE, 'hmac.compare_digest(expected.encode(), parts["v1"].encode())'),
    ),
    worked.mutate(
        "signature",
        ("import hmac\n", OWN_NAMES),
        (DIGITS, 'HMAC(secret.encode(), message, "sha256")'),
        (wrong.COMPARE, 'same(expected, parts["v1"])'),
    ),
    *worked.swap("replay", wrong.FRESH, [FRESH, "return -300 <= now - int(stamp) <= WINDOW"]),
    worked.mutate(
        "queue",
        (wrong.SEND, BATCH),
        ("    message =", '    entry = {"Id": "1"}\n    entry["MessageBody"] ='),
        (wrong.ACCEPTED, 'return {"statusCode": 200, "body": "thanks"}'),
    ),
    worked.mutate("queue", (wrong.ANSWER, RAISED), ("BatchSize=1", "BatchSize=10")),
    *worked.swap(
        "once", wrong.TRY, [BY_MESSAGE, wrong.TRY.replace("return True", 'return "it is new"')]
    ),
    *(
        worked.mutate("dead-letter", change, undo=wrong.NO_DEAD_LETTER_QUEUE)
        for change in (
            (wrong.COUNT, '"maxReceiveCount": "3"'),
            ('"deliveries-dead")', TWO_WEEKS),
        )
    ),
    worked.mutate(
        "second-sender",
        (f'"sha256=" + {wrong.HMAC}', wrong.HMAC),
        (f"return {wrong.SAME}", IN_PARTS),
    ),
    worked.mutate(
        "second-sender",
        ('"hooks-api"', '"codeyard"'),
        ("/*/POST/hooks/*", "/prod/*"),
        undo='lambda_.remove_permission(FunctionName="receiver", StatementId="codeyard")',
    ),
    worked.mutate(
        "rotation",
        (f"return {wrong.KEEP}", "return list(filter(None, values))"),
        (wrong.KNOWN, "known.setdefault(sender, (0, []))"),
    ),
    worked.mutate(
        "rotation",
        (f"    asked, values = {wrong.KNOWN}\n", ""),
        (wrong.FIND, LOOP),
    ),
)
