"""Empty an account: everything that a lab can have made, with plain AWS calls.

Plain calls, so that it works on every cloud. What is listed is deleted; what must be emptied or
detached first has a function of its own below the table.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import jmespath

Clients = Callable[[str], Any]


@dataclass(frozen=True)
class Resource:
    """One kind of resource: how to list it, and how to delete each."""

    service: str
    listing: str  # the operation that lists them
    found: str  # a JMESPath to what identifies each
    deletion: str  # the operation that deletes one
    argument: str  # its argument that takes the identity


# Triggers before functions, functions before what they write to, log groups at the very end.
RESOURCES = (
    Resource(
        "lambda",
        "list_event_source_mappings",
        "EventSourceMappings[].UUID",
        "delete_event_source_mapping",
        "UUID",
    ),
    Resource("scheduler", "list_schedules", "Schedules[].Name", "delete_schedule", "Name"),
    Resource("apigateway", "get_rest_apis", "items[].id", "delete_rest_api", "restApiId"),
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
    Resource("sns", "list_topics", "Topics[].TopicArn", "delete_topic", "TopicArn"),
    Resource("sqs", "list_queues", "QueueUrls[]", "delete_queue", "QueueUrl"),
    Resource("kinesis", "list_streams", "StreamNames[]", "delete_stream", "StreamName"),
    Resource("dynamodb", "list_tables", "TableNames[]", "delete_table", "TableName"),
    Resource("secretsmanager", "list_secrets", "SecretList[].Name", "delete_secret", "SecretId"),
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
        "describe_log_groups",
        "logGroups[].logGroupName",
        "delete_log_group",
        "logGroupName",
    ),
)


def sweep(client: Clients, services: Collection[str]) -> None:
    """Delete everything in the account that `client` works in.

    services: the boto3 names of those in use; the others have nothing to delete.
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
    for identity in list(_list(client, resource.listing, resource.found)):
        getattr(client, resource.deletion)(**{resource.argument: identity})


def _list(client: Any, operation: str, path: str, **arguments: str) -> Iterator[Any]:
    if client.can_paginate(operation):
        for page in client.get_paginator(operation).paginate(**arguments):
            yield from jmespath.search(path, page) or []
    else:
        yield from jmespath.search(path, getattr(client, operation)(**arguments)) or []


def _sweep_rules(events: Any) -> None:
    for bus in _list(events, "list_event_buses", "EventBuses[].Name"):
        for rule in list(_list(events, "list_rules", "Rules[].Name", EventBusName=bus)):
            targets = list(
                _list(events, "list_targets_by_rule", "Targets[].Id", Rule=rule, EventBusName=bus)
            )
            if targets:
                events.remove_targets(Rule=rule, EventBusName=bus, Ids=targets)
            events.delete_rule(Name=rule, EventBusName=bus)
        if bus != "default":
            events.delete_event_bus(Name=bus)


def _sweep_buckets(s3: Any) -> None:
    for bucket in _list(s3, "list_buckets", "Buckets[].Name"):
        versions = "[Versions, DeleteMarkers][][].{Key: Key, VersionId: VersionId}"
        objects = list(_list(s3, "list_object_versions", versions, Bucket=bucket))
        for start in range(0, len(objects), 1000):
            s3.delete_objects(Bucket=bucket, Delete={"Objects": objects[start : start + 1000]})
        s3.delete_bucket(Bucket=bucket)


def _sweep_roles(iam: Any) -> None:
    for role in _list(iam, "list_roles", "Roles[?!starts_with(Path, '/aws-')].RoleName"):
        attached = "AttachedPolicies[].PolicyArn"
        for arn in list(_list(iam, "list_attached_role_policies", attached, RoleName=role)):
            iam.detach_role_policy(RoleName=role, PolicyArn=arn)
        for name in list(_list(iam, "list_role_policies", "PolicyNames[]", RoleName=role)):
            iam.delete_role_policy(RoleName=role, PolicyName=name)
        iam.delete_role(RoleName=role)
    for arn in list(_list(iam, "list_policies", "Policies[].Arn", Scope="Local")):
        iam.delete_policy(PolicyArn=arn)
