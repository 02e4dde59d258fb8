"""Our steps in LocalStack's chain of handlers, each beside the one it belongs to."""

from typing import Any

from localstack.aws import handlers
from rolo.gateway import Gateway

from helpers.engine.gateway.authorization import authorize
from helpers.engine.gateway.missing_objects import hide_missing_objects
from helpers.engine.gateway.signatures import require_signature, take_the_caller_s_account

BEFORE = {handlers.parse_service_name: require_signature}
BEHIND = {
    handlers.add_account_id: take_the_caller_s_account,
    handlers.parse_service_request: authorize,
}


def add_to(gateway: Gateway) -> None:
    """Put them in their places. Raises ValueError where LocalStack's chain is another."""
    chain: list[Any] = gateway.request_handlers
    answers: list[Any] = gateway.response_handlers
    answers.insert(answers.index(handlers.run_custom_response_handlers), hide_missing_objects)
    for other, step in BEFORE.items():
        chain.insert(chain.index(other), step)
    for other, step in BEHIND.items():
        chain.insert(chain.index(other) + 1, step)
