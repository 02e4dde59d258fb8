"""The accesses that an operation needs, against AWS's Service Authorization Reference.

Its pages are https://docs.aws.amazon.com/service-authorization/latest/reference/list_<name>.html;
each group below names its own. An expected access is "<action> <resource>", the resource without
the part that is the same for each of the service.
"""

import doctest
import importlib
import pkgutil
import re
from types import SimpleNamespace

import botocore.session
import pytest
from moto.dynamodbstreams.models import ShardIterator
from moto.kinesis.utils import compose_shard_iterator

from helpers.aws.iam import actions as package
from helpers.aws.iam.actions import SERVICES, Access, Call, accesses, passed_roles
from helpers.aws.iam.actions.event_sources import (
    EVENT_SOURCE_ACTIONS,
    EVENT_SOURCE_REFUSALS,
    MANAGED_POLICY_ACTIONS,
    REFUSED_WITHOUT,
    refusal,
)
from helpers.aws.iam.actions.roles import ATTRIBUTES, PASSED_ROLES, PASSED_TO, PATCHED, SCATTERED

ACCOUNT, OTHER, REGION = "111122223333", "444455556666", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
PLACES = {"s3": "arn:aws:s3:::", "iam": f"arn:aws:iam::{ACCOUNT}:"}

KEY = {"owner": {"S": "ada"}, "day": {"N": "7"}}
STREAM = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders/stream/2026-11-27T10:00:00.000"
SHARD = SimpleNamespace(
    shard_id="shardId-000000000000",
    table=SimpleNamespace(
        table_arn=STREAM.partition("/stream/")[0],
        latest_stream_label=STREAM.partition("/stream/")[2],
    ),
)
ITERATOR = ShardIterator(None, SHARD, "AT_SEQUENCE_NUMBER", 1).arn
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:resize"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:orders"
KEY_ID = "0d1f4c2a-8b1e-4c55-9d1f-3a6b7c8d9e0f"

# list_s3: the table "API operations defined by Amazon S3"
PHOTO = {"Bucket": "photos", "Key": "2026/a.jpg"}
S3 = [
    ("ListBuckets", {}, "s3:ListAllMyBuckets *"),
    ("CreateBucket", {"Bucket": "photos"}, "s3:CreateBucket photos"),
    ("CreateBucket", {"Bucket": "photos", "ACL": "private"}, "s3:CreateBucket photos"),
    (
        "CreateBucket",
        {"Bucket": "photos", "ACL": "public-read", "ObjectOwnership": "ObjectWriter"},
        "s3:CreateBucket photos, s3:PutBucketAcl photos, s3:PutBucketOwnershipControls photos",
    ),
    (
        "CreateBucket",
        {"Bucket": "photos", "ObjectLockEnabledForBucket": True},
        "s3:CreateBucket photos, s3:PutBucketObjectLockConfiguration photos,"
        " s3:PutBucketVersioning photos",
    ),
    ("DeleteBucket", {"Bucket": "photos"}, "s3:DeleteBucket photos"),
    ("HeadBucket", {"Bucket": "photos"}, "s3:ListBucket photos"),
    ("ListObjects", {"Bucket": "photos"}, "s3:ListBucket photos"),
    ("ListObjectsV2", {"Bucket": "photos", "Prefix": "2026/"}, "s3:ListBucket photos"),
    ("ListObjectVersions", {"Bucket": "photos"}, "s3:ListBucketVersions photos"),
    ("ListMultipartUploads", {"Bucket": "photos"}, "s3:ListBucketMultipartUploads photos"),
    ("GetObject", PHOTO, "s3:GetObject photos/2026/a.jpg"),
    ("GetObject", {**PHOTO, "VersionId": "3"}, "s3:GetObjectVersion photos/2026/a.jpg"),
    ("HeadObject", PHOTO, "s3:GetObject photos/2026/a.jpg"),
    ("HeadObject", {**PHOTO, "VersionId": "3"}, "s3:GetObjectVersion photos/2026/a.jpg"),
    ("SelectObjectContent", PHOTO, "s3:GetObject photos/2026/a.jpg"),
    ("GetObjectTorrent", PHOTO, "s3:GetObject photos/2026/a.jpg"),
    (
        "GetObjectAttributes",
        PHOTO,
        "s3:GetObject photos/2026/a.jpg, s3:GetObjectAttributes photos/2026/a.jpg",
    ),
    (
        "GetObjectAttributes",
        {**PHOTO, "VersionId": "3"},
        "s3:GetObjectVersion photos/2026/a.jpg, s3:GetObjectVersionAttributes photos/2026/a.jpg",
    ),
    ("GetObjectAcl", {**PHOTO, "VersionId": "3"}, "s3:GetObjectVersionAcl photos/2026/a.jpg"),
    ("GetObjectTagging", PHOTO, "s3:GetObjectTagging photos/2026/a.jpg"),
    ("PutObject", PHOTO, "s3:PutObject photos/2026/a.jpg"),
    (
        "PutObject",
        {**PHOTO, "ACL": "public-read", "Tagging": "team=blue"},
        "s3:PutObject photos/2026/a.jpg, s3:PutObjectAcl photos/2026/a.jpg,"
        " s3:PutObjectTagging photos/2026/a.jpg",
    ),
    (
        "PutObject",
        {**PHOTO, "ObjectLockMode": "GOVERNANCE", "ObjectLockLegalHoldStatus": "ON"},
        "s3:PutObject photos/2026/a.jpg, s3:PutObjectRetention photos/2026/a.jpg,"
        " s3:PutObjectLegalHold photos/2026/a.jpg",
    ),
    ("PostObject", {"Bucket": "photos"}, "s3:PutObject photos/*"),
    ("CreateMultipartUpload", PHOTO, "s3:PutObject photos/2026/a.jpg"),
    ("UploadPart", {**PHOTO, "UploadId": "1"}, "s3:PutObject photos/2026/a.jpg"),
    ("CompleteMultipartUpload", PHOTO, "s3:PutObject photos/2026/a.jpg"),
    ("AbortMultipartUpload", PHOTO, "s3:AbortMultipartUpload photos/2026/a.jpg"),
    ("ListParts", PHOTO, "s3:ListMultipartUploadParts photos/2026/a.jpg"),
    (
        "CopyObject",
        {**PHOTO, "CopySource": "/inbox/c%20d.jpg"},
        "s3:GetObject inbox/c d.jpg, s3:PutObject photos/2026/a.jpg",
    ),
    (
        "CopyObject",
        {**PHOTO, "CopySource": {"Bucket": "inbox", "Key": "c.jpg", "VersionId": "3"}},
        "s3:GetObjectVersion inbox/c.jpg, s3:PutObject photos/2026/a.jpg",
    ),
    (
        "UploadPartCopy",
        {**PHOTO, "CopySource": "inbox/c.jpg?versionId=3"},
        "s3:GetObjectVersion inbox/c.jpg, s3:PutObject photos/2026/a.jpg",
    ),
    ("DeleteObject", PHOTO, "s3:DeleteObject photos/2026/a.jpg"),
    ("DeleteObject", {**PHOTO, "VersionId": "3"}, "s3:DeleteObjectVersion photos/2026/a.jpg"),
    (
        "DeleteObject",
        {**PHOTO, "VersionId": "3", "BypassGovernanceRetention": True},
        "s3:DeleteObjectVersion photos/2026/a.jpg, s3:BypassGovernanceRetention photos/2026/a.jpg",
    ),
    (
        "DeleteObjects",
        {"Bucket": "photos", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "1"}]}},
        "s3:DeleteObject photos/a, s3:DeleteObjectVersion photos/b",
    ),
    ("DeleteObjects", {"Bucket": "photos"}, "s3:DeleteObject *"),
    ("GetBucketNotificationConfiguration", {"Bucket": "photos"}, "s3:GetBucketNotification photos"),
    ("PutBucketNotificationConfiguration", {"Bucket": "photos"}, "s3:PutBucketNotification photos"),
    (
        "PutBucketLifecycleConfiguration",
        {"Bucket": "photos"},
        "s3:PutLifecycleConfiguration photos",
    ),
    ("DeleteBucketLifecycle", {"Bucket": "photos"}, "s3:PutLifecycleConfiguration photos"),
    ("GetBucketEncryption", {"Bucket": "photos"}, "s3:GetEncryptionConfiguration photos"),
    ("PutBucketCors", {"Bucket": "photos"}, "s3:PutBucketCORS photos"),
    ("DeleteBucketCors", {"Bucket": "photos"}, "s3:PutBucketCORS photos"),
    ("GetPublicAccessBlock", {"Bucket": "photos"}, "s3:GetBucketPublicAccessBlock photos"),
    ("PutBucketReplication", {"Bucket": "photos"}, "s3:PutReplicationConfiguration photos"),
    ("DeleteBucketTagging", {"Bucket": "photos"}, "s3:PutBucketTagging photos"),
    ("PutBucketPolicy", {"Bucket": "photos"}, "s3:PutBucketPolicy photos"),
    ("GetBucketVersioning", {"Bucket": "photos"}, "s3:GetBucketVersioning photos"),
    ("GetObject", {"Bucket": "photos"}, "s3:GetObject *"),
    ("GetObject", {"Bucket": ["photos"], "Key": 7}, "s3:GetObject *"),
]

# list_dynamodb, and docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
ORDER = {"TableName": "orders", "Key": KEY}
DYNAMODB = [
    ("GetItem", ORDER, "dynamodb:GetItem table/orders"),
    ("PutItem", {"TableName": "orders", "Item": KEY}, "dynamodb:PutItem table/orders"),
    ("UpdateItem", ORDER, "dynamodb:UpdateItem table/orders"),
    ("Query", {"TableName": "orders"}, "dynamodb:Query table/orders"),
    (
        "Query",
        {"TableName": "orders", "IndexName": "by-day"},
        "dynamodb:Query table/orders/index/by-day",
    ),
    (
        "Scan",
        {"TableName": "orders", "IndexName": "by-day"},
        "dynamodb:Scan table/orders/index/by-day",
    ),
    (
        "GetItem",
        {"TableName": f"arn:aws:dynamodb:us-east-2:{OTHER}:table/orders", "Key": KEY},
        f"dynamodb:GetItem arn:aws:dynamodb:us-east-2:{OTHER}:table/orders",
    ),
    (
        "BatchGetItem",
        {"RequestItems": {"orders": {"Keys": [KEY]}, "users": {"Keys": [KEY]}}},
        "dynamodb:BatchGetItem table/orders, dynamodb:BatchGetItem table/users",
    ),
    (
        "BatchWriteItem",
        {"RequestItems": {"orders": [{"PutRequest": {"Item": KEY}}] * 2}},
        "dynamodb:BatchWriteItem table/orders",
    ),
    (
        "TransactWriteItems",
        {
            "TransactItems": [
                {"Put": {"TableName": "orders", "Item": KEY}},
                {"Update": {"TableName": "stock", "Key": KEY}},
                {"Delete": {"TableName": "carts", "Key": KEY}},
                {"ConditionCheck": {"TableName": "users", "Key": KEY}},
            ]
        },
        "dynamodb:PutItem table/orders, dynamodb:UpdateItem table/stock,"
        " dynamodb:DeleteItem table/carts, dynamodb:ConditionCheckItem table/users",
    ),
    (
        "TransactGetItems",
        {"TransactItems": [{"Get": ORDER}, {"Get": ORDER}]},
        "dynamodb:GetItem table/orders",
    ),
    (
        "ExecuteStatement",
        {"Statement": 'SELECT * FROM "orders"."by-day" WHERE day = 7'},
        "dynamodb:PartiQLSelect table/orders/index/by-day",
    ),
    (
        "ExecuteStatement",
        {"Statement": "insert into orders value {'owner': 'ada'}"},
        "dynamodb:PartiQLInsert table/orders",
    ),
    (
        "BatchExecuteStatement",
        {"Statements": [{"Statement": 'UPDATE "a" SET x=1'}, {"Statement": 'DELETE FROM "b"'}]},
        "dynamodb:PartiQLUpdate table/a, dynamodb:PartiQLDelete table/b",
    ),
    (
        "ExecuteTransaction",
        {"TransactStatements": [{"Statement": "EXISTS(SELECT * FROM orders WHERE owner='ada')"}]},
        "dynamodb:PartiQLSelect table/orders",
    ),
    ("CreateTable", {"TableName": "orders"}, "dynamodb:CreateTable table/orders"),
    (
        "CreateTable",
        {"TableName": "orders", "Tags": [{"Key": "team", "Value": "blue"}]},
        "dynamodb:CreateTable table/orders, dynamodb:TagResource table/orders",
    ),
    ("DescribeTable", {"TableName": "orders"}, "dynamodb:DescribeTable table/orders"),
    ("UpdateTimeToLive", {"TableName": "orders"}, "dynamodb:UpdateTimeToLive table/orders"),
    ("ListTables", {}, "dynamodb:ListTables table/*"),
    ("DescribeEndpoints", {}, ""),
    ("DescribeLimits", {}, "dynamodb:DescribeLimits *"),
]
DYNAMODB_STREAMS = [
    ("DescribeStream", {"StreamArn": STREAM}, f"dynamodb:DescribeStream {STREAM}"),
    ("GetShardIterator", {"StreamArn": STREAM}, f"dynamodb:GetShardIterator {STREAM}"),
    ("GetRecords", {"ShardIterator": ITERATOR}, f"dynamodb:GetRecords {STREAM}"),
    ("ListStreams", {"TableName": "orders"}, "dynamodb:ListStreams table/orders/stream/*"),
    ("GetRecords", {"ShardIterator": "?"}, "dynamodb:GetRecords *"),
]

# list_lambda, and docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
LAMBDA = [
    ("Invoke", {"FunctionName": "resize"}, "lambda:InvokeFunction function:resize"),
    ("Invoke", {"FunctionName": "resize:live"}, "lambda:InvokeFunction function:resize:live"),
    (
        "Invoke",
        {"FunctionName": "resize", "Qualifier": "$LATEST"},
        "lambda:InvokeFunction function:resize:$LATEST",
    ),
    (
        "Invoke",
        {"FunctionName": f"{ACCOUNT}:function:resize:7"},
        "lambda:InvokeFunction function:resize:7",
    ),
    (
        "Invoke",
        {"FunctionName": f"arn:aws:lambda:us-east-2:{OTHER}:function:resize", "Qualifier": "live"},
        f"lambda:InvokeFunction arn:aws:lambda:us-east-2:{OTHER}:function:resize:live",
    ),
    (
        "InvokeWithResponseStream",
        {"FunctionName": "resize"},
        "lambda:InvokeFunction function:resize",
    ),
    ("InvokeAsync", {"FunctionName": "resize"}, "lambda:InvokeAsync function:resize"),
    ("CreateFunction", {"FunctionName": "resize"}, "lambda:CreateFunction function:resize"),
    (
        "CreateFunction",
        {
            "FunctionName": "resize",
            "Tags": {"team": "blue"},
            "Layers": [f"arn:aws:lambda:{REGION}:{OTHER}:layer:pillow:3"],
        },
        "lambda:CreateFunction function:resize, lambda:TagResource function:resize,"
        f" lambda:GetLayerVersion arn:aws:lambda:{REGION}:{OTHER}:layer:pillow:3",
    ),
    (
        "GetFunction",
        {"FunctionName": "resize", "Qualifier": "live"},
        "lambda:GetFunction function:resize",
    ),
    ("UpdateFunctionCode", {"FunctionName": FUNCTION}, "lambda:UpdateFunctionCode function:resize"),
    (
        "AddPermission",
        {"FunctionName": "resize", "Qualifier": "live"},
        "lambda:AddPermission function:resize:live",
    ),
    (
        "CreateAlias",
        {"FunctionName": "resize", "Name": "live"},
        "lambda:CreateAlias function:resize",
    ),
    ("PublishVersion", {"FunctionName": "resize"}, "lambda:PublishVersion function:resize"),
    (
        "PutFunctionConcurrency",
        {"FunctionName": "resize"},
        "lambda:PutFunctionConcurrency function:resize",
    ),
    (
        "PutProvisionedConcurrencyConfig",
        {"FunctionName": "resize", "Qualifier": "live"},
        "lambda:PutProvisionedConcurrencyConfig function:resize:live",
    ),
    (
        "CreateFunctionUrlConfig",
        {"FunctionName": "resize"},
        "lambda:CreateFunctionUrlConfig function:resize",
    ),
    ("CreateEventSourceMapping", {"FunctionName": "resize"}, "lambda:CreateEventSourceMapping *"),
    ("ListEventSourceMappings", {"FunctionName": "resize"}, "lambda:ListEventSourceMappings *"),
    (
        "UpdateEventSourceMapping",
        {"UUID": "1f2e", "FunctionName": "resize"},
        "lambda:UpdateEventSourceMapping event-source-mapping:1f2e",
    ),
    ("ListTags", {"Resource": FUNCTION}, "lambda:ListTags function:resize"),
    ("ListFunctions", {}, "lambda:ListFunctions *"),
    ("PublishLayerVersion", {"LayerName": "pillow"}, "lambda:PublishLayerVersion layer:pillow"),
    (
        "GetLayerVersion",
        {"LayerName": "pillow", "VersionNumber": 3},
        "lambda:GetLayerVersion layer:pillow:3",
    ),
    ("Invoke", {"FunctionName": {}}, "lambda:InvokeFunction *"),
]

# list_sqs
URL = "http://sqs.eu-west-1.localhost.localstack.cloud:4566/111122223333/orders"
TASK = "eyJ0YXNrSWQiOiAiMSIsICJzb3VyY2VBcm4iOiAiYXJuOmF3czpzcXM6ZXUtd2VzdC0xOjE6ZGxxIn0="
SQS = [
    ("SendMessage", {"QueueUrl": URL}, "sqs:SendMessage orders"),
    ("SendMessageBatch", {"QueueUrl": URL}, "sqs:SendMessage orders"),
    ("DeleteMessageBatch", {"QueueUrl": URL}, "sqs:DeleteMessage orders"),
    ("ChangeMessageVisibilityBatch", {"QueueUrl": URL}, "sqs:ChangeMessageVisibility orders"),
    ("ReceiveMessage", {"QueueUrl": URL}, "sqs:ReceiveMessage orders"),
    ("CreateQueue", {"QueueName": "orders"}, "sqs:CreateQueue orders"),
    (
        "CreateQueue",
        {"QueueName": "orders", "tags": {"team": "blue"}},
        "sqs:CreateQueue orders, sqs:TagQueue orders",
    ),
    (
        "GetQueueUrl",
        {"QueueName": "orders", "QueueOwnerAWSAccountId": OTHER},
        f"sqs:GetQueueUrl arn:aws:sqs:{REGION}:{OTHER}:orders",
    ),
    ("ListQueues", {}, f"sqs:ListQueues arn:aws:sqs:{REGION}:{ACCOUNT}:"),
    (
        "StartMessageMoveTask",
        {"SourceArn": "arn:aws:sqs:eu-west-1:1:dlq", "DestinationArn": "arn:aws:sqs:eu-west-1:1:q"},
        "sqs:StartMessageMoveTask arn:aws:sqs:eu-west-1:1:dlq,"
        " sqs:ReceiveMessage arn:aws:sqs:eu-west-1:1:dlq,"
        " sqs:DeleteMessage arn:aws:sqs:eu-west-1:1:dlq,"
        " sqs:GetQueueAttributes arn:aws:sqs:eu-west-1:1:dlq,"
        " sqs:SendMessage arn:aws:sqs:eu-west-1:1:q",
    ),
    (
        "CancelMessageMoveTask",
        {"TaskHandle": TASK},
        "sqs:CancelMessageMoveTask arn:aws:sqs:eu-west-1:1:dlq,"
        " sqs:ReceiveMessage arn:aws:sqs:eu-west-1:1:dlq,"
        " sqs:DeleteMessage arn:aws:sqs:eu-west-1:1:dlq,"
        " sqs:GetQueueAttributes arn:aws:sqs:eu-west-1:1:dlq",
    ),
]

# list_sns
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"
SNS = [
    ("CreateTopic", {"Name": "alarms"}, "sns:CreateTopic alarms"),
    ("Publish", {"TopicArn": TOPIC}, "sns:Publish alarms"),
    ("Publish", {"TargetArn": TOPIC}, "sns:Publish alarms"),
    ("Publish", {"PhoneNumber": "+15550100"}, "sns:Publish *"),
    ("PublishBatch", {"TopicArn": TOPIC}, "sns:Publish alarms"),
    ("Subscribe", {"TopicArn": TOPIC, "Protocol": "sqs"}, "sns:Subscribe alarms"),
    ("Unsubscribe", {"SubscriptionArn": f"{TOPIC}:0d1f"}, "sns:Unsubscribe alarms"),
    ("SetTopicAttributes", {"TopicArn": TOPIC}, "sns:SetTopicAttributes alarms"),
    ("ListTagsForResource", {"ResourceArn": TOPIC}, "sns:ListTagsForResource alarms"),
    ("ListTopics", {}, f"sns:ListTopics arn:aws:sns:{REGION}:{ACCOUNT}:*"),
    ("ListSubscriptions", {}, "sns:ListSubscriptions *"),
    ("CreatePlatformApplication", {"Name": "app"}, "sns:CreatePlatformApplication *"),
]

# list_kinesis
CLICKS = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/clicks"
KINESIS = [
    ("PutRecord", {"StreamName": "clicks"}, "kinesis:PutRecord stream/clicks"),
    ("PutRecords", {"StreamARN": CLICKS}, "kinesis:PutRecords stream/clicks"),
    ("GetShardIterator", {"StreamName": "clicks"}, "kinesis:GetShardIterator stream/clicks"),
    (
        "GetRecords",
        {"ShardIterator": compose_shard_iterator("clicks", SHARD, 49590338271490256)},
        "kinesis:GetRecords stream/clicks",
    ),
    (
        "GetRecords",
        {"ShardIterator": compose_shard_iterator(None, SHARD, 4959), "StreamARN": CLICKS},
        "kinesis:GetRecords stream/clicks",
    ),
    ("GetRecords", {"ShardIterator": "?"}, "kinesis:GetRecords *"),
    ("ListStreams", {}, "kinesis:ListStreams *"),
    ("UpdateShardCount", {"StreamName": "clicks"}, "kinesis:UpdateShardCount stream/clicks"),
    (
        "RegisterStreamConsumer",
        {"StreamARN": CLICKS},
        "kinesis:RegisterStreamConsumer stream/clicks",
    ),
    (
        "SubscribeToShard",
        {"ConsumerARN": f"{CLICKS}/consumer/fan:1"},
        f"kinesis:SubscribeToShard {CLICKS}/consumer/fan:1",
    ),
    (
        "CreateStream",
        {"StreamName": "clicks", "Tags": {"team": "blue"}},
        "kinesis:CreateStream stream/clicks, kinesis:AddTagsToStream stream/clicks",
    ),
]

# list_firehose
FIREHOSE = [
    ("PutRecord", {"DeliveryStreamName": "raw"}, "firehose:PutRecord deliverystream/raw"),
    (
        "CreateDeliveryStream",
        {"DeliveryStreamName": "raw", "Tags": [{"Key": "team", "Value": "blue"}]},
        "firehose:CreateDeliveryStream deliverystream/raw,"
        " firehose:TagDeliveryStream deliverystream/raw",
    ),
    ("ListDeliveryStreams", {}, "firehose:ListDeliveryStreams *"),
]

# list_logs; the ARNs are those of AWS's refusals, and
# docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
LOG = {"logGroupName": "/aws/lambda/resize"}
GROUP = "log-group:/aws/lambda/resize:log-stream:"
LOGS = [
    ("CreateLogGroup", LOG, f"logs:CreateLogGroup {GROUP}"),
    (
        "CreateLogGroup",
        {**LOG, "tags": {"team": "blue"}},
        f"logs:CreateLogGroup {GROUP}, logs:TagResource log-group:/aws/lambda/resize",
    ),
    ("CreateLogStream", {**LOG, "logStreamName": "a"}, f"logs:CreateLogStream {GROUP}a"),
    ("PutLogEvents", {**LOG, "logStreamName": "a"}, f"logs:PutLogEvents {GROUP}a"),
    ("FilterLogEvents", LOG, f"logs:FilterLogEvents {GROUP}"),
    (
        "FilterLogEvents",
        {"logGroupIdentifier": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/resize:*"},
        f"logs:FilterLogEvents {GROUP}",
    ),
    ("PutRetentionPolicy", LOG, f"logs:PutRetentionPolicy {GROUP}"),
    ("PutSubscriptionFilter", LOG, f"logs:PutSubscriptionFilter {GROUP}"),
    (
        "DescribeLogGroups",
        {"logGroupNamePrefix": "/aws"},
        "logs:DescribeLogGroups log-group::log-stream:",
    ),
    (
        "StartQuery",
        {"logGroupNames": ["a", "b"]},
        "logs:StartQuery log-group:a:log-stream:, logs:StartQuery log-group:b:log-stream:",
    ),
    (
        "TagResource",
        {"resourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:a:*"},
        "logs:TagResource log-group:a",
    ),
    ("DescribeQueries", {}, "logs:DescribeQueries *"),
]

# list_cloudwatch
CLOUDWATCH = [
    ("PutMetricData", {"Namespace": "shop"}, "cloudwatch:PutMetricData *"),
    ("GetMetricStatistics", {}, "cloudwatch:GetMetricStatistics *"),
    ("PutMetricAlarm", {"AlarmName": "hot"}, "cloudwatch:PutMetricAlarm alarm:hot"),
    (
        "DeleteAlarms",
        {"AlarmNames": ["hot", "cold"]},
        "cloudwatch:DeleteAlarms alarm:hot, cloudwatch:DeleteAlarms alarm:cold",
    ),
    ("DescribeAlarms", {}, "cloudwatch:DescribeAlarms alarm:*"),
    ("SetAlarmState", {"AlarmName": "hot"}, "cloudwatch:SetAlarmState alarm:hot"),
    (
        "PutDashboard",
        {"DashboardName": "shop"},
        f"cloudwatch:PutDashboard arn:aws:cloudwatch::{ACCOUNT}:dashboard/shop",
    ),
]

# list_events
EVENTS = [
    ("PutRule", {"Name": "hourly"}, "events:PutRule rule/hourly"),
    ("PutRule", {"Name": "hourly", "EventBusName": "default"}, "events:PutRule rule/hourly"),
    ("PutRule", {"Name": "paid", "EventBusName": "shop"}, "events:PutRule rule/shop/paid"),
    (
        "PutTargets",
        {"Rule": "paid", "EventBusName": f"arn:aws:events:us-east-2:{OTHER}:event-bus/shop"},
        f"events:PutTargets arn:aws:events:us-east-2:{OTHER}:rule/shop/paid",
    ),
    ("RemoveTargets", {"Rule": "hourly"}, "events:RemoveTargets rule/hourly"),
    ("ListRules", {}, "events:ListRules rule/*"),
    ("PutEvents", {"Entries": [{"Source": "shop"}]}, "events:PutEvents event-bus/default"),
    (
        "PutEvents",
        {"Entries": [{"Source": "a", "EventBusName": "shop"}, {"Source": "b"}]},
        "events:PutEvents event-bus/shop, events:PutEvents event-bus/default",
    ),
    ("PutEvents", {}, "events:PutEvents *"),
    ("CreateEventBus", {"Name": "shop"}, "events:CreateEventBus event-bus/shop"),
    ("DescribeEventBus", {}, "events:DescribeEventBus event-bus/default"),
    (
        "CreateArchive",
        {
            "ArchiveName": "all",
            "EventSourceArn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/shop",
        },
        "events:CreateArchive archive/all, events:CreateArchive event-bus/shop",
    ),
    (
        "CreateArchive",
        {
            "ArchiveName": "all",
            "EventSourceArn": f"arn:aws:events:{REGION}:{OTHER}:event-bus/shop",
        },
        "events:CreateArchive archive/all, events:CreateArchive event-bus/shop",
    ),
    ("CreateConnection", {"Name": "api"}, "events:CreateConnection connection/api"),
    ("DeleteApiDestination", {"Name": "api"}, "events:DeleteApiDestination api-destination/api"),
    ("TestEventPattern", {}, "events:TestEventPattern *"),
]

# list_scheduler
SCHEDULER = [
    ("CreateSchedule", {"Name": "nightly"}, "scheduler:CreateSchedule schedule/default/nightly"),
    (
        "GetSchedule",
        {"Name": "nightly", "GroupName": "shop"},
        "scheduler:GetSchedule schedule/shop/nightly",
    ),
    ("CreateScheduleGroup", {"Name": "shop"}, "scheduler:CreateScheduleGroup schedule-group/shop"),
    ("ListSchedules", {}, "scheduler:ListSchedules schedule/*/*"),
]

# list_stepfunctions, and docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
EXECUTION = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:orders:1"
STATES = [
    ("CreateStateMachine", {"name": "orders"}, "states:CreateStateMachine stateMachine:orders"),
    (
        "CreateStateMachine",
        {"name": "orders", "publish": True, "tags": [{"key": "team", "value": "blue"}]},
        "states:CreateStateMachine stateMachine:orders, states:TagResource stateMachine:orders,"
        " states:PublishStateMachineVersion stateMachine:orders",
    ),
    ("StartExecution", {"stateMachineArn": MACHINE}, "states:StartExecution stateMachine:orders"),
    (
        "StartExecution",
        {"stateMachineArn": f"{MACHINE}:live"},
        "states:StartExecution stateMachine:orders",
    ),
    (
        "CreateStateMachineAlias",
        {"name": "live", "routingConfiguration": [{"stateMachineVersionArn": f"{MACHINE}:3"}]},
        "states:CreateStateMachineAlias stateMachine:orders",
    ),
    (
        "DescribeExecution",
        {"executionArn": EXECUTION},
        "states:DescribeExecution execution:orders:1",
    ),
    ("StopExecution", {"executionArn": EXECUTION}, "states:StopExecution execution:orders:1"),
    ("CreateActivity", {"name": "pack"}, "states:CreateActivity activity:pack"),
    ("SendTaskSuccess", {"taskToken": "AAAA"}, "states:SendTaskSuccess *"),
    ("ListStateMachines", {}, "states:ListStateMachines stateMachine:*"),
]

# list_secretsmanager
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/key-AbCdEf"
SECRETS = [
    ("GetSecretValue", {"SecretId": "shop/key"}, "secretsmanager:GetSecretValue secret:shop/key"),
    ("GetSecretValue", {"SecretId": SECRET}, f"secretsmanager:GetSecretValue {SECRET}"),
    (
        "CreateSecret",
        {"Name": "shop/key", "Tags": [{"Key": "team", "Value": "blue"}]},
        "secretsmanager:CreateSecret secret:shop/key, secretsmanager:TagResource secret:shop/key",
    ),
    (
        "BatchGetSecretValue",
        {"SecretIdList": ["a", "b"]},
        "secretsmanager:BatchGetSecretValue *, secretsmanager:GetSecretValue secret:a,"
        " secretsmanager:GetSecretValue secret:b",
    ),
    ("ListSecrets", {}, "secretsmanager:ListSecrets *"),
]

# list_ssm
SSM = [
    ("GetParameter", {"Name": "/shop/key"}, "ssm:GetParameter parameter/shop/key"),
    ("GetParameter", {"Name": "key:3"}, "ssm:GetParameter parameter/key"),
    (
        "GetParameter",
        {"Name": f"arn:aws:ssm:{REGION}:{OTHER}:parameter/shop/key"},
        f"ssm:GetParameter arn:aws:ssm:{REGION}:{OTHER}:parameter/shop/key",
    ),
    (
        "GetParameters",
        {"Names": ["/a", "b"]},
        "ssm:GetParameters parameter/a, ssm:GetParameters parameter/b",
    ),
    ("GetParametersByPath", {"Path": "/shop/"}, "ssm:GetParametersByPath parameter/shop"),
    ("GetParametersByPath", {"Path": "/"}, "ssm:GetParametersByPath parameter/"),
    (
        "PutParameter",
        {"Name": "/shop/key", "Tags": [{"Key": "team", "Value": "blue"}]},
        "ssm:PutParameter parameter/shop/key, ssm:AddTagsToResource parameter/shop/key",
    ),
    (
        "ListTagsForResource",
        {"ResourceType": "Parameter", "ResourceId": "/shop/key"},
        "ssm:ListTagsForResource parameter/shop/key",
    ),
    ("DescribeParameters", {}, f"ssm:DescribeParameters arn:aws:ssm:{REGION}:{ACCOUNT}:*"),
]

# list_iam
IAM = [
    ("CreateRole", {"RoleName": "worker"}, "iam:CreateRole role/worker"),
    ("CreateRole", {"RoleName": "w", "Path": "/shop/"}, "iam:CreateRole role/shop/w"),
    ("GetRole", {"RoleName": "worker"}, "iam:GetRole role/worker"),
    (
        "AttachRolePolicy",
        {"RoleName": "worker", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        "iam:AttachRolePolicy role/worker",
    ),
    ("PutRolePolicy", {"RoleName": "worker", "PolicyName": "a"}, "iam:PutRolePolicy role/worker"),
    ("CreatePolicy", {"PolicyName": "read"}, "iam:CreatePolicy policy/read"),
    (
        "GetPolicy",
        {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        "iam:GetPolicy arn:aws:iam::aws:policy/ReadOnlyAccess",
    ),
    ("CreateAccessKey", {"UserName": "ada"}, "iam:CreateAccessKey user/ada"),
    ("AddUserToGroup", {"UserName": "ada", "GroupName": "dev"}, "iam:AddUserToGroup group/dev"),
    (
        "CreateUser",
        {"UserName": "ada", "Tags": [{"Key": "team", "Value": "blue"}]},
        "iam:CreateUser user/ada, iam:TagUser user/ada",
    ),
    (
        "CreateServiceLinkedRole",
        {"AWSServiceName": "lambda.amazonaws.com"},
        "iam:CreateServiceLinkedRole role/aws-service-role/lambda.amazonaws.com/*",
    ),
    ("ListRoles", {}, "iam:ListRoles role/"),
    ("GetUser", {}, "iam:GetUser *"),
]

# list_sts
STS = [
    ("AssumeRole", {"RoleArn": ROLE}, f"sts:AssumeRole {ROLE}"),
    (
        "AssumeRole",
        {"RoleArn": ROLE, "Tags": [{"Key": "team", "Value": "blue"}]},
        f"sts:AssumeRole {ROLE}, sts:TagSession {ROLE}",
    ),
    ("AssumeRoleWithWebIdentity", {"RoleArn": ROLE}, f"sts:AssumeRoleWithWebIdentity {ROLE}"),
    (
        "GetFederationToken",
        {"Name": "ada"},
        f"sts:GetFederationToken arn:aws:sts::{ACCOUNT}:federated-user/ada",
    ),
    ("GetCallerIdentity", {}, ""),
    ("GetSessionToken", {}, ""),
    ("DecodeAuthorizationMessage", {}, "sts:DecodeAuthorizationMessage *"),
]

# list_kms
KMS = [
    ("Encrypt", {"KeyId": KEY_ID}, f"kms:Encrypt key/{KEY_ID}"),
    ("Encrypt", {"KeyId": "alias/shop"}, "kms:Encrypt alias/shop"),
    (
        "GenerateDataKey",
        {"KeyId": f"arn:aws:kms:{REGION}:{OTHER}:key/{KEY_ID}"},
        f"kms:GenerateDataKey arn:aws:kms:{REGION}:{OTHER}:key/{KEY_ID}",
    ),
    ("Decrypt", {"CiphertextBlob": KEY_ID.encode() + b"\xff"}, f"kms:Decrypt key/{KEY_ID}"),
    ("Decrypt", {"CiphertextBlob": b"?"}, "kms:Decrypt *"),
    (
        "ReEncrypt",
        {"SourceKeyId": "a", "DestinationKeyId": "b"},
        "kms:ReEncryptFrom key/a, kms:ReEncryptTo key/b",
    ),
    (
        "CreateAlias",
        {"AliasName": "alias/shop", "TargetKeyId": "a"},
        "kms:CreateAlias alias/shop, kms:CreateAlias key/a",
    ),
    ("ListKeys", {}, "kms:ListKeys *"),
]

# list_cloudformation
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/shop/1f2e"
CLOUDFORMATION = [
    ("CreateStack", {"StackName": "shop"}, "cloudformation:CreateStack stack/shop/*"),
    ("DeleteStack", {"StackName": STACK}, "cloudformation:DeleteStack stack/shop/1f2e"),
    ("DescribeStacks", {}, "cloudformation:DescribeStacks stack/*/*"),
    ("ListStacks", {}, "cloudformation:ListStacks stack/*/*"),
    (
        "ExecuteChangeSet",
        {"StackName": "shop", "ChangeSetName": "c"},
        "cloudformation:ExecuteChangeSet stack/shop/*",
    ),
    ("ValidateTemplate", {}, "cloudformation:ValidateTemplate *"),
]

# list_ses
SES = [
    (
        "SendEmail",
        {"Source": "Shop <shop@example.com>"},
        "ses:SendEmail identity/shop@example.com",
    ),
    (
        "SendEmail",
        {"Source": "shop@example.com", "ConfigurationSetName": "all"},
        "ses:SendEmail identity/shop@example.com, ses:SendEmail configuration-set/all",
    ),
    (
        "SendTemplatedEmail",
        {"Source": "shop@example.com", "Template": "paid"},
        "ses:SendTemplatedEmail identity/shop@example.com, ses:SendTemplatedEmail template/paid",
    ),
    (
        "SendRawEmail",
        {"RawMessage": {"Data": b"To: a@b.c\r\nFrom: Shop <shop@example.com>\r\n\r\nHi"}},
        "ses:SendRawEmail identity/shop@example.com",
    ),
    ("VerifyEmailIdentity", {"EmailAddress": "a@b.c"}, "ses:VerifyEmailIdentity *"),
]

# list_iot
IOT_DATA = [
    ("Publish", {"topic": "shop/1/door"}, "iot:Publish topic/shop/1/door"),
    ("UpdateThingShadow", {"thingName": "machine-1"}, "iot:UpdateThingShadow thing/machine-1"),
]

# Services without a table: the action of the operation's name
OTHERS = [
    ("ec2", "DescribeVpcs", {}, "ec2:DescribeVpcs *"),
    ("elbv2", "DescribeLoadBalancers", {}, "elasticloadbalancing:DescribeLoadBalancers *"),
    ("resourcegroupstaggingapi", "GetResources", {}, "tag:GetResources *"),
    ("apigatewaymanagementapi", "PostToConnection", {}, "execute-api:ManageConnections *"),
]

TABLES = {
    "s3": S3,
    "dynamodb": DYNAMODB,
    "dynamodbstreams": DYNAMODB_STREAMS,
    "lambda": LAMBDA,
    "sqs": SQS,
    "sns": SNS,
    "kinesis": KINESIS,
    "firehose": FIREHOSE,
    "logs": LOGS,
    "cloudwatch": CLOUDWATCH,
    "events": EVENTS,
    "scheduler": SCHEDULER,
    "stepfunctions": STATES,
    "secretsmanager": SECRETS,
    "ssm": SSM,
    "iam": IAM,
    "sts": STS,
    "kms": KMS,
    "cloudformation": CLOUDFORMATION,
    "ses": SES,
    "iot-data": IOT_DATA,
}
CASES = [*((service, *case) for service, cases in TABLES.items() for case in cases), *OTHERS]


def call(service, operation, request=None, **more):
    return Call(service, operation, {} if request is None else request, ACCOUNT, REGION, **more)


def needed(*arguments, **more):
    return [(one.action, one.resource) for one in accesses(call(*arguments, **more))]


def context(*arguments, **more):
    return accesses(call(*arguments, **more))[0].context


def read(expected):
    """Return the accesses of "<action> <resource>, …"."""
    pairs = [one.split(" ", 1) for one in re.split(r", ?(?=[\w-]+:[A-Z])", expected) if one]
    return [(action, _arn(action, resource)) for action, resource in pairs]


def _arn(action, resource):
    service = action.partition(":")[0]
    if action == "s3:ListAllMyBuckets":
        return "arn:aws:s3:::*"
    if resource == "*" or resource.startswith("arn:"):
        return resource
    return PLACES.get(service, f"arn:aws:{service}:{REGION}:{ACCOUNT}:") + resource


def test_the_table_is_as_long_as_it_was():
    assert len(CASES) >= 200


@pytest.mark.parametrize(
    ("service", "operation", "request_", "expected"),
    [pytest.param(*case, id=f"{case[0]}.{case[1]} {case[3] or 'nothing'}") for case in CASES],
)
def test_an_operation_needs_these_actions_on_these_resources(
    service, operation, request_, expected
):
    assert needed(service, operation, request_) == read(expected)


@pytest.mark.parametrize(
    ("url", "region", "account"),
    [
        ("https://sqs.us-east-2.amazonaws.com/444455556666/orders", "us-east-2", OTHER),
        ("https://us-east-2.queue.amazonaws.com/444455556666/orders", "us-east-2", OTHER),
        ("https://queue.amazonaws.com/444455556666/orders", "us-east-1", OTHER),
        (
            "http://sqs.us-east-2.localhost.localstack.cloud:4566/444455556666/orders",
            "us-east-2",
            OTHER,
        ),
        (
            "http://us-east-2.queue.localhost.localstack.cloud:4566/444455556666/orders",
            "us-east-2",
            OTHER,
        ),
        ("http://localhost:4566/queue/us-east-2/444455556666/orders", "us-east-2", OTHER),
        ("http://127.0.0.1:4566/444455556666/orders", REGION, OTHER),
        ("orders", REGION, ACCOUNT),
    ],
)
def test_a_queue_s_url_is_read_in_each_of_its_forms(url, region, account):
    (found,) = needed("sqs", "SendMessage", {"QueueUrl": url})
    assert found == ("sqs:SendMessage", f"arn:aws:sqs:{region}:{account}:orders")


def test_a_queue_without_url_is_that_of_the_path():
    (found,) = needed("sqs", "SendMessage", {}, path="/444455556666/orders")
    assert found == ("sqs:SendMessage", f"arn:aws:sqs:{REGION}:{OTHER}:orders")


# list_apigateway: the actions are HTTP's methods
@pytest.mark.parametrize(
    ("operation", "method", "path", "expected"),
    [
        ("GetRestApis", "GET", "/restapis", "apigateway:GET /restapis"),
        ("CreateRestApi", "POST", "/restapis", "apigateway:POST /restapis"),
        (
            "GetResources",
            "GET",
            "/restapis/x1/resources?limit=9",
            "apigateway:GET /restapis/x1/resources",
        ),
        ("DeleteRestApi", "DELETE", "/restapis/x1/", "apigateway:DELETE /restapis/x1"),
        (
            "PutIntegration",
            "PUT",
            "/restapis/x1/resources/r/methods/GET/integration",
            "apigateway:PUT /restapis/x1/resources/r/methods/GET/integration",
        ),
        (
            "UpdateStage",
            "PATCH",
            "/restapis/x1/stages/dev",
            "apigateway:PATCH /restapis/x1/stages/dev",
        ),
    ],
)
def test_api_gateway_s_actions_are_methods_on_paths(operation, method, path, expected):
    action, resource = expected.split(" ")
    found = needed("apigateway", operation, {}, method=method, path=path)
    assert found == [(action, f"arn:aws:apigateway:{REGION}::{resource}")]


def test_websocket_and_http_apis_have_paths_without_their_version():
    found = needed("apigatewayv2", "GetApis", {}, method="GET", path="/v2/apis")
    assert found == [("apigateway:GET", f"arn:aws:apigateway:{REGION}::/apis")]


def test_an_api_with_tags_and_a_policy_needs_the_rights_for_both():
    request = {"name": "shop", "tags": {"team": "blue"}, "policy": "{}"}
    found = needed("apigateway", "CreateRestApi", request, method="POST", path="/restapis")
    tags = "/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Frestapis%2F*"
    assert found == [
        ("apigateway:POST", f"arn:aws:apigateway:{REGION}::/restapis"),
        ("apigateway:PUT", f"arn:aws:apigateway:{REGION}::{tags}"),
        ("apigateway:UpdateRestApiPolicy", f"arn:aws:apigateway:{REGION}::/restapis"),
    ]


@pytest.mark.parametrize(
    ("service", "operation", "request_", "expected"),
    [
        (
            "s3",
            "ListObjectsV2",
            {"Bucket": "b", "Prefix": "", "MaxKeys": 9},
            {"s3:prefix": "", "s3:max-keys": "9"},
        ),
        (
            "s3",
            "PutObject",
            {**PHOTO, "ServerSideEncryption": "AES256"},
            {"s3:x-amz-server-side-encryption": "AES256"},
        ),
        (
            "s3",
            "PutObject",
            {**PHOTO, "Tagging": "team=blue"},
            {"s3:requestobjecttag/team": "blue"},
        ),
        (
            "lambda",
            "CreateEventSourceMapping",
            {"FunctionName": "resize"},
            {"lambda:functionarn": FUNCTION},
        ),
        (
            "lambda",
            "CreateFunctionUrlConfig",
            {"FunctionName": "resize", "AuthType": "NONE"},
            {"lambda:functionurlauthtype": "NONE", "lambda:functionarn": FUNCTION},
        ),
        (
            "lambda",
            "AddPermission",
            {"FunctionName": "f", "Principal": "s3.amazonaws.com"},
            {"lambda:principal": "s3.amazonaws.com"},
        ),
        (
            "sns",
            "Subscribe",
            {"Protocol": "https", "Endpoint": "https://x"},
            {"sns:protocol": "https", "sns:endpoint": "https://x"},
        ),
        (
            "events",
            "PutEvents",
            {"Entries": [{"Source": "shop", "DetailType": "paid"}]},
            {"events:source": "shop", "events:detail-type": "paid"},
        ),
        (
            "events",
            "PutTargets",
            {"Rule": "r", "Targets": [{"Arn": FUNCTION}]},
            {"events:targetarn": FUNCTION},
        ),
        (
            "stepfunctions",
            "StartExecution",
            {"stateMachineArn": f"{MACHINE}:live"},
            {"states:statemachinequalifier": "live"},
        ),
        (
            "secretsmanager",
            "GetSecretValue",
            {"SecretId": "a", "VersionStage": "AWSCURRENT"},
            {"secretsmanager:secretid": "a", "secretsmanager:versionstage": "AWSCURRENT"},
        ),
        ("ssm", "GetParametersByPath", {"Path": "/", "Recursive": True}, {"ssm:recursive": "true"}),
        (
            "iam",
            "AttachRolePolicy",
            {"RoleName": "w", "PolicyArn": "arn:p"},
            {"iam:policyarn": "arn:p"},
        ),
        (
            "sts",
            "AssumeRole",
            {"RoleArn": ROLE, "RoleSessionName": "ada"},
            {"sts:rolesessionname": "ada"},
        ),
        ("kms", "Encrypt", {"KeyId": "alias/shop"}, {"kms:requestalias": "alias/shop"}),
        ("cloudwatch", "PutMetricData", {"Namespace": "shop"}, {"cloudwatch:namespace": "shop"}),
        (
            "cloudformation",
            "CreateStack",
            {"StackName": "s", "RoleARN": ROLE},
            {"cloudformation:rolearn": ROLE},
        ),
        (
            "ses",
            "SendEmail",
            {"Source": "Shop <shop@example.com>"},
            {"ses:fromaddress": "shop@example.com"},
        ),
        (
            "ec2",
            "RunInstances",
            {"Tags": [{"Key": "Team", "Value": "blue"}]},
            {"aws:requesttag/team": "blue"},
        ),
        (
            "lambda",
            "TagResource",
            {"Resource": FUNCTION, "Tags": {"Team": "blue"}},
            {"aws:requesttag/team": "blue"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_access_has_the_condition_keys_that_the_request_tells(
    service, operation, request_, expected
):
    assert context(service, operation, request_) == expected


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        ("GetItem", {**ORDER, "ProjectionExpression": "day"}, "SPECIFIC_ATTRIBUTES"),
        ("Query", {"TableName": "orders", "Select": "COUNT"}, "COUNT"),
        ("Query", {"TableName": "orders", "IndexName": "by-day"}, "ALL_PROJECTED_ATTRIBUTES"),
        ("Scan", {"TableName": "orders"}, "ALL_ATTRIBUTES"),
    ],
)
def test_select_has_the_default_of_the_api(operation, request_, expected):
    assert context("dynamodb", operation, request_)["dynamodb:select"] == expected


QUERY = {
    "TableName": "orders",
    "KeyConditionExpression": "#o = :o AND #d = :d",
    "ExpressionAttributeNames": {"#o": "owner", "#d": "day"},
    "ExpressionAttributeValues": {":o": {"S": "ada"}, ":d": {"N": "7"}},
}


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("GetItem", ORDER),
        ("PutItem", {"TableName": "orders", "Item": {**KEY, "total": {"N": "3"}}}),
        ("Query", QUERY),
        ("Query", {**QUERY, "KeyConditionExpression": "#d > :d AND #o = :o"}),
        ("BatchGetItem", {"RequestItems": {"orders": {"Keys": [KEY]}}}),
        ("BatchWriteItem", {"RequestItems": {"orders": [{"DeleteRequest": {"Key": KEY}}]}}),
        ("TransactWriteItems", {"TransactItems": [{"Put": {"TableName": "orders", "Item": KEY}}]}),
    ],
)
def test_the_leading_key_is_the_value_of_the_partition_key(operation, request_):
    found = context("dynamodb", operation, request_, partition_keys={"orders": "owner"})
    assert found["dynamodb:leadingkeys"] == "ada"


def test_the_leading_key_of_an_index_is_that_of_the_index():
    found = context(
        "dynamodb",
        "Query",
        {**QUERY, "IndexName": "by-day"},
        partition_keys={"orders": "owner", "orders/index/by-day": "day"},
    )
    assert found["dynamodb:leadingkeys"] == "7"


def test_a_key_of_one_attribute_is_the_partition_key_without_asking():
    single = {"TableName": "users", "Key": {"owner": {"S": "ada"}}}
    assert context("dynamodb", "GetItem", single)["dynamodb:leadingkeys"] == "ada"
    assert "dynamodb:leadingkeys" not in context("dynamodb", "GetItem", ORDER)


def test_a_batch_is_one_access_for_each_partition_key():
    keys = [{"owner": {"S": name}} for name in ("ada", "bob", "ada")]
    found = accesses(call("dynamodb", "BatchGetItem", {"RequestItems": {"users": {"Keys": keys}}}))
    assert [one.context["dynamodb:leadingkeys"] for one in found] == ["ada", "bob"]


def test_parts_of_transactions_know_that_they_are():
    request = {"TransactItems": [{"Get": ORDER}]}
    found = context("dynamodb", "TransactGetItems", request)
    assert found["dynamodb:enclosingoperation"] == "TransactGetItems"


SENDER = {"RoleArn": ROLE}


@pytest.mark.parametrize(
    ("service", "operation", "request_"),
    [
        ("lambda", "CreateFunction", {"Role": ROLE}),
        ("lambda", "UpdateFunctionConfiguration", {"Role": ROLE}),
        ("stepfunctions", "CreateStateMachine", {"roleArn": ROLE}),
        ("stepfunctions", "UpdateStateMachine", {"roleArn": ROLE}),
        ("events", "PutRule", SENDER),
        ("events", "PutTargets", {"Targets": [{"Id": "1"}, SENDER, SENDER]}),
        ("scheduler", "CreateSchedule", {"Target": SENDER}),
        (
            "firehose",
            "CreateDeliveryStream",
            {"ExtendedS3DestinationConfiguration": {"RoleARN": ROLE}},
        ),
        ("logs", "PutSubscriptionFilter", {"roleArn": ROLE}),
        ("apigateway", "PutIntegration", {"credentials": ROLE}),
        (
            "apigateway",
            "UpdateAccount",
            {"patchOperations": [{"path": "/cloudwatchRoleArn", "value": ROLE}]},
        ),
        ("cloudformation", "CreateStack", {"RoleARN": ROLE}),
        ("s3", "PutBucketReplication", {"ReplicationConfiguration": {"Role": ROLE}}),
        ("sns", "Subscribe", {"Attributes": {"SubscriptionRoleArn": ROLE}}),
        (
            "sns",
            "SetTopicAttributes",
            {"AttributeName": "SQSSuccessFeedbackRoleArn", "AttributeValue": ROLE},
        ),
        ("iot", "CreateTopicRule", {"topicRulePayload": {"actions": [{"sqs": {"roleArn": ROLE}}]}}),
        ("iam", "AddRoleToInstanceProfile", {"RoleName": "worker"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_role_in_the_request_is_passed_to_the_service(service, operation, request_):
    assert passed_roles(call(service, operation, request_)) == [ROLE]


def test_an_operation_without_a_role_passes_none():
    assert passed_roles(call("lambda", "Invoke", {"Role": ROLE})) == []
    assert passed_roles(call("events", "PutTargets", {"Targets": [{"Id": "1"}, None]})) == []
    caller = {"credentials": "arn:aws:iam::*:user/*"}  # API Gateway calls as its caller
    assert passed_roles(call("apigateway", "PutIntegration", caller)) == []


def test_each_operation_that_passes_a_role_says_to_which_service():
    operations = [*PASSED_ROLES, *SCATTERED, *PATCHED, *ATTRIBUTES]
    assert {operation.partition(":")[0] for operation in operations} <= set(PASSED_TO)


# docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambda…ExecutionRole.html
def test_what_is_refused_is_part_of_what_a_role_needs():
    for source, actions in EVENT_SOURCE_ACTIONS.items():
        assert set(REFUSED_WITHOUT[source]) <= set(actions) <= set(MANAGED_POLICY_ACTIONS[source])
        assert all(action.startswith(f"{source}:") for action in MANAGED_POLICY_ACTIONS[source])


def test_a_refused_event_source_has_aws_s_message():
    assert set(EVENT_SOURCE_REFUSALS) == set(EVENT_SOURCE_ACTIONS)
    assert refusal("sqs", action="sqs:ReceiveMessage", arn="") == (
        "The function execution role does not have permissions to call ReceiveMessage on SQS"
    )
    assert refusal("dynamodb", action="dynamodb:GetRecords", arn=STREAM) == (
        f"Cannot access stream {STREAM}. Please ensure the role can perform the GetRecords,"
        " GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM."
    )


# All operations of all services

# The actions that are not the name of an operation, of those that the tables use
ONLY_ACTIONS = {
    "apigateway": "GET POST PUT PATCH DELETE UpdateRestApiPolicy",
    "dynamodb": "ConditionCheckItem PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate"
    " DescribeStream GetRecords GetShardIterator ListStreams",
    "execute-api": "ManageConnections",
    "kms": "ReEncryptFrom ReEncryptTo",
    "lambda": "InvokeFunction",
    "s3": "BypassGovernanceRetention DeleteObjectVersion DeleteObjectVersionTagging"
    " GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketCORS"
    " GetBucketObjectLockConfiguration GetBucketPublicAccessBlock GetEncryptionConfiguration"
    " GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration"
    " GetMetricsConfiguration GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes"
    " GetObjectVersionTagging GetReplicationConfiguration ListAllMyBuckets ListBucket"
    " ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts"
    " PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketCORS"
    " PutBucketObjectLockConfiguration PutBucketPublicAccessBlock PutEncryptionConfiguration"
    " PutIntelligentTieringConfiguration PutInventoryConfiguration PutLifecycleConfiguration"
    " PutMetricsConfiguration PutObjectVersionAcl PutObjectVersionTagging"
    " PutReplicationConfiguration",
    "s3-object-lambda": "WriteGetObjectResponse",
    "s3express": "CreateSession ListAllMyDirectoryBuckets",
    "sts": "SetSourceIdentity TagSession",
}

# The operations whose name is not an action, of botocore 1.40
ONLY_OPERATIONS = {
    "dynamodb": "BatchExecuteStatement ExecuteStatement ExecuteTransaction TransactGetItems"
    " TransactWriteItems",
    "kms": "ReEncrypt",
    "lambda": "GetLayerVersionByArn Invoke InvokeWithResponseStream",
    "logs": "GetLogObject",
    "s3": "CompleteMultipartUpload CopyObject CreateBucketMetadataConfiguration"
    " CreateMultipartUpload CreateSession DeleteBucketAnalyticsConfiguration DeleteBucketCors"
    " DeleteBucketEncryption DeleteBucketIntelligentTieringConfiguration"
    " DeleteBucketInventoryConfiguration DeleteBucketLifecycle DeleteBucketMetadataConfiguration"
    " DeleteBucketMetricsConfiguration DeleteBucketOwnershipControls DeleteBucketReplication"
    " DeleteBucketTagging DeleteObjects DeletePublicAccessBlock GetBucketAccelerateConfiguration"
    " GetBucketAnalyticsConfiguration GetBucketCors GetBucketEncryption"
    " GetBucketIntelligentTieringConfiguration GetBucketInventoryConfiguration GetBucketLifecycle"
    " GetBucketLifecycleConfiguration GetBucketMetadataConfiguration GetBucketMetricsConfiguration"
    " GetBucketNotificationConfiguration GetBucketReplication GetObjectLockConfiguration"
    " GetPublicAccessBlock HeadBucket HeadObject ListBucketAnalyticsConfigurations"
    " ListBucketIntelligentTieringConfigurations ListBucketInventoryConfigurations"
    " ListBucketMetricsConfigurations ListBuckets ListDirectoryBuckets ListMultipartUploads"
    " ListObjectVersions ListObjects ListObjectsV2 ListParts PutBucketAccelerateConfiguration"
    " PutBucketAnalyticsConfiguration PutBucketCors PutBucketEncryption"
    " PutBucketIntelligentTieringConfiguration PutBucketInventoryConfiguration PutBucketLifecycle"
    " PutBucketLifecycleConfiguration PutBucketMetricsConfiguration"
    " PutBucketNotificationConfiguration PutBucketReplication PutObjectLockConfiguration"
    " PutPublicAccessBlock RenameObject SelectObjectContent UploadPart UploadPartCopy"
    " WriteGetObjectResponse",
    "sns": "PublishBatch",
    "sqs": "ChangeMessageVisibilityBatch DeleteMessageBatch SendMessageBatch",
}

ODD = [None, 0, 7, "", "x", ":", "arn:", "arn:aws:s3", b"\xff", True, [], [None, 7, "x"], {}]
ODD += [[{}], [[["x"]]], {"x": {"x": None}}, {"Key": {"Key": 7}}, [{"Arn": 7, "Key": None}]]


def models():
    session = botocore.session.get_session()
    return {service: session.get_service_model(service) for service in SERVICES}


MODELS = models()


def parameters(model, operation):
    shape = model.operation_model(operation).input_shape
    return list(shape.members) if shape else []


def requests(names):
    yield {}
    yield None
    for odd in ODD:
        yield dict.fromkeys(names, odd)
        yield dict.fromkeys(("Tags", "tags", "Tagging", "CopySource", "Delete"), odd)
    for name in names:
        yield {**dict.fromkeys(names, "x"), name: 7}


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_has_plausible_accesses_whatever_the_request(service):
    model = MODELS[service]
    for operation in model.operation_names:
        for request in requests(parameters(model, operation)):
            made = Call(service, operation, request, ACCOUNT, REGION)
            for access in accesses(made):
                assert isinstance(access, Access)
                assert re.fullmatch(r"[a-z0-9-]+:[A-Z]\w+", access.action), operation
                assert access.resource == "*" or access.resource.startswith("arn:"), operation
                assert all(key == key.lower() for key in access.context), operation
                assert all(isinstance(value, str) for value in access.context.values()), operation
            assert all(role.startswith("arn:") for role in passed_roles(made))


@pytest.mark.parametrize("service", SERVICES)
def test_every_action_exists(service):
    """An action is the name of an operation, unless only IAM knows it, or only the API."""
    model = MODELS[service]
    own = set(model.operation_names) - set(ONLY_OPERATIONS.get(service, "").split())
    for operation in model.operation_names:
        for request in ({}, dict.fromkeys(parameters(model, operation), "x")):
            for access in accesses(Call(service, operation, request, ACCOUNT, REGION)):
                prefix, action = access.action.split(":")
                known = own if prefix == SERVICES[service].prefix else set()
                assert action in known | set(ONLY_ACTIONS.get(prefix, "").split()), operation


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_in_a_table_is_one_of_the_service(service):
    tables = SERVICES[service]
    named = {*tables.resources, *tables.actions, *tables.rules, *tables.also, *tables.free}
    assert named - {"PostObject"} <= set(MODELS[service].operation_names)


@pytest.mark.parametrize("module", [one.name for one in pkgutil.iter_modules(package.__path__)])
def test_the_examples_in_docstrings_are_true(module):
    found = importlib.import_module(f"{package.__name__}.{module}")
    assert doctest.testmod(found, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


@pytest.mark.parametrize("service", ["apigateway", "sqs", "s3"])
def test_odd_methods_and_paths_are_no_trouble(service):
    for odd in ODD:
        made = Call(service, "SendMessage", {}, ACCOUNT, REGION, method=odd, path=odd)
        assert accesses(made)
