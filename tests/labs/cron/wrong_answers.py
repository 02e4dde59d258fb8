"""Wrong answers in lab 03."""

from tests.notebooks.answers import Answer, Undo, Worked

worked = Worked("cron")

DEPLOY = 'lab.deploy("cron/report")'
NO_RULE = """\
for rule_name in ("{rule}", "{rule}".replace("-", "_")):
    try:
        events.remove_targets(Rule=rule_name, Ids=["{target}"])
        events.delete_rule(Name=rule_name)
    except events.exceptions.ResourceNotFoundException:
        pass
{variable} = None"""
UNINVITED = """\
try:
    lambda_.remove_permission(FunctionName="{function}", StatementId="from-{rule}")
except lambda_.exceptions.ResourceNotFoundException:
    pass"""


def followed(exercise: str, more: str, says: str, undo: Undo) -> Answer:
    """Return the worked answer with something done after it."""
    return worked.cells(exercise, *worked.answer(exercise), more, says=says, undo=undo)


def not_deployed(exercise: str) -> Answer:
    return worked.cells(exercise, worked.answer(exercise)[0], says="package: code.not-deployed")


EXPRESSION = '"cron(0 1 * * ? *)"'
PUT = 'put_rule(Name="nightly-report", ScheduleExpression=nightly)'
PUT_PATTERN = """put_rule(Name="nightly-report", EventPattern='{"source": ["shop"]}')"""
NIGHT_UNDO = NO_RULE.format(rule="nightly-report", variable="nightly", target="report")
NIGHTS = {
    "5": "event source: schedule.not-string",
    '"0 1 * * ? *"': "event source: schedule.not-schedule",
    '"cron(0 1 * * *)"': "event source: schedule.six-fields",
    '"cron(0 1 * * * *)"': "event source: schedule.two-days",
    '"cron(0 1 ? * ? *)"': "event source: schedule.two-days",
    '"cron(0 25 * * ? *)"': "event source: schedule.bad-field",
    '"cron(0 1 LW * ? *)"': "event source: schedule.unreadable",
    '"rate(0 days)"': "event source: schedule.no-number",
    '"rate(1 days)"': "event source: schedule.plural",
    '"rate(1 day)"': "event source: night.a-rate",
    '"cron(0 2 * * ? *)"': "event source: night.local-time",
    '"cron(0 0 * * ? *)"': "event source: night.local-time",
    '"cron(0 23 * * ? *)"': "event source: night.local-time",
    '"cron(1 0 * * ? *)"': "event source: night.local-time",
    '"cron(* 1 * * ? *)"': "event source: night.often",
    '"cron(0 1 ? * MON-FRI *)"': "event source: night.not-every",
    '"cron(0 1 * * ? 2026)"': "event source: night.never",
}
RULES = {
    PUT.replace("-", "_"): "event source: schedule.other-name",
    PUT.replace("nightly)", 'nightly, State="DISABLED")'): "event source: schedule.disabled",
    PUT_PATTERN: "event source: schedule.event-pattern",
    "list_rules()": "event source: schedule.no-rule",
}
NIGHT = (
    *worked.swap("night", EXPRESSION, NIGHTS, undo=NIGHT_UNDO),
    *worked.swap("night", PUT, RULES, undo=NIGHT_UNDO),
)

TARGET = 'events.put_targets(Rule="nightly-report", Targets=[{"Id": "report", "Arn": report.arn}])'
NO_TARGET = 'events.remove_targets(Rule="nightly-report", Ids=["report"])'
WITH_INPUT = TARGET.replace("report.arn", 'report.arn, "Input": "{}"')
MISSPELT = TARGET.replace("report.arn", 'report.arn.replace(":report", ":repots")')
PRINCIPALS = {
    '"scheduler.amazonaws.com"': "permission: permission.other-principal",
    '"lambda.amazonaws.com"': "permission: permission.other-principal",
}
SOURCES = {
    "    SourceArn=report.arn,\n": "permission: permission.other-source",
    '    SourceArn=rule_arn + "s",\n': "permission: permission.other-source",
    '    SourceAccount="111122223333",\n': "permission: permission.other-account",
    '    PrincipalOrgID="o-a1b2c3d4e5",\n': "permission: permission.other-condition",
    "": "permission: permission.open",
}
ACTION = {'"lambda:GetFunction"': "permission: permission.other-action"}
CHAIN = {  # what is broken beside the permission, and how that is undone
    'events.disable_rule(Name="nightly-report")': (
        "event source: schedule.disabled",
        'events.enable_rule(Name="nightly-report")',
    ),
    NO_TARGET: ("event source: schedule.no-target", TARGET),
    MISSPELT: ("event source: schedule.other-target", TARGET),
    WITH_INPUT: ("event source: permission.with-input", TARGET),
    'lambda_.put_function_concurrency(FunctionName="report", ReservedConcurrentExecutions=0)': (
        "function: permission.did-not-run",
        'lambda_.delete_function_concurrency(FunctionName="report")',
    ),
}
PERMISSION = (
    *worked.swap("permission", '"events.amazonaws.com"', PRINCIPALS),
    *worked.swap("permission", "    SourceArn=rule_arn,\n", SOURCES),
    *worked.swap("permission", '"lambda:InvokeFunction"', ACTION),
    *(followed("permission", more, *rest) for more, rest in CHAIN.items()),
    worked.cells(
        "permission",
        'may("report", ["lambda:InvokeFunction"], report.arn)',
        says="permission: permission.in-role",
        undo='iam.delete_role_policy(RoleName="report-role", PolicyName="lambda-InvokeFunction")',
    ),
)

DUE = 'due = datetime.fromisoformat(event["time"])'
DUES = {
    "due = datetime.now()": "effect: event-time.wall-clock",
    "due = datetime.now() + timedelta(days=1)": "effect: event-time.wall-clock",
    'due = datetime.fromisoformat(event["day"])': "code: function.raised",
}
DAY = 'f"{due - timedelta(days=1):%Y-%m-%d}"'
DAYS = {
    'f"{due:%Y-%m-%d}"': "effect: event-time.day-of-the-run",
    'f"{due:%Y-%m-}{due.day - 1:02}"': "effect: event-time.other-day",
    "str(due - timedelta(days=1))": "effect: event-time.not-a-day",
}
WRITTEN = "    return write_report(day, orders_of(day))"
OWN_FILE = """\
    from shop import BUCKET, s3
    s3.put_object(Bucket=BUCKET, Key=f"{day}.json", Body=str(orders_of(day)))"""
REPORTS = {
    "    return orders_of(day)": "effect: event-time.no-report",
    "    return write_report(day, [])": "effect: event-time.other-report",
    OWN_FILE: "role: role.denied",
}
EVENT_TIME = (
    *worked.swap("event-time", DUE, DUES),
    *worked.swap("event-time", DAY, DAYS),
    *worked.swap("event-time", WRITTEN, REPORTS),
    not_deployed("event-time"),
    worked.mutate(
        "event-time",
        (DEPLOY, 'lab.deploy("cron/report", environment={"PLACE": bucket})'),
        says="configuration: report.no-bucket",
        undo='lab.deploy("cron/report", environment={"BUCKET": bucket})',
    ),
)

NO_CONDITION = '            ConditionExpression="last_day < :day",\n', ""
SUM = "SET last_day = :day ADD cents :cents"
ADD = "    try:\n" + worked.answer("once")[0].partition("    try:\n")[2]
READ = '    item = table.get_item(Key=KEY, ConsistentRead=True)["Item"]\n'
READ_FIRST = f'{READ}    if item["last_day"] >= day:\n        return\n    try:\n'
ITEM_PUT = f"""\
{READ}    if item["last_day"] < day:
        table.put_item(Item=KEY | {{"last_day": day, "cents": item["cents"] + cents}})"""
CAUGHT = "except table.meta.client.exceptions.ConditionalCheckFailedException"
CONDITIONS = {
    '"last_day <= :day"': "effect: once.twice",
    '"last_day <> :day"': "effect: once.earlier",
    '"attribute_not_exists(book)"': "effect: once.not-added",
}
ADDS = {"    print(day, cents)": "effect: once.not-added", ITEM_PUT: "code: once.beyond"}
ONCE = (
    *worked.swap("once", '"last_day < :day"', CONDITIONS),
    *worked.swap("once", ADD, ADDS),
    worked.mutate("once", NO_CONDITION, says="effect: once.twice"),
    worked.mutate("once", (SUM, "ADD cents :cents"), says="effect: once.twice"),
    worked.mutate("once", ('":day": day,', '":day": day + "T00",'), says="effect: once.last-day"),
    worked.mutate("once", (CAUGHT, "except KeyError"), says="code: once.repeat-fails"),
    worked.mutate(
        "once",
        NO_CONDITION,
        ("    try:\n", READ_FIRST + '        __import__("time").sleep(0.3)\n'),
        says="effect: once.race",
    ),
    worked.mutate(  # all that run at once write the same
        "once",
        NO_CONDITION,
        ("    try:\n", READ_FIRST),
        (SUM, "SET last_day = :day, cents = :cents"),
        ('":cents": cents', '":cents": item["cents"] + cents'),
        says="code: once.gap",
    ),
)

LAST_EVENINGS = {
    '"cron(0 17 31 * ? *)"': "event source: month-end.left-out",
    '"cron(0 17 L JAN-MAY,JUL-DEC ? *)"': "event source: month-end.left-out",
    '"cron(0 17 28 * ? *)"': "event source: month-end.other-day",
    '"cron(0 17 1 * ? *)"': "event source: month-end.other-day",
    '"cron(0 17 28-31 * ? *)"': "event source: month-end.often",
    '"cron(0 17 ? * L *)"': "event source: month-end.saturdays",
    '"cron(0 19 L * ? *)"': "event source: month-end.other-time",
    '"rate(30 days)"': "event source: month-end.a-rate",
    '"cron(0 17 L * * *)"': "event source: schedule.two-days",
    '"cron(0 17 L * ?)"': "event source: schedule.six-fields",
}
INPUT = '"Arn": notice.arn, "Input": text'
INPUTS = {
    '"Arn": notice.arn': "event source: month-end.no-input",
    INPUT + '.replace("text", "notice")': "event source: month-end.other-input",
    INPUT + """.replace('"', "'")""": "event source: schedule.no-target",
    '"Arn": report.arn, "Input": text': "event source: schedule.other-target",
}
NOT_LET_IN = {"pass": "permission: permission.no-policy"}
MONTH_UNDO = (
    NO_RULE.format(rule="month-end", variable="last_evening", target="notice"),
    UNINVITED.format(function="notice", rule="month-end"),
)
NOTICE = "Path('cron/notice.py').write_text({!r})\nlab.deploy('cron/notice.py')"
MUTE = NOTICE.format("def handler(event, context):\n    return event\n")
LOUD = NOTICE.format('def handler(event, context):\n    print("Notice:", event["text"])\n')
MONTH_END = (
    *worked.swap("month-end", '"cron(0 17 L * ? *)"', LAST_EVENINGS, undo=MONTH_UNDO),
    *worked.swap("month-end", INPUT, INPUTS, undo=MONTH_UNDO),
    *worked.swap("month-end", 'let("month-end", "notice")', NOT_LET_IN, undo=MONTH_UNDO),
    followed("month-end", MUTE, "function: month-end.no-notice", (*MONTH_UNDO, LOUD)),
)

FIRST = "day = books.last_day() + timedelta(days=1)"
FIRSTS = {
    "day = due - timedelta(days=1)": "effect: catch-up.only-yesterday",
    "day = due - timedelta(days=7)": "effect: catch-up.gaps",
    "day = books.last_day()": "effect: catch-up.again",
}
LOOPS = {
    "while day <= due:": "effect: catch-up.today-too",
    "while day < due - timedelta(days=1):": "effect: catch-up.gaps",
    "if day < due:": "effect: catch-up.gaps",
    "for n in range(day.day, due.day):\n        day = due.replace(day=n)": "effect: catch-up.gaps",
}
ADDED = 'books.add(str(day), report["cents"])'
FORWARD = "        day += timedelta(days=1)"
DUE_IN_BOOKS = f"""{FORWARD}
    done = {{"UpdateExpression": "SET last_day = :due", "Key": books.KEY}}
    books.table.update_item(**done, ExpressionAttributeValues={{":due": str(due)}})"""
CATCH_UP = (
    *worked.swap("catch-up", FIRST, FIRSTS),
    *worked.swap("catch-up", "while day < due:", LOOPS),
    worked.mutate("catch-up", (ADDED, "pass"), says="effect: catch-up.not-in-books"),
    worked.mutate("catch-up", (FORWARD, DUE_IN_BOOKS), says="effect: catch-up.last-day"),
    worked.mutate(
        "catch-up",
        (FIRST, "last = books.last_day()\n    day = due - timedelta(days=1)"),
        ("while day < due:", "while day > last:"),
        ("day += ", "day -= "),
        says="effect: catch-up.not-in-order",
    ),
    not_deployed("catch-up"),
)

BEGIN = "        if context.get_remaining"
LATE = BEGIN + worked.answer("split")[0].partition(BEGIN)[2].partition("        report =")[0]
AGAIN = "            lambda_.invoke(**again, Payload=json.dumps(event))\n"
MARGINS = {"< 1": "code: split.too-late", "< 3000": "code: split.loop"}
SETTINGS = {
    'lab.deploy("cron/report", timeout=60)': "configuration: split.other-time-out",
    'lab.deploy("cron/report", environment={"BUCKET": bucket})': "configuration: split.other-pace",
}
SETTINGS_BACK = """\
lab.deploy("cron/report", timeout=2, environment={"BUCKET": bucket, "SECONDS_A_DAY": "0.2"})"""
SPLIT = (
    *worked.swap("split", "< 1500", MARGINS),
    *worked.swap("split", DEPLOY, SETTINGS, undo=SETTINGS_BACK),
    worked.mutate("split", (LATE, ""), says="code: split.cut-off"),
    worked.mutate("split", ('"Event"', '"RequestResponse"'), says="code: split.waits"),
    worked.mutate("split", ("json.dumps(event)", "json.dumps({})"), says="code: split.failed"),
    worked.mutate("split", (AGAIN, ""), says="effect: split.stopped"),
    worked.mutate("split", ('report["cents"]', "len(report)"), says="effect: split.not-in-books"),
)

RATES = {
    '"rate(12 hour)"': "event source: schedule.plural",
    '"rate(1 day)"': "event source: cleaner.other-pace",
    '"rate(12 minutes)"': "event source: cleaner.other-pace",
    '"cron(0 12 * * ? 2026)"': "event source: cleaner.other-pace",
}
TEMPLATES = {
    '{"now": "2026-04-22T00:00:00Z", "days": 2}': "effect: cleaner.all-gone",
    '{"now": <now>, "days": 0}': "effect: cleaner.all-gone",
    '{"now": <now>, "days": 20}': "effect: cleaner.none-gone",
    '{"time": <now>, "days": 2}': "event source: cleaner.failed",
    '{"now": <now>, "days": "2"}': "event source: cleaner.failed",
    '{"now": now, "days": 2}': "event source: cleaner.did-not-run",
}
SENT = '"Arn": cleaner.arn, "InputTransformer": transformer'
CONSTANT = """"Arn": cleaner.arn, "Input": '{"now": "2026-04-22T00:00:00Z", "days": 2}'"""
TARGETS = {
    CONSTANT: "event source: cleaner.constant",
    '"Arn": cleaner.arn': "event source: cleaner.whole-event",
    SENT.replace("cleaner", "report"): "event source: schedule.other-target",
}
CLEANER_UNDO = (
    NO_RULE.format(rule="cart-cleaner", variable="twice_a_day", target="cleaner"),
    UNINVITED.format(function="cleaner", rule="cart-cleaner"),
)
CLEANER = (
    *worked.swap("cleaner", '"rate(12 hours)"', RATES, undo=CLEANER_UNDO),
    *worked.swap("cleaner", '{"now": <now>, "days": 2}', TEMPLATES, undo=CLEANER_UNDO),
    *worked.swap("cleaner", SENT, TARGETS, undo=CLEANER_UNDO),
    *worked.swap("cleaner", 'let("cart-cleaner", "cleaner")', NOT_LET_IN, undo=CLEANER_UNDO),
)

ANSWERS = (*NIGHT, *PERMISSION, *EVENT_TIME, *ONCE, *MONTH_END, *CATCH_UP, *SPLIT, *CLEANER)
