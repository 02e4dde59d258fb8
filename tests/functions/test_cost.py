"""The bill of a lab's run: its quantities, its prices, and its display."""

import re

import pytest

from helpers.aws.prices import PRICES
from helpers.cloud.model import Cloud
from helpers.course.project import find_project
from helpers.functions.cost import Cost, Line, cost, lambda_usage, reset_meter, transitions
from tests.engine.support import until
from tests.notebooks.test_folding import folded

REPORT = (
    "REPORT RequestId: 8f507cfc\tDuration: 900.00 ms\tBilled Duration: 1000 ms"
    "\tMemory Size: 512 MB\tMax Memory Used: 38 MB\tInit Duration: 96.10 ms\t\n"
)


UNIT = re.compile(r'"((?:s3|sqs|sns|events|kinesis|dynamodb|logs|apigateway|secretsmanager)\.\w+)"')
FROM_ELSEWHERE = {"lambda.requests", "lambda.gb_seconds", "stepfunctions.transitions"}


def bill(**used):
    lines = [Line(PRICES[name.replace("_", ".", 1)], much) for name, much in used.items()]
    return Cost(tuple(lines))


# --- prices -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "quantity", "dollars"),
    [
        ("lambda.requests", 1_000_000, 0.20),
        ("lambda.gb_seconds", 60_000, 1.00),
        ("apigateway.requests", 2_000_000, 7.00),
        ("dynamodb.writes", 1_000_000, 0.625),
        ("dynamodb.reads", 1_000_000, 0.125),
        ("dynamodb.stream_reads", 100_000, 0.02),
        ("s3.writes", 1_000, 0.005),
        ("s3.reads", 10_000, 0.004),
        ("sqs.requests", 10_000_000, 4.00),
        ("sqs.fifo", 10_000_000, 5.00),
        ("sns.publishes", 1_000_000, 0.50),
        ("events.custom", 1_000_000, 1.00),
        ("kinesis.shard_hours", 24 * 30, 10.80),
        ("kinesis.stream_hours", 24, 0.96),
        ("kinesis.payload_units", 1_000_000, 0.014),
        ("stepfunctions.transitions", 4_000, 0.10),
        ("secretsmanager.calls", 10_000, 0.05),
        ("logs.bytes", 1024**3, 0.50),
    ],
)
def test_each_price(name, quantity, dollars):
    assert PRICES[name].cost(quantity) == pytest.approx(dollars, rel=1e-4)


def test_every_price_names_its_source():
    for price in PRICES.values():
        assert re.fullmatch(r"aws\.amazon\.com/[\w/-]+", price.page)
        assert price.read_on
        assert price.as_of


def test_the_meter_counts_nothing_that_has_no_price():
    helpers = find_project().root / "helpers"
    files = ("aws/units.py", "aws/item_units.py", "engine/meter/meter.py")
    code = "".join((helpers / file).read_text() for file in files)
    named = set(UNIT.findall(code))
    assert named == {name for name in PRICES if name not in FROM_ELSEWHERE}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lambda.requests", "$0.20 a million"),
        ("lambda.gb_seconds", "$0.0000166667 each"),
        ("apigateway.requests", "$3.50 a million"),
        ("dynamodb.writes", "$0.625 a million"),
        ("s3.reads", "$0.0004 a thousand"),
        ("secretsmanager.calls", "$0.05 for 10,000"),
    ],
)
def test_a_price_is_described(name, words):
    assert PRICES[name].describe() == words


class Paginated:
    """A client whose operations return one page each."""

    def __init__(self, **pages):
        self._pages = pages

    def get_paginator(self, operation):
        return Paginator(self._pages[operation])


class Paginator:
    def __init__(self, page):
        self._page = page

    def paginate(self, **_):
        return [self._page]


# --- quantities -------------------------------------------------------------------------------


def test_lambda_s_part_is_in_the_logs():
    groups = {"logGroups": [{"logGroupName": "/aws/lambda/a"}, {"logGroupName": "/aws/lambda/b"}]}
    events = {"events": [{"message": "START RequestId: 1"}, {"message": REPORT}]}
    logs = Paginated(describe_log_groups=groups, filter_log_events=events)
    used = lambda_usage(lambda service: logs)
    assert used == {"lambda.requests": 2, "lambda.gb_seconds": pytest.approx(1.0)}


def test_the_bill_has_everything_that_ran_in_the_engine(cloud, client, account):
    reset_meter(cloud, account)
    client("sqs").create_queue(QueueName="orders")
    client("s3").create_bucket(Bucket=f"bucket-{account}")
    found = cost(client, cloud, account)
    assert found.is_whole
    assert {line.price.what: line.quantity for line in found.lines} == {
        "PUT, COPY, POST, LIST": 1,
        "requests of 64 KB": 1,
    }
    assert found.total == pytest.approx(0.000005 + 0.0000004)
    reset_meter(cloud, account)
    assert cost(client, cloud, account).lines == ()


PASS_TWICE = """{"StartAt": "A", "States": {
    "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}}"""


def test_the_state_transitions_of_a_workflow_are_counted(client, account):
    states = client("stepfunctions")
    role = f"arn:aws:iam::{account}:role/states"
    machine = states.create_state_machine(name="m", definition=PASS_TWICE, roleArn=role)
    run = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    until(lambda: states.describe_execution(executionArn=run)["status"] == "SUCCEEDED")
    assert transitions(client) == 2


def test_without_a_meter_the_bill_has_lambdas_part_and_says_what_is_missing(client, account):
    found = cost(client, Cloud("aws", "", ""), account)
    assert not found.is_whole
    assert "has no meter" in repr(found)
    reset_meter(Cloud("aws", "", ""), account)  # where there is no meter to reset


# --- display ----------------------------------------------------------------------------------


def test_a_bill_shows_each_line_its_sum_and_its_source():
    shown = repr(bill(lambda_requests=1_200, lambda_gb_seconds=2.5, s3_writes=30))
    assert shown.splitlines() == [
        "· On AWS this run would have cost $0.00043167: less than a cent",
        "  The free tier, which every account has each month, would have covered Lambda.",
        "  service  what                           quantity  price               cost",
        "  Lambda   requests                        1,200 ×  $0.20 a million     = $0.00024000",
        "  Lambda   GB-seconds (x86)                  2.5 ×  $0.0000166667 each  = $0.00004167",
        "  S3       PUT, COPY, POST, LIST              30 ×  $0.005 a thousand   = $0.00015000",
        "  Prices of US East (N. Virginia) without tax, looked up on 2026-11-21; AWS's own: "
        "aws.amazon.com/lambda/pricing, aws.amazon.com/s3/pricing.",
        "  Not counted: what is stored, what leaves AWS, and a table's indexes.",
    ]


def test_the_bill_says_what_the_free_tier_covers():
    assert "would have covered all of it" in repr(bill(lambda_requests=3, sqs_requests=4))
    assert "covered Lambda and SQS." in repr(bill(lambda_requests=3, sqs_requests=4, s3_reads=1))
    assert "covered SQS." in repr(bill(lambda_requests=2e6, sqs_requests=4))
    assert "free tier" not in repr(bill(s3_writes=4))


def test_a_bill_without_anything_says_so():
    assert repr(bill()) == "· Nothing has run yet that AWS would charge for"


def test_a_stream_costs_more_than_a_cent():
    assert "less than 2 cents" in repr(bill(kinesis_shard_hours=1))


@pytest.mark.parametrize("form", ["__repr__", "_repr_html_"])
def test_a_bill_is_sanitized_to_the_same_text_whatever_was_used(form):
    one = bill(lambda_requests=7, lambda_gb_seconds=0.0123, dynamodb_reads=0.5, logs_bytes=3_000)
    other = bill(
        lambda_requests=1_234, lambda_gb_seconds=17.5, dynamodb_reads=88, logs_bytes=99_000
    )
    shown = [folded(getattr(each, form)()) for each in (one, other)]
    assert shown[0] == shown[1]
    assert "<quantity> ×" in shown[0]
    assert "$0.20 a million" in shown[0]


def test_another_service_or_price_on_a_bill_is_not_sanitized_away():
    assert folded(repr(bill(s3_reads=1))) != folded(repr(bill(s3_writes=1)))
