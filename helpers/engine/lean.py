"""What the engine does without: modules that cost much at its start or in its memory."""

import importlib
import importlib.util
import sys
import threading
from copy import copy
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

CLIENTS = 32  # that the engine keeps for itself, a third of a megabyte each


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
    """LocalStack keeps the last 256 clients it made for its own calls.

    Every event source mapping assumes its role anew and so needs clients of its own, which nobody
    asks for again once it is gone: 20 MB in each run of a lab with many of them.
    """
    from localstack.aws.connect import ClientFactory

    kept = lru_cache(maxsize=CLIENTS)(ClientFactory._get_client.__wrapped__)
    ClientFactory._get_client = kept


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
