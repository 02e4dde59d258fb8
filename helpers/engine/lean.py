"""Savings: modules that take much time to import, or much memory, and caches."""

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

# How many the engine keeps, at a third of a megabyte each.
MAX_CLIENTS = 32
MAX_PARSERS = 64


def leave_out() -> None:
    """Leave out what the engine doesn't need. Call this before LocalStack is imported."""
    # jsonschema's optional grammar takes longer to import than the rest of the engine to start;
    # if the module is None, jsonschema does without it.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    # Step Functions needs one enumeration from a module of moto.batch. The package itself loads the
    # tables of all EC2 instance types, 120 MB, as soon as a state machine is created.
    sys.modules["moto.batch"] = LazyPackage("moto.batch")


def share_managed_policies() -> None:
    """Parse AWS's 1,500 managed policies once and not per account: 0.1 seconds and 5 MB each."""
    from localstack.utils.patch import patch
    from moto.iam.models import IAMBackend

    patch(IAMBackend._init_aws_policies)(SharedPolicies())


def keep_fewer_clients() -> None:
    """Shrink the caches of clients and parsers.

    LocalStack keeps 256 clients for its own calls, and a parser for every client there ever was.
    Each event source mapping assumes its role and so needs clients of its own, which are never used
    again once it is deleted: 20 MB in each run of a lab with many mappings.
    """
    from localstack.aws.connect import ClientFactory
    from localstack.aws.handlers import service

    ClientFactory._get_client = lru_cache(MAX_CLIENTS)(ClientFactory._get_client.__wrapped__)
    service.create_parser = lru_cache(MAX_PARSERS)(service.create_parser.__wrapped__)


def collect_garbage() -> None:
    """Free unreachable memory soon, in a thread; packages of megabytes are part of it.

    Requests leave reference cycles behind. With half a million objects that stay, Python would
    look for them only after another hundred thousand.
    """
    threading.Thread(target=gc.collect, name="collect-garbage", daemon=True).start()


class SharedPolicies:
    """Gives each account its own copies of what the first one has parsed."""

    def __init__(self) -> None:
        self._policies: list[Any] = []
        self._lock = threading.Lock()

    def __call__(self, parse: Any, backend: Any) -> list[Any]:
        with self._lock:
            if not self._policies:
                self._policies = parse(backend)
        return [copy(policy) for policy in self._policies]


class LazyPackage(ModuleType):
    """A package of moto's whose modules can be imported without the package itself."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        top, _, rest = name.partition(".")
        spec = importlib.util.find_spec(top)
        assert spec
        folders = spec.submodule_search_locations or ()
        self.__path__ = [str(Path(folder, rest)) for folder in folders]

    def __getattr__(self, name: str) -> Any:
        """Return what the package's __init__ exports: the backends, which are in `models`."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module(f"{self.__name__}.models"), name)
