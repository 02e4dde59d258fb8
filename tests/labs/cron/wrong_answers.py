"""Wrong answers in lab 03."""

from helpers.labs.cron.given import BOOKS_HEAD

from tests.notebooks.answers import WrongAnswer

PUT_RULE = 'events.put_rule(Name="{rule}", ScheduleExpression={variable})'
NO_RULE = """\
for rule_name in ("{rule}", "{other}"):
    try:
        events.remove_targets(Rule=rule_name, Ids=["{id}", "1"])
        events.delete_rule(Name=rule_name)
    except events.exceptions.ResourceNotFoundException:
        pass
{variable} = None"""
DEPLOY = 'lab.deploy("cron/report")'

# night

NIGHT_UNDO = NO_RULE.format(
    rule="nightly-report", other="nightly_report", variable="nightly", id="report"
)


def night(name: str, message: str, expression: str, rule: str = "nightly-report") -> WrongAnswer:
    cells = (f"nightly = {expression!r}\n" + PUT_RULE.format(rule=rule, variable="nightly"),)
    return WrongAnswer("night", name, cells, message, (NIGHT_UNDO,))


NIGHTS = (
    night("five fields", "has six fields, and this one has 5", "cron(0 1 * * *)"),
    night("both day fields set", "one of the two has to be `?`", "cron(0 1 * * * *)"),
    night("neither day field set", "one of the two has to be `?`", "cron(0 1 ? * ? *)"),
    night("local time", "03:00 in winter and 04:00 in summer", "cron(0 2 * * ? *)"),
    night("summer time", "01:00 in winter and 02:00 in summer", "cron(0 0 * * ? *)"),
    night("two hours behind", "00:00 in winter and 01:00 in summer", "cron(0 23 * * ? *)"),
    night("fields turned round", "01:01 in winter and 02:01 in summer", "cron(1 0 * * ? *)"),
    night("every minute of the hour", "fires 60 times in one night", "cron(* 1 * * ? *)"),
    night("working days", "leaves nights out", "cron(0 1 ? * MON-FRI *)"),
    night("this year only", "never fires", "cron(0 1 * * ? 2026)"),
    night("a rate", "counts from the moment", "rate(1 day)"),
    night("rate of one days", "`rate(1 day)` for one", "rate(1 days)"),
    night("an hour 25", "The field for the hours can't be `25`", "cron(0 25 * * ? *)"),
    night("no word before the brackets", "is not a schedule", "0 1 * * ? *"),
    night("another name", "must be called `nightly-report`", "cron(0 1 * * ? *)", "nightly_report"),
    WrongAnswer(
        "night",
        "only the variable",
        ('nightly = "cron(0 1 * * ? *)"',),
        "there is no rule `nightly-report`",
        (NIGHT_UNDO,),
    ),
    WrongAnswer(
        "night",
        "disabled",
        (
            'nightly = "cron(0 1 * * ? *)"\n'
            'events.put_rule(Name="nightly-report", ScheduleExpression=nightly, State="DISABLED")',
        ),
        "is disabled: it never fires",
        (NIGHT_UNDO,),
    ),
)

# permission

UNINVITED = """\
for statement in ("from-nightly", "mine"):
    try:
        lambda_.remove_permission(FunctionName="report", StatementId=statement)
    except lambda_.exceptions.ResourceNotFoundException:
        pass"""
RIGHT = {
    "FunctionName": '"report"',
    "StatementId": '"mine"',
    "Action": '"lambda:InvokeFunction"',
    "Principal": '"events.amazonaws.com"',
    "SourceArn": "rule_arn",
}
TARGET = 'events.put_targets(Rule="nightly-report", Targets=[{"Id": "report", "Arn": report.arn}])'
NO_TARGET = 'events.remove_targets(Rule="nightly-report", Ids=["report"])'


def invite(
    name: str, message: str, *more: str, undo: tuple[str, ...] = (), **changed: str
) -> WrongAnswer:
    arguments = ", ".join(f"{key}={value}" for key, value in (RIGHT | changed).items())
    cells = (f"lambda_.add_permission({arguments})", *more)
    return WrongAnswer("permission", name, cells, message, (UNINVITED, *undo))


INVITATIONS = (
    invite("the wrong service", "The principal has to be", Principal='"scheduler.amazonaws.com"'),
    invite("Lambda itself", "The principal has to be", Principal='"lambda.amazonaws.com"'),
    invite("on behalf of the function", "only for another source", SourceArn="report.arn"),
    invite("a rule misspelt", "only for another source", SourceArn='rule_arn + "s"'),
    WrongAnswer(
        "permission",
        "for every rule of every account",
        (
            'lambda_.add_permission(FunctionName="report", StatementId="mine", '
            'Action="lambda:InvokeFunction", Principal="events.amazonaws.com")',
        ),
        "every rule of every account",
        (UNINVITED,),
    ),
    invite("another action", "for the action", Action='"lambda:GetFunction"'),
    WrongAnswer(
        "permission",
        "given to the role",
        ('may("report", ["lambda:InvokeFunction"], report.arn)',),
        "permission to the function's *role*",
        ('iam.delete_role_policy(RoleName="report-role", PolicyName="lambda-InvokeFunction")',),
    ),
    invite(
        "rule disabled",
        "is disabled: it never fires",
        'events.disable_rule(Name="nightly-report")',
        undo=('events.enable_rule(Name="nightly-report")',),
    ),
    invite("no target", "it has no target", NO_TARGET, undo=(TARGET,)),
    invite(
        "another function as a target",
        "does not call the function `report`",
        TARGET.replace("report.arn", 'report.arn.replace(":report", ":repots")'),
        undo=(TARGET,),
    ),
    invite(
        "a constant for the event",
        "the time is lost with",
        TARGET.replace("report.arn}", 'report.arn, "Input": "{}"}'),
        undo=(TARGET,),
    ),
)

# event-time

EVENT_TIME_HEAD = """\
%%writefile cron/report/report.py
from datetime import UTC, date, datetime, timedelta

from shop import orders_of, write_report


def handler(event, context):
"""


def report(
    exercise: str, head: str, name: str, message: str, body: str, *, deploy: str = DEPLOY
) -> WrongAnswer:
    """report.py, of this head and body, deployed."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    cells = (head + lines.rstrip("\n"), *([deploy] if deploy else []))
    return WrongAnswer(exercise, name, cells, message)


def event_time(name: str, message: str, body: str, *, deploy: str = DEPLOY) -> WrongAnswer:
    return report("event-time", EVENT_TIME_HEAD, name, message, body, deploy=deploy)


WRITE = "return write_report(day, orders_of(day))"
DUE = 'due = datetime.fromisoformat(event["time"])\n'
EVENT_TIMES = (
    event_time(
        "the wall clock, in UTC",
        "the clock on the wall",
        f"day = str(datetime.now(UTC).date() - timedelta(days=1))\n{WRITE}",
    ),
    event_time(
        "the wall clock, today",
        "the clock on the wall",
        f"day = str(date.today())\n{WRITE}",
    ),
    event_time(
        "the day of the run",
        "the report is on the day *before*",
        f'{DUE}day = f"{{due:%Y-%m-%d}}"\n{WRITE}',
    ),
    event_time(
        "one taken from the number",
        "Mind that months and years end",
        f'{DUE}day = f"{{due:%Y-%m-}}{{due.day - 1:02}}"\n{WRITE}',
    ),
    event_time(
        "a time for a day",
        "wants the day alone",
        f"{DUE}day = str(due - timedelta(days=1))\n{WRITE}",
    ),
    event_time("nothing written", "none was written", f"{DUE}return orders_of(str(due.date()))"),
    event_time(
        "a file of its own, where its role does not let it",
        "AWS did not let `report-role` do this: `s3:PutObject`",
        f"{DUE}day = str(due.date() - timedelta(days=1))\n"
        "import json\n"
        "from shop import BUCKET, s3\n"
        'return s3.put_object(Bucket=BUCKET, Key=f"{day}.json", Body=json.dumps(orders_of(day)))',
    ),
    event_time("no such key", "stopped with the error", f'day = event["day"]\n{WRITE}'),
    event_time(
        "the report by hand",
        "it is not what `write_report` makes",
        f"{DUE}day = str(due.date() - timedelta(days=1))\nreturn write_report(day, [])",
    ),
    event_time(
        "not deployed",
        "has changed since it was deployed",
        f"{DUE}day = str(due.date() - timedelta(days=1))\n{WRITE}",
        deploy="",
    ),
)

# once

UPDATE = """\
    table.update_item(
        Key=KEY,
        UpdateExpression="SET last_day = :day ADD cents :cents",
        ExpressionAttributeValues={":day": day, ":cents": cents},
    )
"""
CONDITIONAL = UPDATE.replace(
    "        Expr", '        ConditionExpression="{condition}",\n        Expr'
)
CAUGHT = """\
    try:
{update}
    except table.meta.client.exceptions.ConditionalCheckFailedException:
        print(day)
"""


def once(name: str, message: str, body: str) -> WrongAnswer:
    file = f"%%writefile cron/report/books.py\n{BOOKS_HEAD}\n\ndef add(day, cents):\n{body}"
    return WrongAnswer("once", name, (file.rstrip("\n"), DEPLOY), message)


def caught(condition: str) -> str:
    update = CONDITIONAL.replace("{condition}", condition)
    return CAUGHT.format(update="".join(f"    {line}\n" for line in update.splitlines()))


ONCES = (
    once("as it was, in other words", "have counted it twice", f"    day = str(day)\n{UPDATE}"),
    once(
        "repetition fails",
        "The second one fails",
        CONDITIONAL.replace("{condition}", "last_day < :day"),
    ),
    once("lets the same day pass", "have counted it twice", caught("last_day <= :day")),
    once("only the same day", "A day that is *not later*", caught("last_day <> :day")),
    once("never", "should say", caught("attribute_not_exists(book)")),
    once(
        "reads first, then writes",
        "etween reading `last_day` and writing",
        f"    if str(last_day()) >= day:\n        return\n{UPDATE}",
    ),
    once(
        "last_day forgotten",
        "have counted it twice",
        caught("last_day < :day").replace("SET last_day = :day ADD", "ADD"),
    ),
    once(
        "the whole item put",
        "`books.py` asks AWS for `dynamodb:PutItem`",
        "    item = table.get_item(Key=KEY, ConsistentRead=True)['Item']\n"
        "    if item['last_day'] < day:\n"
        "        table.put_item(Item=KEY | {'last_day': day, 'cents': item['cents'] + cents})\n",
    ),
    once("nothing added", "should say", "    print(day, cents)\n"),
)

# month-end

MONTH_UNDO = (
    NO_RULE.format(rule="month-end", other="month_end", variable="last_evening", id="notice"),
    'try:\n    lambda_.remove_permission(FunctionName="notice", StatementId="from-month-end")\n'
    "except lambda_.exceptions.ResourceNotFoundException:\n    pass",
)
INPUT = """json.dumps({"text": "Stock-taking tonight"})"""


def month_end(
    name: str,
    message: str,
    expression: str = "cron(0 17 L * ? *)",
    *,
    target: str = f'{{"Id": "notice", "Arn": notice.arn, "Input": {INPUT}}}',
    let: str = 'let("month-end", "notice")',
) -> WrongAnswer:
    cell = f"""\
last_evening = {expression!r}
events.put_rule(Name="month-end", ScheduleExpression=last_evening)
events.put_targets(Rule="month-end", Targets=[{target}])
{let}"""
    return WrongAnswer("month-end", name, (cell,), message, MONTH_UNDO)


MONTH_ENDS = (
    month_end("the 31st", "In February 2027 this rule does not fire", "cron(0 17 31 * ? *)"),
    month_end("the 28th", "fires on day 28", "cron(0 17 28 * ? *)"),
    month_end("28 to 31", "this rule fires 4 times", "cron(0 17 28-31 * ? *)"),
    month_end("the first", "fires on day 1", "cron(0 17 1 * ? *)"),
    month_end("the last of the week", "every Saturday", "cron(0 17 ? * L *)"),
    month_end("both day fields set", "one of the two has to be `?`", "cron(0 17 L * * *)"),
    month_end("five fields", "has six fields", "cron(0 17 L * ?)"),
    month_end("Berlin's time", "fires at 19:00 UTC", "cron(0 19 L * ? *)"),
    month_end("a rate", "months have 28 to 31", "rate(30 days)"),
    month_end("no input", "no constant `Input`", target='{"Id": "notice", "Arn": notice.arn}'),
    month_end(
        "an input that is not JSON",
        "it has no target",
        target="""{"Id": "notice", "Arn": notice.arn, "Input": "{'text': 'Stop'}"}""",
    ),
    month_end(
        "another text",
        "should be the JSON text of",
        target=f'{{"Id": "notice", "Arn": notice.arn, "Input": {INPUT.replace("text", "notice")}}}',
    ),
    month_end(
        "another function",
        "does not call the function `notice`",
        target=f'{{"Id": "1", "Arn": report.arn, "Input": {INPUT}}}',
    ),
    month_end("not let in", "may not invoke `notice`", let="pass"),
)

# catch-up

CATCH_UP_HEAD = """\
%%writefile cron/report/report.py
from datetime import date, timedelta

import books
from shop import orders_of, write_report


def handler(event, context):
"""
FROM_EVENT = 'due = date.fromisoformat(event["time"][:10])\n'
FIRST = "day = books.last_day() + timedelta(days=1)\n"
ONE_DAY = """\
    report = write_report(str(day), orders_of(str(day)))
    books.add(str(day), report["cents"])
    day += timedelta(days=1)
"""


def catch_up(name: str, message: str, body: str, deploy: str = DEPLOY) -> WrongAnswer:
    return report("catch-up", CATCH_UP_HEAD, name, message, body, deploy=deploy)


CATCH_UPS = (
    catch_up(
        "yesterday alone",
        "reported on yesterday alone",
        f"{FROM_EVENT}day = due - timedelta(days=1)\nif day > books.last_day():\n{ONE_DAY}",
    ),
    catch_up(
        "the last seven days",
        "got no report",
        f"{FROM_EVENT}day = due - timedelta(days=7)\nwhile day < due:\n{ONE_DAY}",
    ),
    catch_up(
        "up to today",
        "which had only just begun",
        f"{FROM_EVENT}{FIRST}while day <= due:\n{ONE_DAY}",
    ),
    catch_up(
        "the last day done once more",
        "got another one",
        f"{FROM_EVENT}day = books.last_day()\nwhile day < due:\n{ONE_DAY}",
    ),
    catch_up(
        "stops a day too early",
        "got no report",
        f"{FROM_EVENT}{FIRST}while day < due - timedelta(days=1):\n{ONE_DAY}",
    ),
    catch_up(
        "one day only",
        "got no report",
        f"{FROM_EVENT}{FIRST}if day < due:\n{ONE_DAY}",
    ),
    catch_up(
        "not added to the books",
        "Each day has to be added",
        f"{FROM_EVENT}{FIRST}while day < due:\n"
        + ONE_DAY.replace('    books.add(str(day), report["cents"])\n', ""),
    ),
    catch_up(
        "the newest first",
        "begin with the oldest",
        f"{FROM_EVENT}day = due - timedelta(days=1)\nlast = books.last_day()\nwhile day > last:\n"
        + ONE_DAY.replace("day +=", "day -="),
    ),
    catch_up(
        "by the number of the day",
        "got no report",
        f"{FROM_EVENT}last = books.last_day()\n"
        "for number in range(last.day + 1, due.day):\n"
        "    day = due.replace(day=number)\n" + ONE_DAY,
    ),
    catch_up(
        "not deployed",
        "has changed since it was deployed",
        f"{FROM_EVENT}{FIRST}while day < due:\n{ONE_DAY}",
        deploy="",
    ),
)

# split

SPLIT_HEAD = """\
%%writefile cron/report/report.py
import json
from datetime import date, timedelta

import books
import boto3
from shop import orders_of, write_report

lambda_ = boto3.client("lambda")


def handler(event, context):
"""
IF_LATE = """\
    if context.get_remaining_time_in_millis() < {least}:
        lambda_.invoke(FunctionName=context.function_name, InvocationType="{kind}", Payload={event})
        return
"""


def split(name: str, message: str, *late: str, deploy: str = DEPLOY) -> WrongAnswer:
    body = f"{FROM_EVENT}{FIRST}while day < due:\n{''.join(late)}{ONE_DAY}"
    return report("split", SPLIT_HEAD, name, message, body, deploy=deploy)


def if_late(least: int = 1500, kind: str = "Event", event: str = "json.dumps(event)") -> str:
    return IF_LATE.format(least=least, kind=kind, event=event)


SPLITS = (
    split("as before", "Cut off by the time-out"),
    split("too late", "although your function looks at the time", if_late(least=1)),
    split(
        "waits for the rest", "An old run waits for the new one", if_late(kind="RequestResponse")
    ),
    split("without the event", "stopped with the error below", if_late(event="json.dumps({})")),
    split(
        "gives up",
        "nobody went on",
        "    if context.get_remaining_time_in_millis() < 1000:\n        return\n",
    ),
    WrongAnswer(
        "split",
        "raises the time-out",
        (
            SPLIT_HEAD
            + f"    {FROM_EVENT}    {FIRST}    while day < due:\n"
            + "".join(f"    {line}\n" for line in ONE_DAY.splitlines()).rstrip("\n"),
            'lab.deploy("cron/report", timeout=60)',
        ),
        "puts the wall further off",
        ('lab.deploy("cron/report", timeout=2)',),
    ),
    WrongAnswer(
        "split",
        "makes the work shorter",
        (
            SPLIT_HEAD
            + f"    {FROM_EVENT}    {FIRST}    while day < due:\n"
            + "".join(f"    {line}\n" for line in ONE_DAY.splitlines()).rstrip("\n"),
            'lab.deploy("cron/report", environment={"BUCKET": bucket})',
        ),
        "`SECONDS_A_DAY` has to stay",
        ('lab.deploy("cron/report", environment={"BUCKET": bucket, "SECONDS_A_DAY": "0.2"})',),
    ),
    WrongAnswer(
        "split",
        "without end",
        (
            SPLIT_HEAD
            + "    lambda_.invoke(FunctionName=context.function_name, InvocationType='Event',"
            " Payload=json.dumps(event))",
            DEPLOY,
        ),
        "stopped as a loop",
    ),
)

# cleaner

CLEANER_UNDO = (
    NO_RULE.format(rule="cart-cleaner", other="cart_cleaner", variable="twice_a_day", id="cleaner"),
    'try:\n    lambda_.remove_permission(FunctionName="cleaner", StatementId="from-cart-cleaner")\n'
    "except lambda_.exceptions.ResourceNotFoundException:\n    pass",
)
TRANSFORMER = """\
"InputTransformer": {"InputPathsMap": {"now": "$.time"}, \
"InputTemplate": '{"now": <now>, "days": 2}'}"""


def cleaner(
    name: str,
    message: str,
    expression: str = "rate(12 hours)",
    *,
    sent: str = TRANSFORMER,
    function: str = "cleaner",
    let: str = 'let("cart-cleaner", "cleaner")',
) -> WrongAnswer:
    cell = f"""\
twice_a_day = {expression!r}
events.put_rule(Name="cart-cleaner", ScheduleExpression=twice_a_day)
target = {{"Id": "cleaner", "Arn": {function}.arn, {sent}}}
events.put_targets(Rule="cart-cleaner", Targets=[target])
{let}"""
    return WrongAnswer("cleaner", name, (cell,), message, CLEANER_UNDO)


CLEANERS = (
    cleaner("twelve hour", "`rate(2 hours)` for more than one", "rate(12 hour)"),
    cleaner("once a day", "every 12 hours is asked for", "rate(1 day)"),
    cleaner("every minute", "every 12 hours is asked for", "rate(12 minutes)"),
    cleaner(
        "a constant",
        "a time that is written into it stands still",
        sent="""\
"Input": json.dumps({"now": "2026-04-22T00:00:00Z", "days": 2})""",
    ),
    cleaner(
        "a time that stands still",
        "also removed carts",
        sent="""\
"InputTransformer": {"InputTemplate": '{"now": "2026-04-22T00:00:00Z", "days": 2}'}""",
    ),
    cleaner("the whole event", "The target sends the whole event", sent=""),
    cleaner(
        "another name in the template",
        "stopped with an error",
        sent=TRANSFORMER.replace('{"now": <now>', '{"time": <now>'),
    ),
    cleaner(
        "twenty days", "left carts that had not been touched", sent=TRANSFORMER.replace("2}", "20}")
    ),
    cleaner("no days", "also removed carts", sent=TRANSFORMER.replace("2}", "0}")),
    cleaner("days as a text", "stopped with an error", sent=TRANSFORMER.replace("2}", '"2"}')),
    cleaner("another function", "does not call the function `cleaner`", function="report"),
    cleaner("not let in", "may not invoke `cleaner`", let="pass"),
)

ANSWERS = (
    *NIGHTS,
    *INVITATIONS,
    *EVENT_TIMES,
    *ONCES,
    *MONTH_ENDS,
    *CATCH_UPS,
    *SPLITS,
    *CLEANERS,
)
