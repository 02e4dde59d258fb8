"""Exercise conflict: who writes has seen what is there, or is told to look again."""

import ast
import re
from functools import partial

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.checks.at_once import side_by_side
from helpers.checks.links.rest_api import Answer
from helpers.checks.package import package_files
from helpers.checks.tables import put_row
from helpers.labs.web_backend.carts import TABLE, any_cart, any_items, find_cart
from helpers.labs.web_backend.shop import NAME, Shop, work_on

FILE = "cart_changes.py"
WRITERS = 3
NAMED = re.compile("='Condition(Expression|Check)'")  # as an argument or as a key

DONE = "Of writers who have seen the same cart, one wins, and the others are told to look again."


class Conflict(Diagnosis):
    NO_NEW = Link.CODE("""
        A new cart can no longer be made: the answer is {status}. It has no `version` yet, so let
        the condition hold for that, too.""")
    NOT_AGAIN = Link.CODE("""
        Whoever sends back the version that was just read gets {status}, though nobody else has
        written. Compare the version in the table with `seen`.""")
    NOT_JOINED = Link.CODE("""
        `or` and `and` join the halves of the condition in Python, so DynamoDB gets only one of
        them. Join conditions with `|` and `&`.""")
    OVERWRITTEN = Link.EFFECT("""
        A lost update: two writers had read the same version, both were told 200, and the second
        one's cart has replaced the first one's.""")
    SWALLOWED = Link.CODE("""
        The second writer was told 200, but DynamoDB said no, and nothing was written. Raise a
        `Problem` with 409 where the condition fails.""")
    NOT_409 = Link.RESULT("""
        The second writer was refused, as it has to be, but with {status}. It is a conflict, 409:
        then the page knows that it should read again and send again.""")
    CHANGED_YET = Link.EFFECT("The second writer was told 409, and yet the cart was changed.")
    UNSEEN = Link.EFFECT("""
        A request without a version has replaced a cart that was there already. Whoever sends no
        version has seen none.""")
    NO_COUNT = Link.EFFECT("""
        The version in the table does not count up: after the first change it is {version}. Every
        change needs a version of its own.""")
    OLD_CART = Link.CODE("""
        A cart from before, without a version, can no longer be changed: the answer is {status}.
        `Attr("version").not_exists()` holds for it, too.""")
    COMPARES_FIRST = Link.CODE("""
        The code looks at the version and then writes; two who come at once fall into the gap. Give
        `put_item` a `ConditionExpression`: DynamoDB then does both in one step.""")
    RACE_LOST = Link.EFFECT("""
        {number} writers who had read the same version came at the same moment, and {winners} of
        them were told 200. It has to be one.""")


def check(probe: Probe) -> str:
    with work_on(probe, FILE) as shop:
        name = any_cart(probe)
        _require_written(shop, _put(shop, name), Conflict.NO_NEW)
        version = _version(shop, name)
        _require_written(shop, _put(shop, name, version), Conflict.NOT_AGAIN)
        _require_refused(shop, name, version, Conflict.OVERWRITTEN)
        _require_refused(shop, name, None, Conflict.UNSEEN)
        old = any_cart(probe)
        put_row(probe, TABLE, ("cart",), cart=old, items=any_items())
        _put(shop, old).require_status(200, Conflict.OLD_CART)
        has_condition = any(NAMED.search(ast.dump(tree)) for tree in _programs(shop))
        require(has_condition, Conflict.COMPARES_FIRST)
        _require_one_winner(shop)
    return DONE


def _put(shop: Shop, name: str, version: int | None = None) -> Answer:
    """Fill the cart with something; without a version like one who has never read it."""
    sent = {"items": any_items()} | ({} if version is None else {"version": version})
    return shop.ask("PUT", f"/carts/{name}", json=sent)


def _require_written(shop: Shop, answer: Answer, otherwise: Diagnosis) -> None:
    if answer.status != 200:
        require(not any(map(_has_halves, _programs(shop))), Conflict.NOT_JOINED, str(answer))
    answer.require_status(200, otherwise)


def _version(shop: Shop, name: str) -> int:
    """Return the version that a page would read."""
    answer = shop.ask("GET", f"/carts/{name}")
    version = answer.json.get("version") if isinstance(answer.json, dict) else None
    is_counted = isinstance(version, int) and version >= 1
    require(is_counted, Conflict.NO_COUNT, str(answer), version=version)
    return int(version or 0)


def _require_refused(shop: Shop, name: str, version: int | None, replaced: Diagnosis) -> None:
    """A writer who has not seen what is there is refused, and changes nothing."""
    before = find_cart(shop.probe, name)
    late = _put(shop, name, version)
    is_same = find_cart(shop.probe, name) == before
    if late.status == 200:
        raise (Conflict.SWALLOWED if is_same else replaced)(str(late))
    late.require_status(409, Conflict.NOT_409)
    require(is_same, Conflict.CHANGED_YET, str(late))


def _require_one_winner(shop: Shop) -> None:
    """Let several write at once, twice: the first time they wait for cold starts."""
    for _ in range(2):
        name = any_cart(shop.probe)
        answers = side_by_side(partial(_put, shop, name), WRITERS)
        winners = sum(answer.status == 200 for answer in answers)
        evidence = "\n".join(map(str, answers))
        require(winners == 1, Conflict.RACE_LOST, evidence, number=WRITERS, winners=winners)


def _programs(shop: Shop) -> list[ast.Module]:
    files = package_files(shop.probe, NAME)
    return [ast.parse(text) for file, text in files.items() if file.endswith(".py")]


def _has_halves(program: ast.Module) -> bool:
    """Return whether Python's `or` or `and` joins conditions of boto3 in it."""
    joined = (ast.dump(node) for node in ast.walk(program) if isinstance(node, ast.BoolOp))
    return any("id='Attr'" in each for each in joined)
