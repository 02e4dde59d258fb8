"""Products that a check puts into the table, in a category of its own, for as long as it runs."""

import random
from decimal import Decimal
from typing import Any

from helpers.checks.random_inputs import any_name
from helpers.checks.tables import put_row
from helpers.exercises.probe import Probe

TABLE, KEY = "products", ("category", "id")


def fill_shelf(probe: Probe, count: int) -> tuple[str, list[dict[str, Any]]]:
    """A category, and its products in the order of their ids."""
    category = probe.unique("check")
    shelf = [_any_product(category, number) for number in range(count)]
    for product in random.sample(shelf, count):
        put_row(probe, TABLE, KEY, **product)
    return category, shelf


def _any_product(category: str, number: int) -> dict[str, Any]:
    """Its price has cents, so that whoever cuts them off is noticed."""
    name = any_name()
    return {
        "category": category,
        "id": f"{number:02}-{name.lower()}",
        "name": name,
        "price": Decimal(random.randrange(100, 2000)) + Decimal(random.randrange(11, 99)) / 100,
        "stock": random.randrange(2, 60),
    }


def put_faulty(probe: Probe) -> str:
    """A category with a product that can't be written as JSON: the code will stumble over it."""
    category = probe.unique("faulty")
    put_row(probe, TABLE, KEY, category=category, id="fault", labels={any_name(), any_name()})
    return category
