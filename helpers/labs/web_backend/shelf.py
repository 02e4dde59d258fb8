"""Products that a check puts into the table, and whether an answer lists them as it should."""

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from helpers.checks import Diagnosis, Link, Probe, compare, first_of, require
from helpers.checks.random_inputs import any_name
from helpers.checks.tables import put_row

TABLE, KEY = "products", ("category", "id")


class Products(Diagnosis):
    NO_LIST = Link.RESULT("""
        The body has to be a JSON object with the list of the products under the key "products".""")
    AS_STRING = Link.RESULT("""
        `{key}` arrives as a string, in quotation marks. Whoever adds up two of them gets
        "4.954.95": make it a number.""")
    CUT_OFF = Link.RESULT("The cents are gone: `int` cuts them off, and `round` loses them.")
    OTHER_VALUE = Link.RESULT("`{key}` of a product is not what the table has.")


def fill_shelf(probe: Probe, count: int) -> tuple[str, list[dict[str, Any]]]:
    """Return a new category, and its products in the order of their ids."""
    category = probe.unique("check")
    shelf = [_any_product(category, number) for number in range(count)]
    for product in random.sample(shelf, count):
        put_row(probe, TABLE, KEY, **product)
    return category, shelf


def _any_product(category: str, number: int) -> dict[str, Any]:
    """Return a product whose price has cents, so that it is noticed when they are cut off."""
    name = any_name()
    return {
        "category": category,
        "id": f"{number:02}-{name.lower()}",
        "name": name,
        "price": Decimal(random.randrange(100, 2000)) + Decimal(random.randrange(11, 99)) / 100,
        "stock": random.randrange(2, 60),
    }


def put_faulty(probe: Probe) -> str:
    """Return a category with a product that can't become JSON: the code will stumble over it."""
    category = probe.unique("faulty")
    put_row(probe, TABLE, KEY, category=category, id="fault", labels={any_name(), any_name()})
    return category


def products_in(body: Any) -> list[dict[str, Any]]:
    """Return the products that the body lists. Raises Products.NO_LIST."""
    found = body.get("products") if isinstance(body, dict) else None
    is_list = isinstance(found, list) and all(isinstance(each, dict) for each in found)
    require(is_list, Products.NO_LIST, compare(body=body))
    return list(found or [])


def require_products(body: Any, shelf: Sequence[Mapping[str, Any]]) -> None:
    """Raise what is wrong unless the body lists exactly these products."""
    found = products_in(body)
    is_all = sorted(str(each.get("id")) for each in found) == [each["id"] for each in shelf]
    require(is_all, Products.NO_LIST, compare(body=body))
    by_id = {each["id"]: each for each in found}
    for wanted in shelf:
        for key in ("price", "stock"):
            _require_number(key, by_id[wanted["id"]].get(key), float(wanted[key]))


def _require_number(key: str, value: Any, wanted: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and value == wanted:
        return
    found = first_of(
        (Products.AS_STRING, isinstance(value, str)),
        (Products.CUT_OFF, is_number and abs(value - wanted) < 1),
    )
    raise (found or Products.OTHER_VALUE)(compare(**{key: value}, should_be=wanted), key=key)
