"""The billing units of AWS's calls, rule by rule."""

import pytest

from helpers.aws.item_units import item_size
from helpers.aws.units import is_billed, log_size, rule_for

KB = 1024


def units(service, operation, request=None, answer=None):
    rule = rule_for(service, operation)
    assert rule, "it is free"
    totals = {}
    for unit, quantity in rule(request or {}, answer or {}):
        totals[unit] = totals.get(unit, 0) + quantity
    return totals


def item(size):
    """Return an item of that many bytes."""
    return {"id": {"S": "x" * (size - 2)}}


@pytest.mark.parametrize(
    ("operation", "unit"),
    [
        ("PutObject", "s3.writes"),
        ("CopyObject", "s3.writes"),
        ("ListObjectsV2", "s3.writes"),
        ("CreateBucket", "s3.writes"),
        ("CompleteMultipartUpload", "s3.writes"),
        ("GetObject", "s3.reads"),
        ("HeadObject", "s3.reads"),
    ],
)
def test_s3_has_two_classes_of_requests(operation, unit):
    assert units("s3", operation) == {unit: 1}


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("s3", "DeleteObject"),
        ("s3", "DeleteObjects"),
        ("s3", "AbortMultipartUpload"),
        ("kinesis", "GetRecords"),
        ("dynamodb", "CreateTable"),
        ("iam", "CreateRole"),
        ("logs", "FilterLogEvents"),
        ("lambda", "Invoke"),  # its report has them
    ],
)
def test_these_calls_are_free(service, operation):
    assert rule_for(service, operation) is None


QUEUE, FIFO = {"QueueUrl": "http://q/1/orders"}, {"QueueUrl": "http://q/1/orders.fifo"}
LARGE = "x" * (65 * KB)


@pytest.mark.parametrize(
    ("operation", "request_", "answer", "requests"),
    [
        ("SendMessage", {"MessageBody": "tea"}, {}, 1),
        ("SendMessage", {"MessageBody": LARGE}, {}, 2),
        ("SendMessage", {"MessageBody": "é" * 40 * KB}, {}, 2),
        ("SendMessageBatch", {"Entries": [{"MessageBody": "tea"}] * 10}, {}, 1),
        ("SendMessageBatch", {"Entries": [{"MessageBody": LARGE}] * 2}, {}, 3),
        ("ReceiveMessage", {}, {}, 1),
        ("ReceiveMessage", {}, {"Messages": [{"Body": LARGE}] * 2}, 3),
        ("DeleteMessageBatch", {}, {}, 1),
        ("GetQueueUrl", {}, {}, 1),
    ],
)
def test_sqs_counts_requests_in_units_of_64_kb(operation, request_, answer, requests):
    assert units("sqs", operation, QUEUE | request_, answer) == {"sqs.requests": requests}
    assert units("sqs", operation, FIFO | request_, answer) == {"sqs.fifo": requests}


def test_the_attributes_of_a_message_count_as_well():
    attributes = {"kind": {"DataType": "String", "StringValue": "x" * 64 * KB}}
    request = {"MessageBody": "tea", "MessageAttributes": attributes}
    assert units("sqs", "SendMessage", QUEUE | request) == {"sqs.requests": 2}


def test_sns_counts_published_messages():
    assert units("sns", "Publish", {"Message": LARGE}) == {"sns.publishes": 2}
    batch = {"PublishBatchRequestEntries": [{"Message": "tea"}] * 3}
    assert units("sns", "PublishBatch", batch) == {"sns.publishes": 1}


def test_eventbridge_counts_each_event_that_it_accepted():
    request = {"Entries": [{"Detail": "{}"}, {"Detail": LARGE}, {"Detail": "{"}]}
    answer = {"Entries": [{"EventId": "1"}, {"EventId": "2"}, {"ErrorCode": "MalformedDetail"}]}
    assert units("events", "PutEvents", request, answer) == {"events.custom": 3}


def test_kinesis_counts_each_record_in_units_of_25_kb():
    assert units("kinesis", "PutRecord", {"Data": b"x"}) == {"kinesis.payload_units": 1}
    records = [{"Data": b"x" * 25 * KB}, {"Data": b"x" * 26 * KB}, {"Data": b"x"}]
    answer = {"Records": [{}, {}, {"ErrorCode": "ProvisionedThroughputExceededException"}]}
    counted = units("kinesis", "PutRecords", {"Records": records}, answer)
    assert counted == {"kinesis.payload_units": 3}


@pytest.mark.parametrize(
    ("operation", "request_", "answer", "writes"),
    [
        ("PutItem", {"Item": item(KB)}, {}, 1),
        ("PutItem", {"Item": item(KB + 1)}, {}, 2),
        ("PutItem", {"Item": item(10)}, {"Attributes": item(3 * KB)}, 1),
        ("DeleteItem", {"Key": item(10)}, {}, 1),
        ("DeleteItem", {"Key": item(10)}, {"Attributes": item(3 * KB)}, 3),
        ("UpdateItem", {"Key": item(10)}, {}, 1),
        (
            "UpdateItem",
            {"Key": item(10), "ExpressionAttributeValues": {":v": {"S": "x" * 2 * KB}}},
            {},
            3,
        ),
        (
            "BatchWriteItem",
            {
                "RequestItems": {
                    "t": [
                        {"PutRequest": {"Item": item(2 * KB)}},
                        {"DeleteRequest": {"Key": item(10)}},
                    ]
                }
            },
            {},
            3,
        ),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"Item": item(10)}}, {"Update": {"Key": item(10)}}]},
            {},
            4,
        ),
        ("ExecuteStatement", {"Statement": "UPDATE t SET a=1 WHERE id='x'"}, {}, 1),
    ],
)
def test_dynamodb_counts_writes_in_units_of_1_kb(operation, request_, answer, writes):
    assert units("dynamodb", operation, request_, answer) == {"dynamodb.writes": writes}


EVENTUAL, CONSISTENT = {}, {"ConsistentRead": True}


@pytest.mark.parametrize(
    ("operation", "request_", "answer", "reads"),
    [
        ("GetItem", EVENTUAL, {"Item": item(10)}, 0.5),
        ("GetItem", EVENTUAL, {}, 0.5),
        ("GetItem", CONSISTENT, {"Item": item(4 * KB)}, 1),
        ("GetItem", CONSISTENT, {"Item": item(4 * KB + 1)}, 2),
        ("Query", EVENTUAL, {"Items": [item(KB)] * 5, "ScannedCount": 5}, 1),
        ("Scan", CONSISTENT, {"Items": [item(KB)] * 4, "ScannedCount": 40}, 10),
        ("Scan", CONSISTENT, {"Items": [], "ScannedCount": 40}, 1),
        (
            "BatchGetItem",
            {"RequestItems": {"t": {"Keys": [{}, {}, {}]}}},
            {"Responses": {"t": [item(10), item(5 * KB)]}},
            2,
        ),
        ("TransactGetItems", EVENTUAL, {"Responses": [{"Item": item(10)}, {}]}, 4),
        ("ExecuteStatement", {"Statement": " select * from t"}, {"Items": [item(10)]}, 0.5),
    ],
)
def test_dynamodb_counts_reads_in_units_of_4_kb(operation, request_, answer, reads):
    assert units("dynamodb", operation, request_, answer) == {"dynamodb.reads": reads}


def test_reads_of_a_tables_stream_are_counted_by_calls():
    assert units("dynamodbstreams", "GetRecords") == {"dynamodb.stream_reads": 1}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "é"}, 2),
        ({"N": "-12.5"}, 3),
        ({"B": b"abc"}, 3),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"SS": ["a", "bc"]}, 3),
        ({"NS": ["1", "22"]}, 4),
        ({"L": [{"S": "tea"}, {"S": "milk"}]}, 12),
        ({"M": {"name": {"S": "tea"}}}, 11),
    ],
)
def test_the_size_of_an_item_includes_names_and_values(value, size):
    assert item_size({"abcd": value}) == 4 + size


def test_a_log_event_is_billed_26_bytes_more_than_its_message():
    assert log_size(["tea", None]) == 3 + 2 * 26
    request = {"logEvents": [{"message": "tea"}]}
    assert units("logs", "PutLogEvents", request) == {"logs.bytes": 29}


def test_each_call_about_a_secret_counts():
    assert units("secretsmanager", "GetSecretValue") == {"secretsmanager.calls": 1}


@pytest.mark.parametrize(
    ("service", "error", "status", "billed"),
    [
        ("s3", "NoSuchKey", 404, True),
        ("s3", "InternalError", 500, False),
        ("dynamodb", "ConditionalCheckFailedException", 400, True),
        ("dynamodb", "TransactionCanceledException", 400, True),
        ("dynamodb", "ResourceNotFoundException", 400, False),
        ("sqs", "QueueDoesNotExist", 400, False),
    ],
)
def test_failed_calls_are_free_with_two_exceptions(service, error, status, billed):
    assert is_billed(service, error, status) is billed
