"""A LocalStack that already runs: in Docker, in a CI service, on a port of this machine."""

import socket
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from helpers.cloud.errors import CloudRefused, CloudUnreachable
from helpers.cloud.health import Health, ask
from helpers.cloud.model import Cloud

LOCALSTACK_PORT = 4566

# https://www.rfc-editor.org/rfc/rfc1918 and https://www.rfc-editor.org/rfc/rfc4193: networks that
# end at a household's or a school's door. What else Python calls private (documentation, tests,
# "this network") is nobody's LocalStack.
OWN_NETWORKS = {
    4: [ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")],
    6: [ip_network("fc00::/7")],
}

NOT_HERE = """\
{setting}={value} does not point to this machine or its own network, so it was not called.
Notebooks work only against LocalStack. Unset {setting}, or set LAB_CLOUD=embedded to use the cloud
that comes with the course."""

NO_ADDRESS = """\
{setting}={value} is no address of a LocalStack: {why}.
It should look like http://127.0.0.1:4566 or localhost:4566. Set it so, or unset {setting} to use
the cloud that comes with the course."""

UNKNOWN_NAME = """\
{setting}={value}, but no machine called {host} is known here.
Correct the name, or unset {setting} to use the cloud that comes with the course."""

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
    try:
        endpoint, host = _address(value)
    except ValueError as error:
        raise CloudRefused(NO_ADDRESS.format(setting=name, value=value, why=error)) from None
    addresses = [] if _is_aws(host) else (resolve or _addresses)(host)
    if not addresses and not _is_aws(host):
        raise CloudUnreachable(UNKNOWN_NAME.format(setting=name, value=value, host=host))
    if _is_aws(host) or not all(map(_is_near, addresses)):
        raise CloudRefused(NOT_HERE.format(setting=name, value=value))
    health = ask(endpoint)
    if health is None:
        raise CloudUnreachable(NO_ANSWER.format(setting=name, value=value))
    return Cloud("attached", endpoint, health.version)


def _address(value: str) -> tuple[str, str]:
    """The endpoint, and its host. Raises ValueError, with what is wrong, if it has none."""
    value = value.strip()
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
    except ValueError as error:  # a bracket that does not close
        raise ValueError(str(error).lower()) from None
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"{parts.scheme} is not http or https")
    if not parts.hostname:
        raise ValueError("it names no host (an IPv6 address stands in brackets: [::1]:4566)")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("there is more in it than a host and a port")
    port = _port(parts)
    endpoint = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    needs_port = "://" not in value and port is None
    return f"{endpoint}:{LOCALSTACK_PORT}" if needs_port else endpoint, parts.hostname


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise ValueError("its port is not a number up to 65535") from None


def _is_aws(host: str) -> bool:
    """Whether that name is AWS's; it is not even looked up."""
    return host.rstrip(".").endswith((".amazonaws.com", ".amazonaws.com.cn", ".aws", ".aws.dev"))


def _is_near(text: str) -> bool:
    """Whether that address is this machine's, or one of its own network's.

    Link-local addresses are refused: at 169.254.169.254 a machine in AWS finds its credentials.
    """
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback or any(
        address in network for network in OWN_NETWORKS[address.version]
    )


def _addresses(host: str) -> list[str]:
    """The host's addresses; none when nobody knows its name."""
    try:
        return [str(info[4][0]) for info in socket.getaddrinfo(host, None)]
    except (OSError, UnicodeError):
        return []
