"""Empty an account: delete everything that a lab can have made.

It uses plain AWS calls, so it works on every cloud. Resources in the table are listed and deleted;
those that must be emptied or detached first have functions of their own below it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath
from botocore.exceptions import ClientError

from helpers.aws.errors import is_missing

Clients = Callable[[str], Any]


@dataclass(frozen=True)
class Resource:
    """A kind of resource: how its resources are listed and deleted."""

    service: str
    listing: str  # the operation that lists them
    items: str  # JMESPath of each resource's name, or of all arguments of the deletion
    deletion: str  # the operation that deletes one
    argument: str = ""  # the argument of `deletion` that takes the name
    listed_with: Mapping[str, Any] = field(default_factory=dict)  # arguments of `listing`


# Triggers before functions, functions before what they write to, log groups at the very end.
RESOURCES = (
    Resource(
        "lambda",
        "list_event_source_mappings",
        "EventSourceMappings[].UUID",
        "delete_event_source_mapping",
        "UUID",
    ),
    Resource(
        "scheduler",
        "list_schedules",
        "Schedules[].{Name: Name, GroupName: GroupName}",
        "delete_schedule",
    ),
    Resource(
        "scheduler",
        "list_schedule_groups",
        "ScheduleGroups[?Name!='default'].Name",
        "delete_schedule_group",
        "Name",
    ),
    Resource("apigateway", "get_rest_apis", "items[].id", "delete_rest_api", "restApiId"),
    Resource("apigateway", "get_usage_plans", "items[].id", "delete_usage_plan", "usagePlanId"),
    Resource("apigateway", "get_api_keys", "items[].id", "delete_api_key", "apiKey"),
    Resource(
        "stepfunctions",
        "list_state_machines",
        "stateMachines[].stateMachineArn",
        "delete_state_machine",
        "stateMachineArn",
    ),
    Resource(
        "lambda", "list_functions", "Functions[].FunctionName", "delete_function", "FunctionName"
    ),
    Resource(
        "sns",
        "list_subscriptions",
        "Subscriptions[].SubscriptionArn",
        "unsubscribe",
        "SubscriptionArn",
    ),
    Resource(
        "stepfunctions",
        "list_activities",
        "activities[].activityArn",
        "delete_activity",
        "activityArn",
    ),
    Resource("sns", "list_topics", "Topics[].TopicArn", "delete_topic", "TopicArn"),
    Resource("sqs", "list_queues", "QueueUrls[]", "delete_queue", "QueueUrl"),
    Resource("kinesis", "list_streams", "StreamNames[]", "delete_stream", "StreamName"),
    Resource("dynamodb", "list_tables", "TableNames[]", "delete_table", "TableName"),
    # A secret that was deleted by hand keeps its name for weeks, unless it is deleted at once.
    Resource(
        "secretsmanager",
        "list_secrets",
        "SecretList[].{SecretId: Name, ForceDeleteWithoutRecovery: `true`}",
        "delete_secret",
        listed_with={"IncludePlannedDeletion": True},
    ),
    Resource(
        "firehose",
        "list_delivery_streams",
        "DeliveryStreamNames[]",
        "delete_delivery_stream",
        "DeliveryStreamName",
    ),
    Resource(
        "cloudwatch",
        "describe_alarms",
        "[MetricAlarms, CompositeAlarms][][].{AlarmNames: [AlarmName]}",
        "delete_alarms",
    ),
    Resource(
        "cloudwatch",
        "list_dashboards",
        "DashboardEntries[].{DashboardNames: [DashboardName]}",
        "delete_dashboards",
    ),
    Resource("ssm", "describe_parameters", "Parameters[].Name", "delete_parameter", "Name"),
    Resource(
        "cloudformation",
        "list_stacks",
        "StackSummaries[?StackStatus!='DELETE_COMPLETE'].StackName",
        "delete_stack",
        "StackName",
    ),
    Resource(
        "logs",
        "describe_metric_filters",
        "metricFilters[].{logGroupName: logGroupName, filterName: filterName}",
        "delete_metric_filter",
    ),
    Resource(
        "logs",
        "describe_log_groups",
        "logGroups[].logGroupName",
        "delete_log_group",
        "logGroupName",
    ),
)

# Deleted before the rules, since each archive has a rule of its own.
EVENT_RESOURCES = (
    Resource("events", "list_archives", "Archives[].ArchiveName", "delete_archive", "ArchiveName"),
    Resource(
        "events",
        "list_api_destinations",
        "ApiDestinations[].Name",
        "delete_api_destination",
        "Name",
    ),
    Resource("events", "list_connections", "Connections[].Name", "delete_connection", "Name"),
)


def sweep(client: Clients, services: Collection[str]) -> None:
    """Delete everything in the account that `client` belongs to.

    `services` are the boto3 names of the services in use; the others hold nothing.
    """
    if "events" in services:
        _sweep_rules(client("events"))
    for resource in RESOURCES:
        if resource.service in services:
            _delete_all(client(resource.service), resource)
    if "s3" in services:
        _sweep_buckets(client("s3"))
    if "iam" in services:
        _sweep_roles(client("iam"))


def _delete_all(client: Any, resource: Resource) -> None:
    for item in list(_list(client, resource.listing, resource.items, **resource.listed_with)):
        arguments = item if isinstance(item, dict) else {resource.argument: item}
        _delete(getattr(client, resource.deletion), **arguments)


def _delete(call: Callable[..., object], **arguments: Any) -> None:
    """Delete a resource, unless it is gone already.

    Another deletion may have included it, or an earlier attempt that failed halfway.
    """
    try:
        call(**arguments)
    except ClientError as error:
        if not is_missing(error):
            raise


def _list(client: Any, operation: str, path: str, **arguments: Any) -> Iterator[Any]:
    if client.can_paginate(operation):
        for page in client.get_paginator(operation).paginate(**arguments):
            yield from jmespath.search(path, page) or []
    else:
        yield from jmespath.search(path, getattr(client, operation)(**arguments)) or []


def _sweep_rules(events: Any) -> None:
    for resource in EVENT_RESOURCES:
        _delete_all(events, resource)
    for bus in _list(events, "list_event_buses", "EventBuses[].Name"):
        for rule in list(_list(events, "list_rules", "Rules[].Name", EventBusName=bus)):
            targets = list(
                _list(events, "list_targets_by_rule", "Targets[].Id", Rule=rule, EventBusName=bus)
            )
            if targets:
                events.remove_targets(Rule=rule, EventBusName=bus, Ids=targets)
            _delete(events.delete_rule, Name=rule, EventBusName=bus)
        if bus != "default":
            _delete(events.delete_event_bus, Name=bus)


def _sweep_buckets(s3: Any) -> None:
    for bucket in _list(s3, "list_buckets", "Buckets[].Name"):
        versions = "[Versions, DeleteMarkers][][].{Key: Key, VersionId: VersionId}"
        objects = list(_list(s3, "list_object_versions", versions, Bucket=bucket))
        for start in range(0, len(objects), 1000):
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects[start : start + 1000]})
        _delete(s3.delete_bucket, Bucket=bucket)


def _sweep_roles(iam: Any) -> None:
    for role in _list(iam, "list_roles", "Roles[?!starts_with(Path, '/aws-')].RoleName"):
        attached = "AttachedPolicies[].PolicyArn"
        for arn in list(_list(iam, "list_attached_role_policies", attached, RoleName=role)):
            iam.detach_role_policy(RoleName=role, PolicyArn=arn)
        for name in list(_list(iam, "list_role_policies", "PolicyNames[]", RoleName=role)):
            iam.delete_role_policy(RoleName=role, PolicyName=name)
        _delete(iam.delete_role, RoleName=role)
    for arn in list(_list(iam, "list_policies", "Policies[].Arn", Scope="Local")):
        _delete(iam.delete_policy, PolicyArn=arn)
