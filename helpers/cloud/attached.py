"""A LocalStack that already runs: in Docker, in a CI service, on a port of this machine."""

import socket
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from helpers.cloud.errors import CloudRefused, CloudUnreachable
from helpers.cloud.health import Health, ask
from helpers.cloud.http import LOCALSTACK_PORT, is_aws_host
from helpers.cloud.model import Cloud

# https://www.rfc-editor.org/rfc/rfc1918 and https://www.rfc-editor.org/rfc/rfc4193: the networks
# of a household or a school. No LocalStack runs in the other networks that Python calls private
# (for documentation, for tests, "this network").
PRIVATE_NETWORKS = {
    4: [ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")],
    6: [ip_network("fc00::/7")],
}

NOT_PRIVATE = """\
{setting}={value} is neither on this machine nor on its private network, so it was not called.
Notebooks work only with LocalStack. Unset {setting}, or set LAB_CLOUD=embedded to use the cloud
that comes with the course."""

NOT_AN_ADDRESS = """\
{setting}={value} is not the address of a LocalStack: {why}.
It should look like http://127.0.0.1:4566 or localhost:4566. Correct it, or unset {setting} to use
the cloud that comes with the course."""

UNKNOWN_HOST = """\
{setting}={value}, but the host name {host} can't be resolved.
Correct the name, or unset {setting} to use the cloud that comes with the course."""

NO_ANSWER = """\
{setting}={value}, but no LocalStack answers there.
Start it (for example: docker compose up --wait), or unset {setting} to use the cloud that comes
with the course."""


def setting(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the variable that names a running LocalStack, and its value; None if none is set."""
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
    """Return the LocalStack at `value`, a URL or host:port from the variable `name`.

    Raises CloudRefused, before any call, if that is not on this machine or its private network,
    and CloudUnreachable if no LocalStack answers there.
    """
    try:
        endpoint, host = _parse(value)
    except ValueError as error:
        raise CloudRefused(NOT_AN_ADDRESS.format(setting=name, value=value, why=error)) from None
    if is_aws_host(host):  # not even looked up
        raise CloudRefused(NOT_PRIVATE.format(setting=name, value=value))
    addresses = (resolve or _resolve)(host)
    if not addresses:
        raise CloudUnreachable(UNKNOWN_HOST.format(setting=name, value=value, host=host))
    if not all(map(_is_private, addresses)):
        raise CloudRefused(NOT_PRIVATE.format(setting=name, value=value))
    health = ask(endpoint)
    if health is None:
        raise CloudUnreachable(NO_ANSWER.format(setting=name, value=value))
    return Cloud("attached", endpoint, health.version)


def _parse(value: str) -> tuple[str, str]:
    """Return the endpoint and its host. Raises ValueError, which says what is wrong."""
    value = value.strip()
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
    except ValueError as error:  # a bracket that is not closed
        raise ValueError(str(error).lower()) from None
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"{parts.scheme} is not http or https")
    if not parts.hostname:
        raise ValueError("it names no host (write an IPv6 address in brackets: [::1]:4566)")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("it has more than a host and a port")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("its port is not a number up to 65535") from None
    endpoint = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    needs_port = "://" not in value and port is None
    return f"{endpoint}:{LOCALSTACK_PORT}" if needs_port else endpoint, parts.hostname


def _is_private(text: str) -> bool:
    """Return whether the address is this machine's or on its private network.

    Link-local addresses are not: at 169.254.169.254 a machine in AWS finds its credentials.
    """
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback or any(
        address in network for network in PRIVATE_NETWORKS[address.version]
    )


def _resolve(host: str) -> list[str]:
    """Return the host's addresses; none if its name can't be resolved."""
    try:
        return [str(info[4][0]) for info in socket.getaddrinfo(host, None)]
    except (OSError, UnicodeError):
        return []
