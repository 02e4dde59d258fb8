"""Exercise pages: a long list comes in parts, and a token leads from each to the next."""

import random

from helpers.checks import Diagnosis, Link, Probe, compare, require
from helpers.checks.links.rest_api import Answer
from helpers.labs.web_backend.shelf import fill_shelf, products_in
from helpers.labs.web_backend.shop import Shop, work_on

FILE = "products.py"
LIMIT = 3

DONE = "Every product comes once, in order, page by page, and the last page says that it is last."


class Pages(Diagnosis):
    FAILS = Link.CODE("`{request}` is in order, but is answered with {status} instead of 200.")
    TOO_MANY = Link.CODE("""
        `{request}` asks for {limit} products at most, and gets {number}. Give the `Limit` to the
        query.""")
    NO_NEXT = Link.RESULT("""
        The first page has {limit} of {total} products and no `next`: nobody can get the others.
        Where DynamoDB gives a `LastEvaluatedKey`, there are more.""")
    NOT_OPAQUE = Link.RESULT("""
        `next` has to be a string that can be sent back as it is and tells nothing about the table:
        `token_of` makes one of the `LastEvaluatedKey`.""")
    IGNORED = Link.CODE("""
        The token was sent back as `next`, and the first page came again. Give it to the query as
        its `ExclusiveStartKey`.""")
    DOUBLE = Link.RESULT("""
        Page after page, some products came twice or in another order. Begin every page right after
        the last product of the page before.""")
    LOST = Link.RESULT("""
        Page after page, {missing} of {total} products never came. Begin every page right after the
        last product of the page before.""")
    NO_END = Link.RESULT("""
        The last page has a `next`, too, and so do all after it: whoever follows the tokens never
        comes to an end. There are more only where there is a `LastEvaluatedKey`.""")
    SHORT_NEXT = Link.RESULT("""
        A category of two products fits on one page, and yet there is a `next`. There are more only
        where there is a `LastEvaluatedKey`.""")
    NOT_REFUSED = Link.CODE("""
        A `next` that is not a token gets {status}. Refuse it with 400, as `key_of` does.""")


def check(probe: Probe) -> str:
    with work_on(probe, FILE) as shop:
        category, shelf = fill_shelf(probe, random.randrange(2 * LIMIT + 1, 3 * LIMIT))
        ids = [product["id"] for product in shelf]
        _require_first_page(shop, category, len(ids))
        _require_all_pages(shop, category, ids)
        short, _ = fill_shelf(probe, LIMIT - 1)
        answer, _, token = _page(shop, short)
        require(not token, Pages.SHORT_NEXT, _shown(answer))
        refused = shop.ask("GET", _path(category, "%7Bno-token%7D"))
        refused.require_status(400, Pages.NOT_REFUSED)
    return DONE


def _require_first_page(shop: Shop, category: str, total: int) -> None:
    answer, found, token = _page(shop, category)
    words = {"request": answer.request, "limit": LIMIT, "number": len(found), "total": total}
    require(len(found) <= LIMIT, Pages.TOO_MANY, str(answer), **words)
    require(token, Pages.NO_NEXT, _shown(answer), **words)
    is_opaque = isinstance(token, str) and not any(each in token for each in (category, *found))
    require(is_opaque, Pages.NOT_OPAQUE, _shown(answer))


def _require_all_pages(shop: Shop, category: str, ids: list[str]) -> None:
    """Follow the tokens, as a page does that shows everything."""
    seen: list[str] = []
    token: object = ""
    for _ in range(len(ids)):  # more than enough, and an end if there is none
        answer, found, following = _page(shop, category, token)
        is_again = token and found and found == seen[:LIMIT]
        require(not is_again, Pages.IGNORED, _shown(answer))
        seen, token = seen + found, following
        if not token:
            break
    require(not token, Pages.NO_END, _shown(answer))
    missing, evidence = set(ids) - set(seen), compare(came=" ".join(seen), should_be=" ".join(ids))
    require(not missing, Pages.LOST, evidence, missing=len(missing), total=len(ids))
    require(seen == ids, Pages.DOUBLE, evidence)


def _path(category: str, token: object = "") -> str:
    more = f"&next={token}" if token else ""
    return f"/products/{category}?limit={LIMIT}{more}"


def _page(shop: Shop, category: str, token: object = "") -> tuple[Answer, list[str], object]:
    """Return the answer, the ids of its products, and its token for the next page."""
    answer = shop.ask("GET", _path(category, token))
    answer.require_status(200, Pages.FAILS)
    ids = [str(each.get("id")) for each in products_in(answer.json)]
    return answer, ids, answer.json.get("next")


def _shown(answer: Answer) -> str:
    """Return what a caller goes by: the ids of the page, and the token."""
    ids = " ".join(str(each.get("id")) for each in products_in(answer.json))
    return f"{answer.request}\n{compare(products=ids, next=answer.json.get('next'))}"
