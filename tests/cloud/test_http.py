"""Where a request to a cloud goes: straight there, and without DNS."""

import pytest

from helpers.cloud.http import reachable

FUNCTION = "abc.lambda-url.us-east-1"
LOCALSTACK = f"{FUNCTION}.localhost.localstack.cloud:4566"


@pytest.mark.parametrize(
    ("url", "address", "host"),
    [
        (f"http://{FUNCTION}.127.0.0.1:4566/", "http://127.0.0.1:4566/", "127.0.0.1:4566"),
        (f"http://{LOCALSTACK}/pay?a=1", "http://127.0.0.1:4566/pay?a=1", LOCALSTACK),
        (f"https://{FUNCTION}.on.aws/", f"https://{FUNCTION}.on.aws/", None),
        (
            "http://127.0.0.1:4566/_aws/execute-api/x",
            "http://127.0.0.1:4566/_aws/execute-api/x",
            None,
        ),
    ],
)
def test_a_function_url_of_localstack_is_reached_without_dns(url, address, host):
    found, headers = reachable(url)
    assert found == address
    assert headers.get("Host", "none").endswith(host or "none")
