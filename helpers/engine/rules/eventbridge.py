"""EventBridge's rules: invalid schedules and inputs are refused, and disabled rules don't match."""

import json
from datetime import UTC, datetime
from typing import Any

from localstack.services.events.models import Rule, ValidationException
from localstack.services.events.provider import EventsProvider
from localstack.services.events.rule import RuleService
from localstack.utils.patch import patch

from helpers.aws.schedule import due_times

BAD_SCHEDULE = "Parameter ScheduleExpression is not valid."
NOT_JSON = "JSON syntax error in input for target {id}: {error}"


def install() -> None:
    patch(RuleService._get_schedule_cron)(_validate_schedule)
    patch(RuleService.add_targets)(_validate_inputs)
    patch(EventsProvider._process_rules)(_process_if_enabled)


def _validate_schedule(convert: Any, *given: Any) -> Any:
    """Refuse what LocalStack's pattern accepts although it is not a time, such as an hour of 25."""
    now = datetime.now(UTC)
    try:
        list(due_times(given[-1], since=now, after=now, until=now))
    except Exception as error:
        raise ValidationException(BAD_SCHEDULE) from error
    return convert(*given)


def _validate_inputs(add: Any, service: RuleService, targets: list[dict[str, Any]]) -> Any:
    for target in targets:
        try:
            json.loads(target.get("Input") or "{}")
        except ValueError as error:
            raise ValidationException(NOT_JSON.format(id=target["Id"], error=error)) from error
    return add(service, targets)


def _process_if_enabled(process: Any, provider: EventsProvider, rule: Rule, *event: Any) -> None:
    if rule.state != "DISABLED":
        process(provider, rule, *event)
