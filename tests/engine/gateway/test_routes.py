"""The routes that are public, those that are for the owner, and those that are removed."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from helpers.cloud.engine import engine_of
from helpers.cloud.health import ask
from helpers.cloud.model import Cloud
from tests.engine.rest_api import Api
from tests.engine.support import ECHO, Aws, document, until

ANSWER = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello'}\n"
ENGINE_ACCOUNT = "000000000000"


def signed(
    cloud: Cloud, account: str, method: str, path: str, service: str = "lab", **more: Any
) -> requests.Response:
    """Send a request that is signed by the account's owner."""
    secret = more.pop("secret", cloud.secret_access_key(account))
    url = f"{cloud.endpoint}{path}"
    headers = more.pop("headers", {})
    request = AWSRequest(method, url, headers=dict(headers), data=more.pop("data", b""))
    SigV4Auth(Credentials(account, secret), service, "us-east-1").add_auth(request)
    return requests.request(
        method, url, headers=dict(request.headers.items()), data=request.data, timeout=20, **more
    )


# Routes that are no AWS service's

OURS = ["/_lab/usage", "/_lab/clock", "/_lab/denials"]
LOCALSTACK_S = ["/_localstack/info", "/_localstack/init", "/_localstack/plugins"]
SERVICES = ["/_aws/sqs/messages?QueueUrl=x", "/_aws/ses", "/_aws/sns/sms-messages"]


@pytest.mark.parametrize("path", OURS + LOCALSTACK_S + SERVICES)
def test_only_an_owner_can_use_the_engine_s_own_routes(cloud: Cloud, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        answer = requests.request(method, cloud.endpoint + path, json={}, timeout=10)
        assert answer.status_code in (403, 405)
    body = requests.get(cloud.endpoint + path, timeout=10).text
    assert any(message in body for message in ("Only the owner of this cloud", "AccessDenied"))
    assert signed(cloud, ENGINE_ACCOUNT, "GET", path, secret="guess").status_code == 403


@pytest.mark.parametrize("path", LOCALSTACK_S + SERVICES)
def test_an_account_s_key_is_not_enough_for_what_concerns_all(
    cloud: Cloud, account: str, path: str
) -> None:
    assert signed(cloud, account, "GET", path).status_code == 403
    assert "Only the owner" not in signed(cloud, ENGINE_ACCOUNT, "GET", path).text


def test_each_owner_sees_only_their_own_account(cloud: Cloud, aws: Aws) -> None:
    aws.s3.create_bucket(Bucket=f"bucket-{aws.account}")
    assert engine_of(cloud, aws.account)("GET", "usage")["used"]
    assert engine_of(cloud, "787878787878")("GET", "usage")["used"] == {}
    path = f"/_lab/usage?account={aws.account}"
    assert signed(cloud, "787878787878", "GET", path).json() == {"used": {}}


def test_the_health_check_is_public(cloud: Cloud) -> None:
    assert requests.get(f"{cloud.endpoint}/_localstack/health", timeout=10).status_code == 200


@pytest.mark.parametrize("action", ["kill", "restart"])
def test_nobody_can_shut_down_the_engine_over_http(cloud: Cloud, action: str) -> None:
    where, what = "/_localstack/health", json.dumps({"action": action}).encode()
    assert requests.post(cloud.endpoint + where, data=what, timeout=10).status_code == 405
    headers = {"Content-Type": "application/json"}
    response = signed(cloud, ENGINE_ACCOUNT, "POST", where, data=what, headers=headers)
    assert response.status_code == 405
    assert ask(cloud.endpoint)


@pytest.mark.parametrize("path", ["_localstack/info", "_lab/usage"])
def test_an_api_does_not_give_access_to_the_owner_s_routes(
    aws: Aws, cloud: Cloud, path: str
) -> None:
    api = aws.apigateway.create_rest_api(name="api")["id"]
    root = aws.apigateway.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    aws.apigateway.put_method(**method, authorizationType="NONE")
    aws.apigateway.put_integration(
        **method,
        type="AWS",
        integrationHttpMethod="GET",
        uri=f"arn:aws:apigateway:us-east-1:s3:path/{path}",
        credentials=aws.role,
    )
    aws.apigateway.put_method_response(**method, statusCode="200")
    aws.apigateway.put_integration_response(**method, statusCode="200")
    aws.apigateway.create_deployment(restApiId=api, stageName="dev")
    answer = requests.get(f"{cloud.endpoint}/_aws/execute-api/{api}/dev/", timeout=10)
    assert "Only the owner" in answer.text


def test_a_websocket_is_refused(cloud: Cloud) -> None:
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    url = f"{cloud.endpoint}/_lab/usage"
    assert requests.get(url, headers=headers, timeout=10).status_code == 403


# Names of this cloud


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:{port}",
        "evil.example",
        "127.0.0.1.evil.example:{port}",
        "localhost.evil",
        "",
        "x",
    ],
)
def test_a_foreign_host_name_is_refused(cloud: Cloud, host: str) -> None:
    port = urlsplit(cloud.endpoint).port
    for path in ("/_localstack/health", "/?Action=ListTopics", "/bucket/key"):
        headers = {"Host": host.format(port=port)}
        answer = requests.get(cloud.endpoint + path, headers=headers, timeout=10)
        assert answer.status_code in (400, 403)
        assert "services" not in answer.text


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST", "s3.localhost.localstack.cloud:{port}"],
)
def test_a_host_name_of_this_machine_is_served(cloud: Cloud, host: str) -> None:
    headers = {"Host": host.format(port=urlsplit(cloud.endpoint).port)}
    answer = requests.get(f"{cloud.endpoint}/_localstack/health", headers=headers, timeout=10)
    assert answer.status_code == 200


# What LocalStack believes of itself


@pytest.mark.parametrize(
    "headers",
    [
        {"x-localstack-data": '{"service_principal": "lambda", "source_arn": "arn:x"}'},
        {"x-lab-inside": "1"},
        {"x-moto-account-id": "{account}"},
        {"Authorization": "AWS4-HMAC-SHA256 Credential=__internal_call__/20261127/us-east-1/sns/"
         "aws4_request, SignedHeaders=host;x-amz-date, Signature=1234"},
        {"Authorization": "AWS4-HMAC-SHA256 Credential={account}/20261127/us-east-1/sns/"
         "aws4_request, SignedHeaders=host;x-amz-date, Signature=1234"},
    ],
    ids=["data", "mark", "moto", "internal key", "account's key"],
)  # fmt: skip
def test_internal_headers_are_ignored_in_requests_from_outside(
    cloud: Cloud, aws: Aws, headers: dict[str, str]
) -> None:
    sent = {name: value.replace("{account}", aws.account) for name, value in headers.items()}
    data = {"Action": "CreateTopic", "Name": "smuggled"}
    answer = requests.post(cloud.endpoint, data=data, headers=sent, timeout=10)
    assert 400 <= answer.status_code < 500
    assert "smuggled" not in str(aws.sns.list_topics()["Topics"])


def test_a_role_does_not_become_a_service_by_a_header(cloud: Cloud, aws: Aws) -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": aws.account}}
    role = aws.iam.create_role(RoleName="none", AssumeRolePolicyDocument=document(trust))
    made = aws.sts.assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="session")
    client = boto3.client(
        "sqs",
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id=made["Credentials"]["AccessKeyId"],
        aws_secret_access_key=made["Credentials"]["SecretAccessKey"],
        aws_session_token=made["Credentials"]["SessionToken"],
    )

    def claim(request: Any, **_: Any) -> None:
        request.headers["x-localstack-data"] = '{"service_principal": "events"}'

    client.meta.events.register("before-send", claim)
    with pytest.raises(ClientError, match="not authorized to perform: sqs:createqueue"):
        client.create_queue(QueueName="smuggled")
    queue = aws.queue()
    for query in ("Action=DeleteQueue", "Action=SendMessage&MessageBody=x"):
        response = requests.get(f"{queue.url}?{query}", timeout=10)
        assert response.status_code == 403


# What a learner has made for everybody


def test_a_rest_api_s_stage_is_public(aws: Aws, cloud: Cloud) -> None:
    api = Api(aws, cloud.endpoint, aws.deploy(ANSWER), "hello")
    assert requests.get(f"{api.url}/hello", timeout=10).text == "hello"
    old = f"{cloud.endpoint}/restapis/{api.id}/dev/_user_request_/hello"
    assert requests.get(old, timeout=10).text == "hello"


@pytest.fixture
def url(aws: Aws, cloud: Cloud) -> Callable[..., requests.Response]:
    """Return a function that calls the function URL, with a signature of the owner if `signed`."""
    aws.deploy(ANSWER)

    def call(method: str = "GET", **headers: str) -> requests.Response:
        url = aws.lambda_.get_function_url_config(FunctionName="function")["FunctionUrl"]
        host = {"Host": urlsplit(url).netloc}
        return requests.request(method, f"{cloud.endpoint}/", headers=headers | host, timeout=10)

    return call


def test_a_function_url_is_public_if_its_policy_says_so(
    aws: Aws, url: Callable[..., requests.Response]
) -> None:
    aws.lambda_.create_function_url_config(FunctionName="function", AuthType="NONE")
    assert url().status_code == 403
    assert "Forbidden" in url().json()["Message"]
    aws.open_url()
    assert url().text == "hello"


def test_a_function_url_with_iam_is_for_allowed_callers_who_sign(
    aws: Aws, cloud: Cloud, url: Callable[..., requests.Response]
) -> None:
    made = aws.lambda_.create_function_url_config(FunctionName="function", AuthType="AWS_IAM")
    aws.open_url()  # for AuthType NONE only
    assert url().status_code == 403
    host = urlsplit(made["FunctionUrl"]).netloc

    def call(secret: str, service: str = "lambda") -> int:
        headers = {"Host": host}
        answer = signed(cloud, aws.account, "GET", "/", service, secret=secret, headers=headers)
        return answer.status_code

    secret = cloud.secret_access_key(aws.account)
    assert call(secret) == 200
    assert call(secret, "s3") == 403
    assert call("guess") == 403


def test_a_function_url_follows_its_cors_settings(
    aws: Aws, url: Callable[..., requests.Response]
) -> None:
    cors = {"AllowOrigins": ["https://shop.example"], "AllowMethods": ["GET"], "MaxAge": 60}
    aws.lambda_.create_function_url_config(FunctionName="function", AuthType="NONE", Cors=cors)
    aws.open_url()
    asked = {"Access-Control-Request-Method": "GET"}
    for origin, allowed in (("https://shop.example", True), ("https://evil.example", False)):
        preflight, answer = url("OPTIONS", Origin=origin, **asked), url(Origin=origin)
        assert answer.text == "hello"
        for each in (preflight, answer):
            expected = origin if allowed else None
            assert each.headers.get("Access-Control-Allow-Origin") == expected
    assert url("OPTIONS", Origin="https://shop.example", **asked).headers[
        "Access-Control-Max-Age"
    ] == ("60")


@pytest.fixture
def bucket(aws: Aws) -> str:
    name = f"bucket-{aws.account}"
    aws.s3.create_bucket(Bucket=name)
    for key in ("index.html", "secret.html"):
        page = f"<h1>{key}</h1>".encode()
        aws.s3.put_object(Bucket=name, Key=key, Body=page, ContentType="text/html")
    return name


def let_everybody_read(aws: Aws, bucket: str, key: str = "index.html") -> None:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/{key}",
    }
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=document(statement))


def test_an_object_is_public_only_by_its_bucket_policy(aws: Aws, cloud: Cloud, bucket: str) -> None:
    def get(key: str) -> requests.Response:
        return requests.get(f"{cloud.endpoint}/{bucket}/{key}", timeout=10)

    assert get("index.html").status_code == 403
    aws.s3.delete_public_access_block(Bucket=bucket)
    let_everybody_read(aws, bucket)
    assert get("index.html").text == "<h1>index.html</h1>"
    assert get("secret.html").status_code == 403
    assert requests.get(f"{cloud.endpoint}/{bucket}", timeout=10).status_code == 403
    put = requests.put(f"{cloud.endpoint}/{bucket}/index.html", data=b"mine", timeout=10)
    assert put.status_code == 403


def test_a_bucket_that_blocks_public_access_stays_private(
    aws: Aws, cloud: Cloud, bucket: str
) -> None:
    with pytest.raises(ClientError, match="blocked by the BlockPublicPolicy block public access"):
        let_everybody_read(aws, bucket)
    aws.s3.delete_public_access_block(Bucket=bucket)
    let_everybody_read(aws, bucket)
    blocked = {"RestrictPublicBuckets": True}
    aws.s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=blocked)
    answer = requests.get(f"{cloud.endpoint}/{bucket}/index.html", timeout=10)
    assert answer.status_code == 403
    assert "<Code>AccessDenied</Code>" in answer.text


def test_an_access_control_list_applies_where_acls_are_enabled(
    aws: Aws, cloud: Cloud, bucket: str, client: Any
) -> None:
    def get(path: str) -> int:
        return requests.get(f"{cloud.endpoint}/{bucket}{path}", timeout=10).status_code

    owned = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    aws.s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=owned)
    aws.s3.delete_public_access_block(Bucket=bucket)
    aws.s3.put_object_acl(Bucket=bucket, Key="index.html", ACL="public-read")
    assert (get("/index.html"), get("/secret.html"), get("")) == (200, 403, 403)
    aws.s3.put_object_acl(Bucket=bucket, Key="secret.html", ACL="authenticated-read")
    stranger = client("s3", "565656565656")
    assert stranger.get_object(Bucket=bucket, Key="secret.html")["ETag"]
    assert get("/secret.html") == 403
    aws.s3.put_bucket_acl(Bucket=bucket, ACL="public-read-write")
    theirs, opened = f"{cloud.endpoint}/{bucket}/theirs.html", {"x-amz-acl": "public-read"}
    put = requests.put(theirs, data=b"theirs", headers=opened, timeout=10)
    assert (put.status_code, get("/theirs.html"), get("")) == (200, 200, 200)
    others = f"{cloud.endpoint}/{bucket}/secret.html?acl"
    assert requests.put(others, headers=opened, timeout=10).status_code == 403
    assert get("/secret.html") == 403
    blocked = {"IgnorePublicAcls": True}
    aws.s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=blocked)
    assert (get("/index.html"), get("")) == (403, 403)


def test_a_website_serves_what_is_public(aws: Aws, cloud: Cloud, bucket: str) -> None:
    port = urlsplit(cloud.endpoint).port
    aws.s3.put_bucket_website(
        Bucket=bucket, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}}
    )

    def get(path: str) -> requests.Response:
        host = {"Host": f"{bucket}.s3-website.us-east-1.127.0.0.1:{port}"}
        return requests.get(f"{cloud.endpoint}{path}", headers=host, timeout=10)

    assert get("/").status_code == 403
    aws.s3.delete_public_access_block(Bucket=bucket)
    let_everybody_read(aws, bucket)
    assert get("/").text == "<h1>index.html</h1>"
    assert get("/secret.html").status_code == 403


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_url_is_for_one_object_and_one_operation(
    aws: Aws, client: Any, bucket: str, version: str
) -> None:
    s3 = client("s3", config=Config(signature_version=version))
    one = s3.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "index.html"}, ExpiresIn=60
    )
    assert requests.get(one, timeout=10).text == "<h1>index.html</h1>"
    assert requests.put(one, data=b"mine", timeout=10).status_code == 403
    assert requests.get(one.replace("index", "secret"), timeout=10).status_code == 403
    assert requests.get(one[:-2], timeout=10).status_code == 403


def test_a_presigned_url_of_signature_version_2_expires(client: Any, bucket: str) -> None:
    s3 = client("s3", config=Config(signature_version="s3"))
    past = s3.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "index.html"}, ExpiresIn=-1
    )
    assert "Request has expired" in requests.get(past, timeout=10).text


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_form_allows_one_upload(
    aws: Aws, client: Any, bucket: str, version: str
) -> None:
    s3 = client("s3", config=Config(signature_version=version))
    form = s3.generate_presigned_post(bucket, "posted.txt")

    def post(fields: dict[str, str]) -> int:
        answer = requests.post(form["url"], data=fields, files={"file": b"abc"}, timeout=10)
        return answer.status_code

    assert post(form["fields"]) == 204
    assert aws.s3.get_object(Bucket=bucket, Key="posted.txt")["Body"].read() == b"abc"
    assert post(form["fields"] | {"key": "other.txt"}) == 403
    assert post({"key": "other.txt"}) == 403
    signature = "x-amz-signature" if version == "s3v4" else "signature"
    assert post(form["fields"] | {signature: "a" * 64}) == 403
    without = {name: value for name, value in form["fields"].items() if name != signature}
    assert post(without) == 400
    unsigned = {name: value for name, value in form["fields"].items() if name != "policy"}
    assert post(unsigned) == 403


# A page of another origin


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://app.localstack.cloud"])
def test_a_page_of_another_origin_cannot_use_the_api_of_aws(
    cloud: Cloud, aws: Aws, origin: str
) -> None:
    headers = {"Origin": origin}
    data = b"Action=CreateTopic&Name=smuggled&Version=2010-03-31"
    form = headers | {"Content-Type": "application/x-www-form-urlencoded"}
    for answer in (
        requests.post(cloud.endpoint, data=data, headers=form, timeout=10),
        signed(cloud, aws.account, "POST", "/", "sns", data=data, headers=form),
        requests.options(
            cloud.endpoint, headers=headers | {"Access-Control-Request-Method": "POST"}, timeout=10
        ),
    ):
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert aws.sns.list_topics()["Topics"] == []


def test_a_page_of_another_origin_reads_a_bucket_by_its_cors_settings(
    cloud: Cloud, aws: Aws, bucket: str
) -> None:
    rule = {"AllowedOrigins": ["https://shop.example"], "AllowedMethods": ["GET"]}
    aws.s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
    one = aws.s3.generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "index.html"}
    )
    for origin, allowed in (("https://shop.example", True), ("https://evil.example", False)):
        answer = requests.get(one, headers={"Origin": origin}, timeout=10)
        assert ("Access-Control-Allow-Origin" in answer.headers) is allowed


def test_a_function_s_package_can_be_downloaded_by_its_owner(aws: Aws) -> None:
    aws.deploy(ECHO)
    where = aws.lambda_.get_function(FunctionName="function")["Code"]["Location"]
    assert requests.get(where, timeout=10).content[:2] == b"PK"
    assert requests.get(where.partition("?")[0], timeout=10).status_code == 403


def test_the_engine_still_works_after_all_this(cloud: Cloud) -> None:
    assert until(lambda: ask(cloud.endpoint))
