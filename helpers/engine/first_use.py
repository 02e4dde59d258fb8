"""Changes that are made when a service is first used, since its modules load only then."""

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from localstack.services.plugins import ServicePluginManager
from localstack.utils.patch import patch

_waiting: dict[str, list[Callable[[], None]]] = defaultdict(list)
_lock = threading.Lock()


def install() -> None:
    patch(ServicePluginManager._load_service_plugin)(_load_and_change)


def when_loaded(service: str, change: Callable[[], None]) -> None:
    """Call `change` once, right after the service's plugin has been loaded."""
    _waiting[service].append(change)


def _load_and_change(load: Any, manager: ServicePluginManager, name: str) -> Any:
    plugin = load(manager, name)
    with _lock:
        changes = _waiting.pop(name, [])
    for change in changes:
        change()
    return plugin
