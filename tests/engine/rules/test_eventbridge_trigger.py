"""EventBridge: events that match a rule's pattern reach its targets."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.engine.support import TELL, Aws, until


def rule(aws: Aws, pattern: dict[str, Any], bus: str = "default", **target: Any) -> None:
    """A rule whose target is a function of TELL."""
    function = aws.deploy(TELL)
    made = aws.events.put_rule(Name="rule", EventPattern=json.dumps(pattern), EventBusName=bus)
    aws.allow("events.amazonaws.com", made["RuleArn"])
    aws.events.put_targets(
        Rule="rule", EventBusName=bus, Targets=[{"Id": "1", "Arn": function} | target]
    )


def send(aws: Aws, detail: dict[str, Any], kind: str = "order", bus: str = "default") -> None:
    entry = {"Source": "shop", "DetailType": kind, "Detail": json.dumps(detail)}
    answer = aws.events.put_events(Entries=[entry | {"EventBusName": bus}])
    assert answer["FailedEntryCount"] == 0


def test_an_event_that_matches_reaches_the_function(aws: Aws, account: str) -> None:
    rule(aws, {"source": ["shop"], "detail-type": ["order"]})
    send(aws, {"total": 12})
    (event,) = until(aws.seen)
    assert (event["source"], event["detail-type"]) == ("shop", "order")
    assert event["detail"] == {"total": 12}
    assert (event["account"], event["region"]) == (account, "us-east-1")


def test_a_pattern_can_match_the_detail(aws: Aws) -> None:
    rule(
        aws,
        {
            "source": ["shop"],
            "detail": {
                "total": [{"numeric": [">", 10]}],
                "city": [{"prefix": "Ber"}, {"exists": False}],
                "kind": [{"anything-but": "test"}],
            },
        },
    )
    send(aws, {"n": 1, "total": 12, "city": "Bern", "kind": "order"})
    send(aws, {"n": 2, "total": 9, "city": "Bern", "kind": "order"})
    send(aws, {"n": 3, "total": 12, "city": "Rome", "kind": "order"})
    send(aws, {"n": 4, "total": 12, "city": "Bern", "kind": "test"})
    send(aws, {"n": 5, "total": 12, "kind": "order"})
    until(lambda: len(aws.seen()) >= 2)
    assert sorted(event["detail"]["n"] for event in aws.seen()) == [1, 5]


def test_a_custom_bus_is_separate(aws: Aws) -> None:
    aws.events.create_event_bus(Name="shop")
    rule(aws, {"source": ["shop"]}, bus="shop")
    send(aws, {"n": 1})
    send(aws, {"n": 2}, bus="shop")
    until(aws.seen)
    assert [event["detail"]["n"] for event in aws.seen()] == [2]


def test_a_target_can_receive_a_part_of_the_event(aws: Aws) -> None:
    transformer = {
        "InputPathsMap": {"total": "$.detail.total"},
        "InputTemplate": '{"to pay": <total>}',
    }
    rule(aws, {"source": ["shop"]}, InputTransformer=transformer)
    send(aws, {"total": 12})
    assert until(aws.seen) == [{"to pay": 12}]


def test_a_disabled_rule_matches_nothing_until_it_is_enabled(aws: Aws) -> None:
    rule(aws, {"source": ["shop"]})
    aws.events.disable_rule(Name="rule")
    send(aws, {"n": 1})
    aws.events.enable_rule(Name="rule")
    send(aws, {"n": 2})
    until(aws.seen)
    assert [event["detail"]["n"] for event in aws.seen()] == [2]


def test_a_bucket_sends_events_about_its_objects(aws: Aws) -> None:
    bucket = f"bucket-{aws.account}"
    aws.s3.create_bucket(Bucket=bucket)
    aws.s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    rule(aws, {"source": ["aws.s3"], "detail-type": ["Object Created"]})
    aws.s3.put_object(Bucket=bucket, Key="a b.txt", Body=b"hello")
    (event,) = until(aws.seen)
    assert event["detail"]["bucket"]["name"] == bucket
    assert event["detail"]["object"]["key"] == "a b.txt"  # not encoded, unlike a notification's


@pytest.mark.parametrize("expression", ["cron(0 25 * * ? *)", "cron(0 24 * * ? *)"])
def test_an_hour_that_does_not_exist_is_refused(aws: Aws, expression: str) -> None:
    with pytest.raises(ClientError, match="ScheduleExpression is not valid"):
        aws.events.put_rule(Name="rule", ScheduleExpression=expression)
    assert aws.events.list_rules()["Rules"] == []


def test_an_input_that_is_not_json_is_refused_and_the_target_is_not_set(aws: Aws) -> None:
    aws.events.put_rule(Name="rule", ScheduleExpression="rate(1 day)")
    target = {"Id": "1", "Arn": aws.deploy(TELL), "Input": "{'days': 2}"}
    with pytest.raises(ClientError, match="JSON syntax error in input for target 1"):
        aws.events.put_targets(Rule="rule", Targets=[target])
    assert aws.events.list_targets_by_rule(Rule="rule")["Targets"] == []


def test_a_function_without_a_permission_for_the_rule_is_silently_not_invoked(
    aws: Aws,
) -> None:
    function = aws.deploy(TELL)
    made = aws.events.put_rule(Name="rule", EventPattern=json.dumps({"source": ["shop"]}))
    other = made["RuleArn"].replace("/rule", "/another")
    aws.allow("events.amazonaws.com", other)
    aws.events.put_targets(Rule="rule", Targets=[{"Id": "1", "Arn": function}])
    send(aws, {"n": 1})
    aws.allow("events.amazonaws.com", made["RuleArn"])
    send(aws, {"n": 2})
    until(aws.seen)
    assert [event["detail"]["n"] for event in aws.seen()] == [2]
