"""EventBridge's rules refuse what AWS refuses, and reach only functions that let them.

LocalStack takes an hour 25 and an input that is not JSON, and invokes a function that has given
EventBridge no permission. On AWS such a rule fires, nothing happens, and no error tells anyone why:
who schedules a function has to meet that here.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from localstack.services.events.models import ValidationException
from localstack.services.events.rule import RuleService
from localstack.services.events.target import LambdaTargetSender
from localstack.utils.patch import patch

from helpers.engine.callers import may_invoke
from helpers.engine.schedule import due_times

LOG = logging.getLogger(__name__)

EVENTBRIDGE = "events.amazonaws.com"
NO_SCHEDULE = "Parameter ScheduleExpression is not valid."
NO_JSON = "JSON syntax error in input for target {id}: {error}"


def install() -> None:
    patch(RuleService._get_schedule_cron)(_see_schedule)
    patch(RuleService.add_targets)(_see_inputs)
    patch(LambdaTargetSender.send_event)(_send_if_allowed)


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


def _send_if_allowed(send: Any, sender: LambdaTargetSender, event: Any, trace_header: Any) -> None:
    if may_invoke(sender.arn, EVENTBRIDGE, sender.rule_arn, sender.account_id):
        send(sender, event, trace_header)
    else:
        LOG.info("%s may not invoke %s", sender.rule_arn, sender.arn)
