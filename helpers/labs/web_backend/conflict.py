"""Exercise conflict: who writes has seen what is there, or is told to look again."""

import ast
from concurrent.futures import ThreadPoolExecutor

from helpers.checks.links.rest_api import Answer
from helpers.checks.package import package_files
from helpers.checks.tables import put_row
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect
from helpers.labs.web_backend.carts import TABLE, any_cart, any_items, cart_row
from helpers.labs.web_backend.shop import NAME, Shop, see_work

FILES = ("cart_changes.py",)
WRITERS = 3
CONDITIONS = {"ConditionExpression", "ConditionCheck"}

NO_NEW = """\
A cart that was not there before can no longer be made: the answer is {status}. A new cart has no \
`version`, so let the condition hold for that, too."""
NOT_AGAIN = """\
Who sends back the version that was just read gets {status}, though nobody else has written. \
Compare the version in the table with `seen`, the one that the writer has read."""
NOT_JOINED = """\
The two halves of the condition are joined with `or` or `and`. Python decides these itself, \
at once, and hands only one half to DynamoDB. A condition is joined with `|` and `&`."""
OVERWRITTEN = """\
A lost update: two writers had read the same version, both were told 200, and the second one's \
cart stands in the place of the first one's."""
SWALLOWED = """\
The second writer was told 200, but nothing was written: DynamoDB said no, and nobody was told. \
Raise a `Problem` with 409 where the condition fails."""
NOT_409 = """\
The second writer was refused, as it has to be, but with {status}. Two who meet are a *conflict*: \
409. Then the page knows that it should read again and send again."""
CHANGED_YET = "The second writer was told 409, and yet the cart was changed."
NO_VERSION_TAKEN = """\
A request without a version is taken for a cart that is there already: what was in it is lost. Who \
sends no version has seen none."""
NO_COUNT = """\
The version in the table does not count up: after the first change it is {version}. Every change \
needs a version of its own, or nobody can tell them apart."""
OLD_CART = """\
A cart from before this exercise, without a version, can no longer be changed: the answer is \
{status}. `Attr("version").not_exists()` holds for it, as for a cart that is not there."""
COMPARES_FIRST = """\
The code looks at the version and then writes. One after the other that works; but between the \
look and the write there is a gap, and two who come at once fall into it. Hand the condition to \
`put_item` as its `ConditionExpression`: DynamoDB then does both in one step."""
RACE_LOST = """\
{number} writers who had read the same version came at the same moment, and {winners} of them were \
told 200. It has to be one."""
DONE = "Of writers who have seen the same cart, one wins, and the others are told to look again."


def check(probe: Probe) -> str:
    see_work(probe, FILES, _see)
    return DONE


def _see(shop: Shop) -> None:
    name = any_cart(shop.probe)
    first = _put(shop, name)
    if first.status != 200:
        raise _not_written(shop, first, NO_NEW)
    version = _version(shop, name)
    second = _put(shop, name, version)
    _see_later(shop, name, version, second)
    _see_old_cart(shop)
    _see_one_step(shop)
    _see_race(shop)


def _not_written(shop: Shop, answer: Answer, words: str) -> Incorrect:
    is_halved = any(map(_is_halved, package_files(shop.probe, NAME).values()))
    said = NOT_JOINED if is_halved else words.format(status=answer.status)
    return Incorrect(said, link="code", evidence=str(answer))


def _version(shop: Shop, name: str) -> int:
    """The version that a page would read."""
    cart = shop.ask("GET", f"/carts/{name}").json
    version = cart.get("version") if isinstance(cart, dict) else None
    if not isinstance(version, int) or version < 1:
        raise Incorrect(NO_COUNT.format(version=version), link="effect", evidence=str(cart))
    return version


def _see_later(shop: Shop, name: str, version: int, second: Answer) -> None:
    """Who has seen the newest version may write; who has seen an older one, or none, may not."""
    if second.status != 200:
        raise _not_written(shop, second, NOT_AGAIN)
    before = cart_row(shop.probe, name)
    late = _put(shop, name, version)
    _see_refused(shop, name, late, before, OVERWRITTEN)
    _see_refused(shop, name, _put(shop, name), before, NO_VERSION_TAKEN)


def _see_refused(shop: Shop, name: str, late: Answer, before: object, taken: str) -> None:
    is_same = cart_row(shop.probe, name) == before
    if late.status == 200:
        words = SWALLOWED if is_same else taken
        raise Incorrect(words, link="code" if is_same else "effect", evidence=str(late))
    if late.status != 409:
        said = NOT_409.format(status=late.status)
        raise Incorrect(said, link="result", evidence=str(late))
    if not is_same:
        raise Incorrect(CHANGED_YET, link="effect", evidence=str(late))


def _see_old_cart(shop: Shop) -> None:
    name = any_cart(shop.probe)
    put_row(shop.probe, TABLE, ("cart",), cart=name, items=any_items())
    answer = _put(shop, name)
    if answer.status != 200:
        said = OLD_CART.format(status=answer.status)
        raise Incorrect(said, link="code", evidence=str(answer))


def _see_one_step(shop: Shop) -> None:
    """Only the table itself can look and write at once, so something must ask it to."""
    files = package_files(shop.probe, NAME)
    if not any(_has_condition(text) for text in files.values()):
        raise Incorrect(COMPARES_FIRST, link="code")


def _has_condition(text: str) -> bool:
    """Whether the program names a condition, as an argument or as a key."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg in CONDITIONS:
            return True
        if isinstance(node, ast.Constant) and node.value in CONDITIONS:
            return True
    return False


def _is_halved(text: str) -> bool:
    """Whether Python's own words stand between conditions of boto3."""
    words = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.BoolOp))
    return any(
        isinstance(name, ast.Name) and name.id == "Attr"
        for word in words
        for half in word.values
        for name in ast.walk(half)
    )


def _see_race(shop: Shop) -> None:
    """Several at once: one wins. Twice, for the first time they wait for cold starts."""
    for _ in range(2):
        name = any_cart(shop.probe)
        with ThreadPoolExecutor(WRITERS) as pool:
            answers = [*pool.map(lambda _, name=name: _put(shop, name), range(WRITERS))]
        winners = sum(answer.status == 200 for answer in answers)
        if winners != 1:
            said = RACE_LOST.format(number=WRITERS, winners=winners)
            evidence = "\n".join(map(str, answers))
            raise Incorrect(said, link="effect", evidence=evidence)


def _put(shop: Shop, name: str, version: int | None = None) -> Answer:
    """Fill the cart with something; without a version as who has never read it."""
    sent = {"items": any_items()} | ({} if version is None else {"version": version})
    return shop.ask("PUT", f"/carts/{name}", json=sent)
