"""The engine and its functions listen on loopback only, and connect to nothing else."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from helpers.cloud.model import Cloud
from tests.engine.support import Aws

LOOPBACK = ("127.", "::1", "::ffff:127.")


def connections(cloud: Cloud) -> Iterator[Any]:
    """Yield the connections of the engine and of every process it has started."""
    engine = psutil.Process(cloud.pid)
    for process in [engine, *engine.children(recursive=True)]:
        yield from process.net_connections(kind="inet")


def test_every_socket_of_the_engine_and_its_functions_is_on_loopback(
    aws: Aws, cloud: Cloud
) -> None:
    aws.deploy()
    aws.invoke()
    found = list(connections(cloud))
    listening = {one.laddr.port for one in found if one.status == psutil.CONN_LISTEN}
    assert int(cloud.endpoint.rpartition(":")[2]) in listening
    assert len(listening) > 1  # the runtime API that the function's process talks to
    addresses = {end.ip for one in found for end in (one.laddr, one.raddr) if end}
    assert all(address.startswith(LOOPBACK) for address in addresses)


def test_the_gateway_has_no_other_address_of_this_machine(cloud: Cloud) -> None:
    port = int(cloud.endpoint.rpartition(":")[2])
    addresses = [one for many in psutil.net_if_addrs().values() for one in many]
    for one in addresses:
        if one.family == socket.AF_INET and not one.address.startswith("127."):
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((one.address, port), timeout=2)


def can_be_alone() -> bool:
    """Return whether a process can have a network namespace of its own here."""
    if not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not can_be_alone(), reason="no network namespaces for this user")
def test_an_engine_without_a_network_works_and_tries_to_reach_nobody() -> None:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as home:
        process = subprocess.run(
            ["unshare", "-rn", sys.executable, "-m", "tests.engine.alone", home],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert process.returncode == 0, process.stderr
    seen = json.loads(process.stdout.splitlines()[-1])
    assert seen["records"] == 3  # it worked: a queue, a stream and a table called the function
    assert seen["attempts"] == {"OutNoRoutes": 0, "Ip6OutNoRoutes": 0, "OutDatagrams": 0}
