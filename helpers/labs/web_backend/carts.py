"""Carts that a check fills through the API, and removes from the table again."""

import random
from typing import Any

from helpers.checks import Probe
from helpers.checks.random_inputs import any_name
from helpers.checks.tables import find_row, forget_row

TABLE = "carts"


def any_cart(probe: Probe) -> str:
    """Return a cart's name that is new; whatever is written under it is gone after the check."""
    name = probe.unique("check")
    forget_row(probe, TABLE, cart=name)
    return name


def any_items() -> dict[str, int]:
    """Return what somebody may put into a cart."""
    return {any_name().lower(): random.randrange(2, 99) for _ in range(2)}


def find_cart(probe: Probe, name: str) -> dict[str, Any]:
    """Return the cart as it is in the table, empty if it is not."""
    return find_row(probe, TABLE, cart=name) or {}
