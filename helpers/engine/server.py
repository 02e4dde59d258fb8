"""The engine's gateway, on loopback only.

LocalStack's own twisted server ignores the host it is told and listens on every interface, where
anyone on the network could run code. This one listens where it is told, without TLS: nothing
that travels over loopback needs it, and making a certificate would slow every start.
"""

from localstack import config
from localstack.runtime.server.twisted import TwistedRuntimeServer
from rolo.gateway import Gateway
from rolo.serving.twisted import TwistedGateway
from twisted.internet import reactor


class LoopbackServer(TwistedRuntimeServer):
    def register(
        self,
        gateway: Gateway,
        listen: list[config.HostAndPort],
        ssl_creds: tuple[str, str] | None = None,
    ) -> None:
        site = TwistedGateway(gateway)
        for address in listen:
            reactor.listenTCP(address.port, site, interface=address.host)
