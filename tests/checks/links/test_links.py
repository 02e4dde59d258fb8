"""What checks of several labs look at: an API, a mapping, a table's items, a queue."""

import socket
from decimal import Decimal

import pytest
from botocore.exceptions import ClientError

from helpers.checks.links.queue import find_queue, take
from helpers.checks.links.rest_api import find_api, method_arn, send, stage_url
from helpers.checks.tables import put_row, row, rows
from helpers.exercises.probe import Probe
from helpers.exercises.verdict import Incorrect, NotAttempted
from tests.checks.desk import Shop
from tests.fakes import FakeService, aws_error, clients

ANSWER = """
import json

def handler(event, context):
    body = json.dumps({"path": event["path"], "body": event["body"]})
    return {"statusCode": 201, "headers": {"X-Shop": "corner"}, "body": body}
"""


@pytest.fixture
def shop(client, tmp_path):
    return Shop(client, tmp_path)


# --- an API -----------------------------------------------------------------------------------


def make_api(shop, name="shop"):
    """An API with `ANY /items`, answered by the function `answer`, deployed as `dev`."""
    shop.create("answer", ANSWER)
    arn = shop.aws.get_function_configuration(FunctionName="answer")["FunctionArn"]
    aws = shop.client("apigateway")
    api = aws.create_rest_api(name=name)["id"]
    root = aws.get_resources(restApiId=api)["items"][0]["id"]
    items = aws.create_resource(restApiId=api, parentId=root, pathPart="items")["id"]
    method = {"restApiId": api, "resourceId": items, "httpMethod": "ANY"}
    aws.put_method(**method, authorizationType="NONE")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    aws.put_integration(**method, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    shop.aws.add_permission(
        FunctionName="answer",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
    )
    aws.create_deployment(restApiId=api, stageName="dev")
    return api


def test_an_api_tells_its_methods_and_stages(shop):
    made = make_api(shop)
    api = find_api(shop.probe, "shop")
    assert (api.id, api.stages) == (made, ("dev",))
    method = api.method("GET", "/items")
    assert (method.verb, method.integration, method.function) == ("ANY", "AWS_PROXY", "answer")
    assert api.method("GET", "/item") is None


def test_an_api_that_is_not_there_is_not_attempted(shop):
    with pytest.raises(NotAttempted, match="`shop`"):
        find_api(shop.probe, "shop")


def test_an_api_of_another_name_or_one_twice_is_told(shop):
    shop.client("apigateway").create_rest_api(name="shpo")
    with pytest.raises(Incorrect, match="'shpo'"):
        find_api(shop.probe, "shop")
    for _ in range(2):
        shop.client("apigateway").create_rest_api(name="shop")
    with pytest.raises(Incorrect, match="There are 2"):
        find_api(shop.probe, "shop")


def test_a_request_comes_back_with_status_headers_and_body(shop):
    url = stage_url(shop.probe, make_api(shop), "dev")
    answer = send(url, "POST", "/items", json={"a": 1})
    assert (answer.status, answer.headers["x-shop"]) == (201, "corner")
    assert answer.json == {"path": "/items", "body": '{"a": 1}'}
    assert str(answer).startswith("POST /items\n201 {")


def test_an_answer_that_is_no_json_is_none(shop):
    answer = send(shop.aws.meta.endpoint_url, "GET", "/nowhere/at/all")
    assert answer.json is None


def test_a_request_does_not_wait_for_ever():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Incorrect, match=r"`GET /` was not answered within 0\.2 seconds"):
            send(url, "GET", deadline=0.2)


def test_a_request_that_nothing_answers_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(Incorrect, match="was not answered: "):
        send(url, "GET")


def test_the_source_of_a_request_is_its_method(shop, account):
    wanted = f"arn:aws:execute-api:us-east-1:{account}:abc/dev/GET/items"
    assert method_arn(shop.probe, "abc", "dev", "GET", "/items") == wanted


# --- a table's items --------------------------------------------------------------------------


def test_items_are_plain_values(shop):
    aws = shop.client("dynamodb")
    aws.create_table(
        TableName="carts",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    with shop.probe as probe:
        put_row(probe, "carts", ("id",), id="a", items=["tea"], price=Decimal("2.50"))
        item = {"id": "a", "items": ["tea"], "price": Decimal("2.50")}
        assert row(probe, "carts", id="a") == item
        assert rows(probe, "carts") == [item]
    assert row(shop.probe, "carts", id="a") is None


def test_a_table_that_is_not_there_is_told(shop):
    for look in (lambda: rows(shop.probe, "carts"), lambda: row(shop.probe, "carts", id="a")):
        with pytest.raises(Incorrect, match="`carts` is not there") as caught:
            look()
        assert caught.value.link == "table"


def test_another_error_of_a_table_is_not_taken_for_a_missing_one(tmp_path):
    denied = aws_error("AccessDeniedException")
    aws = FakeService(get_item=denied, scan=denied)
    probe = Probe(clients(dynamodb=aws), tmp_path)
    for look in (lambda: rows(probe, "carts"), lambda: row(probe, "carts", id="a")):
        with pytest.raises(ClientError, match="AccessDenied"):
            look()


# --- a queue ----------------------------------------------------------------------------------


def arn_of(shop, name):
    shop.client("sqs").create_queue(QueueName=name)
    return find_queue(shop.probe, name).arn


def test_a_queue_tells_what_is_in_it_and_where_it_gives_up(shop):
    dead = arn_of(shop, "dead")
    policy = f'{{"deadLetterTargetArn": "{dead}", "maxReceiveCount": "3"}}'
    url = shop.client("sqs").create_queue(QueueName="orders", Attributes={"RedrivePolicy": policy})[
        "QueueUrl"
    ]
    for delay in (0, 60):
        shop.client("sqs").send_message(QueueUrl=url, MessageBody="one", DelaySeconds=delay)
    queue = find_queue(shop.probe, "orders")
    assert (queue.url, queue.waiting, queue.redrive) == (url, 2, (dead, 3))
    assert find_queue(shop.probe, "dead").redrive is None


def test_only_the_messages_of_the_check_are_taken_out(shop):
    arn_of(shop, "orders")
    queue = find_queue(shop.probe, "orders")
    for body in ("learner's", "check-1", "check-2"):
        shop.client("sqs").send_message(QueueUrl=queue.url, MessageBody=body)
    assert sorted(take(shop.probe, queue, "check")) == ["check-1", "check-2"]
    again = shop.client("sqs").receive_message(QueueUrl=queue.url)["Messages"]
    assert [message["Body"] for message in again] == ["learner's"]


def test_a_queue_that_is_not_there_is_told(shop):
    with pytest.raises(Incorrect, match="no queue `orders`") as caught:
        find_queue(shop.probe, "orders")
    assert caught.value.link == "queue"
