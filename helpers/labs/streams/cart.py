"""Changes of the cart that a check invents, and what became of stock and receipts."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from helpers.checks import Diagnosis, Link, Probe, require
from helpers.checks.buckets import keys_in, own_mark
from helpers.checks.function import configuration, variables
from helpers.checks.sample_events import table_change
from helpers.checks.tables import find_row, put_row

FUNCTION, CART, STOCK = "cart_changed", "cart", "stock"
PIECES = 20


class Cart(Diagnosis):
    NO_STOCK = Link.EFFECT("""
        The item of the product is gone from the table `stock`, or its `pieces` is not a number
        any more.""")


def new_product(probe: Probe) -> str:
    """Return a product that nobody sells, with 20 pieces in stock until the check is over."""
    product = f"check-{uuid4().hex[:12]}"
    put_row(probe, STOCK, ("product",), product=product, pieces=PIECES)
    return product


def new_visitor(probe: Probe) -> str:
    """Return a visitor whose receipts are removed after the check."""
    return own_mark(probe, _bucket(probe))


def left(probe: Probe, product: str) -> int:
    """Return how many pieces are in stock."""
    item = find_row(probe, STOCK, product=product) or {}
    require(isinstance(item.get("pieces"), Decimal), Cart.NO_STOCK, repr(item))
    return int(item["pieces"])


def change(visitor: str, product: str, old: int | None, new: int | None) -> dict[str, Any]:
    """Return the record of a change from `old` pieces in the cart to `new`; None: no such item."""
    keys = {"visitor": {"S": visitor}, "product": {"S": product}}
    before, after = (n if n is None else {"quantity": {"N": str(n)}} for n in (old, new))
    return table_change(CART, keys, before, after)


def receipts(probe: Probe, visitor: str) -> list[str]:
    """Return the names of the visitor's receipts."""
    return keys_in(probe, _bucket(probe), prefix=f"{visitor}/")


def _bucket(probe: Probe) -> str:
    return variables(configuration(probe, FUNCTION)).get("RECEIPTS", "")
