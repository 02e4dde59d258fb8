"""The Lambda Runtime API for one execution environment, without a thread of its own.

AWS's runtime client inside the function's process calls it
(https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html):

    GET  /2018-06-01/runtime/invocation/next            answered when there is something to do
    POST /2018-06-01/runtime/invocation/<id>/response   the result
    POST /2018-06-01/runtime/invocation/<id>/error      the error that the handler raised
    POST /2018-06-01/runtime/init/error                 the handler could not be loaded

The conversation has one party on each side, so whoever starts or invokes the function waits on the
sockets itself: no queue, no thread switch, no polling between the two. Every process of the machine
can reach the port; all but the function's are turned away at the door.
"""

import logging
import selectors
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus

import h11

from helpers.engine.gateway.peers import Peers

LOG = logging.getLogger(__name__)

PREFIX = "/2018-06-01/runtime"
QUEUE = 128  # connections that may wait to be accepted, and are accepted at once


@dataclass
class Call:
    """One request of the runtime client: what it asks for, and where the answer goes."""

    path: str
    body: bytes
    connection: "_Connection"

    @property
    def asks_for_next(self) -> bool:
        return self.path == f"{PREFIX}/invocation/next"

    @property
    def is_error(self) -> bool:
        return self.path.endswith("/error")

    def answer(
        self, status: HTTPStatus, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.connection.send(status, body, headers or {})


@dataclass
class _Connection:
    socket: socket.socket
    http: h11.Connection = field(default_factory=lambda: h11.Connection(h11.SERVER))
    request: h11.Request | None = None
    body: bytearray = field(default_factory=bytearray)

    def receive(self) -> Call | None:
        """The call that is now complete, if any. Raises ConnectionError when the peer has left."""
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
        # Head and body in one packet: apart, Nagle's algorithm and delayed acknowledgements
        # cost 40 ms an invocation.
        self.socket.sendall((head or b"") + (data or b"") + (end or b""))
        if self.http.our_state is h11.DONE and self.http.their_state is h11.DONE:
            self.http.start_next_cycle()


class RuntimeApi:
    """Listens on a free loopback port until closed, and answers one function."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=QUEUE)
        self._listener.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._connections: list[_Connection] = []
        self._peers: Peers | None = None
        self._has_refused = False

    @property
    def address(self) -> str:
        """`host:port`, as AWS_LAMBDA_RUNTIME_API wants it."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def serve(self, pid: int) -> None:
        """Answer that process and those that it starts; until this is called, nobody is."""
        self._peers = Peers(pid)

    def next_call(self, timeout: float) -> Call | None:
        """The runtime client's next call, or None when `timeout` seconds brought none.

        Raises ConnectionResetError when the client has closed a connection, which is how the end
        of the function's process is noticed at once. It may go on over a new connection.
        """
        try:
            ready = self._selector.select(timeout)
        except (OSError, ValueError) as error:  # closed meanwhile: the function was deleted
            raise ConnectionResetError("the execution environment has ended") from error
        for key, _ in ready:
            if key.fileobj is self._listener:
                self._accept()
                continue
            connection: _Connection = key.data
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
        """Let the function in, and nobody else. However many wait, they are looked at once."""
        accepted = list(self._waiting())
        strangers = self._peers.strangers(accepted) if self._peers else accepted
        for one in accepted:
            if one in strangers:
                self._refuse(one)
            else:
                self._let_in(one)

    def _waiting(self) -> Iterator[socket.socket]:
        with suppress(OSError):  # there is no other, or it has left already
            for _ in range(QUEUE):
                yield self._listener.accept()[0]

    def _let_in(self, accepted: socket.socket) -> None:
        accepted.setblocking(True)  # on macOS it has inherited the listener's mode
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _Connection(accepted)
        self._connections.append(connection)
        self._selector.register(accepted, selectors.EVENT_READ, connection)

    def _refuse(self, stranger: socket.socket) -> None:
        if not self._has_refused:  # once is enough: who calls all the time must not fill the disk
            self._has_refused = True
            LOG.warning("Refused a connection to %s from another process", self.address)
        stranger.close()

    def _drop(self, connection: _Connection) -> None:
        self._selector.unregister(connection.socket)
        self._connections.remove(connection)
        connection.socket.close()
