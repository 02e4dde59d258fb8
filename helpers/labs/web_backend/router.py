"""Exercise router: 404, 405 and 500 where each is due, and the reason for the last in the log."""

from helpers.checks.links.rest_api import Answer
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.web_backend.decimal import see_products
from helpers.labs.web_backend.shelf import fill_shelf, put_faulty
from helpers.labs.web_backend.shop import Shop, see_work

FILES = ("router.py", "shop.py")
INSIDES = ("Traceback", "File \\", ".py", "Error(", "TypeError", "unsupported operand")

GOOD_FAILS = """\
A request that is in order no longer gets its products. Let what the routes have be answered as \
before."""
NOT_404 = """\
There is no such path, so the answer has to be 404, and it is {status}. `{collection}` decides: is \
it one of `ROUTES`?"""
NO_NAME = """\
A collection alone, without a name after it, is no path of the shop: 404. The answer is {status}."""
PROBLEM_CAUGHT = """\
A `Problem` now gets 500: it is an `Exception`, too. Python takes the first `except` that fits, so \
`except Problem` has to come before `except Exception`."""
NOT_405 = """\
There is such a path, but it has no method `{verb}`: the answer has to be 405, and it is \
{status}."""
NO_ALLOW = """\
A 405 must have a header `Allow` that lists the methods which there are; `{request}` has none. \
Give it to the `Problem` as its third argument: `{{"Allow": ...}}`."""
WRONG_ALLOW = """\
`Allow` has to list the methods of *this* collection, for `{collection}` {methods}. It says \
`{allow}`."""
NOT_CAUGHT = """\
An error that nobody expected still ends the function, and API Gateway answers 502 in its place. \
Catch it in the handler, after `except Problem`, and answer 500."""
NOT_500 = """\
An item with a fault in it is the shop's own mistake: the answer has to be 500, and it is \
{status}."""
TELLS = """\
The answer to an unexpected error tells about your code. Nobody outside needs to know, and some \
look for just that: answer `{"message": "Internal server error"}`, and print the rest."""
NO_MESSAGE = """\
The status is right, 500, but the body is not the object that every other error of the shop has. \
Callers look for its `message`: give `reply` the dictionary `{"message": "Internal server error"}`.\
"""
NO_LOG = """\
An unexpected error is answered with 500, and then it is forgotten: nothing about it is in the \
log. Print `traceback.format_exc()`, or you will never find it."""
DONE = "Callers are told what they did wrong, and only your log tells what you did."


def check(probe: Probe) -> str:
    see_work(probe, FILES, _see)
    return DONE


def _see(shop: Shop) -> None:
    category, shelf = fill_shelf(shop.probe, 1)
    found = shop.ask("GET", f"/products/{category}")
    if found.status != 200:
        raise Incorrect(GOOD_FAILS, link="code", evidence=str(found))
    see_products(found.json, shelf)
    _see_caught(shop)
    _see_unknown(shop)
    _see_405(shop, "products", category, ["GET"])
    _see_405(shop, "carts", shop.probe.unique("check"), ["GET", "PUT"])
    _see_500(shop)


def _see_caught(shop: Shop) -> None:
    """A Problem that was there from the beginning, of a cart that nobody has."""
    answer = _ask(shop, "GET", f"/carts/{shop.probe.unique('check')}")
    if answer.status != 404:
        raise Incorrect(PROBLEM_CAUGHT, link="code", evidence=str(answer))


def _see_unknown(shop: Shop) -> None:
    collection = shop.probe.unique("check")
    answer = _ask(shop, "GET", f"/{collection}/tea")
    if answer.status != 404:
        words = NOT_404.format(status=answer.status, collection=collection)
        raise Incorrect(words, link="code", evidence=str(answer))
    for path in ("/products", "/carts/"):
        answer = _ask(shop, "GET", path)
        if answer.status != 404:
            words = NO_NAME.format(status=answer.status)
            raise Incorrect(words, link="code", evidence=str(answer))


def _see_405(shop: Shop, collection: str, name: str, methods: list[str]) -> None:
    verb = "DELETE" if collection == "carts" else "POST"
    answer = _ask(shop, verb, f"/{collection}/{name}")
    if answer.status != 405:
        words = NOT_405.format(verb=verb, status=answer.status)
        raise Incorrect(words, link="code", evidence=str(answer))
    allow = answer.headers.get("Allow")
    if not allow:
        words = NO_ALLOW.format(request=answer.request)
        raise Incorrect(words, link="result", evidence=str(answer))
    listed = {each.strip().upper() for each in allow.split(",")} - {"OPTIONS", "HEAD"}
    if listed != set(methods):
        words = WRONG_ALLOW.format(
            collection=collection, methods=" and ".join(methods), allow=allow
        )
        raise Incorrect(words, link="result", evidence=f"{answer.request}\nAllow: {allow}")


def _ask(shop: Shop, verb: str, path: str) -> Answer:
    """An answer, be it API Gateway's own: whether errors are caught is looked at in its turn."""
    try:
        return shop.ask(verb, path)
    except Incorrect as error:
        if error.link != "code":
            raise
        return Answer(502, {}, '{"message": "Internal server error"}', f"{verb} {path}")


def _see_500(shop: Shop) -> None:
    path = f"/products/{put_faulty(shop.probe)}"
    answer = _ask(shop, "GET", path)
    if answer.status == 502:
        evidence = f"{answer}\n{shop.invoke('GET', path).error}"
        raise Incorrect(NOT_CAUGHT, link="code", evidence=evidence)
    if answer.status != 500:
        words = NOT_500.format(status=answer.status)
        raise Incorrect(words, link="code", evidence=str(answer))
    if any(each in answer.body for each in INSIDES):
        raise Incorrect(TELLS, link="result", evidence=str(answer))
    if not isinstance(answer.json, dict) or "message" not in answer.json:
        raise Incorrect(NO_MESSAGE, link="result", evidence=str(answer))
    printed = shop.invoke("GET", path).printed
    if "Traceback" not in printed and "Error" not in printed:
        raise Incorrect(NO_LOG, link="log", evidence=printed or "(nothing was printed)")
