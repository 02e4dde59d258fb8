"""Exercise validate: what comes in is looked at before it is worked with."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from helpers.checks.links.rest_api import Answer
from helpers.checks.random_inputs import any_name
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.web_backend.carts import any_cart, any_items, cart_row
from helpers.labs.web_backend.shop import Shop, last_line, see_work

FILES = ("incoming.py",)
MOST = 2000  # bytes

NOT_PARSED = """\
A request that is in order gets {status}. `event["body"]` is a text as long as nobody has read it \
as JSON: `json.loads(event["body"])`. The last line of the log is below."""
GOOD_FAILS = "A request that is in order gets {status}. The last line of the log is below."
HEADER_CASE = """\
A request with the header `content-type`, in lower case as browsers write it, gets {status}. \
Names of headers may be written in any case: compare them in lower case."""
CHARSET = """\
`Content-Type: application/json; charset=utf-8` is JSON, too, and gets {status}. Look only at what \
stands before the semicolon."""
WRITTEN_ELSE = "What stands in the cart afterwards is not what was sent."
REFUSED = "{what} has to be refused with {wanted}; the answer is {status}."
TEXT_TAKEN = """\
The quantity {value}, a text, is taken and put into the table. Who calculates with it later will \
fail, far from here. Refuse it with 400: `type(quantity) is int` tells texts and numbers apart."""
BOOL_TAKEN = """\
The quantity `true` is taken. In Python `True` counts as a whole number, so `isinstance` lets it \
pass; `type(quantity) is int` does not."""
WRITTEN_YET = "{what} was refused with {wanted}, and yet something stands in the table."
DONE = "What is not in order is refused with the code that tells why, and never reaches the table."


@dataclass(frozen=True)
class Bad:
    """A request that has to be refused: with what status, and what is wrong with it, in words."""

    what: str
    status: int
    body: str
    kind: str = "application/json"


def check(probe: Probe) -> str:
    see_work(probe, FILES, _see)
    return DONE


def _see(shop: Shop) -> None:
    _see_good(shop, "Content-Type: application/json", GOOD_FAILS)
    _see_good(shop, "content-type: application/json", HEADER_CASE)
    _see_good(shop, "Content-Type: application/json; charset=utf-8", CHARSET)
    for bad in _bad_requests():
        _see_refused(shop, bad)


def _see_good(shop: Shop, header: str, words: str) -> None:
    name, items = any_cart(shop.probe), any_items()
    key, _, value = header.partition(": ")
    request: dict[str, Any] = {"body": json.dumps({"items": items}), "headers": {key: value}}
    answer = shop.ask("PUT", f"/carts/{name}", **request)
    if answer.status != 200:
        last = _last_line(shop, f"/carts/{name}", request)
        if words is GOOD_FAILS and ("string indices" in last or "'str' object" in last):
            words = NOT_PARSED
        said = words.format(status=answer.status)
        raise Incorrect(said, link="code", evidence=f"{header}\n{answer}\n{last}".strip())
    written = (cart_row(shop.probe, name) or {}).get("items")
    if written != items:
        evidence = f"sent    {items}\nwritten {written}"
        raise Incorrect(WRITTEN_ELSE, link="effect", evidence=evidence)


def _last_line(shop: Shop, path: str, request: dict[str, Any]) -> str:
    """What the function printed last about such a request."""
    return last_line(shop.invoke("PUT", path, **request))


def _bad_requests() -> Iterator[Bad]:
    name, number = any_name().lower(), any_items().popitem()[1]
    good = json.dumps({"items": {name: number}})
    yield Bad("a body that is not JSON", 400, f"{number} {name}, please")
    yield Bad("a body without `items`", 400, json.dumps({"things": {name: number}}))
    yield Bad("a body that is a list", 400, json.dumps([name, number]))
    yield Bad("a body whose `items` are no dictionary", 400, json.dumps({"items": [name, number]}))
    yield Bad("an empty body", 400, "")
    for value in (str(number), True, 0, -number, 100, number + 0.5, None):
        shown = json.dumps(value)
        yield Bad(f"the quantity {shown}", 400, json.dumps({"items": {name: value}}))
    mixed = json.dumps({"items": {name: number, f"{name}-2": "many"}})
    yield Bad("a good quantity with a bad one after it", 400, mixed)
    yield Bad("a body of `text/plain`", 415, good, "text/plain")
    yield Bad("a form", 415, f"{name}={number}", "application/x-www-form-urlencoded")
    long = json.dumps({"items": {name + "a" * MOST: number}})
    yield Bad(f"a body of {len(long):,} bytes", 413, long)
    letters = json.dumps({"items": {name + "ü" * (MOST * 2 // 3): number}}, ensure_ascii=False)
    what = f"a body of {len(letters):,} letters, {len(letters.encode()):,} bytes in UTF-8,"
    yield Bad(what, 413, letters)


def _see_refused(shop: Shop, bad: Bad) -> None:
    name = any_cart(shop.probe)
    request: dict[str, Any] = {"headers": {"Content-Type": bad.kind}}
    answer = shop.ask("PUT", f"/carts/{name}", body=bad.body.encode(), **request)
    what = bad.what[0].upper() + bad.what[1:]
    if answer.status != bad.status:
        said = _taken(bad, answer) or REFUSED.format(
            what=what, wanted=bad.status, status=answer.status
        )
        raise Incorrect(said, link="code", evidence=_shown(bad, answer))
    if cart_row(shop.probe, name):
        said = WRITTEN_YET.format(what=what, wanted=bad.status)
        raise Incorrect(said, link="effect", evidence=_shown(bad, answer))


def _taken(bad: Bad, answer: Answer) -> str:
    """What to say of a quantity that should not have been taken, if there is more to say."""
    if answer.status != 200 or not bad.what.startswith("the quantity"):
        return ""
    value = bad.what.removeprefix("the quantity ")
    if value.startswith('"'):
        return TEXT_TAKEN.format(value=value)
    return BOOL_TAKEN if value == "true" else ""


def _shown(bad: Bad, answer: Answer) -> str:
    body = bad.body if len(bad.body) < 100 else f"{bad.body[:100]}…"
    return f"Content-Type: {bad.kind}\n{body}\n{answer}"
