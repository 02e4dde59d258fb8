"""The process at the other end of a loopback connection.

A port of 127.0.0.1 is open to every process of the machine, and TCP doesn't tell which connects.
The kernel does: on Linux a socket has an inode, and each process lists the inodes it has open.
"""

import os
import socket
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache

import psutil

Address = tuple[str, int]

# sock_diag(7), linux/sock_diag.h and linux/inet_diag.h; read 2026-11-27.
SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
REQUEST = 1
ANY_STATE = 0xFFFFFFFF
NO_COOKIE = b"\xff" * 8
HEADER = struct.Struct("=IHHII")  # of every netlink message: length, type, flags, number, sender
# family, protocol, extensions, states; then the two ports and, in 16 bytes each, the addresses
QUERY = struct.Struct("=BBBxI2s2s16s16sI8s")
INODE_OFFSET = HEADER.size + 68


class Peers:
    """Tells the connections of a process and its descendants from all others."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)

    def strangers(self, accepted: Sequence[socket.socket]) -> list[socket.socket]:
        """Return the connections whose other end is in none of these processes."""
        unknown = [connection for connection in accepted if not _holds(self._process, connection)]
        if not unknown:
            return []
        # Rare, since this asks every process of the machine for its parent.
        children: list[psutil.Process] = []
        with suppress(psutil.Error):
            children = self._process.children(recursive=True)
        return [
            connection
            for connection in unknown
            if not any(_holds(child, connection) for child in children)
        ]


def _holds(process: psutil.Process, connection: socket.socket) -> bool:
    """Return whether the other end of `connection` is one of the process's own sockets."""
    try:
        here, peer = connection.getsockname(), connection.getpeername()
        if kernel_names_sockets():
            return inode(peer, here) in _inodes(process.pid)
        return any(
            (own.laddr, own.raddr) == (peer, here) for own in process.net_connections("tcp4")
        )
    except (OSError, psutil.Error):  # one of the processes has ended
        return False


@cache
def kernel_names_sockets() -> bool:
    """Return whether this machine's kernel finds a socket by its addresses.

    Where it doesn't, psutil searches all connections: 5 ms on a large machine, a seventh of a cold
    start.
    """
    if sys.platform != "linux":
        return False
    with suppress(OSError), socket.create_server(("127.0.0.1", 0)) as known:
        return inode(known.getsockname(), ("0.0.0.0", 0)) == os.fstat(known.fileno()).st_ino
    return False


def inode(local: Address, remote: Address) -> int:
    """Return the inode of the TCP socket with these addresses. Raises OSError if there is none."""
    assert sys.platform == "linux"
    ports = (port.to_bytes(2, "big") for _, port in (local, remote))
    hosts = (socket.inet_aton(host) for host, _ in (local, remote))
    query = QUERY.pack(
        socket.AF_INET, socket.IPPROTO_TCP, 0, ANY_STATE, *ports, *hosts, 0, NO_COOKIE
    )
    header = HEADER.pack(HEADER.size + len(query), SOCK_DIAG_BY_FAMILY, REQUEST, 0, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, SOCK_DIAG) as kernel:
        kernel.send(header + query)
        answer = kernel.recv(4096)
    _, kind, *_ = HEADER.unpack_from(answer)
    if kind != SOCK_DIAG_BY_FAMILY:
        raise ConnectionError(f"no socket from {local} to {remote}")
    number: int = struct.unpack_from("=I", answer, INODE_OFFSET)[0]
    return number


def _inodes(pid: int) -> set[int]:
    """Return the inodes of the sockets that a process has open. Raises OSError."""
    folder = f"/proc/{pid}/fd"
    found = set()
    for name in os.listdir(folder):
        with suppress(OSError):  # closed meanwhile
            kind, _, number = os.readlink(f"{folder}/{name}").partition(":[")
            if kind == "socket":
                found.add(int(number.rstrip("]")))
    return found
