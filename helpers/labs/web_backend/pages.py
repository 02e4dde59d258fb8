"""Exercise pages: a long list comes in parts, and a token leads from each to the next."""

import random
from typing import Any

from helpers.checks.links.rest_api import Answer
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.web_backend.shelf import fill_shelf
from helpers.labs.web_backend.shop import Shop, see_work

FILES = ("products.py",)
LIMIT = 3

FAILS = "`{request}` is answered with {status}. It is in order, so its answer has to be 200."
NO_LIST = "The body has to be an object with the products of the page under the key `products`."
TOO_MANY = """\
`{request}` asks for {limit} products at most, and gets {number}. Hand the `Limit` to the query."""
NO_NEXT = """\
The first page has {limit} of {total} products, and no `next`: nobody can get at the others. Where \
DynamoDB gives a `LastEvaluatedKey`, there are more."""
NOT_OPAQUE = """\
`next` has to be a token that can be sent back as it is, a text that tells nothing about the \
table. `token_of` makes one of the `LastEvaluatedKey`."""
IGNORED = """\
The token was sent back as `next`, and the first page came again: whoever follows the tokens never \
comes to an end. Give it to the query as its `ExclusiveStartKey`."""
DOUBLE = """\
Page after page, some products came twice or in another order. Every page has to begin right after \
the last product of the page before."""
LOST = """\
Page after page, {missing} of {total} products never came. Every page has to begin right after the \
last product of the page before."""
NO_END = """\
The last page has a `next`, too, and so do all after it: whoever follows the tokens never comes to \
an end. Only where there is a `LastEvaluatedKey` are there more."""
SHORT_NEXT = """\
A category of two products fits on one page, and yet there is a `next`. Only where there is a \
`LastEvaluatedKey` are there more."""
NOT_REFUSED = """\
A `next` that is no token has to be refused with 400, as `key_of` does, and gets {status}."""
DONE = "Every product comes once, in order, page by page, and the end is told."


def check(probe: Probe) -> str:
    see_work(probe, FILES, _see)
    return DONE


def _see(shop: Shop) -> None:
    total = random.randrange(2 * LIMIT + 1, 3 * LIMIT)
    category, shelf = fill_shelf(shop.probe, total)
    ids = [product["id"] for product in shelf]
    _see_first(shop, category, total)
    _see_all(shop, category, ids)
    _see_short(shop)
    refused = shop.ask("GET", _path(category, "%7Bno-token%7D"))
    if refused.status != 400:
        said = NOT_REFUSED.format(status=refused.status)
        raise Incorrect(said, link="code", evidence=str(refused))


def _see_first(shop: Shop, category: str, total: int) -> None:
    answer = shop.ask("GET", _path(category))
    found = _ids(answer)
    if len(found) > LIMIT:
        said = TOO_MANY.format(request=answer.request, limit=LIMIT, number=len(found))
        raise Incorrect(said, link="code", evidence=str(answer))
    token = answer.json.get("next")
    if not token:
        said = NO_NEXT.format(limit=LIMIT, total=total)
        raise Incorrect(said, link="result", evidence=_shown(answer))
    if not isinstance(token, str) or any(each in token for each in (category, *found)):
        raise Incorrect(NOT_OPAQUE, link="result", evidence=_shown(answer))


def _see_all(shop: Shop, category: str, ids: list[str]) -> None:
    """Follow the tokens, as a page does that shows everything."""
    seen: list[str] = []
    token: str | None = ""
    for _ in range(len(ids)):  # more than enough, and an end if there is none
        answer = shop.ask("GET", _path(category, token))
        page = _ids(answer)
        if token and page and page == seen[:LIMIT]:
            raise Incorrect(IGNORED, link="code", evidence=_shown(answer))
        seen += page
        token = answer.json.get("next")
        if not token:
            break
    else:
        raise Incorrect(NO_END, link="result", evidence=_shown(answer))
    _compare(seen, ids)


def _compare(seen: list[str], ids: list[str]) -> None:
    evidence = f"came      {' '.join(seen)}\nshould be {' '.join(ids)}"
    if missing := set(ids) - set(seen):
        said = LOST.format(missing=len(missing), total=len(ids))
        raise Incorrect(said, link="result", evidence=evidence)
    if seen != ids:
        raise Incorrect(DOUBLE, link="result", evidence=evidence)


def _see_short(shop: Shop) -> None:
    category, _ = fill_shelf(shop.probe, LIMIT - 1)
    answer = shop.ask("GET", _path(category))
    _ids(answer)
    if answer.json.get("next"):
        raise Incorrect(SHORT_NEXT, link="result", evidence=_shown(answer))


def _path(category: str, token: str | None = "") -> str:
    more = f"&next={token}" if token else ""
    return f"/products/{category}?limit={LIMIT}{more}"


def _ids(answer: Answer) -> list[str]:
    if answer.status != 200:
        said = FAILS.format(request=answer.request, status=answer.status)
        raise Incorrect(said, link="code", evidence=str(answer))
    body: Any = answer.json
    products = body.get("products") if isinstance(body, dict) else None
    if not isinstance(products, list) or not all(isinstance(each, dict) for each in products):
        raise Incorrect(NO_LIST, link="result", evidence=str(answer))
    return [str(each.get("id")) for each in products]


def _shown(answer: Answer) -> str:
    """What a caller goes by: the ids of the page, and the token."""
    return (
        f"{answer.request}\nproducts {' '.join(_ids(answer))}\nnext     {answer.json.get('next')}"
    )
