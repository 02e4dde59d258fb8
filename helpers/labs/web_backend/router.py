"""Exercise router: 404, 405 and 500 where each is due, and the reason for the last in the log."""

from helpers.checks import Diagnosis, Incorrect, Link, Probe, compare, require
from helpers.checks.links.rest_api import Answer
from helpers.labs.web_backend.shelf import fill_shelf, put_faulty, require_products
from helpers.labs.web_backend.shop import Shop, work_on

FILES = ("router.py", "shop.py")
INSIDES = ("Traceback", "File \\", ".py", "Error(", "TypeError", "unsupported operand")

DONE = "Callers are told what they did wrong, and only your log tells what you did."


class Router(Diagnosis):
    GOOD_FAILS = Link.CODE("""
        A request that is in order gets {status} instead of its products. Answer it as before.""")
    NOT_404 = Link.CODE("""
        There is no such path, so the answer has to be 404, and it is {status}. `{collection}`
        decides: is it one of `ROUTES`?""")
    NO_NAME = Link.CODE("""
        A collection alone, without a name after it, is not a path of the shop: 404. The answer is
        {status}.""")
    PROBLEM_CAUGHT = Link.CODE("""
        A `Problem` now gets {status}: it is an `Exception`, too. Python takes the first `except`
        that fits, so `except Problem` has to come before `except Exception`.""")
    NOT_405 = Link.CODE("""
        The path is right, but it has no method `{verb}`: the answer has to be 405, and it is
        {status}.""")
    NO_ALLOW = Link.RESULT("""
        A 405 needs a header `Allow` with the methods that there are; `{request}` gets none. It is
        the third argument of `Problem`: `{{"Allow": ...}}`.""")
    WRONG_ALLOW = Link.RESULT("""
        `Allow` has to list the methods of *this* collection, for `{collection}` {methods}. It says
        `{allow}`.""")
    NOT_CAUGHT = Link.CODE("""
        An unexpected error still ends the function, and API Gateway answers 502 in its place. Catch
        it in the handler, after `except Problem`, and answer 500.""")
    NOT_500 = Link.CODE("""
        An item that can't become JSON is the shop's own mistake, so the answer has to be 500, and
        it is {status}.""")
    TELLS = Link.RESULT("""
        The answer to an unexpected error tells about your code, and some look for just that. Answer
        `{{"message": "Internal server error"}}`, and print the rest.""")
    NO_MESSAGE = Link.RESULT("""
        The status is right, 500, but the body lacks the `message` of the shop's other errors.
        Give `reply` the dictionary `{{"message": "Internal server error"}}`.""")
    NO_LOG = Link.CODE("""
        An unexpected error is answered with 500, and then nothing about it is in the log. Print
        `traceback.format_exc()`, or you will never find it.""")


def check(probe: Probe) -> str:
    with work_on(probe, *FILES) as shop:
        category, shelf = fill_shelf(probe, 1)
        found = shop.ask("GET", f"/products/{category}")
        found.require_status(200, Router.GOOD_FAILS)
        require_products(found.json, shelf)
        nobodys = f"/carts/{probe.unique('check')}"  # a Problem of the code as it was given
        _ask(shop, "GET", nobodys).require_status(404, Router.PROBLEM_CAUGHT)
        unknown = probe.unique("check")
        _ask(shop, "GET", f"/{unknown}/tea").require_status(404, Router.NOT_404, collection=unknown)
        for path in ("/products", "/carts/"):
            _ask(shop, "GET", path).require_status(404, Router.NO_NAME)
        _require_405(shop, "POST", "products", category, ["GET"])
        _require_405(shop, "DELETE", "carts", probe.unique("check"), ["GET", "PUT"])
        _require_500(shop)
    return DONE


def _ask(shop: Shop, verb: str, path: str) -> Answer:
    """Return the answer, be it API Gateway's own: errors that nobody catches have their turn."""
    try:
        return shop.ask(verb, path)
    except Incorrect as error:
        if error.link != Link.CODE:
            raise
        return Answer(502, {}, '{"message": "Internal server error"}', f"{verb} {path}")


def _require_405(shop: Shop, verb: str, collection: str, name: str, methods: list[str]) -> None:
    answer = _ask(shop, verb, f"/{collection}/{name}")
    answer.require_status(405, Router.NOT_405, verb=verb)
    allow = answer.headers.get("Allow")
    require(allow, Router.NO_ALLOW, str(answer), request=answer.request)
    listed = {each.strip().upper() for each in str(allow).split(",")} - {"OPTIONS", "HEAD"}
    words = {"collection": collection, "methods": " and ".join(methods), "allow": allow}
    evidence = compare(request=answer.request, Allow=allow)
    require(listed == set(methods), Router.WRONG_ALLOW, evidence, **words)


def _require_500(shop: Shop) -> None:
    path = f"/products/{put_faulty(shop.probe)}"
    answer = _ask(shop, "GET", path)
    if answer.status == 502:
        raise Router.NOT_CAUGHT(f"{answer}\n{shop.invoke('GET', path).error}")
    answer.require_status(500, Router.NOT_500)
    tells = any(each in answer.body for each in INSIDES)
    require(not tells, Router.TELLS, str(answer))
    has_message = isinstance(answer.json, dict) and "message" in answer.json
    require(has_message, Router.NO_MESSAGE, str(answer))
    printed = shop.invoke("GET", path).printed
    is_logged = "Traceback" in printed or "Error" in printed
    require(is_logged, Router.NO_LOG, printed or "(nothing was printed)")
