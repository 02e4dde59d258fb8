"""Attach to a LocalStack that already runs, but never beyond the private network."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from helpers.cloud import Cloud, CloudRefused, CloudUnreachable
from helpers.cloud.attached import attach
from helpers.cloud.health import Health, ask


class FakeDoors:
    """A network in which every name has the given addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.resolved: list[str] = []
        self.asked: list[str] = []

    def resolve(self, host: str) -> list[str]:
        self.resolved.append(host)
        return self.addresses

    def ask(self, endpoint: str) -> Health:
        self.asked.append(endpoint)
        return Health("4.9.2", ())

    def attach(self, value: str) -> Cloud:
        return attach("AWS_ENDPOINT_URL", value, ask=self.ask, resolve=self.resolve)


@pytest.mark.parametrize(
    ("value", "endpoint"),
    [
        ("http://127.0.0.1:4566", "http://127.0.0.1:4566"),
        ("http://localhost:4566/", "http://localhost:4566"),
        ("localhost", "http://localhost:4566"),
        ("localstack:4570", "http://localstack:4570"),
        ("https://localhost.localstack.cloud:4566", "https://localhost.localstack.cloud:4566"),
        ("s3.localhost.localstack.cloud:4566", "http://s3.localhost.localstack.cloud:4566"),
        ("[::1]:4566", "http://[::1]:4566"),
        ("[::1]", "http://[::1]:4566"),
        ("http://[::1]:4570", "http://[::1]:4570"),
        (" localhost:4566\n", "http://localhost:4566"),
    ],
)
def test_an_address_may_be_a_url_or_a_host(value: str, endpoint: str) -> None:
    assert FakeDoors("127.0.0.1").attach(value) == Cloud("attached", endpoint, "4.9.2")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "::1", "172.17.0.2", "10.1.2.3", "192.168.1.9", "fd00::2", "::ffff:10.1.2.3"],
)
def test_this_machine_and_its_own_network_may_be_called(address: str) -> None:
    assert FakeDoors(address).attach("http://localstack:4566").version == "4.9.2"


@pytest.mark.parametrize(
    "addresses",
    [
        ["8.8.8.8"],
        ["2600::1"],
        ["127.0.0.1", "8.8.8.8"],
        ["169.254.169.254"],  # where machines in AWS get their credentials
        ["::ffff:169.254.169.254"],
        ["fe80::1%eth0"],
        ["0.0.0.0"],
        ["::"],
        ["100.64.0.1"],
        ["224.0.0.1"],
        ["192.0.2.1"],
    ],
)
def test_an_address_beyond_the_private_network_is_refused_and_not_called(
    addresses: list[str],
) -> None:
    doors = FakeDoors(*addresses)
    with pytest.raises(CloudRefused, match="is neither on this machine nor on its private network"):
        doors.attach("http://example.com:4566")
    assert doors.asked == []


@pytest.mark.parametrize(
    "value",
    [
        "https://s3.eu-west-1.amazonaws.com",
        "https://S3.AMAZONAWS.COM",
        "https://lambda.cn-north-1.amazonaws.com.cn",
        "https://dynamodb.us-east-1.api.aws",
        "sqs.us-east-1.amazonaws.com",
    ],
)
def test_aws_is_refused_before_even_its_name_is_looked_up(value: str) -> None:
    doors = FakeDoors("127.0.0.1")
    with pytest.raises(CloudRefused) as caught:
        doors.attach(value)
    assert f"AWS_ENDPOINT_URL={value}" in str(caught.value)
    assert "LAB_CLOUD=embedded" in str(caught.value)
    assert (doors.resolved, doors.asked) == ([], [])


@pytest.mark.parametrize("host", ["api.localstack.cloud", "localstack.cloud", "x.localstack.cloud"])
def test_localstack_s_own_servers_are_refused(host: str) -> None:
    doors = FakeDoors("104.18.1.1")
    with pytest.raises(CloudRefused, match="is neither on this machine nor on its private network"):
        doors.attach(f"https://{host}")
    assert doors.asked == []


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("localhost:abc", "its port is not a number"),
        ("localhost:99999", "its port is not a number"),
        ("::1", "it names no host .*brackets"),
        ("http://[::1", "invalid ipv6 url"),
        ("http://", "it names no host"),
        (":4566", "it names no host"),
        ("   ", "it names no host"),
        ("ftp://localhost", "ftp is not http or https"),
        ("http://me:secret@localhost:4566", "more than a host"),
    ],
)
def test_a_value_that_is_not_an_address_is_refused_with_the_reason(value: str, why: str) -> None:
    doors = FakeDoors("127.0.0.1")
    with pytest.raises(CloudRefused, match=why) as caught:
        doors.attach(value)
    assert "It should look like http://127.0.0.1:4566" in str(caught.value)
    assert (doors.resolved, doors.asked) == ([], [])


@pytest.mark.parametrize("host", ["no-such-machine.invalid", "a..b", "x" * 300])
def test_a_host_name_that_can_not_be_resolved_is_reported(host: str) -> None:
    with pytest.raises(CloudUnreachable, match=r"the host name \S+ can't be resolved"):
        attach("LOCALSTACK_HOST", f"{host}:4566")


def test_if_no_localstack_answers_it_says_what_to_do() -> None:
    with pytest.raises(CloudUnreachable, match="docker compose up"):
        attach("AWS_ENDPOINT_URL", "http://127.0.0.1:1")


@pytest.fixture
def something_else() -> Iterator[str]:
    """Run a web server that is not LocalStack."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_web_server_that_is_not_localstack_is_recognized(something_else: str) -> None:
    assert ask(something_else) is None
    with pytest.raises(CloudUnreachable):
        attach("AWS_ENDPOINT_URL", something_else)


def test_a_localstack_reports_its_version_and_the_services_in_use(cloud: Cloud) -> None:
    health = ask(cloud.endpoint)
    assert health
    assert health.version == "4.9.2"
