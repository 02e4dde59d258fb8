import pytest
import requests

from helpers.cloud.http import LOCALSTACK_PORT, is_aws_host, loopback_url, reachable, send

NAMED = "abc.lambda-url.us-east-1.localhost.localstack.cloud:4566"


@pytest.mark.parametrize(
    ("url", "endpoint", "address", "host"),
    [
        (f"http://{NAMED}/paywell?a=1", "", "http://127.0.0.1:4566/paywell?a=1", NAMED),
        (f"http://{NAMED}", "", "http://127.0.0.1:4566/", NAMED),
        (f"http://{NAMED}/", "http://10.0.0.5:4567", "http://10.0.0.5:4567/", NAMED),
        (
            "http://abc.lambda-url.us-east-1.127.0.0.1:4566/",
            "",
            "http://127.0.0.1:4566/",
            "abc.lambda-url.us-east-1.127.0.0.1:4566",
        ),
        (
            "http://s3.us-east-1.localhost.localstack.cloud:4566/tasks/greeter?Signature=1",
            "http://127.0.0.1:40123",
            "http://127.0.0.1:40123/tasks/greeter?Signature=1",
            "s3.us-east-1.localhost.localstack.cloud:4566",
        ),
    ],
)
def test_a_name_of_localstack_becomes_the_address_of_the_cloud(url, endpoint, address, host):
    assert reachable(url, endpoint) == (address, {"Host": host})


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:4566/_aws/execute-api/abc/dev/products",
        "http://[::1]:4566/health",
        "https://abc.lambda-url.us-east-1.on.aws/",
        "https://tasks.s3.us-east-1.amazonaws.com/greeter?Signature=1",
        "http://example.org",
    ],
)
def test_any_other_url_is_its_own_address(url):
    assert reachable(url, "http://127.0.0.1:4566") == (url, {})


@pytest.mark.parametrize(
    ("host", "is_aws"),
    [
        ("sqs.us-east-1.amazonaws.com", True),
        ("sqs.us-east-1.amazonaws.com.", True),
        ("sqs.cn-north-1.amazonaws.com.cn", True),
        ("abc.lambda-url.us-east-1.on.aws", True),
        ("127.0.0.1", False),
        ("localhost.localstack.cloud", False),
        ("amazonaws.com.example.org", False),
    ],
)
def test_a_host_of_aws_is_known_by_its_name(host, is_aws):
    assert is_aws_host(host) is is_aws


def test_a_server_on_this_machine_has_an_address_that_needs_no_dns():
    assert loopback_url(LOCALSTACK_PORT) == "http://127.0.0.1:4566"


def test_a_request_is_answered_past_any_proxy(cloud, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.invalid:3128")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    answer = send("GET", f"{cloud.endpoint}/_localstack/health", timeout=10)
    assert answer.status_code == 200


def test_a_name_of_localstack_is_answered_without_dns(cloud):
    url = "http://s3.us-east-1.localhost.localstack.cloud:1/_localstack/health"
    answer = send("GET", url, endpoint=cloud.endpoint, timeout=10)
    assert answer.status_code == 200
    assert answer.request.headers["Host"] == "s3.us-east-1.localhost.localstack.cloud:1"


def test_a_port_where_nothing_listens_raises():
    with pytest.raises(requests.RequestException):
        send("GET", loopback_url(1), timeout=1)
