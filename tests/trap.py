"""A server for calls that must not be made."""

from __future__ import annotations

import socket
import threading
from typing import Any


class Trap:
    """Listens like a proxy, or another cloud, and records every connection."""

    def __enter__(self) -> Trap:
        self.caught: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._note, daemon=True).start()
        return self

    def _note(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:  # closed: the test is over
                return
            with connection:
                connection.settimeout(1)
                self.caught.append(connection.recv(200))

    def __exit__(self, *_: Any) -> None:
        self._server.close()
