"""A REST API as checks look at it: what it is made of, and where a request to it ended."""

import socket

import pytest

from helpers.checks.links.rest_api import (
    method_arn,
    request,
    require_api,
    require_no_other_api,
    require_route,
    send,
    stage_url,
)
from helpers.exercises.verdict import Incorrect, NotAttempted
from tests.checks.desk import Shop

ANSWER = """
import json

def handler(event, context):
    if event["httpMethod"] == "DELETE":
        return json.loads(event["body"])
    body = json.dumps({"path": event["path"], "body": event["body"]})
    return {"statusCode": 201, "headers": {"X-Shop": "corner"}, "body": body}
"""
ROUTES = {"/nowhere": "nobody", "/items": "answer"}


@pytest.fixture
def shop(client, tmp_path):
    return Shop(client, tmp_path)


@pytest.fixture
def api(shop):
    """An API with `ANY /items`, answered by the function `answer`, deployed as `dev`."""
    shop.create("answer", ANSWER)
    gateway = shop.client("apigateway")
    made = gateway.create_rest_api(name="shop")["id"]
    shop.connect(made, "ANY", "/items", "answer")
    gateway.create_deployment(restApiId=made, stageName="dev")
    return made


def permit(shop, **more):
    shop.aws.add_permission(
        FunctionName="answer",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        **more,
    )


def diagnosis(look, *args, **more):
    with pytest.raises(Incorrect) as caught:
        look(*args, **more)
    return caught.value.id


def test_an_api_tells_its_methods_and_stages(shop, api):
    found = require_api(shop.probe, "shop")
    assert (found.id, found.stages) == (api, ("dev",))
    method = found.method("GET", "/items")
    assert (method.verb, method.integration, method.function) == ("ANY", "AWS_PROXY", "answer")
    assert found.method("GET", "/item") is None


def test_an_api_that_is_not_there_is_not_attempted(shop):
    with pytest.raises(NotAttempted, match="`shop`"):
        require_api(shop.probe, "shop")


def test_an_api_of_another_name_or_one_twice_is_told(shop):
    shop.client("apigateway").create_rest_api(name="shpo")
    assert diagnosis(require_api, shop.probe, "shop") == "rest-api.other-name"
    for _ in range(2):
        shop.client("apigateway").create_rest_api(name="shop")
    assert diagnosis(require_api, shop.probe, "shop") == "rest-api.twice"


def test_the_way_to_the_function_is_followed_from_the_method_to_the_stage(shop, api):
    found = require_api(shop.probe, "shop")
    assert require_route(shop.probe, found, "dev", "GET", ROUTES).path == "/items"
    for stage, routes, says in (
        ("dev", {"/nowhere": "answer"}, "rest-api.no-method"),
        ("dev", {"/items": "other"}, "rest-api.other-function"),
        ("live", ROUTES, "rest-api.other-stage"),
    ):
        assert diagnosis(require_route, shop.probe, found, stage, "GET", routes) == says


def test_only_the_one_api_may_invoke_the_function(shop, api, account):
    assert diagnosis(require_no_other_api, shop.probe, "answer") == "rest-api.any-source"
    assert diagnosis(require_no_other_api, shop.probe, "answer", "1") == "rest-api.any-source"
    for name, is_narrow in (("*", False), (api, True)):
        shop.aws.remove_permission(FunctionName="answer", StatementId="api")
        permit(shop, SourceArn=f"arn:aws:execute-api:us-east-1:{account}:{name}/*")
        require_no_other_api(shop.probe, "answer", "111122223333")
        if is_narrow:
            require_no_other_api(shop.probe, "answer")
        else:
            assert diagnosis(require_no_other_api, shop.probe, "answer") == "rest-api.any-source"


MALFORMED = ('{"statusCode": "fine"}', '{"status": 200}', '{"headers": []}', "[1]")


def test_a_request_brings_the_functions_answer_or_why_there_is_none(shop, api):
    def ask(*args, **sent):
        return request(shop.probe, require_api(shop.probe, "shop"), *args, ROUTES, **sent)

    assert ask("dev", "GET", "/items").status == 201
    for body in MALFORMED:
        assert diagnosis(ask, "dev", "DELETE", "/items", body=body) == "rest-api.no-form"
    assert diagnosis(ask, "dev", "DELETE", "/items", body="{") == "function.raised"
    assert diagnosis(ask, "dev", "GET", "/elsewhere") == "rest-api.old-stage"
    assert diagnosis(ask, "live", "GET", "/items") == "rest-api.other-stage"
    assert ask("dev", "DELETE", "/items", json={"statusCode": 204}).status == 204


def test_a_request_comes_back_with_status_headers_and_body(shop, api):
    url = stage_url(shop.probe, api, "dev")
    answer = send(url, "POST", "/items", json={"a": 1})
    assert (answer.status, answer.headers["x-shop"]) == (201, "corner")
    assert answer.json == {"path": "/items", "body": '{"a": 1}'}
    assert str(answer).startswith("POST /items\n201 {")


def test_an_answer_that_is_not_json_is_none(shop):
    answer = send(shop.aws.meta.endpoint_url, "GET", "/nowhere/at/all")
    assert answer.json is None


def test_a_request_does_not_wait_for_ever():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert diagnosis(send, url, "GET", deadline=0.2) == "rest-api.no-answer"


def test_a_request_that_nothing_answers_is_told():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    assert diagnosis(send, url, "GET") == "rest-api.cut-off"


def test_the_source_of_a_request_is_its_method(shop, account):
    wanted = f"arn:aws:execute-api:us-east-1:{account}:abc/dev/GET/items"
    assert method_arn(shop.probe, "abc", "dev", "GET", "/items") == wanted
