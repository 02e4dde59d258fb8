"""What the sheet's exercises begin with, as it is deployed before the learner writes in it."""

REPORT_BY_THE_WALL = """\
from datetime import datetime, timedelta
from shop import orders_of, write_report
def handler(event, context):
    yesterday = datetime.now() - timedelta(days=1)
    day = f"{yesterday:%Y-%m-%d}"
    return write_report(day, orders_of(day))
"""
REPORT_STUB = """\
from datetime import datetime, timedelta
from shop import orders_of, write_report
def handler(event, context):
    pass
"""
BOOKS_HEAD = '''\
from datetime import date
import boto3
table = boto3.resource("dynamodb").Table("books")
KEY = {"book": "revenue"}
def last_day():
    """The day up to which the books are complete."""
    return date.fromisoformat(table.get_item(Key=KEY, ConsistentRead=True)["Item"]["last_day"])
'''
BOOKS_ADDING = f'''\
{BOOKS_HEAD}
def add(day, cents):
    """Add what was earned on a day such as "2026-03-30"."""
    table.update_item(
        Key=KEY,
        UpdateExpression="SET last_day = :day ADD cents :cents",
        ExpressionAttributeValues={{":day": day, ":cents": cents}},
    )
'''
BOOKS_STUB = f'''\
{BOOKS_HEAD}
def add(day, cents):
    """Add what was earned on a day such as "2026-03-30", unless it is in the books already."""
    pass
'''
REPORT_OF_YESTERDAY = """\
from datetime import datetime, timedelta
import books
from shop import orders_of, write_report
def handler(event, context):
    due = datetime.fromisoformat(event["time"])
    day = f"{due - timedelta(days=1):%Y-%m-%d}"
    report = write_report(day, orders_of(day))
    books.add(day, report["cents"])
    return report
"""
CATCH_UP_STUB = """\
from datetime import date, timedelta
import books
from shop import orders_of, write_report
def handler(event, context):
    due = date.fromisoformat(event["time"][:10])
    pass
"""
SPLIT_STUB = """\
import json
from datetime import date, timedelta
import books
import boto3
from shop import orders_of, write_report
lambda_ = boto3.client("lambda")
def handler(event, context):
    due = date.fromisoformat(event["time"][:10])
    pass
"""
