"""Right answers in other words, in lab 03."""

from tests.labs.cron.wrong_answers import (
    ADD,
    CLEANER_UNDO,
    DAY,
    DUE,
    FIRST,
    FORWARD,
    LATE,
    MONTH_UNDO,
    NIGHT_UNDO,
    worked,
)

LOOP = FIRST + worked.answer("catch-up")[0].partition(FIRST)[2]

ANSWERS = (
    *worked.swap(
        "night",
        '"cron(0 1 * * ? *)"',
        ['"cron(30 1 * * ? *)"', '"cron(59 1 ? * SUN-SAT 2026-2199)"'],
        undo=NIGHT_UNDO,
    ),
    *worked.swap(
        "permission",
        "SourceArn=rule_arn",
        [
            'SourceArn=rule_arn.replace("nightly-report", "nightly-*")',
            "SourceArn=rule_arn, SourceAccount=lab.account",
        ],
    ),
    worked.mutate(
        "event-time",
        (DUE, "from datetime import date"),
        (DAY, 'str(date.fromisoformat(event["time"][:10]) - timedelta(days=1))'),
    ),
    worked.mutate(
        "event-time",
        (DUE, 'due = datetime.strptime(event["time"], "%Y-%m-%dT%H:%M:%SZ")'),
        (DAY, "datetime.fromtimestamp(due.timestamp() - 86400).date().isoformat()"),
    ),
    *worked.swap(
        "once",
        ADD,
        [
            """\
    from boto3.dynamodb.conditions import Attr
    from botocore.exceptions import ClientError
    try:
        table.update_item(
            Key=KEY,
            UpdateExpression="SET last_day = :day, cents = cents + :cents",
            ConditionExpression=Attr("last_day").lt(day),
            ExpressionAttributeValues={":day": day, ":cents": cents},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise""",
            """\
    if day <= str(last_day()):
        return
    change = {"UpdateExpression": "ADD cents :cents SET last_day = :day"}
    change["ConditionExpression"] = "attribute_exists(book) AND NOT last_day >= :day"
    change["ExpressionAttributeValues"] = {":day": day, ":cents": cents}
    try:
        table.update_item(Key=KEY, **change)
    except Exception as error:
        print(error)""",
        ],
    ),
    worked.mutate(
        "month-end",
        ('"cron(0 17 L * ? *)"', '"cron(0 17 L JAN-DEC ? 2026-2199)"'),
        undo=MONTH_UNDO,
    ),
    worked.mutate(
        "month-end",
        ('"Input": text', '"Input": \'{ "text" : "Stock-taking tonight" }\''),
        undo=MONTH_UNDO,
    ),
    *worked.swap(
        "catch-up",
        LOOP,
        [
            """\
first = books.last_day()
    for n in range(1, (due - first).days):
        day = f"{first + timedelta(days=n)}"
        books.add(day, write_report(day, orders_of(day))["cents"])""",
            """\
day = books.last_day() + timedelta(days=1)
    if day < due:
        books.add(str(day), write_report(str(day), orders_of(str(day)))["cents"])
        handler(event, context)""",
        ],
    ),
    worked.mutate("split", ("< 1500", "<= 1600"), ('"Event"', '"Event"[:]')),
    worked.mutate(
        "split",
        (LATE, ""),
        ("while day < due:", "while day < due and context.get_remaining_time_in_millis() > 1500:"),
        (
            FORWARD,
            f"""{FORWARD}
    if day < due:
        rest = json.dumps(event).encode()
        name = context.invoked_function_arn
        lambda_.invoke(FunctionName=name, Payload=rest, InvocationType="Event")""",
        ),
    ),
    *worked.swap(
        "cleaner",
        '"rate(12 hours)"',
        ['"rate(720 minutes)"', '"cron(30 6,18 * * ? *)"'],
        undo=CLEANER_UNDO,
    ),
    worked.mutate(
        "cleaner",
        ('{"now": "$.time"}', '{"when": "$.time", "who": "$.source"}'),
        ('{"now": <now>, "days": 2}', '{ "days": 2, "now": <when>, "asked by": <who> }'),
        undo=CLEANER_UNDO,
    ),
)
