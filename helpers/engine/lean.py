"""What the engine does without: modules that cost much at its start or in its memory."""

import gc
import importlib
import importlib.util
import sys
import threading
from copy import copy
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

# How many the engine keeps for itself, a third of a megabyte each.
CLIENTS = 32
PARSERS = 64


def leave_out() -> None:
    """To be called before LocalStack is imported."""
    # jsonschema's optional grammar takes longer to import than the rest of the engine's start;
    # with None in its place jsonschema does without it.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    # Step Functions takes one enumeration from a module of moto.batch. The package itself would
    # load the tables of every EC2 instance type, 120 MB, as soon as a state machine is made.
    sys.modules["moto.batch"] = _Lazy("moto.batch")


def share_managed_policies() -> None:
    """Read AWS's own 1,500 policies once, not anew for each account: a tenth of a second, 5 MB."""
    from localstack.utils.patch import patch
    from moto.iam.models import IAMBackend

    patch(IAMBackend._init_aws_policies)(_Shared())


def keep_fewer_clients() -> None:
    """LocalStack keeps 256 clients for its own calls, and a parser for every client there ever was.

    Each event source mapping assumes its role anew and so needs clients of its own, which nobody
    asks for again once it is gone: 20 MB in each run of a lab with many of them.
    """
    from localstack.aws.connect import ClientFactory
    from localstack.aws.handlers import service

    ClientFactory._get_client = _keep(CLIENTS, ClientFactory._get_client)
    service.create_parser = _keep(PARSERS, service.create_parser)


def _keep(number: int, cached: Any) -> Any:
    """The same with a smaller cache."""
    return lru_cache(maxsize=number)(cached.__wrapped__)


def clear_up() -> None:
    """Let go, soon, of what nobody can reach any more: packages of megabytes are among it.

    Requests leave such things behind in circles. With half a million objects that stay, Python
    would look for them after another hundred thousand.
    """
    threading.Thread(target=gc.collect, name="clear-up", daemon=True).start()


class _Shared:
    """Gives each account copies of its own of what the first one has read."""

    def __init__(self) -> None:
        self._policies: list[Any] = []
        self._lock = threading.Lock()

    def __call__(self, read: Any, backend: Any) -> list[Any]:
        with self._lock:
            if not self._policies:
                self._policies = read(backend)
        return [copy(policy) for policy in self._policies]


class _Lazy(ModuleType):
    """A package of moto's whose modules can be imported without importing all of it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        top, _, rest = name.partition(".")
        found = importlib.util.find_spec(top)
        assert found
        self.__path__ = [str(Path(place, rest)) for place in found.submodule_search_locations or ()]

    def __getattr__(self, name: str) -> Any:
        """What its __init__ offers: the backends, which are in `models`."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(f"{self.__name__}.models"), name)
