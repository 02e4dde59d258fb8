"""List everything in an account, kind by kind, to see that a lab leaves nothing behind.

It is independent of helpers/cloud/sweep.py and knows more kinds, so it finds what a lab creates and
no sweep deletes. Layers are left out: functions can't use them here, and LocalStack can't list them
once the last version of one is deleted.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jmespath

Clients = Callable[[str], Any]


class Kind(NamedTuple):
    """A kind of resource: its service, the operation that lists it, and where the names are."""

    service: str
    call: str
    names: str
    arguments: dict[str, Any] = {}  # noqa: RUF012 - never changed


KINDS = {
    "bucket": Kind("s3", "list_buckets", "Buckets[].Name"),
    "table": Kind("dynamodb", "list_tables", "TableNames[]"),
    "table's backup": Kind("dynamodb", "list_backups", "BackupSummaries[].BackupName"),
    "function": Kind("lambda", "list_functions", "Functions[].FunctionName"),
    "event source mapping": Kind(
        "lambda", "list_event_source_mappings", "EventSourceMappings[].UUID"
    ),
    "queue": Kind("sqs", "list_queues", "QueueUrls[]"),
    "stream": Kind("kinesis", "list_streams", "StreamNames[]"),
    "delivery stream": Kind("firehose", "list_delivery_streams", "DeliveryStreamNames[]"),
    "topic": Kind("sns", "list_topics", "Topics[].TopicArn"),
    "subscription": Kind("sns", "list_subscriptions", "Subscriptions[].SubscriptionArn"),
    "rule": Kind("events", "list_rules", "Rules[].Name"),
    "event bus": Kind("events", "list_event_buses", "EventBuses[?Name!='default'].Name"),
    "archive": Kind("events", "list_archives", "Archives[].ArchiveName"),
    "connection": Kind("events", "list_connections", "Connections[].Name"),
    "API destination": Kind("events", "list_api_destinations", "ApiDestinations[].Name"),
    "schedule": Kind("scheduler", "list_schedules", "Schedules[].Name"),
    "schedule group": Kind(
        "scheduler", "list_schedule_groups", "ScheduleGroups[?Name!='default'].Name"
    ),
    "API": Kind("apigateway", "get_rest_apis", "items[].name"),
    "API key": Kind("apigateway", "get_api_keys", "items[].name"),
    "usage plan": Kind("apigateway", "get_usage_plans", "items[].name"),
    "state machine": Kind("stepfunctions", "list_state_machines", "stateMachines[].name"),
    "activity": Kind("stepfunctions", "list_activities", "activities[].name"),
    "log group": Kind("logs", "describe_log_groups", "logGroups[].logGroupName"),
    "metric filter": Kind("logs", "describe_metric_filters", "metricFilters[].filterName"),
    "alarm": Kind("cloudwatch", "describe_alarms", "[MetricAlarms,CompositeAlarms][][].AlarmName"),
    "dashboard": Kind("cloudwatch", "list_dashboards", "DashboardEntries[].DashboardName"),
    "role": Kind("iam", "list_roles", "Roles[?!starts_with(Path, '/aws-')].RoleName"),
    "policy": Kind("iam", "list_policies", "Policies[].PolicyName", {"Scope": "Local"}),
    "user": Kind("iam", "list_users", "Users[].UserName"),
    "group": Kind("iam", "list_groups", "Groups[].GroupName"),
    "secret": Kind(
        "secretsmanager", "list_secrets", "SecretList[].Name", {"IncludePlannedDeletion": True}
    ),
    "parameter": Kind("ssm", "describe_parameters", "Parameters[].Name"),
    "stack": Kind(
        "cloudformation",
        "list_stacks",
        "StackSummaries[?StackStatus!='DELETE_COMPLETE'].StackName",
    ),
    "key": Kind("kms", "list_aliases", "Aliases[?!starts_with(AliasName, 'alias/aws/')].AliasName"),
    "sender's address": Kind("ses", "list_identities", "Identities[]"),
}


def inventory(client: Clients, running: set[str]) -> dict[str, list[str]]:
    """Return the names of all resources by kind; `running` are the services that were used."""
    found = {
        name: sorted(_names(client(kind.service), kind))
        for name, kind in KINDS.items()
        if kind.service in running
    }
    return {name: names for name, names in found.items() if names}


def _names(client: Any, kind: Kind) -> Iterator[str]:
    if client.can_paginate(kind.call):
        pages = client.get_paginator(kind.call).paginate(**kind.arguments)
    else:
        pages = [getattr(client, kind.call)(**kind.arguments)]
    for page in pages:
        yield from jmespath.search(kind.names, page) or []
