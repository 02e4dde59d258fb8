"""Exercise validate: what comes in is examined before it is used."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from helpers.checks import Diagnosis, Link, Probe, compare, require
from helpers.checks.random_inputs import any_name
from helpers.labs.web_backend.carts import any_cart, any_items, find_cart
from helpers.labs.web_backend.shop import Shop, work_on

FILE = "incoming.py"
MOST = 2000  # bytes
JSON = "application/json"

DONE = "What is not in order is refused with the code that tells why, and never reaches the table."


class Validate(Diagnosis):
    NOT_PARSED = Link.CODE("""
        A request that is in order gets {status}, with the error below. `event["body"]` is a string
        until you read it as JSON: `json.loads(event["body"])`.""")
    GOOD_REFUSED = Link.CODE("""
        A request that is in order gets {status}. The last line of the log is below.""")
    HEADER_CASE = Link.CODE("""
        The header `content-type`, in lower case as browsers write it, gets {status}. Names of
        headers may be written in any case: compare them in lower case.""")
    CHARSET = Link.CODE("""
        `Content-Type: application/json; charset=utf-8` is JSON, too, and gets {status}. Look only
        at what comes before the semicolon.""")
    OTHER_CART = Link.EFFECT("What the cart holds afterwards is not what was sent.")
    NOT_REFUSED = Link.CODE("{what} has to be refused with {wanted}; the answer is {status}.")
    STRING_ACCEPTED = Link.CODE("""
        {what}, a string, is accepted and put into the table, and whoever calculates with it will
        fail. Refuse it with 400: `type(quantity) is int` tells strings and numbers apart.""")
    TRUE_ACCEPTED = Link.CODE("""
        {what} is accepted. In Python `True` counts as a whole number, so `isinstance` lets it pass;
        `type(quantity) is int` does not.""")
    WRITTEN_YET = Link.EFFECT("{what} was refused with {wanted}, and yet it is in the table.")


@dataclass(frozen=True)
class Bad:
    """A request that has to be refused, and what to say if it is accepted instead."""

    what: str
    body: str
    status: int = 400
    kind: str = JSON
    accepted: Diagnosis = Validate.NOT_REFUSED


def check(probe: Probe) -> str:
    with work_on(probe, FILE) as shop:
        _require_accepted(shop, "Content-Type", JSON, Validate.GOOD_REFUSED)
        _require_accepted(shop, "content-type", JSON, Validate.HEADER_CASE)
        _require_accepted(shop, "Content-Type", f"{JSON}; charset=utf-8", Validate.CHARSET)
        for bad in _bad_requests():
            _require_refused(shop, bad)
    return DONE


def _require_accepted(shop: Shop, header: str, kind: str, otherwise: Diagnosis) -> None:
    name, items = any_cart(shop.probe), any_items()
    path, body, headers = f"/carts/{name}", json.dumps({"items": items}), {header: kind}
    answer = shop.ask("PUT", path, body=body, headers=headers)
    if answer.status != 200:
        line = shop.last_line("PUT", path, body=body, headers=headers)
        is_string = "string indices" in line or "'str' object" in line
        if otherwise is Validate.GOOD_REFUSED and is_string:
            otherwise = Validate.NOT_PARSED
        evidence = f"{header}: {kind}\n{answer}\n{line}".strip()
        raise otherwise(evidence, status=answer.status)
    written = find_cart(shop.probe, name).get("items")
    require(written == items, Validate.OTHER_CART, compare(sent=items, written=written))


def _bad_requests() -> Iterator[Bad]:
    name, number = any_name().lower(), any_items().popitem()[1]
    good = json.dumps({"items": {name: number}})
    yield Bad("A body that is not JSON", f"{number} {name}, please")
    yield Bad("A body without `items`", json.dumps({"things": {name: number}}))
    yield Bad("A body that is a list", json.dumps([name, number]))
    yield Bad("A body whose `items` are not a dictionary", json.dumps({"items": [name, number]}))
    yield Bad("An empty body", "")
    special = {str(number): Validate.STRING_ACCEPTED, True: Validate.TRUE_ACCEPTED}
    for value in (*special, 0, -number, 100, number + 0.5, None):
        what, body = f"The quantity {json.dumps(value)}", json.dumps({"items": {name: value}})
        yield Bad(what, body, accepted=special.get(value, Validate.NOT_REFUSED))
    mixed = json.dumps({"items": {name: number, f"{name}-2": "many"}})
    yield Bad("A good quantity with a bad one after it", mixed)
    yield Bad("A body of `text/plain`", good, 415, "text/plain")
    yield Bad("A form", f"{name}={number}", 415, "application/x-www-form-urlencoded")
    long = json.dumps({"items": {name + "a" * MOST: number}})
    yield Bad(f"A body of {len(long):,} bytes", long, 413)
    short = json.dumps({"items": {name + "ü" * (MOST * 2 // 3): number}}, ensure_ascii=False)
    what = f"A body of {len(short):,} characters, {len(short.encode()):,} bytes in UTF-8,"
    yield Bad(what, short, 413)


def _require_refused(shop: Shop, bad: Bad) -> None:
    name, headers = any_cart(shop.probe), {"Content-Type": bad.kind}
    answer = shop.ask("PUT", f"/carts/{name}", body=bad.body.encode(), headers=headers)
    body = bad.body if len(bad.body) < 100 else f"{bad.body[:100]}…"
    evidence = f"Content-Type: {bad.kind}\n{body}\n{answer}"
    words = {"what": bad.what, "wanted": bad.status, "status": answer.status}
    otherwise = bad.accepted if answer.status == 200 else Validate.NOT_REFUSED
    require(answer.status == bad.status, otherwise, evidence, **words)
    require(not find_cart(shop.probe, name), Validate.WRITTEN_YET, evidence, **words)
