"""S3 notifications: an object is created or removed, and a function is invoked."""

from typing import Any

from tests.engine.support import TELL, Aws, until

UPPER = """
import urllib.parse
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = urllib.parse.unquote_plus(record["s3"]["object"]["key"])
        text = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        s3.put_object(Bucket=bucket + "-done", Key=key, Body=text.upper())
"""


def bucket_that_calls(aws: Aws, function: str, *events: str, **rules: str) -> str:
    """A bucket that notifies the function."""
    name = f"bucket-{aws.account}"
    aws.s3.create_bucket(Bucket=name)
    aws.allow("s3.amazonaws.com", f"arn:aws:s3:::{name}")
    configuration: dict[str, Any] = {
        "LambdaFunctionArn": function,
        "Events": list(events or ["s3:ObjectCreated:*"]),
    }
    if rules:
        listed = [{"Name": name, "Value": value} for name, value in rules.items()]
        configuration["Filter"] = {"Key": {"FilterRules": listed}}
    aws.s3.put_bucket_notification_configuration(
        Bucket=name,
        NotificationConfiguration={"LambdaFunctionConfigurations": [configuration]},
    )
    return name


def keys(aws: Aws) -> list[str]:
    return [record["s3"]["object"]["key"] for record in aws.records()]


def test_a_function_makes_another_object_from_a_new_one(aws: Aws) -> None:
    bucket = bucket_that_calls(aws, aws.deploy(UPPER))
    aws.s3.create_bucket(Bucket=f"{bucket}-done")
    aws.s3.put_object(Bucket=bucket, Key="a b/ü+.txt", Body=b"hello")
    done = until(lambda: aws.s3.list_objects_v2(Bucket=f"{bucket}-done").get("Contents"))
    assert [one["Key"] for one in done] == ["a b/ü+.txt"]
    body = aws.s3.get_object(Bucket=f"{bucket}-done", Key="a b/ü+.txt")["Body"]
    assert body.read() == b"HELLO"


def test_the_event_describes_what_happened(aws: Aws) -> None:
    bucket = bucket_that_calls(aws, aws.deploy(TELL))
    aws.s3.put_object(Bucket=bucket, Key="a b.txt", Body=b"hello")
    (record,) = until(aws.records)
    assert record["eventSource"] == "aws:s3"
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["awsRegion"] == "us-east-1"
    assert record["s3"]["bucket"]["name"] == bucket
    assert record["s3"]["object"]["key"] == "a+b.txt"  # URL-encoded, as on AWS
    assert record["s3"]["object"]["size"] == 5


def test_only_keys_with_the_prefix_and_the_suffix_match(aws: Aws) -> None:
    bucket = bucket_that_calls(aws, aws.deploy(TELL), prefix="in/", suffix=".jpg")
    for key in ("in/a.txt", "out/a.jpg", "in/a.jpg.txt", "in/a.jpg"):
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    aws.s3.put_object(Bucket=bucket, Key="in/last.jpg", Body=b"x")
    until(lambda: len(keys(aws)) >= 2)  # events need not arrive in order
    assert sorted(keys(aws)) == ["in/a.jpg", "in/last.jpg"]


def test_a_removed_object_is_reported_where_that_is_configured(aws: Aws) -> None:
    bucket = bucket_that_calls(aws, aws.deploy(TELL), "s3:ObjectRemoved:*")
    aws.s3.put_object(Bucket=bucket, Key="a.txt", Body=b"x")
    aws.s3.delete_object(Bucket=bucket, Key="a.txt")
    (record,) = until(aws.records)
    assert (record["eventName"], record["s3"]["object"]["key"]) == ("ObjectRemoved:Delete", "a.txt")


def test_a_copied_and_an_uploaded_file_count_as_created_objects(aws: Aws) -> None:
    bucket = bucket_that_calls(aws, aws.deploy(TELL))
    aws.s3.put_object(Bucket=bucket, Key="a", Body=b"x")
    aws.s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})
    until(lambda: len(keys(aws)) == 2)
    names = {record["eventName"] for record in aws.records()}
    assert names == {"ObjectCreated:Put", "ObjectCreated:Copy"}
