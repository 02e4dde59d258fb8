"""Clicks that a check invents, as browsers send them, and what became of them in the table."""

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

from helpers.checks import Probe
from helpers.checks.code import require_deployed
from helpers.checks.links.mapping import Settings, find_mapping, require_mapping
from helpers.checks.links.stream import require_stream
from helpers.checks.tables import forget_rows, rows_with

STREAM, TABLE, FUNCTION = "clicks", "clicks_per_minute", "count_clicks"
KEY = ("product", "minute")
DAY = "2001-01-01"  # no click of the lab is of that day


def minute_of(minute: int) -> str:
    """Return how a minute of that day is written."""
    return f"{DAY}T{minute // 60:02}:{minute % 60:02}"


def body(product: str, minute: int = 0, action: str = "view") -> str:
    """Return what a browser sends for a click on that product."""
    click = {"at": f"{minute_of(minute)}:07Z", "action": action, "product": product}
    return json.dumps(click, separators=(",", ":"))


DAMAGED = {
    "half a line": body("assam")[:46],
    "not JSON": "undefined",
    "no product": json.dumps({"at": f"{DAY}T00:00:07Z", "action": "view"}),
    "not a dictionary": "null",
}


def new_product(probe: Probe) -> str:
    """Return a product that nobody sells; what is counted for it is removed after the check."""
    product = f"check-{uuid4().hex[:12]}"
    forget_rows(probe, TABLE, lambda: rows_with(probe, TABLE, product=product), *KEY)
    return product


def counts(probe: Probe, product: str) -> dict[str, Any]:
    """Return what is counted for that product: `clicks` by minute."""
    found = {
        item["minute"]: item.get("clicks") for item in rows_with(probe, TABLE, product=product)
    }
    return {at: int(n) if isinstance(n, Decimal) else n for at, n in found.items()}


def total(probe: Probe, product: str) -> int:
    """Return how many clicks are counted for that product."""
    return sum(number for number in counts(probe, product).values() if isinstance(number, int))


def paused_mapping(probe: Probe) -> Settings:
    """Return the mapping from the clicks to the function, which may be disabled meanwhile."""
    source = require_stream(probe, STREAM)
    return find_mapping(probe, source, FUNCTION) or require_mapping(probe, source, FUNCTION)


def deployed_files(probe: Probe, function: str, *names: str) -> dict[str, str]:
    """Return the function's files; those of these names that lie in its folder are deployed.

    An answer may need fewer files than the sheet has.
    """
    present = [name for name in names if (probe.folder / function / name).is_file()]
    return require_deployed(probe, function, *present)
