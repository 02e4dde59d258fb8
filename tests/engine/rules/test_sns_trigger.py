"""SNS: one message, every subscriber."""

import json

from tests.engine.support import TELL, Aws, until


def topic(aws: Aws) -> str:
    return str(aws.sns.create_topic(Name="topic")["TopicArn"])


def subscribe(aws: Aws, topic: str, name: str, **attributes: str) -> None:
    function = aws.deploy(TELL, name)
    aws.allow("sns.amazonaws.com", topic, name)
    aws.sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function, Attributes=attributes)


def test_a_message_reaches_every_subscribed_function(aws: Aws) -> None:
    source = topic(aws)
    for name in ("one", "two"):
        subscribe(aws, source, name)
    aws.sns.publish(TopicArn=source, Subject="news", Message="hello")
    for name in ("one", "two"):
        (record,) = until(lambda name=name: aws.records(name))
        assert record["EventSource"] == "aws:sns"
        assert record["Sns"]["TopicArn"] == source
        assert (record["Sns"]["Subject"], record["Sns"]["Message"]) == ("news", "hello")


def test_a_filter_policy_passes_only_matching_messages(aws: Aws) -> None:
    source = topic(aws)
    subscribe(aws, source, "function", FilterPolicy=json.dumps({"kind": ["order"]}))
    for kind in ("visit", "order"):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        aws.sns.publish(TopicArn=source, Message=kind, MessageAttributes=attributes)
    until(aws.records)
    assert [record["Sns"]["Message"] for record in aws.records()] == ["order"]


def test_a_topic_fans_out_to_queues(aws: Aws) -> None:
    source, raw, wrapped = topic(aws), aws.queue("raw"), aws.queue("wrapped")
    aws.sns.subscribe(
        TopicArn=source,
        Protocol="sqs",
        Endpoint=raw.arn,
        Attributes={"RawMessageDelivery": "true"},
    )
    aws.sns.subscribe(TopicArn=source, Protocol="sqs", Endpoint=wrapped.arn)
    for queue in (raw, wrapped):
        aws.open_queue(queue, "sns.amazonaws.com", source)
    aws.sns.publish(TopicArn=source, Message="hello")
    assert until(lambda: aws.received(raw)) == ["hello"]
    (envelope,) = until(lambda: aws.received(wrapped))
    assert json.loads(envelope)["Message"] == "hello"
