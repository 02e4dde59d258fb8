"""Objects of a check's own, and copies of functions to which AWS refuses a call."""

import pytest

from helpers.checks.buckets import find_object, keys_in, own_mark, require_bucket
from helpers.checks.faults import copy_refused_once
from helpers.checks.function import ask
from helpers.checks.sample_events import s3_event
from helpers.exercises.verdict import Incorrect
from tests.checks.desk import Shop

STORES = """\
import boto3

def handler(event, context):
    try:
        boto3.client("s3").put_object(Bucket=event["bucket"], Key="a", Body=b"1")
    except Exception:
        if "swallow" not in event:
            raise
"""


@pytest.fixture
def shop(client, tmp_path):
    return Shop(client, tmp_path)


@pytest.fixture
def photos(shop, account):
    """The name of a bucket."""
    shop.client("s3").create_bucket(Bucket=f"photos-{account}")
    return f"photos-{account}"


def test_what_bears_the_mark_is_gone_when_the_check_is_over_and_nothing_else(shop, photos):
    s3 = shop.client("s3")
    with shop.probe as probe:
        mark = own_mark(probe, photos)
        for key in (f"in/{mark}", f"out/{mark}.jpg", "in/theirs"):
            s3.put_object(Bucket=photos, Key=key, Body=b"data")
        assert keys_in(probe, photos, prefix="in/", mark=mark) == [f"in/{mark}"]
    assert keys_in(shop.probe, photos) == ["in/theirs"]


def test_an_object_is_found_or_none_is(shop, photos):
    shop.client("s3").put_object(Bucket=photos, Key="a", Body=b"1", Metadata={"by": "me"})
    found = find_object(shop.probe, photos, "a")
    assert found
    assert (found.data, found.content_type, found.metadata) == (
        b"1",
        "binary/octet-stream",
        {"by": "me"},
    )
    assert find_object(shop.probe, photos, "b") is None


def test_a_bucket_that_is_gone_is_said_to_be_gone(shop, photos):
    require_bucket(shop.probe, photos)
    with pytest.raises(Incorrect) as raised:
        require_bucket(shop.probe, "elsewhere")
    assert (raised.value.id, raised.value.link) == ("bucket.gone", "bucket")


def test_a_call_is_refused_once_and_the_function_shows_what_it_makes_of_that(shop, photos):
    role = shop.role_named(
        "greeter-role",
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{photos}/*"},
    )
    shop.create("greeter", STORES, Role=role)
    with shop.probe as probe:
        copy = copy_refused_once(probe, "greeter", "PutObject", "SlowDown")
        failed = ask(probe, copy, {"bucket": photos}).error
        assert failed
        assert "SlowDown" in failed.message
        assert ask(probe, copy, {"bucket": photos, "swallow": True}).result == ["PutObject"]
    assert [each["FunctionName"] for each in shop.aws.list_functions()["Functions"]] == ["greeter"]


def test_a_key_travels_encoded_in_the_event_of_s3():
    (record,) = s3_event("photos", "in/Café am See.jpg")["Records"]
    assert record["s3"]["object"]["key"] == "in/Caf%C3%A9+am+See.jpg"
    assert record["s3"]["bucket"]["name"] == "photos"
