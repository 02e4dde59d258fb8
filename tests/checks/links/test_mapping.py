"""What checks say of an event source mapping: that there is one, that it reads, and how."""

import pytest

from helpers.checks.links.mapping import (
    describe_source,
    find_mapping,
    require_batches,
    require_failure_destination,
    require_mapping,
    require_oldest_first,
    require_reports_read,
    require_retries,
    require_unfiltered,
)
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from tests.checks.desk import Shop
from tests.fakes import FakeService, FakeTime, clients

HANDLER = "def handler(event, context):\n    pass\n"
ORDERS, RETURNS = (f"arn:aws:sqs:us-east-1:1:{name}" for name in ("orders", "returns"))


def diagnosis_of(call, *args, **more) -> str:
    """The id of what the call raises, "" if it accepts."""
    try:
        call(*args, **more)
    except Incorrect as error:
        return error.id
    return ""


@pytest.fixture
def shop(client, tmp_path):
    """The functions `answer` and `other`, which may read any queue."""
    shop = Shop(client, tmp_path)
    shop.role_named("greeter-role", {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})
    for name in ("answer", "other"):
        shop.create(name, HANDLER)
    yield shop
    for each in shop.aws.list_event_source_mappings()["EventSourceMappings"]:
        shop.aws.delete_event_source_mapping(UUID=each["UUID"])


def connect(shop, queue, function, **more):
    sqs = shop.client("sqs")
    url = sqs.create_queue(QueueName=queue)["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = told["Attributes"]["QueueArn"]
    if function:
        shop.aws.create_event_source_mapping(EventSourceArn=arn, FunctionName=function, **more)
    return arn


def test_a_mapping_that_reads_is_found_with_its_settings(shop):
    orders = connect(shop, "orders", "answer", BatchSize=3)
    assert require_mapping(shop.probe, orders, "answer")["BatchSize"] == 3


def test_what_there_is_in_the_place_of_a_mapping_is_named(shop):
    orders = connect(shop, "orders", "")
    look = (require_mapping, shop.probe, orders, "answer")
    assert find_mapping(shop.probe, orders, "answer") is None
    assert diagnosis_of(*look) == "mapping.none"
    with pytest.raises(NotAttempted, match="not yet"):
        require_mapping(shop.probe, orders, "answer", not_yet="not yet")
    returns = connect(shop, "returns", "answer")
    with pytest.raises(Incorrect) as caught:
        require_mapping(shop.probe, orders, "answer", not_yet="not yet")
    assert caught.value.id == "mapping.other-source"
    assert caught.value.evidence == f"reads   {returns}\nneeded  {orders}"
    connect(shop, "orders", "other", Enabled=False)
    assert diagnosis_of(*look) == "mapping.other-function"
    assert diagnosis_of(require_mapping, shop.probe, orders, "other") == "mapping.disabled"


def test_a_mapping_that_is_being_made_is_waited_for(tmp_path):
    busy = {
        "UUID": "1",
        "State": "Creating",
        "EventSourceArn": ORDERS,
        "FunctionArn": "arn:aws:lambda:us-east-1:1:function:answer",
    }
    aws = FakeService(
        list_event_source_mappings=[[{"EventSourceMappings": [busy]}]],
        get_event_source_mapping=[busy, busy | {"State": "Enabled"}],
    )
    probe = Probe(clients(lambda_=aws), tmp_path, clock=FakeTime().clock)
    assert require_mapping(probe, ORDERS, "answer")["State"] == "Enabled"


BATCHES = {"size": (10, 20), "window": (1, 2)}
SETTINGS: list[tuple[dict[str, object], str]] = [
    ({}, ""),
    ({"StartingPosition": "LATEST"}, "mapping.latest"),
    ({"StartingPosition": "AT_TIMESTAMP"}, "mapping.at-time"),
    ({"BatchSize": 9}, "mapping.small-batches"),
    ({"BatchSize": 21}, "mapping.large-batches"),
    ({"MaximumBatchingWindowInSeconds": 0}, "mapping.no-window"),
    ({"MaximumBatchingWindowInSeconds": 3}, "mapping.long-window"),
    ({"FunctionResponseTypes": []}, "mapping.reports-ignored"),
    ({"MaximumRetryAttempts": -1}, "mapping.retries-for-ever"),
    ({"MaximumRetryAttempts": 0}, "mapping.no-retry"),
    ({"MaximumRetryAttempts": 3}, "mapping.many-retries"),
    ({"BisectBatchOnFunctionError": False}, "mapping.no-bisect"),
    ({"DestinationConfig": {}}, "mapping.no-destination"),
    ({"DestinationConfig": {"OnFailure": {"Destination": RETURNS}}}, "mapping.other-destination"),
    ({"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}, "mapping.filtered"),
]


@pytest.mark.parametrize(("changed", "expected"), SETTINGS)
def test_each_setting_has_its_own_diagnosis(changed, expected):
    mapping = {
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 20,
        "MaximumBatchingWindowInSeconds": 1,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "MaximumRetryAttempts": 2,
        "BisectBatchOnFunctionError": True,
        "DestinationConfig": {"OnFailure": {"Destination": ORDERS}},
    } | changed
    found = [
        diagnosis_of(require_oldest_first, mapping, again="delete it"),
        diagnosis_of(require_batches, mapping, **BATCHES),
        diagnosis_of(require_reports_read, mapping),
        diagnosis_of(require_retries, mapping, (1, 2)),
        diagnosis_of(require_failure_destination, mapping, ORDERS),
        diagnosis_of(require_unfiltered, mapping),
    ]
    assert [each for each in found if each] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        ("arn:aws:kinesis:us-east-1:1:stream/clicks", "the stream `clicks`"),
        (
            "arn:aws:dynamodb:us-east-1:1:table/carts/stream/2026-01-01",
            "the stream of the table `carts`",
        ),
        (ORDERS, "the queue `orders`"),
    ],
)
def test_a_source_has_a_name_in_words(arn, words):
    assert describe_source(arn) == words
