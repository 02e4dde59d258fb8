"""What the lab's sheet gives to the learner in the place of a solution.

In the sheet comments and layout may differ; the program may not.
"""

MINUTES = """\
import boto3

table = boto3.resource("dynamodb").Table("clicks_per_minute")


def add(product, minute, clicks):
    \"\"\"Add so many clicks to the item of that product and minute.\"\"\"
"""

CHANGE = """\
def taken(record):
    \"\"\"How many pieces more are in the cart than before this change; negative if fewer.\"\"\"
"""

MARKS = """\
def mark(event_id):
    \"\"\"What the transaction does besides, as a list: remember this event, if it is new.\"\"\"
    return []


def is_repeated(reasons):
    \"\"\"Whether the transaction was called off because the event had been handled before.\"\"\"
"""
