"""The engine's gateway, on loopback only.

LocalStack's own twisted server ignores the configured host and listens on every interface, so that
anyone on the network could run code. This one listens where it is configured to, without TLS, which
nothing on loopback needs.
"""

import os
import socket

from localstack import config
from localstack.runtime.runtime import LocalstackRuntime
from localstack.runtime.server.twisted import TwistedRuntimeServer
from localstack.utils import ssl
from localstack.utils.aws import aws_stack
from localstack.utils.patch import patch
from rolo.gateway import Gateway
from rolo.serving.twisted import TwistedGateway
from twisted.internet import reactor

from helpers.engine.lifetime.ending import end
from helpers.engine.settings import LISTENER, has_owner


class LoopbackServer(TwistedRuntimeServer):
    def register(
        self,
        gateway: Gateway,
        listen: list[config.HostAndPort],
        ssl_creds: tuple[str, str] | None = None,
    ) -> None:
        site = TwistedGateway(_behind_a_front_door(gateway) if has_owner() else gateway)
        if LISTENER in os.environ:
            inherited = int(os.environ[LISTENER])
            reactor.adoptStreamPort(inherited, socket.AF_INET, site)  # a copy of it
            os.close(inherited)
            return
        for address in listen:
            reactor.listenTCP(address.port, site, interface=address.host)


def _behind_a_front_door(gateway: Gateway) -> Gateway:
    from helpers.engine.gateway import chain
    from helpers.engine.gateway.front_door import FrontDoor

    chain.add_owners_steps(gateway)
    return FrontDoor(gateway)


def skip_certificate() -> None:
    """Keep LocalStack from creating a TLS certificate at every start.

    It takes time, nothing uses it, and it would require releases of pyOpenSSL and cryptography with
    known vulnerabilities: the newest have dropped the functions with which LocalStack creates it.
    """
    ssl.install_predefined_cert_if_available = lambda *_, **__: None
    ssl.create_ssl_cert = lambda *_, **__: (None, "", "")


def skip_name_lookup() -> None:
    """Keep LocalStack from looking up s3.localhost.localstack.cloud; S3 is at localhost anyway.

    It would be the only thing that the engine sends, and where no name server responds, the first
    function would wait for it.
    """
    aws_stack.CACHE_S3_HOSTNAME_DNS_STATUS = False


def end_at_once() -> None:
    """End the process on shutdown: nothing in the engine outlives it, so nothing needs closing.

    LocalStack takes one to four seconds, in which it waits for threads that wait for messages.
    """
    patch(LocalstackRuntime.shutdown)(lambda shutdown, runtime: end(runtime.exit_code))
