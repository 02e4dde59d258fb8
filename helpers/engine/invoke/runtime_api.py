"""The Lambda Runtime API for one execution environment, without a thread of its own.

AWS's runtime client inside the function's process calls it
(https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html):

    GET  /2018-06-01/runtime/invocation/next            answered when there is an invocation
    POST /2018-06-01/runtime/invocation/<id>/response   the result
    POST /2018-06-01/runtime/invocation/<id>/error      the error that the handler raised
    POST /2018-06-01/runtime/init/error                 the handler could not be loaded

There is one party on each side, so whoever starts or invokes the function waits on the sockets
itself: without a queue, a thread switch or polling in between. Every process of the machine can
reach the port; only the function's are accepted.
"""

import logging
import selectors
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus

import h11

from helpers.engine.gateway.peers import Peers

LOG = logging.getLogger(__name__)

PREFIX = "/2018-06-01/runtime"
BACKLOG = 128  # connections that may wait, and are accepted at once


@dataclass
class Call:
    """A request of the runtime client, and the connection for the response."""

    path: str
    body: bytes
    connection: "Connection"

    @property
    def requests_invocation(self) -> bool:
        return self.path == f"{PREFIX}/invocation/next"

    @property
    def is_error(self) -> bool:
        return self.path.endswith("/error")

    def answer(
        self, status: HTTPStatus, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.connection.send(status, body, headers or {})


@dataclass
class Connection:
    socket: socket.socket
    http: h11.Connection = field(default_factory=lambda: h11.Connection(h11.SERVER))
    request: h11.Request | None = None
    body: bytearray = field(default_factory=bytearray)

    def receive(self) -> Call | None:
        """Return the call that is now complete, if any. Raises ConnectionError at the end."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionResetError
        self.http.receive_data(data)
        while True:
            event = self.http.next_event()
            if isinstance(event, h11.Request):
                self.request, self.body = event, bytearray()
            elif isinstance(event, h11.Data):
                self.body += event.data
            elif isinstance(event, h11.EndOfMessage):
                assert self.request is not None
                return Call(self.request.target.decode(), bytes(self.body), self)
            else:
                return None

    def send(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        lines = [*headers.items(), ("Content-Length", str(len(body)))]
        head = self.http.send(h11.Response(status_code=status, headers=lines))
        data = self.http.send(h11.Data(data=body))
        end = self.http.send(h11.EndOfMessage())
        # Head and body in one packet: separately, Nagle's algorithm and delayed acknowledgements
        # take 40 ms an invocation.
        self.socket.sendall((head or b"") + (data or b"") + (end or b""))
        if self.http.our_state is h11.DONE and self.http.their_state is h11.DONE:
            self.http.start_next_cycle()


class RuntimeApi:
    """Listens on a free loopback port until it is closed, and serves one function."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self._listener.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._connections: list[Connection] = []
        self._peers: Peers | None = None
        self._has_refused = False

    @property
    def address(self) -> str:
        """`host:port`, the value of AWS_LAMBDA_RUNTIME_API."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def serve(self, pid: int) -> None:
        """Serve a process and those that it starts; nobody is served before."""
        self._peers = Peers(pid)

    def next_call(self, timeout: float) -> Call | None:
        """Return the runtime client's next call, or None after `timeout` seconds.

        Raises ConnectionResetError if the client has closed a connection, by which the end of the
        function's process is noticed at once. The client may also continue on a new connection.
        """
        try:
            ready = self._selector.select(timeout)
        except (OSError, ValueError) as error:  # closed: the function was deleted
            raise ConnectionResetError("the execution environment has ended") from error
        for key, _ in ready:
            if key.fileobj is self._listener:
                self._accept()
                continue
            connection: Connection = key.data
            try:
                call = connection.receive()
            except (OSError, h11.RemoteProtocolError) as error:
                self._drop(connection)
                raise ConnectionResetError("the runtime client has closed a connection") from error
            if call:
                return call
        return None

    def close(self) -> None:
        for connection in list(self._connections):
            self._drop(connection)
        self._selector.close()
        self._listener.close()

    def _accept(self) -> None:
        """Accept the function's connections, and close all others; look up all of them at once."""
        accepted: list[socket.socket] = []
        with suppress(OSError):  # there are no more, or one was closed already
            while len(accepted) < BACKLOG:
                accepted.append(self._listener.accept()[0])
        strangers = self._peers.strangers(accepted) if self._peers else accepted
        for stranger in strangers:
            stranger.close()
        if strangers and not self._has_refused:  # once, since this must not fill the disk
            self._has_refused = True
            LOG.warning("Refused a connection to %s from another process", self.address)
        for own in set(accepted).difference(strangers):
            own.setblocking(True)  # on macOS it inherits the listener's mode
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(own)
            self._connections.append(connection)
            self._selector.register(own, selectors.EVENT_READ, connection)

    def _drop(self, connection: Connection) -> None:
        self._selector.unregister(connection.socket)
        self._connections.remove(connection)
        connection.socket.close()
