"""The answers of the shop, in the form that API Gateway wants."""

import json

from headers import EVERY_ANSWER


class Problem(Exception):
    """Bad news for the caller: a status code, a sentence, and headers if there are any."""

    def __init__(self, status, message, headers=None):
        super().__init__(message)
        self.status, self.headers = status, headers


def number(value):
    """A Decimal as JSON writes it."""
    return int(value) if value % 1 == 0 else float(value)


def reply(status, content, headers=None):
    """An answer with that status code; the content goes out as JSON."""
    body = json.dumps(content, default=number)
    return {"statusCode": status, "headers": EVERY_ANSWER | (headers or {}), "body": body}
