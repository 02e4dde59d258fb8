"""The process at the other end of a connection, found in two ways with the same result."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE

import pytest

from helpers.engine.gateway import peers
from helpers.engine.gateway.peers import Peers, inode, kernel_names_sockets

# Connects to a port from another one (0: any), and waits until its input is closed.
CONNECT = """
import socket, sys

with socket.socket() as connection:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    connection.bind(("127.0.0.1", int(sys.argv[2])))
    connection.connect(("127.0.0.1", int(sys.argv[1])))
    print(flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=["asked of the kernel", "looked up by psutil"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "looked up by psutil":
        monkeypatch.setattr(peers, "kernel_names_sockets", lambda: False)
    elif not kernel_names_sockets():
        pytest.skip("this kernel does not name sockets")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@contextmanager
def connected(to: socket.socket, source: int = 0) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a process that connects to the listener."""
    command = [sys.executable, "-c", CONNECT, str(to.getsockname()[1]), str(source)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"\n"
        yield process


@pytest.fixture
def child(listener: socket.socket) -> Iterator["subprocess.Popen[bytes]"]:
    with connected(listener) as process:
        yield process


def test_a_process_s_own_connections_are_told_from_all_others(
    way: None, listener: socket.socket, child: "subprocess.Popen[bytes]"
) -> None:
    with (
        listener.accept()[0] as its,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as ours,
    ):
        assert Peers(child.pid).strangers([its, ours]) == [ours]
        assert Peers(os.getpid()).strangers([ours]) == []


def test_a_connection_of_a_process_it_has_started_is_its_own(
    way: None, listener: socket.socket, child: "subprocess.Popen[bytes]"
) -> None:
    with listener.accept()[0] as its:
        assert Peers(os.getpid()).strangers([its]) == []


def test_a_closed_connection_counts_as_a_stranger_s(
    way: None, listener: socket.socket, child: "subprocess.Popen[bytes]"
) -> None:
    known = Peers(child.pid)
    with listener.accept()[0] as its:
        child.kill()
        child.wait()
        assert known.strangers([its]) == [its]


def test_two_connections_can_share_a_port_with_different_peers(
    way: None, listener: socket.socket
) -> None:
    with socket.socket() as stranger, socket.create_server(("127.0.0.1", 0)) as elsewhere:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        stranger.bind(("127.0.0.1", 0))
        with connected(elsewhere, stranger.getsockname()[1]) as process:
            stranger.connect(listener.getsockname())
            with listener.accept()[0] as accepted:
                assert Peers(process.pid).strangers([accepted]) == [accepted]


@pytest.mark.skipif(not kernel_names_sockets(), reason="this kernel does not name sockets")
def test_the_kernel_finds_no_socket_without_a_connection(listener: socket.socket) -> None:
    with pytest.raises(ConnectionError, match="no socket"):
        inode(("127.0.0.1", 1), listener.getsockname())
