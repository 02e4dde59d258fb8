"""The engine's gateway, on loopback only.

LocalStack's own twisted server ignores the host it is told and listens on every interface, where
anyone on the network could run code. This one listens where it is told, without TLS: nothing that
travels over loopback needs it.
"""

import os
import socket
from typing import Any

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
        site = TwistedGateway(_for_its_owner(gateway) if has_owner() else gateway)
        if LISTENER in os.environ:
            inherited = int(os.environ[LISTENER])
            reactor.adoptStreamPort(inherited, socket.AF_INET, site)  # a copy of it
            os.close(inherited)
            return
        for address in listen:
            reactor.listenTCP(address.port, site, interface=address.host)


def _for_its_owner(gateway: Gateway) -> Gateway:
    from helpers.engine.gateway import steps
    from helpers.engine.gateway.front_door import FrontDoor

    steps.add_to(gateway)
    return FrontDoor(gateway)


def make_no_certificate() -> None:
    """Keep LocalStack from making a TLS certificate at every start.

    It would take time, nobody would use it, and it would hold pyOpenSSL and cryptography at
    releases with known vulnerabilities: the newest have lost what LocalStack makes it with.
    """
    ssl.install_predefined_cert_if_available = _nothing
    ssl.create_ssl_cert = _no_certificate


def ask_no_name_server() -> None:
    """Keep LocalStack from looking up s3.localhost.localstack.cloud: S3 is at localhost, always.

    It would be the one thing that the engine sends, and where no name server answers, the first
    function would wait for it.
    """
    aws_stack.CACHE_S3_HOSTNAME_DNS_STATUS = False


def end_at_once() -> None:
    """Nothing in the engine outlives it, so there is nothing to put in order when it ends.

    LocalStack's own way takes one to four seconds, waiting for threads that wait for messages.
    """
    patch(LocalstackRuntime.shutdown)(_end)


def _end(shutdown: Any, runtime: LocalstackRuntime) -> None:
    end(runtime.exit_code)


def _nothing(*args: Any, **kwargs: Any) -> None:
    return None


def _no_certificate(*args: Any, **kwargs: Any) -> tuple[None, str, str]:
    return None, "", ""
