"""HTTP requests to a cloud, wherever it is.

A proxy that the learner's environment names must not catch a request to a local cloud. And
LocalStack gives out addresses under a domain that needs DNS, such as

    http://abc123.lambda-url.us-east-1.localhost.localstack.cloud:4566/

DNS has 127.0.0.1 for each of them, and LocalStack tells them apart by the Host header. So a request
goes straight to the cloud, with that header, and needs no DNS.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import requests

LOCALSTACK_PORT = 4566  # LocalStack's default
LOCALSTACK_DOMAIN = "localhost.localstack.cloud"
LOOPBACK = "127.0.0.1"

# A function URL of LocalStack ends in the cloud's address, whatever that is.
FUNCTION_URL = re.compile(r"\.lambda-url\.[a-z0-9-]+\.(?P<cloud>[^/]+)$")
AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".aws", ".aws.dev")


def loopback_url(port: int) -> str:
    """Return the address of a server that listens on that port of this machine."""
    return f"http://{LOOPBACK}:{port}"


def is_aws_host(host: str) -> bool:
    """Return whether the host is AWS's, by its name alone."""
    return host.rstrip(".").endswith(AWS_DOMAINS)


def reachable(url: str, endpoint: str = "") -> tuple[str, dict[str, str]]:
    """Return an address for the URL that needs no DNS, and the Host header to send there.

    `endpoint` is the cloud's own address; without one, LocalStack's domain is taken to be this
    machine. A URL that is not LocalStack's is its own address and needs no header.
    """
    parts = urlsplit(url)
    address = _address(parts.netloc, urlsplit(endpoint).netloc)
    if address == parts.netloc:
        return url, {}
    path = parts.path or "/"
    return parts._replace(netloc=address, path=path).geturl(), {"Host": parts.netloc}


def send(
    method: str,
    url: str,
    *,
    timeout: float,
    headers: Mapping[str, str] | None = None,
    data: str | bytes | None = None,
    endpoint: str = "",
    follow_redirects: bool = True,
) -> requests.Response:
    """Send a request and return the response, whatever its status.

    `timeout` is in seconds, `endpoint` as for `reachable`. Raises requests.RequestException if
    there is no response.
    """
    address, host = reachable(url, endpoint)
    with requests.Session() as session:
        session.trust_env = is_aws_host(
            urlsplit(address).hostname or ""
        )  # a proxy leads to AWS only
        return session.request(
            method,
            address,
            headers={**(headers or {}), **host},
            data=data,
            timeout=timeout,
            allow_redirects=follow_redirects,
        )


def _address(netloc: str, endpoint: str) -> str:
    """Return where the server behind that host and port is reached."""
    host, _, port = netloc.partition(":")
    if host.endswith(LOCALSTACK_DOMAIN):
        return endpoint or (f"{LOOPBACK}:{port}" if port else LOOPBACK)
    found = FUNCTION_URL.search(netloc)
    return found["cloud"] if found and not is_aws_host(host) else netloc
