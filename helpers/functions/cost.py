"""What a lab's run would have cost on AWS, from what really ran.

On every cloud, Lambda's part is in the REPORT lines of the logs, and that of Step Functions in the
histories of its executions. The rest comes from our engine's meter, which other clouds don't have.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from helpers.aws.prices import LOOKED_UP, PRICES, REGION, Price
from helpers.aws.report import parse_report
from helpers.cloud.clients import Client
from helpers.cloud.engine import engine_of
from helpers.cloud.health import ask
from helpers.cloud.model import Cloud
from helpers.display import Card, Shown, Table, Tone

# helpers/sheets/sanitize.cfg recognizes quantities and dollars by these formats. All quantities are
# equally wide, so that the table's layout does not depend on them.
QUANTITY, DOLLARS = "{:>14} ×", "${:.8f}"

TITLE = "On AWS this run would have cost {dollars}: {cents}"
NOTHING = "Nothing has run yet that AWS would charge for"
ALL_FREE = "The free tier, which every account has each month, would have covered all of it."
PART_FREE = "The free tier, which every account has each month, would have covered {services}."
NO_METER = """\
This is Lambda's part alone, from its logs: this cloud has no meter for the other services."""
FOOT = """\
Prices of {region} without tax, looked up on {day}; AWS's own: {pages}.
Not counted: what is stored, what leaves AWS, and a table's indexes."""


@dataclass(frozen=True)
class Line:
    """A line of the bill: a price, and the quantity to pay for."""

    price: Price
    quantity: float

    @property
    def dollars(self) -> float:
        return self.price.cost(self.quantity)

    @property
    def is_free(self) -> bool:
        """Return whether every account has this quantity free each month."""
        return self.quantity <= self.price.free

    def row(self) -> tuple[str, str, str, str, str]:
        price, quantity = self.price, _number(self.quantity / self.price.scale)
        cost = f"= {DOLLARS.format(self.dollars)}"
        return price.service, price.what, QUANTITY.format(quantity), price.describe(), cost


@dataclass(frozen=True, repr=False)
class Cost(Shown):
    """The bill, line by line; `total` is in dollars.

    `is_whole` is False if the cloud has no meter for services other than Lambda.
    """

    lines: tuple[Line, ...]
    is_whole: bool = True

    @property
    def total(self) -> float:
        return sum(line.dollars for line in self.lines)

    def _card(self) -> Card:
        notes = [self._free_tier(), "" if self.is_whole else NO_METER]
        if not self.lines:
            return Card(Tone.PLAIN, NOTHING, notes)
        title = TITLE.format(dollars=DOLLARS.format(self.total), cents=_cents(self.total))
        head = ("service", "what", f"{'quantity':>16}", "price", "cost")
        table = Table(head, [line.row() for line in self.lines])
        pages = ", ".join(dict.fromkeys(line.price.page for line in self.lines))
        foot = FOOT.format(region=REGION, day=LOOKED_UP, pages=pages)
        return Card(Tone.PLAIN, title, notes, table=table, foot=foot)

    def _free_tier(self) -> str:
        services = list(dict.fromkeys(line.price.service for line in self.lines))
        paid = {line.price.service for line in self.lines if not line.is_free}
        free = [service for service in services if service not in paid]
        if free and not paid:
            return ALL_FREE
        return PART_FREE.format(services=_enumerated(free)) if free else ""


def cost(client: Client, cloud: Cloud, account: str) -> Cost:
    """Return the cost of what was used in the account since the lab was opened or reset."""
    health = ask(cloud.endpoint) if cloud.kind != "aws" else None
    metered = engine_of(cloud, account)("GET", "usage").get("used")  # None if there is no meter
    used: dict[str, float] = dict(metered or {})
    used |= lambda_usage(client)
    if health is None or "stepfunctions" in health.running:
        used["stepfunctions.transitions"] = transitions(client)
    lines = [Line(price, used[name]) for name, price in PRICES.items() if used.get(name)]
    return Cost(tuple(lines), is_whole=metered is not None)


def reset_meter(cloud: Cloud, account: str) -> None:
    """Let the engine's meter start again from zero."""
    if cloud.kind == "embedded":
        engine_of(cloud, account)("DELETE", "usage")


def lambda_usage(client: Client) -> dict[str, float]:
    """Return Lambda's requests and billed GB-seconds, which include a cold start's init phase."""
    reports = [report for message in _report_lines(client) if (report := parse_report(message))]
    seconds = sum(report.billed_ms / 1000 * report.memory_mb / 1024 for report in reports)
    return {"lambda.requests": len(reports), "lambda.gb_seconds": seconds}


def _report_lines(client: Client) -> Iterator[str]:
    logs = client("logs")
    groups = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/aws/lambda/")
    for group in (group for page in groups for group in page["logGroups"]):
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group["logGroupName"], filterPattern='"REPORT RequestId"'
        )
        yield from (event["message"] for page in pages for event in page["events"])


def transitions(client: Client) -> int:
    """Return the number of state transitions of all executions, retries included."""
    states = client("stepfunctions")
    machine_pages = states.get_paginator("list_state_machines").paginate()
    machines = [each["stateMachineArn"] for page in machine_pages for each in page["stateMachines"]]
    total = 0
    for machine in machines:
        pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine)
        for execution in (each for page in pages for each in page["executions"]):
            total += _transitions_of(states, execution["executionArn"])
    return total


def _transitions_of(states: Any, execution: str) -> int:
    """Return the states that the execution entered; each retry of a task counts as one more."""
    pages = states.get_paginator("get_execution_history").paginate(executionArn=execution)
    types = [event["type"] for page in pages for event in page["events"]]
    entered = sum(event_type.endswith("StateEntered") for event_type in types)
    attempts = types.count("TaskScheduled") + types.count("LambdaFunctionScheduled")
    return int(entered + max(attempts - types.count("TaskStateEntered"), 0))


def _number(quantity: float) -> str:
    """
    >>> _number(1234), _number(0.5), _number(0.01234)
    ('1,234', '0.5', '0.0123')
    """
    return f"{quantity:,.4f}".rstrip("0").rstrip(".") if quantity >= 0.0001 else f"{quantity:.8f}"


def _cents(dollars: float) -> str:
    """
    >>> _cents(0.00002), _cents(0.0151)
    ('less than a cent', 'less than 2 cents')
    """
    cents = max(ceil(dollars * 100), 1)
    return "less than a cent" if cents == 1 else f"less than {cents} cents"


def _enumerated(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
