"""Differences from AWS. Tests that are marked so are expected to fail, until that changes."""

import json
import time
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from helpers.cloud.model import Cloud
from tests.engine.support import ECHO, TELL, Aws, package, until


def differs(why: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=why)


@differs("LocalStack takes rules of a bucket that overlap; AWS refuses them")
def test_two_notifications_of_a_bucket_must_not_overlap(aws: Aws) -> None:
    function, bucket = aws.deploy(TELL), f"bucket-{aws.account}"
    aws.s3.create_bucket(Bucket=bucket)
    aws.allow("s3.amazonaws.com", f"arn:aws:s3:::{bucket}")
    rule = {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
    prefix = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}
    with pytest.raises(ClientError, match="overlap"):
        aws.s3.put_bucket_notification_configuration(
            Bucket=bucket,
            NotificationConfiguration={
                "LambdaFunctionConfigurations": [rule, {**rule, "Filter": prefix}]
            },
        )


@differs("LocalStack answers 404 for an API or a stage that is not there, and AWS 403")
def test_an_api_that_is_not_deployed_is_forbidden(aws: Aws, cloud: Cloud) -> None:
    api = aws.apigateway.create_rest_api(name="api")["id"]
    answer = requests.get(f"{cloud.endpoint}/_aws/execute-api/{api}/dev/orders", timeout=10)
    assert answer.status_code == 403


@differs("layers can be published, but functions do not find them")
def test_a_layer_provides_modules(aws: Aws) -> None:
    layer = aws.lambda_.publish_layer_version(
        LayerName="layer", Content={"ZipFile": package({"python/shared.py": "VALUE = 1"})}
    )["LayerVersionArn"]
    source = "import shared\ndef handler(event, context): return shared.VALUE"
    aws.deploy(source, Layers=[layer])
    assert aws.invoke().result == 1


@differs("LocalStack takes a time-out of any length")
def test_the_maximum_timeout_is_fifteen_minutes(aws: Aws) -> None:
    with pytest.raises(ClientError):
        aws.deploy(ECHO, Timeout=901)


@differs("a shard is read by one function at a time, whatever ParallelizationFactor says")
def test_several_functions_can_read_one_shard(aws: Aws) -> None:
    aws.kinesis.create_stream(StreamName="stream", ShardCount=1)
    summary = aws.kinesis.describe_stream_summary(StreamName="stream")["StreamDescriptionSummary"]
    slow = "import time\ndef handler(event, context):\n    time.sleep(1)\n    print('saw {}')"
    settings = {"StartingPosition": "TRIM_HORIZON", "BatchSize": 1, "ParallelizationFactor": 10}
    records = [{"Data": b"click", "PartitionKey": f"key {n}"} for n in range(6)]
    aws.kinesis.put_records(StreamName="stream", Records=records)
    aws.trigger(aws.deploy(slow), summary["StreamARN"], **settings)
    until(lambda: len(aws.seen()) == 6, timeout=4)


@differs("nobody measures how old the last record of a batch is")
def test_the_iterator_age_is_a_metric(aws: Aws) -> None:
    aws.kinesis.create_stream(StreamName="stream", ShardCount=1)
    summary = aws.kinesis.describe_stream_summary(StreamName="stream")["StreamDescriptionSummary"]
    aws.kinesis.put_record(StreamName="stream", Data=b"click", PartitionKey="key")
    aws.trigger(aws.deploy(TELL), summary["StreamARN"], StartingPosition="TRIM_HORIZON")
    until(aws.seen)
    until(lambda: aws.cloudwatch.list_metrics(MetricName="IteratorAge")["Metrics"], timeout=2)


@differs("EventBridge Scheduler keeps schedules and does not follow them; use schedule rules")
def test_a_schedule_of_eventbridge_scheduler_invokes_a_function(aws: Aws) -> None:
    aws.scheduler.create_schedule(
        Name="schedule",
        ScheduleExpression=time.strftime("at(%Y-%m-%dT%H:%M:%S)", time.gmtime(time.time() + 1)),
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": aws.deploy(TELL), "RoleArn": aws.role},
    )
    until(aws.seen, timeout=2)


@differs("filter patterns of fields and of regular expressions are refused, with a word of why")
@pytest.mark.parametrize("pattern", ["[level, code=4*]", "%40[0-9]%"])
def test_a_log_can_be_filtered_by_the_fields_of_its_lines(aws: Aws, pattern: str) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="shop")
    assert logs.filter_log_events(logGroupName="shop", filterPattern=pattern)["events"] == []


@differs("what a rule could not deliver is turned away as on AWS, but nobody counts it")
def test_a_rule_without_permission_counts_failed_invocations(aws: Aws) -> None:
    function = aws.deploy(TELL)
    aws.events.put_rule(Name="rule", EventPattern=json.dumps({"source": ["shop"]}))
    aws.events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": function}])
    aws.events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
    wanted = {"Namespace": "AWS/Events", "MetricName": "FailedInvocations"}
    assert aws.cloudwatch.list_metrics(**wanted)["Metrics"]


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("apigatewayv2", "get_apis", {}),
        ("pipes", "list_pipes", {}),
        ("cognito-idp", "list_user_pools", {"MaxResults": 1}),
        ("iot", "list_things", {}),
        ("cloudfront", "list_distributions", {}),
        ("lambda", "invoke_with_response_stream", {"FunctionName": "function"}),
    ],
)
def test_a_service_that_open_localstack_lacks_reports_that(
    aws: Aws, service: str, call: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ClientError, match="not yet been emulated by LocalStack"):
        getattr(aws.client(service), call)(**arguments)
