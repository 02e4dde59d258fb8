"""Roles, users and services can do what their policies allow, and nothing else."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from helpers.cloud.engine import engine_of
from helpers.cloud.model import Cloud
from tests.engine.support import ECHO, TELL, Aws, document, package, until

LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
# A function that makes the call in its event, and returns the result.
CALL = """
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    client = boto3.client(event["service"])
    try:
        answer = getattr(client, event["call"])(**event.get("arguments", {}))
    except ClientError as error:
        return {"error": error.response["Error"]}
    return {"status": answer["ResponseMetadata"]["HTTPStatusCode"]}
"""


Denials = Callable[[], list[dict[str, Any]]]


def allow(action: str | list[str], resource: str | list[str], **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def deny(action: str, resource: str) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource}


class Caller:
    """A function whose role has the permissions that the test gives it."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        role = aws.make_role("caller-role", [LOGS])
        aws.deploy(CALL, "caller", Role=role, Timeout=10)

    def may(self, *statements: Any) -> None:
        self.aws.allow_role("caller-role", *statements)

    def call(self, service: str, call: str, **arguments: Any) -> Any:
        event = {"service": service, "call": call, "arguments": arguments}
        return self.aws.invoke("caller", event).result

    def is_allowed(self, service: str, call: str, **arguments: Any) -> bool:
        return "status" in self.call(service, call, **arguments)


@pytest.fixture
def caller(aws: Aws) -> Caller:
    return Caller(aws)


@pytest.fixture
def bucket(aws: Aws) -> str:
    name = f"bucket-{aws.account}"
    aws.s3.create_bucket(Bucket=name)
    aws.s3.put_object(Bucket=name, Key="cat.jpg", Body=b"cat")
    return name


# The role of a function


def test_a_function_can_do_nothing_that_its_role_does_not_allow(
    aws: Aws, caller: Caller, bucket: str
) -> None:
    response = caller.call("s3", "get_object", Bucket=bucket, Key="cat.jpg")
    session = f"arn:aws:sts::{aws.account}:assumed-role/caller-role/caller"
    assert response["error"]["Code"] == "AccessDenied"
    assert response["error"]["Message"] == (
        f"User: {session} is not authorized to perform: s3:GetObject on resource: "
        f'"arn:aws:s3:::{bucket}/cat.jpg" because no identity-based policy allows the '
        "s3:GetObject action"
    )


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("s3:GetObject", "{bucket}/*")], True),
        ([allow("s3:Get*", "{bucket}/cat.???")], True),
        ([allow("s3:*", "*")], True),
        ([{"Effect": "Allow", "NotAction": "s3:Put*", "Resource": "{bucket}/*"}], True),
        ([allow("s3:GetObject", "{bucket}")], False),
        ([allow("s3:GetObject", "{bucket}-2/*")], False),
        ([allow("s3:PutObject", "{bucket}/*")], False),
        ([allow("s3:GetObject", "{bucket}/*"), deny("s3:*", "{bucket}/cat*")], False),
        ([allow("*", "*"), deny("s3:GetObject", "{bucket}/*")], False),
        ([{"Effect": "Allow", "NotAction": "s3:Get*", "Resource": "*"}], False),
        (
            [
                allow(
                    "s3:GetObject",
                    "{bucket}/*",
                    Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
                )
            ],
            False,
        ),
    ],
)
def test_the_role_s_statements_decide(
    aws: Aws, caller: Caller, bucket: str, statements: list[Any], expected: bool
) -> None:
    document = json.dumps(statements).replace("{bucket}", f"arn:aws:s3:::{bucket}")
    caller.may(*json.loads(document))
    assert caller.is_allowed("s3", "get_object", Bucket=bucket, Key="cat.jpg") is expected


def test_a_change_of_the_role_is_effective_at_once(aws: Aws, caller: Caller, bucket: str) -> None:
    caller.may(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))
    assert caller.is_allowed("s3", "get_object", Bucket=bucket, Key="cat.jpg")
    aws.iam.delete_role_policy(RoleName="caller-role", PolicyName="inline")
    assert not caller.is_allowed("s3", "get_object", Bucket=bucket, Key="cat.jpg")


def test_managed_policies_of_aws_and_of_the_account_apply_when_attached(
    aws: Aws, caller: Caller, bucket: str
) -> None:
    own = aws.iam.create_policy(
        PolicyName="own", PolicyDocument=document(allow("sqs:ListQueues", "*"))
    )["Policy"]["Arn"]
    read = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    for arn in (own, read):
        aws.iam.attach_role_policy(RoleName="caller-role", PolicyArn=arn)
    assert caller.is_allowed("sqs", "list_queues")
    assert caller.is_allowed("s3", "get_object", Bucket=bucket, Key="cat.jpg")
    assert not caller.is_allowed("s3", "put_object", Bucket=bucket, Key="dog.jpg")


def test_a_permissions_boundary_limits_what_a_role_allows(
    aws: Aws, caller: Caller, bucket: str
) -> None:
    boundary = aws.iam.create_policy(
        PolicyName="boundary", PolicyDocument=document(allow("s3:ListBucket", "*"))
    )["Policy"]["Arn"]
    caller.may(allow("s3:*", "*"))
    aws.iam.put_role_permissions_boundary(RoleName="caller-role", PermissionsBoundary=boundary)
    assert caller.is_allowed("s3", "list_objects_v2", Bucket=bucket)
    assert not caller.is_allowed("s3", "get_object", Bucket=bucket, Key="cat.jpg")


def test_a_caller_who_may_not_list_a_bucket_is_not_told_what_is_missing(
    aws: Aws, caller: Caller, bucket: str
) -> None:
    caller.may(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))
    for call in ("get_object", "head_object"):
        response = caller.call("s3", call, Bucket=bucket, Key="dog.jpg")
        assert response["error"]["Code"] in ("AccessDenied", "403")
    caller.may(
        allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"),
        allow("s3:ListBucket", f"arn:aws:s3:::{bucket}"),
    )
    assert caller.call("s3", "get_object", Bucket=bucket, Key="dog.jpg")["error"]["Code"] == (
        "NoSuchKey"
    )


OTHERS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "dynamodb": ("dynamodb", "scan", {"TableName": "table"}, "AccessDeniedException"),
    "sqs": ("sqs", "send_message", {"QueueUrl": "{queue}", "MessageBody": "x"}, "AccessDenied"),
    "sns": ("sns", "publish", {"TopicArn": "{topic}", "Message": "x"}, "AuthorizationError"),
    "lambda": ("lambda", "invoke", {"FunctionName": "caller"}, "AccessDeniedException"),
    "secretsmanager": (
        "secretsmanager",
        "get_secret_value",
        {"SecretId": "secret"},
        "AccessDeniedException",
    ),
    "kinesis": (
        "kinesis",
        "put_record",
        {"StreamName": "stream", "Data": "x", "PartitionKey": "x"},
        "AccessDeniedException",
    ),
    "events": (
        "events",
        "put_events",
        {"Entries": [{"Source": "x", "DetailType": "x", "Detail": "{}"}]},
        "AccessDeniedException",
    ),
    "iam": ("iam", "list_roles", {}, "AccessDenied"),
}


@pytest.mark.parametrize("service", OTHERS)
def test_every_service_has_its_own_access_denied_error(
    aws: Aws, caller: Caller, service: str
) -> None:
    name, call, arguments, code = OTHERS[service]
    aws.dynamodb.create_table(
        TableName="table",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    aws.kinesis.create_stream(StreamName="stream", ShardCount=1)
    aws.secretsmanager.create_secret(Name="secret", SecretString="x")
    queue = aws.queue()
    topic = aws.sns.create_topic(Name="topic")["TopicArn"]
    filled = json.dumps(arguments).replace("{queue}", queue.url).replace("{topic}", topic)
    denied = caller.call(name, call, **json.loads(filled))["error"]
    assert denied["Code"] == code
    assert "caller-role/caller is not authorized to perform: " in denied["Message"]
    caller.may(allow("*", "*"))
    assert caller.is_allowed(name, call, **json.loads(filled)) or service == "lambda"


def test_a_secret_is_allowed_by_its_full_arn(aws: Aws, caller: Caller) -> None:
    arn = aws.secretsmanager.create_secret(Name="hook", SecretString="x")["ARN"]
    caller.may(allow("secretsmanager:GetSecretValue", arn))
    for name in ("hook", arn):
        assert caller.is_allowed("secretsmanager", "get_secret_value", SecretId=name)
    caller.may(allow("secretsmanager:GetSecretValue", f"{arn[:-6]}??????"))
    assert caller.is_allowed("secretsmanager", "get_secret_value", SecretId="hook")
    caller.may(allow("secretsmanager:GetSecretValue", arn[:-7]))
    assert not caller.is_allowed("secretsmanager", "get_secret_value", SecretId="hook")
    role = f"arn:aws:iam::{aws.account}:role/caller-role"
    let_in = allow("secretsmanager:GetSecretValue", "*", Principal={"AWS": role})
    aws.secretsmanager.put_resource_policy(SecretId="hook", ResourcePolicy=document(let_in))
    for name in ("hook", arn):
        assert caller.is_allowed("secretsmanager", "get_secret_value", SecretId=name)


def test_a_key_can_be_used_only_as_its_own_policy_allows(aws: Aws, caller: Caller) -> None:
    key = aws.kms.create_key()["KeyMetadata"]  # its policy leaves it to its account's policies
    aws.kms.create_alias(AliasName="alias/shop", TargetKeyId=key["KeyId"])

    def encrypts() -> bool:
        return caller.is_allowed("kms", "encrypt", KeyId="alias/shop", Plaintext="x")

    assert not encrypts()
    caller.may(allow("kms:Encrypt", key["Arn"]))
    assert encrypts()
    only = allow("kms:*", "*", Principal={"AWS": f"arn:aws:iam::{aws.account}:user/ada"})
    aws.kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=document(only))
    assert not encrypts()
    with pytest.raises(ClientError, match="NotFoundException"):
        aws.kms.describe_key(KeyId="00000000-0000-0000-0000-000000000000")
    with pytest.raises(ClientError, match="no resource-based policy allows the kms:Descr"):
        aws.kms.describe_key(KeyId=key["KeyId"])


def test_each_part_of_a_batch_and_a_transaction_is_authorized(aws: Aws, caller: Caller) -> None:
    for table in ("one", "two"):
        aws.dynamodb.create_table(
            TableName=table,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    table_arn = f"arn:aws:dynamodb:us-east-1:{aws.account}:table"
    puts = [{"Put": {"TableName": name, "Item": {"id": {"S": "x"}}}} for name in ("one", "two")]
    caller.may(allow("dynamodb:PutItem", f"{table_arn}/one"))
    assert not caller.is_allowed("dynamodb", "transact_write_items", TransactItems=puts)
    assert caller.is_allowed("dynamodb", "transact_write_items", TransactItems=puts[:1])
    caller.may(allow("dynamodb:PutItem", f"{table_arn}/*"))
    assert caller.is_allowed("dynamodb", "transact_write_items", TransactItems=puts)


# Who may take a role on


def test_a_function_needs_a_role_that_lambda_can_assume(aws: Aws) -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    trust["Principal"] = {"Service": "ec2.amazonaws.com"}  # type: ignore[assignment]
    role = aws.iam.create_role(RoleName="other", AssumeRolePolicyDocument=document(trust))
    for arn in (role["Role"]["Arn"], f"arn:aws:iam::{aws.account}:role/nobody"):
        with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
            aws.deploy(ECHO, Role=arn)
    aws.deploy(ECHO)
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        aws.lambda_.update_function_configuration(FunctionName="function", Role=role["Role"]["Arn"])
    with pytest.raises(ClientError, match="Value 'r1' at 'role' failed to satisfy"):
        aws.lambda_.update_function_configuration(FunctionName="function", Role="r1")


def session(cloud: Cloud, credentials: Any, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials.get("SessionToken"),
    )


def assumable(aws: Aws, name: str, *allowed: Any) -> str:
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": f"arn:aws:iam::{aws.account}:root"},
    }
    role = aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
    aws.allow_role(name, *allowed)
    return str(role["Role"]["Arn"])


def test_credentials_of_an_assumed_role_need_their_own_session_token(
    aws: Aws, cloud: Cloud
) -> None:
    role = assumable(aws, "reader", allow("sqs:ListQueues", "*"))
    one, two = (
        aws.sts.assume_role(RoleArn=role, RoleSessionName=name)["Credentials"]
        for name in ("one", "two")
    )
    session(cloud, one, "sqs").list_queues()
    with pytest.raises(ClientError, match="AccessDenied"):
        session(cloud, one, "sqs").create_queue(QueueName="x")
    for token in (None, "x", two["SessionToken"]):
        with pytest.raises(ClientError, match="security token included in the request is invalid"):
            session(cloud, one | {"SessionToken": token}, "sqs").list_queues()


def test_a_session_policy_limits_the_session(aws: Aws, cloud: Cloud) -> None:
    role = assumable(aws, "all", allow("sqs:*", "*"))
    made = aws.sts.assume_role(
        RoleArn=role, RoleSessionName="session", Policy=document(allow("sqs:ListQueues", "*"))
    )["Credentials"]
    session(cloud, made, "sqs").list_queues()
    with pytest.raises(ClientError, match="no session policy allows the sqs:createqueue action"):
        session(cloud, made, "sqs").create_queue(QueueName="x")


def test_a_user_s_session_has_the_user_s_permissions(aws: Aws, cloud: Cloud) -> None:
    aws.iam.create_user(UserName="ada")
    key = aws.iam.create_access_key(UserName="ada")["AccessKey"]
    for keys, caller in (({}, "root"), (key, "user/ada")):
        made = aws.sts if not keys else session(cloud, keys, "sts")
        given = made.get_session_token()["Credentials"]
        sts = session(cloud, given, "sts")
        assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{aws.account}:{caller}"
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            session(cloud, given | {"SessionToken": "x"}, "sts").get_caller_identity()
        with pytest.raises(ClientError, match="Cannot call GetSessionToken with session"):
            sts.get_session_token()


def test_a_user_s_access_key_works_until_it_is_inactive(aws: Aws, cloud: Cloud) -> None:
    aws.iam.create_user(UserName="ada")
    aws.iam.put_user_policy(
        UserName="ada", PolicyName="own", PolicyDocument=document(allow("sqs:ListQueues", "*"))
    )
    key = aws.iam.create_access_key(UserName="ada")["AccessKey"]
    session(cloud, key, "sqs").list_queues()
    identity = session(cloud, key, "sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{aws.account}:user/ada"
    with pytest.raises(ClientError, match="user/ada is not authorized to perform: sqs:createqueue"):
        session(cloud, key, "sqs").create_queue(QueueName="x")
    aws.iam.update_access_key(UserName="ada", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with pytest.raises(ClientError, match="security token"):
        session(cloud, key, "sqs").list_queues()


def test_passing_a_role_requires_a_permission(aws: Aws, cloud: Cloud) -> None:
    role = assumable(aws, "deployer", allow("lambda:*", "*"))
    made = aws.sts.assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    deployer = Aws(lambda service, **_: session(cloud, made, service), aws.account)
    with pytest.raises(ClientError, match=r"iam:PassRole on resource: .*role/function"):
        deployer.deploy(ECHO, Role=aws.role)
    aws.allow_role("deployer", allow("lambda:*", "*"), allow("iam:PassRole", aws.role))
    deployer.deploy(ECHO, Role=aws.role)
    aws.lambda_.delete_function(FunctionName="function")


# The resource's own policy


def test_a_bucket_policy_can_allow_and_deny_a_role(aws: Aws, caller: Caller, bucket: str) -> None:
    objects = f"arn:aws:s3:::{bucket}/*"
    role = f"arn:aws:iam::{aws.account}:role/caller-role"
    let_in = allow("s3:GetObject", objects, Principal={"AWS": role})
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=document(let_in))
    assert caller.is_allowed("s3", "get_object", Bucket=bucket, Key="cat.jpg")
    kept_out = deny("s3:GetObject", objects) | {"Principal": {"AWS": role}}
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=document(let_in, kept_out))
    assert not caller.is_allowed("s3", "get_object", Bucket=bucket, Key="cat.jpg")


def test_another_account_needs_both_its_own_and_the_bucket_policy(
    aws: Aws, bucket: str, client: Callable[..., Any]
) -> None:
    stranger = client("s3", "565656565656")
    with pytest.raises(ClientError, match="AccessDenied"):
        stranger.get_object(Bucket=bucket, Key="cat.jpg")
    statement = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal={"AWS": "565656565656"})
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=document(statement))
    assert stranger.get_object(Bucket=bucket, Key="cat.jpg")["Body"].read() == b"cat"
    with pytest.raises(ClientError, match="AccessDenied"):
        stranger.put_object(Bucket=bucket, Key="cat.jpg", Body=b"dog")


def test_another_account_needs_the_policy_of_a_bus(aws: Aws, client: Callable[..., Any]) -> None:
    bus = aws.events.create_event_bus(Name="shop")["EventBusArn"]
    entry = {"Source": "till", "DetailType": "x", "Detail": "{}", "EventBusName": bus}
    stranger = client("events", "565656565656")
    put = {"EventBusName": "shop", "Action": "events:PutEvents"}
    of_an_organization = {"Type": "StringEquals", "Key": "aws:PrincipalOrgID", "Value": "o-1"}
    aws.events.put_permission(**put, StatementId="1", Principal="*", Condition=of_an_organization)
    with pytest.raises(ClientError, match="no resource-based policy allows the events:PutEvents"):
        stranger.put_events(Entries=[entry])
    aws.events.put_permission(**put, StatementId="2", Principal="565656565656")
    assert stranger.put_events(Entries=[entry])["FailedEntryCount"] == 0


def test_another_account_needs_the_policy_of_a_layer_s_version(
    aws: Aws, client: Callable[..., Any]
) -> None:
    layer = aws.lambda_.publish_layer_version(
        LayerName="layer", Content={"ZipFile": package({"python/tool.py": ""})}
    )
    stranger = client("lambda", "565656565656")
    with pytest.raises(ClientError, match="no resource-based policy allows the lambda:GetLayerV"):
        stranger.get_layer_version_by_arn(Arn=layer["LayerVersionArn"])
    aws.lambda_.add_layer_version_permission(
        LayerName="layer",
        VersionNumber=1,
        StatementId="one",
        Action="lambda:GetLayerVersion",
        Principal="565656565656",
    )
    assert stranger.get_layer_version_by_arn(Arn=layer["LayerVersionArn"])["Version"] == 1


# Services that act for somebody


def test_a_topic_delivers_only_to_a_queue_that_allows_it(aws: Aws) -> None:
    topic = aws.sns.create_topic(Name="topic")["TopicArn"]
    open_, shut = aws.queue("open"), aws.queue("shut")
    for queue in (open_, shut):
        aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue.arn)
    aws.open_queue(open_, "sns.amazonaws.com", topic)
    aws.open_queue(shut, "sns.amazonaws.com", f"{topic}-2")
    aws.sns.publish(TopicArn=topic, Message="hello")
    until(lambda: aws.received(open_))
    assert aws.received(shut) == []


def test_an_undeliverable_message_is_sent_by_the_topic(aws: Aws) -> None:
    topic = aws.sns.create_topic(Name="topic")["TopicArn"]
    gone, rest = aws.queue("gone"), aws.queue("rest")
    aws.open_queue(rest, "sns.amazonaws.com", topic)
    redrive = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": rest.arn})}
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=gone.arn, Attributes=redrive)
    aws.sqs.delete_queue(QueueUrl=gone.url)
    aws.sns.publish(TopicArn=topic, Message="hello")
    until(lambda: aws.received(rest))


def test_a_rule_delivers_only_to_a_queue_that_allows_it(aws: Aws) -> None:
    rule = aws.events.put_rule(Name="rule", EventPattern='{"source": ["shop"]}')["RuleArn"]
    open_, shut = aws.queue("open"), aws.queue("shut")
    targets = [{"Id": str(n), "Arn": queue.arn} for n, queue in enumerate((open_, shut))]
    aws.events.put_targets(Rule="rule", Targets=targets)
    aws.open_queue(open_, "events.amazonaws.com", rule)
    aws.events.put_events(Entries=[{"Source": "shop", "DetailType": "x", "Detail": "{}"}])
    until(lambda: aws.received(open_))
    assert aws.received(shut) == []


def test_a_bucket_notifies_only_targets_that_allow_it(aws: Aws, bucket: str) -> None:
    queue, function = aws.queue(), aws.deploy(TELL)
    to_queue = {"QueueArn": queue.arn, "Events": ["s3:ObjectCreated:*"]}
    to_function = {"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}

    def notify(**configurations: Any) -> None:
        aws.s3.put_bucket_notification_configuration(
            Bucket=bucket, NotificationConfiguration=configurations
        )

    for wanted in (
        {"QueueConfigurations": [to_queue]},
        {"LambdaFunctionConfigurations": [to_function]},
    ):
        with pytest.raises(ClientError, match="Unable to validate the following destination"):
            notify(**wanted)
    aws.open_queue(queue, "s3.amazonaws.com", f"arn:aws:s3:::{bucket}")
    aws.allow("s3.amazonaws.com", f"arn:aws:s3:::{bucket}")
    notify(QueueConfigurations=[to_queue])
    notify(LambdaFunctionConfigurations=[to_function])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("queue", "does not have permissions to call ReceiveMessage on SQS"),
        ("stream", "Cannot access stream .* GetShardIterator, DescribeStream, ListShards"),
    ],
)
def test_a_mapping_needs_a_role_that_can_read_its_source(
    aws: Aws, source: str, message: str
) -> None:
    role = aws.make_role("reader", [LOGS])
    aws.deploy(TELL, Role=role)
    aws.kinesis.create_stream(StreamName="stream", ShardCount=1)
    stream = aws.kinesis.describe_stream_summary(StreamName="stream")["StreamDescriptionSummary"]
    arn = aws.queue().arn if source == "queue" else stream["StreamARN"]
    where = {"StartingPosition": "TRIM_HORIZON"} if source == "stream" else {}
    with pytest.raises(ClientError, match=message):
        aws.trigger("function", arn, **where)
    name = "SQSQueue" if source == "queue" else "Kinesis"
    managed = f"arn:aws:iam::aws:policy/service-role/AWSLambda{name}ExecutionRole"
    aws.iam.attach_role_policy(RoleName="reader", PolicyArn=managed)
    aws.trigger("function", arn, **where)


FAIL = "def handler(event, context):\n    raise ValueError(event)"


def test_discarded_records_of_a_stream_need_a_role_that_can_send_them(
    aws: Aws, denials: Denials
) -> None:
    failed, role = aws.queue("failed"), aws.make_role("reader")
    aws.allow_role("reader", allow("kinesis:*", "*"))
    aws.kinesis.create_stream(StreamName="stream", ShardCount=1)
    stream = aws.kinesis.describe_stream_summary(StreamName="stream")["StreamDescriptionSummary"]
    aws.kinesis.put_record(StreamName="stream", Data=b"1", PartitionKey="a")
    aws.trigger(
        aws.deploy(FAIL, Role=role),
        stream["StreamARN"],
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": failed.arn}},
    )
    denied = until(lambda: [each for each in denials() if each["action"] == "sqs:SendMessage"])[0]
    assert denied["missing"] == allow("sqs:SendMessage", failed.arn)
    aws.allow_role("reader", allow("kinesis:*", "*"), allow("sqs:SendMessage", failed.arn))
    aws.kinesis.put_record(StreamName="stream", Data=b"2", PartitionKey="a")
    assert until(lambda: aws.received(failed))


def test_a_dead_letter_queue_needs_a_role_that_can_send_to_it(aws: Aws) -> None:
    queue = aws.queue()
    role = aws.make_role("worker", [LOGS])
    settings = {"Role": role, "DeadLetterConfig": {"TargetArn": queue.arn}}
    with pytest.raises(ClientError, match="does not have permissions to call SendMessage on SQS"):
        aws.deploy(ECHO, **settings)
    aws.allow_role("worker", allow("sqs:SendMessage", queue.arn))
    aws.deploy(ECHO, **settings)


def test_a_state_machine_can_do_what_its_role_allows(aws: Aws) -> None:
    function = aws.deploy(ECHO)
    role = aws.make_role("machine")
    states = {"Run": {"Type": "Task", "Resource": function, "End": True}}
    definition = json.dumps({"StartAt": "Run", "States": states})
    machine = aws.stepfunctions.create_state_machine(
        name="machine", definition=definition, roleArn=role
    )["stateMachineArn"]

    def run() -> Any:
        started = aws.stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
        described = lambda: aws.stepfunctions.describe_execution(executionArn=started)  # noqa: E731
        until(lambda: described()["status"] != "RUNNING")
        return described()

    failed = run()
    assert failed["status"] == "FAILED"
    assert "lambda:InvokeFunction" in failed["cause"]
    aws.allow_role("machine", allow("lambda:InvokeFunction", function))
    assert run()["status"] == "SUCCEEDED"
    for region, expected in (("us-east-1", "SUCCEEDED"), ("eu-west-1", "FAILED")):
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole"}
        service = {"Principal": {"Service": f"states.{region}.amazonaws.com"}}
        trusted = document(trust | service)
        aws.iam.update_assume_role_policy(RoleName="machine", PolicyDocument=trusted)
        assert run()["status"] == expected


def test_the_role_of_a_task_is_assumed_by_the_role_of_the_execution(aws: Aws) -> None:
    queue, machine_role = aws.queue(), aws.make_role("machine")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": aws.account}}
    aws.iam.create_role(RoleName="task", AssumeRolePolicyDocument=document(trust))
    task_role = f"arn:aws:iam::{aws.account}:role/task"
    aws.allow_role("task", allow("sqs:SendMessage", queue.arn))
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": queue.url, "MessageBody": "hello"},
        "Credentials": {"RoleArn": task_role},
        "End": True,
    }
    machine = aws.stepfunctions.create_state_machine(
        name="machine",
        definition=json.dumps({"StartAt": "Send", "States": {"Send": task}}),
        roleArn=machine_role,
    )["stateMachineArn"]

    def run() -> str:
        started = aws.stepfunctions.start_execution(stateMachineArn=machine)["executionArn"]
        status = lambda: aws.stepfunctions.describe_execution(executionArn=started)["status"]  # noqa: E731
        until(lambda: status() != "RUNNING")
        return str(status())

    assert run() == "FAILED"  # though the role of the task would let it
    aws.allow_role("machine", allow("sts:AssumeRole", task_role))
    assert run() == "SUCCEEDED"
    assert len(aws.received(queue)) == 1


def test_a_log_group_s_subscription_needs_the_function_s_permission(aws: Aws) -> None:
    logs, function = aws.log_client, aws.deploy(TELL)
    logs.create_log_group(logGroupName="shop")
    wanted = {"logGroupName": "shop", "filterName": "all", "filterPattern": ""}
    with pytest.raises(ClientError, match="given CloudWatch Logs permission"):
        logs.put_subscription_filter(**wanted, destinationArn=function)
    aws.allow("logs.amazonaws.com", f"arn:aws:logs:us-east-1:{aws.account}:log-group:shop:*")
    logs.put_subscription_filter(**wanted, destinationArn=function)


def test_a_log_group_s_subscription_needs_a_role_that_can_put_records(aws: Aws) -> None:
    logs, role = aws.log_client, aws.make_role("subscriber")
    aws.kinesis.create_stream(StreamName="stream", ShardCount=1)
    stream = aws.kinesis.describe_stream_summary(StreamName="stream")["StreamDescriptionSummary"]
    logs.create_log_group(logGroupName="shop")
    wanted = {"logGroupName": "shop", "filterName": "all", "filterPattern": "", "roleArn": role}
    wanted["destinationArn"] = stream["StreamARN"]
    with pytest.raises(ClientError, match="Could not deliver test message to specified Kinesis"):
        logs.put_subscription_filter(**wanted)
    aws.allow_role("subscriber", allow("kinesis:PutRecord", stream["StreamARN"]))
    logs.put_subscription_filter(**wanted)
    logs.create_log_stream(logGroupName="shop", logStreamName="till")
    event = {"timestamp": int(time.time() * 1000), "message": "sold"}
    logs.put_log_events(logGroupName="shop", logStreamName="till", logEvents=[event])
    shard = {"ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON"}
    iterator = aws.kinesis.get_shard_iterator(StreamName="stream", **shard)["ShardIterator"]
    assert aws.kinesis.get_records(ShardIterator=iterator)["Records"]


def test_a_function_without_permission_to_log_has_no_log(aws: Aws, denials: Denials) -> None:
    aws.deploy(TELL, Role=aws.make_role("mute"))
    assert aws.invoke(event={"n": 1}).error is None
    until(lambda: any(denial["action"].startswith("logs:") for denial in denials()))
    assert aws.logs() == []


# What was denied can be read


@pytest.fixture
def denials(cloud: Cloud, account: str) -> Denials:
    """Return the denials in the test's account so far."""
    return lambda: list(engine_of(cloud, account)("GET", "denials")["denials"])


def test_a_denial_is_kept_with_the_statement_that_is_missing(
    caller: Caller, bucket: str, denials: Denials
) -> None:
    caller.call("s3", "get_object", Bucket=bucket, Key="cat.jpg")
    (denial,) = denials()
    assert denial["principal"].endswith(":assumed-role/caller-role/caller")
    assert denial["policy"] == "identity-based"
    assert denial["missing"] == allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")


def test_a_denial_of_a_service_names_its_source(aws: Aws, denials: Denials) -> None:
    rule = aws.events.put_rule(Name="rule", EventPattern='{"source": ["shop"]}')["RuleArn"]
    function = aws.deploy(TELL)
    aws.events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": function}])
    aws.events.put_events(Entries=[{"Source": "shop", "DetailType": "x", "Detail": "{}"}])
    (denial,) = until(denials)
    assert (denial["principal"], denial["source"]) == ("events.amazonaws.com", rule)
    assert denial["missing"]["Principal"] == {"Service": "events.amazonaws.com"}
    assert denial["missing"]["Condition"] == {"ArnLike": {"aws:SourceArn": rule}}


# The account's owner


def test_the_owner_can_do_everything(aws: Aws, bucket: str, denials: Denials) -> None:
    aws.s3.get_object(Bucket=bucket, Key="cat.jpg")
    aws.iam.create_role(RoleName="r", AssumeRolePolicyDocument=document())
    assert denials() == []


def test_a_user_s_permissions_apply_to_every_form_of_an_api(aws: Aws, cloud: Cloud) -> None:
    """A queue's URL accepts calls in another form, from which LocalStack makes a new call."""
    queue = aws.queue()
    aws.iam.create_user(UserName="ada")
    key = aws.iam.create_access_key(UserName="ada")["AccessKey"]
    credentials = Credentials(key["AccessKeyId"], key["SecretAccessKey"])

    def send(auth: type[SigV4Auth], service: str = "sqs") -> requests.Response:
        request = AWSRequest("GET", f"{queue.url}?Action=SendMessage&MessageBody=x")
        auth(credentials, service, "us-east-1").add_auth(request)
        return requests.get(request.url, headers=dict(request.headers.items()), timeout=10)

    for auth in (SigV4Auth, SigV4QueryAuth):
        answer = send(auth)
        assert answer.status_code == 403
        assert "user/ada is not authorized to perform: sqs:sendmessage" in answer.text
    may_send = document(allow("sqs:SendMessage", queue.arn))
    aws.iam.put_user_policy(UserName="ada", PolicyName="send", PolicyDocument=may_send)
    for auth in (SigV4Auth, SigV4QueryAuth):
        assert send(auth).status_code == 200
        assert not send(auth, "sns").ok  # the signature is good for another service
    assert len(aws.received(queue) + aws.received(queue)) == 2
    assert aws.received(queue) == []


def test_an_api_can_invoke_a_function_by_its_permission_or_by_a_role(
    aws: Aws, cloud: Cloud
) -> None:
    function = aws.deploy("def handler(event, context): return {'statusCode': 200, 'body': 'hi'}")
    role = aws.make_role("api")
    gateway = aws.apigateway
    api = gateway.create_rest_api(name="api")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"

    def status(**credentials: str) -> int:
        gateway.put_integration(
            **method, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri, **credentials
        )
        gateway.create_deployment(restApiId=api, stageName="dev")
        address = f"{cloud.endpoint}/_aws/execute-api/{api}/dev/"
        return requests.get(address, timeout=10).status_code

    assert status() == 500
    assert status(credentials=role) == 500
    aws.allow_role("api", allow("lambda:InvokeFunction", function))
    assert status(credentials=role) == 200
    aws.allow("apigateway.amazonaws.com", f"arn:aws:execute-api:us-east-1:{aws.account}:{api}/*")
    assert status() == 200


def test_a_rule_starts_a_state_machine_by_a_role(aws: Aws) -> None:
    machine = aws.stepfunctions.create_state_machine(
        name="machine",
        definition=json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}),
        roleArn=aws.make_role("machine"),
    )["stateMachineArn"]
    role = aws.make_role("rule")
    aws.events.put_rule(Name="rule", EventPattern='{"source": ["shop"]}')
    aws.events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": machine, "RoleArn": role}])

    def runs() -> int:
        aws.events.put_events(Entries=[{"Source": "shop", "DetailType": "x", "Detail": "{}"}])
        response = aws.stepfunctions.list_executions(stateMachineArn=machine)
        return len(response["executions"])

    runs()
    assert runs() == 0
    aws.allow_role("rule", allow("states:StartExecution", machine))
    assert until(runs)


def test_a_delivery_stream_writes_to_the_bucket_that_its_role_allows(
    aws: Aws, bucket: str, denials: Denials
) -> None:
    role = aws.make_role("delivery")
    firehose = aws.client("firehose")
    firehose.create_delivery_stream(
        DeliveryStreamName="clicks",
        ExtendedS3DestinationConfiguration={
            "RoleARN": role,
            "BucketARN": f"arn:aws:s3:::{bucket}",
        },
    )

    def deliver() -> list[str]:
        with suppress(ClientError):
            firehose.put_record(DeliveryStreamName="clicks", Record={"Data": b"click"})
        response = aws.s3.list_objects_v2(Bucket=bucket)
        return [each["Key"] for each in response["Contents"] if each["Key"] != "cat.jpg"]

    assert deliver() == []
    assert denials()[-1]["action"] == "s3:PutObject"
    aws.allow_role("delivery", allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*"))
    assert until(deliver)


def test_the_end_of_an_asynchronous_invocation_needs_the_function_s_role(
    aws: Aws, denials: Denials
) -> None:
    queue = aws.queue()
    role = aws.make_role("worker", [LOGS])
    aws.deploy(ECHO, Role=role)
    aws.lambda_.put_function_event_invoke_config(
        FunctionName="function", DestinationConfig={"OnSuccess": {"Destination": queue.arn}}
    )
    aws.lambda_.invoke(FunctionName="function", InvocationType="Event", Payload=b"{}")
    denied = until(denials)[-1]
    assert (denied["action"], denied["resource"]) == ("sqs:SendMessage", queue.arn)
    aws.allow_role("worker", allow("sqs:SendMessage", queue.arn))
    aws.lambda_.invoke(FunctionName="function", InvocationType="Event", Payload=b"{}")
    assert until(lambda: aws.received(queue))
