"""API Gateway: a REST API with a proxy integration of a function."""

import json

import pytest

from helpers.cloud.model import Cloud
from tests.engine.rest_api import Api
from tests.engine.support import Aws

ANSWER = """
import json

def handler(event, context):
    body = event["body"]
    if body == "bad":
        raise ValueError("bad")
    return {
        "statusCode": 201 if event["httpMethod"] == "POST" else 200,
        "headers": {"Content-Type": "application/json", "X-Seen": "yes"},
        "body": json.dumps(event),
    }
"""


@pytest.fixture
def api(aws: Aws, cloud: Cloud) -> Api:
    return Api(aws, cloud.endpoint, aws.deploy(ANSWER), "/orders/{id}")


def test_a_request_reaches_the_function_and_its_response_is_returned(api: Api) -> None:
    answer = api.call("GET", "/orders/17?sort=up&tag=a&tag=b", headers={"X-Who": "ann"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Seen"] == "yes"
    event = answer.json()
    assert event["resource"] == "/orders/{id}"
    assert event["path"] == "/orders/17"
    assert event["pathParameters"] == {"id": "17"}
    assert event["queryStringParameters"] == {"sort": "up", "tag": "b"}
    assert event["multiValueQueryStringParameters"]["tag"] == ["a", "b"]
    assert event["headers"]["X-Who"] == "ann"
    assert event["body"] is None
    assert event["requestContext"]["stage"] == "dev"
    assert event["requestContext"]["httpMethod"] == "GET"


def test_a_body_arrives_as_it_was_sent(api: Api) -> None:
    text = '{"a":1,"b":"ü"}'
    answer = api.call(
        "POST", "/orders/17", data=text.encode(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 201
    assert answer.json()["body"] == text
    assert answer.json()["isBase64Encoded"] is False


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_arrives(api: Api, method: str) -> None:
    answer = api.call(method, "/orders/17", headers={"Content-Type": "text/plain"})
    assert answer.json()["httpMethod"] == method


def test_a_function_that_fails_is_a_bad_gateway(api: Api) -> None:
    answer = api.call("POST", "/orders/17", data="bad", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 502
    assert answer.json() == {"message": "Internal server error"}


def test_a_malformed_response_is_a_bad_gateway(aws: Aws, cloud: Cloud) -> None:
    function = aws.deploy("def handler(event, context): return ['no', 'status']")
    answer = Api(aws, cloud.endpoint, function, "/orders").call("GET", "/orders")
    assert answer.status_code == 502
    assert answer.json() == {"message": "Internal server error"}


def test_an_unknown_path_is_forbidden_as_on_aws(api: Api) -> None:
    answer = api.call("GET", "/nowhere")
    assert answer.status_code == 403
    assert answer.json() == {"message": "Missing Authentication Token"}


def test_a_greedy_path_matches_everything_below_it(aws: Aws, cloud: Cloud) -> None:
    api = Api(aws, cloud.endpoint, aws.deploy(ANSWER), "/{proxy+}")
    assert api.call("GET", "/a/b/c").json()["pathParameters"] == {"proxy": "a/b/c"}


def test_an_image_is_returned_unchanged(aws: Aws, cloud: Cloud) -> None:
    function = aws.deploy(
        "import base64\n"
        "def handler(event, context):\n"
        "    return {'statusCode': 200, 'isBase64Encoded': True,\n"
        "            'headers': {'Content-Type': 'image/png'},\n"
        "            'body': base64.b64encode(bytes(range(256))).decode()}"
    )
    api = Api(aws, cloud.endpoint, function, "/picture")
    api.gateway.update_rest_api(
        restApiId=api.id,
        patchOperations=[{"op": "add", "path": "/binaryMediaTypes/image~1png"}],
    )
    api.gateway.create_deployment(restApiId=api.id, stageName="dev")
    answer = api.call("GET", "/picture", headers={"Accept": "image/png"})
    assert answer.content == bytes(range(256))


def test_a_request_can_be_tested_without_a_stage(api: Api) -> None:
    resources = api.gateway.get_resources(restApiId=api.id)["items"]
    resource = next(one["id"] for one in resources if one["path"] == "/orders/{id}")
    answer = api.gateway.test_invoke_method(
        restApiId=api.id, resourceId=resource, httpMethod="GET", pathWithQueryString="/orders/17"
    )
    assert answer["status"] == 200
    assert json.loads(answer["body"])["pathParameters"] == {"id": "17"}


def test_a_function_without_a_permission_for_the_api_is_not_invoked(api: Api) -> None:
    (allowed,) = json.loads(api.aws.lambda_.get_policy(FunctionName="function")["Policy"])[
        "Statement"
    ]
    api.aws.lambda_.remove_permission(FunctionName="function", StatementId=allowed["Sid"])
    refused = api.call("GET", "/orders/17")
    assert (refused.status_code, refused.json()) == (500, {"message": "Internal server error"})
    api.aws.allow("s3.amazonaws.com", f"arn:aws:execute-api:us-east-1:{api.aws.account}:{api.id}/*")
    assert api.call("GET", "/orders/17").status_code == 500
    assert api.aws.logs() == []


def test_a_permission_for_another_stage_is_not_enough(aws: Aws, cloud: Cloud) -> None:
    api = Api(aws, cloud.endpoint, aws.deploy(ANSWER), "/orders/{id}", allowed="live/*")
    assert api.call("GET", "/orders/17").status_code == 500
    api.gateway.create_deployment(restApiId=api.id, stageName="live")
    api.url = api.url.removesuffix("dev") + "live"
    assert api.call("GET", "/orders/17").status_code == 200
