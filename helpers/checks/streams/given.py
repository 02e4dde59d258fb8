"""What the lab's sheet gives to the learner in the place of a solution.

In the sheet comments and layout may differ; the program may not.
"""

MINUTES = """\
import boto3

table = boto3.resource("dynamodb").Table("clicks_per_minute")


def add(product, minute, clicks):
    pass
"""

CHANGE = """\
def taken(record):
    pass
"""

MARKS = """\
def mark(event_id):
    return []


def is_repeated(reasons):
    pass
"""
