"""EventBridge's rules refuse what AWS refuses: an hour 25, and an input that is not JSON."""

import json
from datetime import UTC, datetime
from typing import Any

from localstack.services.events.models import ValidationException
from localstack.services.events.rule import RuleService
from localstack.utils.patch import patch

from helpers.aws.schedule import due_times

NO_SCHEDULE = "Parameter ScheduleExpression is not valid."
NO_JSON = "JSON syntax error in input for target {id}: {error}"


def install() -> None:
    patch(RuleService._get_schedule_cron)(_see_schedule)
    patch(RuleService.add_targets)(_see_inputs)


def _see_schedule(convert: Any, *given: Any) -> Any:
    """What LocalStack's pattern lets pass may still be no time: an hour 25."""
    now = datetime.now(UTC)
    try:
        list(due_times(given[-1], since=now, after=now, until=now))
    except Exception as error:
        raise ValidationException(NO_SCHEDULE) from error
    return convert(*given)


def _see_inputs(add: Any, service: RuleService, targets: list[dict[str, Any]]) -> Any:
    for target in targets:
        try:
            json.loads(target.get("Input") or "{}")
        except ValueError as error:
            raise ValidationException(NO_JSON.format(id=target["Id"], error=error)) from error
    return add(service, targets)
