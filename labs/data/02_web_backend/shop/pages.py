"""What a caller says about pages, and the token that leads from one page to the next."""

import base64

from answers import Problem


def limit_of(wishes):
    """How many products a page may have."""
    limit = wishes.get("limit", "20")
    if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit) <= 100):
        raise Problem(400, "limit is a whole number from 1 to 100")
    return int(limit)


def token_of(key):
    """The place where a page ended, as a text that nobody needs to understand."""
    return base64.urlsafe_b64encode(key["id"].encode()).decode()


def key_of(category, token):
    """That place again. What is no token is refused."""
    try:
        place = base64.b64decode(token, altchars="-_", validate=True).decode()
    except ValueError:
        place = ""
    if not place:
        raise Problem(400, "next is the token that came with the page before")
    return {"category": category, "id": place}
