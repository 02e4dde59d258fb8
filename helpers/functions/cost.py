"""What a lab's run would have cost on AWS, from what really ran.

Lambda's part is in the logs, in each REPORT line, and Step Functions' in the histories of its
executions, on every cloud. The rest is told by our engine's meter; other clouds have none.
"""

from collections.abc import Iterator, Mapping
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

# The forms in which helpers/sheets/sanitize.cfg knows quantities and dollars of this card, and no
# others; a quantity always has as many characters, so the table looks the same whatever it counts.
QUANTITY, DOLLARS = "{:>14} ×", "${:.8f}"

TITLE = "On AWS this run would have cost {dollars}: {words}"
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
    """One line of the bill: so much of what has that price."""

    price: Price
    quantity: float

    @property
    def dollars(self) -> float:
        return self.price.cost(self.quantity)

    @property
    def is_free(self) -> bool:
        """Whether it is less than what every account has free each month."""
        return self.quantity <= self.price.free

    def row(self) -> tuple[str, str, str, str, str]:
        price, shown = self.price, _number(self.quantity / self.price.scale)
        cost = f"= {DOLLARS.format(self.dollars)}"
        return price.service, price.what, QUANTITY.format(shown), price.in_words(), cost


@dataclass(frozen=True, repr=False)
class Cost(Shown):
    """What was used and what it costs, line by line; `total` is in dollars.

    `is_whole` is False where the cloud could not tell what other services than Lambda were used.
    """

    lines: tuple[Line, ...]
    is_whole: bool = True

    @property
    def total(self) -> float:
        return sum(line.dollars for line in self.lines)

    def _card(self) -> Card:
        told = [self._free(), "" if self.is_whole else NO_METER]
        if not self.lines:
            return Card(Tone.PLAIN, NOTHING, told)
        title = TITLE.format(dollars=DOLLARS.format(self.total), words=_cents(self.total))
        head = ("service", "what", f"{'quantity':>16}", "price", "cost")
        table = Table(head, [line.row() for line in self.lines])
        return Card(Tone.PLAIN, title, told, table=table, foot=self._foot())

    def _free(self) -> str:
        services = list(dict.fromkeys(line.price.service for line in self.lines))
        paid = {line.price.service for line in self.lines if not line.is_free}
        free = [service for service in services if service not in paid]
        if free and not paid:
            return ALL_FREE
        return PART_FREE.format(services=_listed(free)) if free else ""

    def _foot(self) -> str:
        pages = dict.fromkeys(line.price.page for line in self.lines)
        return FOOT.format(region=REGION, day=LOOKED_UP, pages=", ".join(pages))


def cost(client: Client, cloud: Cloud, account: str) -> Cost:
    """What has been used in the account since the lab was opened or reset, with its prices."""
    health = ask(cloud.endpoint) if cloud.kind != "aws" else None
    metered = _metered(cloud, account)
    used: dict[str, float] = dict(metered or {})
    used |= lambda_usage(client)
    if health is None or "stepfunctions" in health.running:
        used["stepfunctions.transitions"] = transitions(client)
    lines = [Line(price, used[name]) for name, price in PRICES.items() if used.get(name)]
    return Cost(tuple(lines), is_whole=metered is not None)


def forget(cloud: Cloud, account: str) -> None:
    """Let the count begin anew."""
    if cloud.kind == "embedded":
        engine_of(cloud, account)("DELETE", "usage")


def _metered(cloud: Cloud, account: str) -> Mapping[str, float] | None:
    """What the engine's meter counted; None where there is no meter."""
    return engine_of(cloud, account)("GET", "usage").get("used")


def lambda_usage(client: Client) -> dict[str, float]:
    """Requests, and seconds of a gigabyte as billed: a cold start's initialisation included."""
    reports = [report for message in _report_lines(client) if (report := parse_report(message))]
    seconds = sum(report.billed_ms / 1000 * report.memory_mb / 1024 for report in reports)
    return {"lambda.requests": len(reports), "lambda.gb_seconds": seconds}


def _report_lines(client: Client) -> Iterator[str]:
    logs = client("logs")
    groups = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/aws/lambda/")
    for group in (each for page in groups for each in page["logGroups"]):
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=group["logGroupName"], filterPattern='"REPORT RequestId"'
        )
        yield from (event["message"] for page in pages for event in page["events"])


def transitions(client: Client) -> int:
    """How many states the executions of all state machines have entered, tries included."""
    states = client("stepfunctions")
    machines = states.get_paginator("list_state_machines").paginate()
    arns = [each["stateMachineArn"] for page in machines for each in page["stateMachines"]]
    return sum(
        _entered(states, execution) for arn in arns for execution in _executions(states, arn)
    )


def _executions(states: Any, machine: str) -> Iterator[str]:
    pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine)
    yield from (each["executionArn"] for page in pages for each in page["executions"])


def _entered(states: Any, execution: str) -> int:
    """A task that is tried again counts again."""
    pages = states.get_paginator("get_execution_history").paginate(executionArn=execution)
    kinds = [event["type"] for page in pages for event in page["events"]]
    entered = sum(kind.endswith("StateEntered") for kind in kinds)
    tries = sum(kind in ("TaskScheduled", "LambdaFunctionScheduled") for kind in kinds)
    return int(entered + max(tries - kinds.count("TaskStateEntered"), 0))


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


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
