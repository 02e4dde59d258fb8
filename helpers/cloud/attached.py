"""A LocalStack that already runs: in Docker, in a CI service, on a port of this machine."""

import ipaddress
import socket
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from helpers.cloud.errors import CloudRefused, CloudUnreachable
from helpers.cloud.health import Health, ask
from helpers.cloud.model import Cloud

NOT_HERE = """\
{setting}={value} does not point to this machine or its own network, so it was not called.
Notebooks work only against LocalStack. Unset {setting}, or set LAB_CLOUD=embedded to use the cloud
that comes with the course."""

NO_ANSWER = """\
{setting}={value}, but no LocalStack answers there.
Start it (for example: docker compose up --wait), or unset {setting} to use the cloud that comes
with the course."""


def setting(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """The variable that names a running LocalStack, and its value, if one is set."""
    for name in ("AWS_ENDPOINT_URL", "LOCALSTACK_HOST"):
        if environ.get(name):
            return name, environ[name]
    return None


def attach(
    name: str,
    value: str,
    *,
    ask: Callable[[str], Health | None] = ask,
    resolve: Callable[[str], list[str]] | None = None,
) -> Cloud:
    """The LocalStack at `value`, a URL or host:port that was found in the variable `name`.

    Raises CloudRefused before any call is made if that is not on this machine or its private
    network, and CloudUnreachable if nothing of the kind answers.
    """
    endpoint = value if "://" in value else f"http://{value}"
    parts = urlsplit(endpoint)
    if "://" not in value and parts.port is None:
        endpoint = f"{endpoint}:4566"
    host = parts.hostname or ""
    if not _is_near(host, resolve or _addresses):
        raise CloudRefused(NOT_HERE.format(setting=name, value=value))
    health = ask(endpoint)
    if health is None:
        raise CloudUnreachable(NO_ANSWER.format(setting=name, value=value))
    return Cloud("attached", endpoint.rstrip("/"), health.version)


def _is_near(host: str, resolve: Callable[[str], list[str]]) -> bool:
    if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".aws", ".api.aws")):
        return False  # not even its name is looked up
    if host.endswith(".localstack.cloud"):
        return True  # resolves to 127.0.0.1, where there is DNS
    addresses = [ipaddress.ip_address(text) for text in resolve(host)]
    return all(address.is_loopback or address.is_private for address in addresses)


def _addresses(host: str) -> list[str]:
    """The host's addresses; none when it has no known name, and then no call can reach it."""
    try:
        return [str(info[4][0]) for info in socket.getaddrinfo(host, None)]
    except OSError:
        return []
