"""Events that a check makes have the shape of those that the services send."""

import base64
import json

from helpers.checks.sample_events import (
    function_url_event,
    kinesis_event,
    rest_api_event,
    sequence_number,
    sqs_event,
    table_change,
)

KEYS = {"visitor": {"S": "v001"}}
TWO = {"quantity": {"N": "2"}}


def test_records_of_a_stream_are_in_order_and_in_base64():
    first, second = kinesis_event(["a", "é"], "clicks")["Records"]
    assert base64.b64decode(second["kinesis"]["data"]).decode() == "é"
    numbers = [each["kinesis"]["sequenceNumber"] for each in (first, second)]
    assert numbers == [sequence_number(1), sequence_number(2)]
    assert int(numbers[0]) < int(numbers[1])
    assert first["eventSourceARN"].endswith("stream/clicks")


def test_a_change_of_a_table_bears_the_images_that_there_are():
    kinds = {"INSERT": (None, TWO), "MODIFY": (TWO, TWO), "REMOVE": (TWO, None)}
    for kind, (old, new) in kinds.items():
        record = table_change("cart", KEYS, old, new)
        assert record["eventName"] == kind
        assert record["dynamodb"].get("OldImage") == (old and KEYS | old)
        assert record["dynamodb"].get("NewImage") == (new and KEYS | new)
    assert record["eventID"] != table_change("cart", KEYS, TWO, None)["eventID"]


def test_a_request_becomes_what_api_gateway_makes_of_it():
    event = rest_api_event("GET", "/products/tea?limit=3&next=%3D", headers={"Origin": "x"})
    assert (event["path"], event["pathParameters"]) == ("/products/tea", {"proxy": "products/tea"})
    assert event["queryStringParameters"] == {"limit": "3", "next": "="}
    assert event["headers"] == {"Content-Type": "application/json", "Origin": "x"}
    assert event["body"] is None
    assert json.loads(rest_api_event("PUT", "/", json={"a": 1})["body"]) == {"a": 1}
    assert rest_api_event("PUT", "/", body="ü".encode())["body"] == "ü"
    named = rest_api_event("GET", "/products/tea", resource="/products/{category}")
    assert named["pathParameters"] == {"category": "tea"}


def test_a_function_url_writes_names_of_headers_in_lower_case_and_bodies_in_base64():
    event = function_url_event("é".encode(), {"X-Word": "One"}, "/pay")
    assert (event["rawPath"], event["headers"]) == ("/pay", {"x-word": "One"})
    assert (event["isBase64Encoded"], base64.b64decode(event["body"])) == (True, "é".encode())


def test_messages_of_a_queue_come_with_their_bodies():
    records = sqs_event("one", "two")["Records"]
    assert [each["body"] for each in records] == ["one", "two"]
    assert len({each["messageId"] for each in records}) == 2
