"""From each trigger to its effect: an item that a warm function puts into a table."""

import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from helpers.cloud.engine import engine_of
from tests.benchmarks.bench import ACCOUNT, Bench, timed, until
from tests.benchmarks.figures import Figure

# Pulls the trigger with a mark; returns the mark that the effect will bear.
Trigger = Callable[[str], str]
MARKS = count(1)


def measure(bench: Bench) -> Iterator[Figure]:
    for name, connect in CONNECTIONS.items():
        pull = connect(bench, bench.effect)
        until_effect(bench, pull)  # connected, and everything on the way loaded
        samples: list[float] = []
        for _ in range(bench.runs):
            with timed(samples):
                until_effect(bench, pull)
        yield Figure(f"{name} to effect", samples, "ms", 500)


def until_effect(bench: Bench, pull: Trigger) -> None:
    mark = pull(f"mark-{next(MARKS)}")
    until(lambda: bench.is_marked(mark))


def s3(bench: Bench, function: str) -> Trigger:
    client = bench.client("s3")
    client.create_bucket(Bucket="bench-uploads")
    _permit(bench, function, "s3")
    wanted = {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
    client.put_bucket_notification_configuration(
        Bucket="bench-uploads", NotificationConfiguration={"LambdaFunctionConfigurations": [wanted]}
    )
    return _with(lambda mark: client.put_object(Bucket="bench-uploads", Key=mark, Body=b""))


def sqs(bench: Bench, function: str) -> Trigger:
    client = bench.client("sqs")
    url = client.create_queue(QueueName="bench")["QueueUrl"]
    _map(bench, function, f"arn:aws:sqs:us-east-1:{ACCOUNT}:bench", BatchSize=1)
    return _with(lambda mark: client.send_message(QueueUrl=url, MessageBody=mark))


def kinesis(bench: Bench, function: str) -> Trigger:
    client = bench.client("kinesis")
    client.create_stream(StreamName="bench", ShardCount=1)
    arn = client.describe_stream(StreamName="bench")["StreamDescription"]["StreamARN"]
    until(lambda: _status_of_stream(client) == "ACTIVE")
    _map(bench, function, arn, StartingPosition="TRIM_HORIZON")
    return _with(lambda mark: client.put_record(StreamName="bench", Data=b"", PartitionKey=mark))


def dynamodb_stream(bench: Bench, function: str) -> Trigger:
    client = bench.client("dynamodb")
    table = client.create_table(
        TableName="bench",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    _map(bench, function, table["LatestStreamArn"], StartingPosition="TRIM_HORIZON")
    return _with(lambda mark: client.put_item(TableName="bench", Item={"id": {"S": mark}}))


def sns(bench: Bench, function: str) -> Trigger:
    client = bench.client("sns")
    topic = client.create_topic(Name="bench")["TopicArn"]
    _permit(bench, function, "sns")
    client.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
    return _with(lambda mark: client.publish(TopicArn=topic, Message=mark))


def eventbridge(bench: Bench, function: str) -> Trigger:
    client = bench.client("events")
    client.put_rule(Name="bench", EventPattern=json.dumps({"source": ["bench"]}))
    _permit(bench, function, "events")
    client.put_targets(Rule="bench", Targets=[{"Id": "1", "Arn": function}])

    def pull(mark: str) -> None:
        detail = json.dumps({"mark": mark})
        client.put_events(Entries=[{"Source": "bench", "DetailType": "mark", "Detail": detail}])

    return _with(pull)


def _permit(bench: Bench, function: str, service: str) -> None:
    bench.client("lambda").add_permission(
        FunctionName=function,
        StatementId=f"{service}-{uuid4()}",
        Action="lambda:InvokeFunction",
        Principal=f"{service}.amazonaws.com",
    )


def rest_api(bench: Bench, function: str) -> Trigger:
    client = bench.client("apigateway")
    api = client.create_rest_api(name="bench")["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    resource = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**resource, authorizationType="NONE")
    _permit(bench, function, "apigateway")
    invoke = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    client.put_integration(**resource, type="AWS_PROXY", integrationHttpMethod="POST", uri=invoke)
    client.create_deployment(restApiId=api, stageName="bench")
    url = f"{bench.cloud.endpoint}/_aws/execute-api/{api}/bench/"
    return _with(lambda mark: bench.http.get(url, params={"q": mark}).raise_for_status())


def function_url(bench: Bench, function: str) -> Trigger:
    client = bench.client("lambda")
    made = client.create_function_url_config(FunctionName="effect", AuthType="NONE")
    client.add_permission(
        FunctionName="effect",
        StatementId="everybody",
        Action="lambda:InvokeFunctionUrl",
        Principal="*",
        FunctionUrlAuthType="NONE",
    )
    host = {"Host": urlsplit(made["FunctionUrl"]).netloc}  # its name needs DNS, its address doesn't
    here = bench.cloud.endpoint

    def pull(mark: str) -> None:
        bench.http.get(here, params={"q": mark}, headers=host).raise_for_status()

    return _with(pull)


def step_functions(bench: Bench, function: str) -> Trigger:
    client = bench.client("stepfunctions")
    states = {"Run": {"Type": "Task", "Resource": function, "End": True}}
    machine = client.create_state_machine(
        name="bench",
        definition=json.dumps({"StartAt": "Run", "States": states}),
        roleArn=bench.role,
    )["stateMachineArn"]
    return _with(
        lambda mark: client.start_execution(
            stateMachineArn=machine, input=json.dumps({"mark": mark})
        )
    )


def schedule(bench: Bench, function: str) -> Trigger:
    client = bench.client("events")
    client.put_rule(Name="bench-daily", ScheduleExpression="cron(0 2 * * ? *)")
    _permit(bench, function, "events")
    client.put_targets(Rule="bench-daily", Targets=[{"Id": "1", "Arn": function}])
    engine = engine_of(bench.cloud, ACCOUNT)

    def pull(mark: str) -> str:
        (fired,) = engine("POST", "clock", {"seconds": 24 * 3600})["fired"]
        return str(fired["at"])

    return pull


CONNECTIONS: dict[str, Callable[[Bench, str], Trigger]] = {
    "S3": s3,
    "SQS": sqs,
    "Kinesis": kinesis,
    "DynamoDB Streams": dynamodb_stream,
    "SNS": sns,
    "EventBridge": eventbridge,
    "API Gateway": rest_api,
    "Function URL": function_url,
    "Step Functions": step_functions,
    "Schedule, clock turned": schedule,
}


def _with(pull: Callable[[str], object]) -> Trigger:
    def pull_and_expect(mark: str) -> str:
        pull(mark)
        return mark

    return pull_and_expect


def _map(bench: Bench, function: str, source: str, **more: Any) -> None:
    client = bench.client("lambda")
    uuid = client.create_event_source_mapping(FunctionName=function, EventSourceArn=source, **more)[
        "UUID"
    ]
    until(lambda: client.get_event_source_mapping(UUID=uuid)["State"] == "Enabled")


def _status_of_stream(client: Any) -> str:
    return str(client.describe_stream(StreamName="bench")["StreamDescription"]["StreamStatus"])
