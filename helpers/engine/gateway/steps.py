"""Our steps in LocalStack's chain of handlers, each beside the one it belongs to."""

from typing import Any

from localstack.aws import handlers
from rolo.gateway import Gateway

from helpers.engine.gateway.authorization import authorize
from helpers.engine.gateway.missing_objects import hide_missing_objects
from helpers.engine.gateway.public_access import refuse_public_policies
from helpers.engine.gateway.signatures import require_signature, set_account

# LocalStack's handler, and ours before or behind it.
BEFORE = (
    (handlers.parse_service_name, require_signature),
    (handlers.serve_custom_service_request_handlers, authorize),
    (handlers.serve_custom_service_request_handlers, refuse_public_policies),
)
BEHIND = ((handlers.add_account_id, set_account),)
BEFORE_THE_ANSWER = ((handlers.run_custom_response_handlers, hide_missing_objects),)


def add_to(gateway: Gateway) -> None:
    """Put them in their places. Raises ValueError where LocalStack's chain is another."""
    _insert(gateway.request_handlers, BEFORE)
    _insert(gateway.request_handlers, BEHIND, offset=1)
    _insert(gateway.response_handlers, BEFORE_THE_ANSWER)


def _insert(chain: list[Any], steps: tuple[tuple[Any, Any], ...], offset: int = 0) -> None:
    for neighbour, step in steps:
        chain.insert(chain.index(neighbour) + offset, step)
