"""After a sweep an account is as empty as a new one."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from botocore.exceptions import ClientError

from helpers.cloud.health import ask
from helpers.cloud.model import Cloud
from helpers.cloud.sweep import sweep
from tests.engine.support import EVERYTHING, Aws, package, until
from tests.fakes import FakeService, aws_error, clients
from tests.inventory import inventory

# For each kind of resource: the operation that lists it, and where its result has the items.
LISTINGS = {
    "s3": ("list_buckets", "Buckets"),
    "lambda": ("list_functions", "Functions"),
    "sqs": ("list_queues", "QueueUrls"),
    "sns": ("list_topics", "Topics"),
    "dynamodb": ("list_tables", "TableNames"),
    "kinesis": ("list_streams", "StreamNames"),
    "events": ("list_rules", "Rules"),
    "apigateway": ("get_rest_apis", "items"),
    "stepfunctions": ("list_state_machines", "stateMachines"),
    "logs": ("describe_log_groups", "logGroups"),
    "iam": ("list_roles", "Roles"),
    "secretsmanager": ("list_secrets", "SecretList"),
    "ssm": ("describe_parameters", "Parameters"),
    "scheduler": ("list_schedules", "Schedules"),
    "cloudformation": ("list_stacks", "StackSummaries"),
}


def left(client: Callable[[str], Any]) -> dict[str, Any]:
    """Return the resources that are left, by service."""
    found = {}
    for service, (operation, key) in LISTINGS.items():
        listed = getattr(client(service), operation)().get(key)
        if service == "cloudformation":
            listed = [one for one in listed if one["StackStatus"] != "DELETE_COMPLETE"]
        if listed:
            found[service] = listed
    return found


def swept(cloud: Cloud, client: Callable[[str], Any]) -> dict[str, Any]:
    health = ask(cloud.endpoint)
    assert health
    sweep(client, health.running)
    return left(client)


def make_stores(aws: Aws, n: int) -> str:
    """Create a bucket with versions, a table and a stream. Return the stream's ARN."""
    bucket = f"swept-{n}-{aws.account}"
    aws.s3.create_bucket(Bucket=bucket)
    aws.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for key in ("a", "a", "b/ü"):
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    aws.s3.delete_object(Bucket=bucket, Key="a")
    aws.dynamodb.create_table(
        TableName=f"table-{n}",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    aws.kinesis.create_stream(StreamName=f"stream-{n}", ShardCount=1)
    summary = aws.kinesis.describe_stream_summary(StreamName=f"stream-{n}")
    return str(summary["StreamDescriptionSummary"]["StreamARN"])


def make_chain(aws: Aws, n: int, stream: str) -> None:
    """Create a function with a role, and everything that can trigger it."""
    name = f"function-{n}"
    role = f"role-{n}"
    may_read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [may_read]})
    aws.iam.create_role(RoleName=role, AssumeRolePolicyDocument=document)
    aws.iam.put_role_policy(RoleName=role, PolicyName="inline", PolicyDocument=document)
    policy = aws.iam.create_policy(PolicyName=f"policy-{n}", PolicyDocument=document)
    aws.iam.attach_role_policy(RoleName=role, PolicyArn=policy["Policy"]["Arn"])
    function = aws.deploy(name=name)
    aws.lambda_.publish_version(FunctionName=name)
    aws.lambda_.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    aws.invoke(name)
    aws.trigger(function, aws.queue(f"queue-{n}").arn)
    aws.trigger(function, stream, StartingPosition="LATEST")
    topic = aws.sns.create_topic(Name=f"topic-{n}")["TopicArn"]
    aws.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
    aws.events.put_rule(Name=f"rule-{n}", ScheduleExpression="rate(1 day)")
    targets = [{"Id": str(i), "Arn": function} for i in range(3)]
    aws.events.put_targets(Rule=f"rule-{n}", Targets=targets)
    aws.apigateway.create_rest_api(name=f"api-{n}")


def make_the_rest(aws: Aws) -> None:
    aws.events.create_event_bus(Name="bus")
    aws.events.put_rule(Name="rule", EventBusName="bus", EventPattern='{"source": ["x"]}')
    definition = {"StartAt": "Go", "States": {"Go": {"Type": "Pass", "End": True}}}
    aws.stepfunctions.create_state_machine(
        name="machine", definition=json.dumps(definition), roleArn=aws.role
    )
    aws.secretsmanager.create_secret(Name="secret", SecretString="x")
    aws.ssm.put_parameter(Name="parameter", Value="x", Type="String")
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    aws.cloudformation.create_stack(StackName="stack", TemplateBody=json.dumps(template))


@pytest.fixture
def aws(client: Callable[..., Any], account: str) -> Aws:
    return Aws(client, account)


def test_nothing_is_left_of_all_that_a_lab_can_make(cloud: Cloud, aws: Aws) -> None:
    for n in range(2):
        make_chain(aws, n, make_stores(aws, n))
    make_the_rest(aws)
    assert set(LISTINGS) - set(left(aws.client)) == {"scheduler"}
    assert swept(cloud, aws.client) == {}
    assert aws.lambda_.list_event_source_mappings()["EventSourceMappings"] == []
    assert [bus["Name"] for bus in aws.events.list_event_buses()["EventBuses"]] == ["default"]
    assert aws.iam.list_policies(Scope="Local")["Policies"] == []


def make_what_is_seldom_made(aws: Aws) -> None:
    target = {"Arn": f"arn:aws:sqs:us-east-1:{aws.account}:queue", "RoleArn": aws.role}
    aws.scheduler.create_schedule_group(Name="night")
    for group in ("default", "night"):
        aws.scheduler.create_schedule(
            Name="report",
            GroupName=group,
            ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target=target,
        )
    bus = f"arn:aws:events:us-east-1:{aws.account}:event-bus/default"
    aws.events.create_archive(ArchiveName="archive", EventSourceArn=bus)
    aws.apigateway.create_api_key(name="key")
    aws.apigateway.create_usage_plan(name="plan")
    aws.stepfunctions.create_activity(name="activity")
    aws.firehose.create_delivery_stream(DeliveryStreamName="delivery")


def make_what_watches(aws: Aws) -> None:
    aws.log_client.create_log_group(logGroupName="group")
    metric = {"metricName": "errors", "metricNamespace": "shop", "metricValue": "1"}
    aws.log_client.put_metric_filter(
        logGroupName="group", filterName="f", filterPattern="ERROR", metricTransformations=[metric]
    )
    aws.cloudwatch.put_metric_alarm(
        AlarmName="alarm",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        MetricName="errors",
        Namespace="shop",
        Period=60,
        Threshold=1,
        Statistic="Sum",
    )
    aws.cloudwatch.put_dashboard(DashboardName="board", DashboardBody='{"widgets": []}')


def test_nothing_is_left_of_what_is_seldom_made(cloud: Cloud, aws: Aws) -> None:
    make_what_is_seldom_made(aws)
    make_what_watches(aws)
    health = ask(cloud.endpoint)
    assert health
    running = set(health.running)
    assert set(inventory(aws.client, running)) == {
        "schedule",
        "schedule group",
        "rule",
        "archive",
        "API key",
        "usage plan",
        "activity",
        "delivery stream",
        "log group",
        "metric filter",
        "alarm",
        "dashboard",
        "role",  # which some of these need
    }
    sweep(aws.client, running)
    assert inventory(aws.client, running) == {}


@pytest.mark.parametrize("code", ["QueueDoesNotExist", "AccessDenied"])
def test_deleting_something_that_is_gone_is_not_an_error(code: str) -> None:
    queues = FakeService(list_queues={"QueueUrls": ["q"]}, delete_queue=aws_error(code))
    outcome = nullcontext() if code == "QueueDoesNotExist" else pytest.raises(ClientError)
    with outcome:
        sweep(clients(sqs=queues), {"sqs"})
    assert queues.asked("delete_queue") == [{"QueueUrl": "q"}]


def test_a_secret_scheduled_for_deletion_is_deleted_at_once(cloud: Cloud, aws: Aws) -> None:
    aws.secretsmanager.create_secret(Name="key", SecretString="x")
    aws.secretsmanager.delete_secret(SecretId="key")
    swept(cloud, aws.client)
    aws.secretsmanager.create_secret(Name="key", SecretString="y")
    swept(cloud, aws.client)


def test_a_sweep_of_an_empty_account_does_nothing(cloud: Cloud, aws: Aws) -> None:
    assert swept(cloud, aws.client) == {}


def test_a_sweep_leaves_other_accounts_alone(
    cloud: Cloud, client: Callable[..., Any], account: str
) -> None:
    neighbour = Aws(lambda service, **more: client(service, "2" * 12, **more), "2" * 12)
    neighbour.queue("kept")
    swept(cloud, client)
    assert list(left(neighbour.client)) == ["sqs"]
    swept(cloud, neighbour.client)


def test_a_bucket_with_very_many_objects_is_emptied(cloud: Cloud, aws: Aws) -> None:
    bucket = f"many-{aws.account}"
    aws.s3.create_bucket(Bucket=bucket)
    for n in range(1001):
        aws.s3.put_object(Bucket=bucket, Key=f"{n}")
    assert swept(cloud, aws.client) == {}


def test_a_function_created_after_a_sweep_is_a_new_one(cloud: Cloud, aws: Aws) -> None:
    aws.deploy("def handler(event, context): return 'old'")
    aws.invoke()
    swept(cloud, aws.client)
    aws.deploy(
        "def handler(event, context): return 'new'", Role=aws.make_role("another", [EVERYTHING])
    )
    assert aws.invoke().result == "new"
    assert len([line for line in until(aws.logs) if line.startswith("REPORT")]) == 1
    aws.lambda_.update_function_code(FunctionName="function", ZipFile=package("x = 1"))
    swept(cloud, aws.client)
