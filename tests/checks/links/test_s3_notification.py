"""The rules of a bucket; lab 05's wrong answers show what else may be wrong with them."""

import pytest

from helpers.checks.links.s3_notification import Rule, require_notification, rules_of
from helpers.exercises.verdict import Incorrect, NotAttempted
from tests.checks.desk import Shop

CODE = "def handler(event, context):\n    return event\n"
PHOTOS, SMALL = "notified-photos", "notified-small"
EVERY = ("s3:ObjectCreated:*",)


@pytest.fixture
def shop(client, tmp_path):
    found = Shop(client, tmp_path)
    for name in ("resize", "other"):
        found.create(name, CODE)
        found.aws.add_permission(
            FunctionName=name,
            StatementId="bucket",
            Principal="s3.amazonaws.com",
            Action="lambda:InvokeFunction",
        )
    for bucket in (PHOTOS, SMALL):
        found.client("s3").create_bucket(Bucket=bucket)
    yield found
    for bucket in (PHOTOS, SMALL):  # a name is taken in all accounts
        found.client("s3").delete_bucket(Bucket=bucket)


def give(shop: Shop, function: str, *filters: tuple[str, str]) -> None:
    arn = shop.aws.get_function_configuration(FunctionName=function)["FunctionArn"]
    rules = [
        {
            "LambdaFunctionArn": arn,
            "Events": list(EVERY),
            "Filter": {
                "Key": {
                    "FilterRules": [  # S3 itself writes the names with capitals
                        {"Name": "Prefix", "Value": prefix},
                        {"Name": "Suffix", "Value": suffix},
                    ]
                }
            },
        }
        for prefix, suffix in filters
    ]
    shop.client("s3").put_bucket_notification_configuration(
        Bucket=PHOTOS, NotificationConfiguration={"LambdaFunctionConfigurations": rules}
    )


def require(shop: Shop) -> None:
    require_notification(
        shop.probe, PHOTOS, "resize", prefix="in/", suffixes=(".jpg",), written=SMALL
    )


def test_rules_that_are_as_they_should_be_are_accepted(shop):
    give(shop, "resize", ("in/", ".jpg"))
    require(shop)
    (rule,) = rules_of(shop.probe, PHOTOS)
    assert str(rule) == "s3:ObjectCreated:* of in/….jpg invokes resize"


def test_rules_for_another_function_that_may_be_invoked_are_named(shop):
    give(shop, "other", ("in/", ".jpg"))
    with pytest.raises(Incorrect) as raised:
        require(shop)
    assert raised.value.id == "s3-notification.other-function"


def test_a_bucket_without_rules_is_no_attempt_as_long_as_nothing_is_permitted(shop):
    with pytest.raises(Incorrect) as raised:
        require(shop)
    assert raised.value.id == "s3-notification.no-rules"
    shop.aws.remove_permission(FunctionName="resize", StatementId="bucket")
    with pytest.raises(NotAttempted):
        require(shop)


def test_a_rule_matches_whole_prefixes_and_suffixes():
    rule = Rule("arn", ("s3:ObjectCreated:Put",), "in/", ".jpg")
    assert rule.matches("in/a.jpg")
    assert not rule.matches("in/a.JPG")
    assert not rule.matches("a/in/a.jpg")
    assert not rule.is_for_every_creation
