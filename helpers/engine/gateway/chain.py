"""LocalStack's chain of handlers, and our steps in it, in the order in which they run."""

from typing import Any

from localstack.aws import handlers
from rolo.gateway import Gateway

from helpers.engine.gateway.authorization import authorize
from helpers.engine.gateway.missing_objects import hide_missing_objects
from helpers.engine.gateway.public_access import refuse_public_policies
from helpers.engine.gateway.signatures import require_signature, set_account
from helpers.engine.meter.meter import count_call

# LocalStack's handler, how far from it ours stands (0 is right before it, 1 right after), and ours.
REQUEST_STEPS = (
    (handlers.parse_service_name, 0, require_signature),
    (handlers.add_account_id, 1, set_account),
    (handlers.serve_custom_service_request_handlers, 0, authorize),
    (handlers.serve_custom_service_request_handlers, 0, refuse_public_policies),
)
RESPONSE_STEPS = ((handlers.run_custom_response_handlers, 0, hide_missing_objects),)


def install() -> None:
    """Add the step that every engine has: the last one, which counts calls."""
    handlers.run_custom_response_handlers.append(count_call)


def add_owners_steps(gateway: Gateway) -> None:
    """Add the steps that an engine with an owner has. Raises ValueError if LocalStack's differ."""
    _insert(gateway.request_handlers, REQUEST_STEPS)
    _insert(gateway.response_handlers, RESPONSE_STEPS)


def _insert(chain: list[Any], steps: tuple[tuple[Any, int, Any], ...]) -> None:
    for neighbour, offset, step in steps:
        chain.insert(chain.index(neighbour) + offset, step)
