"""Carts that a check fills through the API, and takes out of the table again."""

import random
from typing import Any

from helpers.checks.random_inputs import any_name
from helpers.checks.tables import row
from helpers.exercises.probe import Probe

TABLE = "carts"


def any_cart(probe: Probe) -> str:
    """A cart's name that nobody has; whatever is written under it is gone after the check."""
    name = probe.unique("check")
    aws = probe.client("dynamodb")
    probe.afterwards(aws.delete_item, TableName=TABLE, Key={"cart": {"S": name}})
    return name


def any_items() -> dict[str, int]:
    """What somebody may put into a cart."""
    return {any_name().lower(): random.randrange(2, 99) for _ in range(2)}


def cart_row(probe: Probe, name: str) -> dict[str, Any] | None:
    """The cart as it stands in the table."""
    return row(probe, TABLE, cart=name)
